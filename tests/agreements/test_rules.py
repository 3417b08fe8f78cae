"""Payable days: employment, authorization and agreement must all cover a day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.rules import AgreementPeriod, Eligibility, NotPayable, RosterRow, days_between

START_ON = date(2025, 10, 1)
AGREEMENTS = (AgreementPeriod("TFM", date(2025, 3, 1), None),)
DEPUTY = RosterRow(date(2015, 1, 1), None, "TFM", date(2025, 6, 1), None)


def eligibility(*agreements: AgreementPeriod, models: tuple[str, ...] = ("TFM",)) -> Eligibility:
    return Eligibility(agreements or AGREEMENTS, models, START_ON)


def dates(*roster: RosterRow, of: Eligibility | None = None) -> list[tuple[str, str]]:
    """The payable ranges as ISO dates."""
    found = (of or eligibility()).days(roster)
    return [tuple(date.fromordinal(day).isoformat() for day in pair) for pair in found]  # type: ignore[misc]  # pairs


def test_nothing_is_payable_before_the_program_starts() -> None:
    assert dates(DEPUTY) == [("2025-10-01", "9999-12-31")]


def test_the_last_employed_day_and_both_ends_of_an_authorization_count() -> None:
    left = DEPUTY._replace(separated_on=date(2026, 2, 10), authorized_from=date(2026, 1, 5))
    assert dates(left) == [("2026-01-05", "2026-02-10")]
    expired = DEPUTY._replace(authorized_to=date(2025, 10, 1))
    assert dates(expired) == [("2025-10-01", "2025-10-01")]


def test_pay_before_the_first_employed_day_is_never_payable() -> None:
    assert dates(DEPUTY._replace(hired_on=date(2025, 12, 24)))[0][0] == "2025-12-24"


def test_an_authorization_ends_with_the_employment_of_its_own_row() -> None:
    first = DEPUTY._replace(separated_on=date(2025, 11, 10))
    again = RosterRow(date(2026, 1, 5), None, "TFM", date(2026, 1, 20), date(2026, 1, 31))
    assert dates(first, again) == [("2025-10-01", "2025-11-10"), ("2026-01-20", "2026-01-31")]


def test_an_officer_in_training_has_no_payable_day() -> None:
    assert dates(RosterRow(date(2015, 1, 1), None, "", None, None)) == []


def test_an_authorization_needs_an_agreement_of_its_own_model() -> None:
    both = eligibility(AgreementPeriod("WSO", date(2025, 1, 1), None), models=("TFM", "WSO"))
    assert dates(DEPUTY, of=both) == []
    assert dates(DEPUTY._replace(model="WSO"), of=both) == [("2025-10-01", "9999-12-31")]


def test_overlapping_and_touching_ranges_become_one_and_gaps_stay() -> None:
    agreements = eligibility(
        AgreementPeriod("TFM", date(2025, 1, 1), date(2025, 11, 30)),
        AgreementPeriod("TFM", date(2025, 12, 1), date(2025, 12, 31)),
        AgreementPeriod("TFM", date(2025, 12, 15), date(2026, 1, 15)),
        AgreementPeriod("TFM", date(2026, 1, 17), date(2026, 1, 20)),
    )
    assert dates(DEPUTY, of=agreements) == [
        ("2025-10-01", "2026-01-15"),
        ("2026-01-17", "2026-01-20"),
    ]


def test_a_reversed_range_covers_no_day() -> None:
    assert (
        dates(DEPUTY._replace(authorized_from=date(2026, 1, 2), authorized_to=date(2026, 1, 1)))
        == []
    )
    assert days_between(((1, 10),), 8, 5) == 0


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2025, 9, 30), NotPayable.BEFORE_PROGRAM),
        (date(2025, 10, 14), NotPayable.NOT_EMPLOYED),
        (date(2025, 10, 19), NotPayable.IN_TRAINING),
        (date(2025, 10, 20), None),
        (date(2025, 11, 1), NotPayable.NOT_AUTHORIZED),
        (date(2025, 11, 20), NotPayable.MODEL_NOT_COVERED),
        (date(2025, 12, 20), NotPayable.NO_AGREEMENT),
        (date(2026, 1, 15), None),
        (date(2026, 2, 1), NotPayable.NOT_EMPLOYED),
    ],
)
def test_a_day_that_is_not_payable_has_one_reason(day: date, reason: NotPayable | None) -> None:
    hired, left = date(2025, 10, 15), date(2026, 1, 31)
    roster = (
        RosterRow(hired, left, "TFM", date(2025, 10, 20), date(2025, 10, 31)),
        RosterRow(hired, left, "WSO", date(2025, 11, 15), date(2025, 11, 30)),
        RosterRow(hired, left, "TFM", date(2025, 12, 16), None),
    )
    agreements = eligibility(
        AgreementPeriod("TFM", date(2025, 3, 1), date(2025, 12, 15)),
        AgreementPeriod("TFM", date(2026, 1, 1), None),
        AgreementPeriod("WSO", date(2025, 3, 1), None),
    )
    assert agreements.why_not(day, roster) is reason


DAYS = st.integers(0, 120).map(lambda offset: date(2025, 9, 15) + timedelta(days=offset))
ROWS = st.builds(
    RosterRow,
    DAYS,
    st.none() | DAYS,
    st.sampled_from(["TFM", "WSO"]),
    st.none() | DAYS,
    st.none() | DAYS,
)
PERIODS = st.builds(AgreementPeriod, st.sampled_from(["TFM", "WSO"]), DAYS, st.none() | DAYS)


@settings(deadline=None)
@given(st.lists(ROWS, max_size=4), st.lists(PERIODS, max_size=3))
def test_a_day_has_a_reason_exactly_when_no_range_holds_it(
    roster: list[RosterRow], agreements: list[AgreementPeriod]
) -> None:
    subject = Eligibility(agreements, ("TFM",), START_ON)
    ranges = subject.days(roster)
    assert all(end < begin - 1 for (_, end), (begin, _) in pairwise(ranges))
    for offset in range(130):
        day = date(2025, 9, 15) + timedelta(days=offset)
        held = days_between(ranges, day.toordinal(), day.toordinal()) == 1
        assert held is (subject.why_not(day, roster) is None)
