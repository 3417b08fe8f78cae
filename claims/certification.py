"""The words a certifier signs. A change of words is a new version; old signatures keep theirs.

Source: 2 CFR 200.415(a), paraphrased; see docs/program.md section 3.
"""

from __future__ import annotations

from typing import Protocol

from portal.kernel.canonical import canonical_json, sha256_text

WORDING_VERSION = "2025-10"
WORDING = (
    "I am authorized to bind the agency named in this claim. I certify to the best of my knowledge and "
    "belief that the amounts in it are true, complete and accurate; that they were paid to the officers "
    "listed, for the days and duties shown, and come from the agency's payroll records, which are open to "
    "audit; and that no part of them has been or will be paid by another federal program. I am aware that "
    "a false, fictitious or fraudulent statement, or the omission of a material fact, may subject me to "
    "criminal, civil or administrative penalties (18 U.S.C. 1001, 31 U.S.C. 3729-3730 and 3801-3812)."
)


NIL_WORDING_VERSION = "nil-2026-01"
NIL_WORDING = (
    "I am authorized to bind the agency named in this claim. I certify to the best of my knowledge and "
    "belief that the agency has nothing to claim for the quarter named: it asks for no reimbursement of pay, "
    "benefits or overtime and for no performance award, and the reason given for this is true and complete. "
    "I am aware that a false, fictitious or fraudulent statement, or the omission of a material fact, may "
    "subject me to criminal, civil or administrative penalties (18 U.S.C. 1001, 31 U.S.C. 3729-3730 and "
    "3801-3812)."
)


def words_to_sign(*, nil: bool) -> tuple[str, str]:
    """The version and the text of what is signed under a claim, or under a nil claim."""
    return (NIL_WORDING_VERSION, NIL_WORDING) if nil else (WORDING_VERSION, WORDING)


class Signed(Protocol):
    """A signature, as `claims.models.Certification` stores it."""

    name: str
    title: str
    wording_version: str
    wording: str


def signed_words(signature: Signed) -> str:
    """Name, title and words of a signature as one hash: what the audit event keeps of them."""
    return sha256_text(
        canonical_json(
            [signature.name, signature.title, signature.wording_version, signature.wording]
        )
    )
