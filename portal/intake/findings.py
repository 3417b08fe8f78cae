"""What a finding is about, as one hash: how an answer finds the same warning in a later file."""

from __future__ import annotations

from portal.kernel.canonical import canonical_json, sha256_text
from portal.kernel.findings import Finding


def fingerprint(finding: Finding) -> str:
    """The same for the same facts, whatever file, row and words they come in; SHA-256 in hexadecimal."""
    return sha256_text(canonical_json([finding.code, finding.officer_id, *finding.about]))
