"""The federal side's own list of authorizations: its file, and how it confirms what a roster says.

Pure. A list says which credential is authorized under which model from when to when, and nothing else: no
officer's name, and nothing about any person the program looks for.
"""

from agreements.federal_list.confirmation import (
    Confirmation,
    FederalStatement,
    Mark,
    Statement,
    credential_key,
    mark_of,
)
from agreements.federal_list.layout import FEDERAL_LIST, FEDERAL_LIST_FINDINGS
from agreements.federal_list.reading import FederalListRow, parse_federal_list

__all__ = [
    "FEDERAL_LIST",
    "FEDERAL_LIST_FINDINGS",
    "Confirmation",
    "FederalListRow",
    "FederalStatement",
    "Mark",
    "Statement",
    "credential_key",
    "mark_of",
    "parse_federal_list",
]
