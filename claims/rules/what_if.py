"""What a claim would come to if something that is open today turned out one way or another. Estimates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from awards.rules import AwardRules, Counts, tier_of
from claims.rules.claim import calculate
from claims.rules.facts import ClaimInput


class AwardCase(NamedTuple):
    """An award that a share of located persons would earn; `amount` and `per_officer` in cents.

    `located` is the fewest persons it takes; None without counts. `percent` is None below every tier.
    """

    percent: Decimal | None
    per_officer: int
    amount: int
    located: int | None
    is_now: bool


def gain_once_paid(claim: ClaimInput) -> int:
    """How many cents more the officers get when every line that waits has been paid.

    It can be less than nothing where a later line tells a lower salary, and with it a lower cap.
    """
    return calculate(replace(claim, as_of=None)).reimbursement - calculate(claim).reimbursement


def award_cases(rules: AwardRules, headcount: int, counts: Counts | None) -> Iterator[AwardCase]:
    """The award of every tier and of none, from the highest down, and which of them is earned now."""
    referred = counts.referred if counts else 0
    tier = tier_of(counts, rules) if counts and referred else None
    for one in rules.tiers:
        needed = one.percent * referred / 100
        yield AwardCase(
            one.percent,
            one.amount,
            one.amount * headcount,
            int(needed.to_integral_value(ROUND_CEILING)) if referred else None,
            one == tier,
        )
    yield AwardCase(None, 0, 0, 0 if referred else None, counts is not None and tier is None)
