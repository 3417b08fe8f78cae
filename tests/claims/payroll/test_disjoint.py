"""The quick way past repeats and overlaps never passes one."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from claims.payroll.checks.disjoint import are_disjoint
from claims.payroll.parse import PayrollRow
from tests.claims.payroll.rows import START, row

PERIODS = st.tuples(st.sampled_from(["0042", "7", "A-7"]), st.integers(0, 12), st.integers(-1, 4))


def of(periods: list[tuple[str, int, int]]) -> list[PayrollRow]:
    rows = []
    for number, (officer_id, first, length) in enumerate(periods, start=2):
        start = START + timedelta(first)
        end = start + timedelta(length)
        rows.append(row(number, officer_id, period_start=start, period_end=end))
    return rows


@given(st.lists(PERIODS, max_size=6))
def test_it_is_what_every_two_rows_say(periods: list[tuple[str, int, int]]) -> None:
    rows = of(periods)
    apart = all(
        one.officer_id != other.officer_id
        or one.period_end < other.period_start
        or other.period_end < one.period_start
        for one, other in combinations(rows, 2)
    )
    assert are_disjoint(rows) == (apart and all(one.days > 0 for one in rows))


def test_the_furthest_days_of_two_officers_do_not_meet() -> None:
    ends_last = row(2, "a", period_start=date.max, period_end=date.max)
    starts_first = row(3, "b", period_start=date.min, period_end=date.min)
    assert are_disjoint([ends_last, starts_first])
    assert not are_disjoint([ends_last, ends_last])
