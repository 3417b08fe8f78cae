"""Pay calendars: recognised from what was sent, continued without gap or overlap."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.calendars import Calendar, Frequency, PayPlan, Period, calendar_of, most_common, plan_of

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CALENDARS = st.builds(Calendar.starting, st.sampled_from(Frequency), DAYS)


@given(CALENDARS, DAYS, st.integers(0, 200))
def test_periods_follow_each_other_and_cover_the_days_asked_for(calendar, first, days):
    last = first + timedelta(days=days)
    periods = calendar.periods(first, last)
    assert periods[0].start <= first <= periods[0].end
    assert periods[-1].start <= last <= periods[-1].end
    for one, other in itertools.pairwise(periods):
        assert other.start == one.end + timedelta(days=1)
    assert all(period.start <= period.end for period in periods)


@given(CALENDARS, DAYS, st.integers(60, 200))
def test_a_calendar_is_recognised_by_its_own_periods(calendar, first, days):
    periods = calendar.periods(first, first + timedelta(days=days))
    found = calendar_of(periods)
    assert found is not None
    assert found.periods(periods[-1].start, periods[-1].end) == [periods[-1]]


@pytest.mark.parametrize(
    ("frequency", "on", "expected"),
    [
        (Frequency.WEEKLY, date(2025, 10, 5), ["Oct 5–11", "Oct 12–18"]),
        (Frequency.BIWEEKLY, date(2025, 9, 28), ["Sep 28–Oct 11", "Oct 12–25"]),
        (Frequency.SEMIMONTHLY, date(2025, 10, 16), ["Oct 1–15", "Oct 16–31"]),
        (Frequency.SEMIMONTHLY, date(2025, 10, 21), ["Sep 21–Oct 5", "Oct 6–20"]),
        (Frequency.MONTHLY, date(2025, 1, 1), ["Oct 1–31"]),
        (Frequency.MONTHLY, date(2025, 1, 31), ["Sep 30–Oct 30"]),
        (Frequency.FOUR_WEEKLY, date(2025, 9, 28), ["Sep 28–Oct 25"]),
    ],
)
def test_the_first_periods_of_october(frequency, on, expected):
    calendar = Calendar.starting(frequency, on)
    first = date(2025, 10, 5) if frequency is Frequency.WEEKLY else date(2025, 10, 1)
    assert [str(p) for p in calendar.periods(first, date(2025, 10, 18))][
        : len(expected)
    ] == expected


def test_a_calendar_changed_lately_is_the_one_of_most_of_the_latest_periods():
    weekly = Calendar.starting(Frequency.WEEKLY, date(2025, 7, 6))
    biweekly = Calendar.starting(Frequency.BIWEEKLY, date(2025, 10, 5))
    old = weekly.periods(date(2025, 7, 6), date(2025, 10, 4))
    new = biweekly.periods(date(2025, 10, 5), date(2025, 11, 29))
    assert calendar_of(old) == weekly
    assert calendar_of(old + new) == biweekly


def test_periods_of_no_calendar_have_none():
    odd = [
        Period(date(2025, 10, 1), date(2025, 10, 5)),
        Period(date(2025, 11, 3), date(2025, 11, 13)),
    ]
    assert calendar_of(odd) is None
    assert calendar_of([]) is None
    assert plan_of(()) is None


def test_february_of_a_leap_year_does_not_make_a_half_month_two_weeks():
    halves = Calendar.starting(Frequency.SEMIMONTHLY, date(2028, 1, 1))
    assert calendar_of(halves.periods(date(2028, 1, 1), date(2028, 2, 29))) == halves


def test_the_payday_is_as_long_after_the_period_as_it_was_last():
    calendar = Calendar.starting(Frequency.BIWEEKLY, date(2025, 10, 12))
    first, second, third = calendar.periods(date(2025, 10, 12), date(2025, 11, 10))
    plan = plan_of(((second, date(2025, 11, 14)), (first, date(2025, 10, 30))))
    assert plan == PayPlan(calendar, 6)
    assert plan.paid_on(third) == third.end + timedelta(days=6)


def test_the_most_common_plan_does_not_depend_on_the_order():
    one = PayPlan(Calendar(Frequency.WEEKLY, 1), 5)
    two = PayPlan(Calendar(Frequency.BIWEEKLY, 1), 5)
    assert most_common([one, two]) == most_common([two, one])
    assert most_common([one, two, one]) == one
    assert most_common([]) is None
