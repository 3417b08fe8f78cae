"""When a claim may say that there is nothing to claim: no payroll counts in its quarter, no amount is due."""

from __future__ import annotations

from claims.rules.claim import ClaimResult
from claims.rules.facts import ClaimInput


def counting_files(claim: ClaimInput) -> tuple[str, ...]:
    """The payroll files with lines of the claim's own quarter, in the order of their references."""
    quarter = claim.quarter
    return tuple(
        sorted(
            {
                line.batch
                for officer in claim.officers
                for line in officer.lines
                if line.period_start <= quarter.end and line.period_end >= quarter.start
            }
        )
    )


def may_be_nil(claim: ClaimInput, result: ClaimResult) -> bool:
    """Whether the facts leave the agency nothing to claim for the quarter."""
    return result.total == 0 and not counting_files(claim)
