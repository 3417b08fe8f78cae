"""The award: tiers by whole numbers, one amount per officer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.rules import Award, Counts, Status, award, rules_on, tier_of

RULES = rules_on(date(2025, 10, 1))


@pytest.mark.parametrize(
    ("located", "referred", "status", "cents"),
    [
        (0, 0, Status.NO_BASIS, 0),
        (0, 3, Status.BELOW_THRESHOLD, 0),
        (69, 100, Status.BELOW_THRESHOLD, 0),
        (699, 1000, Status.BELOW_THRESHOLD, 0),
        (7, 10, Status.EARNED, 50_000),
        (799, 1000, Status.EARNED, 50_000),
        (4, 5, Status.EARNED, 75_000),
        (895, 1000, Status.EARNED, 75_000),
        (9, 10, Status.EARNED, 100_000),
        (1, 1, Status.EARNED, 100_000),
    ],
)
def test_no_tier_is_rounded_up(located: int, referred: int, status: Status, cents: int) -> None:
    result = award(Counts(referred, located), 7, RULES)
    assert result == Award(status, 7, cents)
    assert result.amount == 7 * cents


def test_without_a_report_nothing_is_awarded_yet_but_officers_are_counted() -> None:
    assert award(None, 4, RULES) == Award(Status.NOT_REPORTED, 4, 0)


def test_an_earned_award_of_an_agency_without_officers_is_zero() -> None:
    result = award(Counts(10, 10), 0, RULES)
    assert (result.status, result.per_officer, result.amount) == (Status.EARNED, 100_000, 0)


@pytest.mark.parametrize(("referred", "located"), [(5, 6), (0, 1), (-1, 0), (0, -1), (-2, -3)])
def test_impossible_counts_are_refused(referred: int, located: int) -> None:
    with pytest.raises(ValueError, match=r"located|negative"):
        Counts(referred, located)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_the_tier_is_the_highest_the_exact_rate_reaches(one: int, other: int) -> None:
    referred, located = max(one, other), min(one, other)
    tier = tier_of(Counts(referred, located), RULES) if referred else None
    rate = Fraction(100 * located, referred) if referred else Fraction(0)
    reached = [amount for percent, amount in RULES.tiers if rate >= percent]
    assert (tier.amount if tier else 0) == max(reached, default=0)


def test_tiers_may_be_given_in_any_order_and_with_parts_of_a_percent() -> None:
    rules = rules_on(
        date(2025, 10, 1), {"award_tiers": [[65, 100], [Decimal("89.5"), 300], [70, 200]]}
    )
    assert [tier.amount for tier in rules.tiers] == [300, 200, 100]
    assert award(Counts(200, 179), 1, rules).per_officer == 300
    assert award(Counts(1000, 894), 1, rules).per_officer == 200


def test_without_tiers_nothing_is_earned() -> None:
    rules = rules_on(date(2025, 10, 1), {"award_tiers": []})
    assert award(Counts(1, 1), 1, rules).status is Status.BELOW_THRESHOLD


@pytest.mark.parametrize(
    "overrides",
    [
        {"award_tiers": 90},
        {"award_tiers": [90, 100000]},
        {"award_tiers": [[90]]},
        {"award_tiers": [[90, "100000"]]},
        {"award_tiers": [[90, Decimal("10.5")]]},
        {"award_tiers": [[90, -1]]},
        {"award_tiers": [[90, True]]},
        {"award_tiers": [[101, 5]]},
        {"award_tiers": [["90", 5]]},
        {"award_tiers": [[90, 5], [90, 6]]},
        {"award_models": "TFM"},
        {"award_models": ["XYZ"]},
        {"award_headcount": "quarter"},
        {"headcount": "any_day"},
    ],
)
def test_an_override_of_another_type_or_name_is_refused(overrides: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(overrides))):
        rules_on(date(2025, 10, 1), overrides)
