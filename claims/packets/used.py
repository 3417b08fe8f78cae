"""Overtime used before, opened by the earlier claims that the cap counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.rules.explain import Counted
from claims.rules.reimbursement import OfficerResult


@dataclass(frozen=True, slots=True)
class UsedBefore:
    """Overtime that the cap counted as used in an earlier quarter: by which version, in cents by officer.

    The cap counts also what nobody has signed yet, or what was returned: `status` says in words where it
    stood when this claim was signed.
    """

    quarter: str
    claim_number: str
    version: int
    status: str
    overtime: dict[str, int]


def counted_for(outcome: OfficerResult, used: Iterable[UsedBefore]) -> tuple[Counted, ...] | None:
    """The earlier claims behind an officer's overtime used before.

    None where those that are known do not come to what the calculation went by: they have changed since.
    """
    counted = tuple(
        Counted(row.quarter, row.claim_number, row.version, row.status, cents)
        for row in used
        if (cents := row.overtime.get(outcome.officer_id, 0))
    )
    is_all = sum(one.amount for one in counted) == outcome.overtime_used_before
    return counted if is_all else None
