"""Mapping: any export's columns to a template's, as a clerk said, so that the same checks can run.

A `Target` says what a kind of file can be mapped to. A `Mapping` is one answer, kept and found again
by its signature. `suggest` proposes one, `problems_of` says what it still lacks, and `apply_mapping`
makes the template's table of a file. Nothing is dropped without being named.
"""

from portal.kernel.tabular.mapping.applying import agencies_named, apply_mapping, source_of
from portal.kernel.tabular.mapping.catalogue import MAPPING_KINDS
from portal.kernel.tabular.mapping.checking import problems_of
from portal.kernel.tabular.mapping.draft import Draft
from portal.kernel.tabular.mapping.model import Fixed, Gap, Mapping, Role, signature_of
from portal.kernel.tabular.mapping.names import People
from portal.kernel.tabular.mapping.suggesting import CodeFound, codes_in, preview, suggest
from portal.kernel.tabular.mapping.target import (
    Aliases,
    Target,
    fits,
    recognise,
    resembles,
)

__all__ = [
    "MAPPING_KINDS",
    "Aliases",
    "CodeFound",
    "Draft",
    "Fixed",
    "Gap",
    "Mapping",
    "People",
    "Role",
    "Target",
    "agencies_named",
    "apply_mapping",
    "codes_in",
    "fits",
    "preview",
    "problems_of",
    "recognise",
    "resembles",
    "signature_of",
    "source_of",
    "suggest",
]
