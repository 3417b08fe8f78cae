"""The coverage grid: every payable day of every officer stands in one cell, as what it is."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agreements.rules import Ranges, days_between
from claims.calendars import Calendar, Frequency
from claims.coverage import Cell, CellState, OfficerPay, cover
from claims.rules.facts import PayrollLine
from portal.kernel.quarter import Quarter

QUARTER = Quarter(2026, 1)
LATER = date(2026, 2, 1)
BIWEEKLY = Calendar.starting(Frequency.BIWEEKLY, date(2025, 9, 28))
OPEN: Ranges = ((date(2025, 6, 1).toordinal(), date.max.toordinal()),)


def line(start: date, end: date, paid_on: date | None = None) -> PayrollLine:
    return PayrollLine("1", 2, start, end, paid_on or end + timedelta(days=5), 7228000, 278000)


def paid(
    *periods: int, calendar: Calendar = BIWEEKLY, officer_id: str = "1", payable: Ranges = OPEN
):
    """An officer with lines for these periods of the quarter, counted from 0."""
    found = calendar.periods(QUARTER.start, QUARTER.end)
    lines = tuple(line(*found[number]) for number in periods)
    return OfficerPay(officer_id, f"Officer {officer_id}", payable, lines)


def states(coverage, row: int = 0, table: int = 0) -> list[str]:
    cells = coverage.calendars[table].officers[row].cells
    return [f"{cell.state} {cell.days}/{cell.payable}" for cell in cells]


def test_a_quarter_that_is_all_paid_has_no_gap():
    coverage = cover(QUARTER, LATER, [paid(*range(7))])
    assert states(coverage) == ["paid 11/11", *["paid 14/14"] * 5, "paid 11/11"]
    assert not coverage.with_gaps
    assert coverage.waiting_lines == 0


def test_a_period_without_a_line_is_a_gap():
    coverage = cover(QUARTER, LATER, [paid(0, 1, 2, 4, 5, 6)])
    assert states(coverage)[3] == "gap 14/14"
    assert coverage.officers[0].needs_attention
    assert coverage.officers[0].gap_days == 14


def test_an_unpaid_part_of_a_period_is_a_gap_of_some_days():
    officer = paid(0, 1)
    half = line(date(2025, 10, 26), date(2025, 11, 1))
    coverage = cover(QUARTER, date(2025, 11, 20), [officer._replace(lines=(*officer.lines, half))])
    assert states(coverage)[:3] == ["paid 11/11", "paid 14/14", "gap 7/14"]


def test_a_line_with_a_payday_to_come_waits():
    coverage = cover(QUARTER, date(2025, 10, 29), [paid(0, 1)])
    assert states(coverage)[:2] == ["paid 11/11", "waiting 14/14"]
    assert coverage.waiting_lines == 1
    assert not coverage.officers[0].needs_attention


def test_what_is_not_due_is_to_come_and_no_gap():
    on_payday_eve = cover(QUARTER, date(2025, 11, 12), [paid(0, 1)])
    assert states(on_payday_eve)[2:4] == ["to_come 14/14", "to_come 14/14"]
    on_payday = cover(QUARTER, date(2025, 11, 13), [paid(0, 1)])
    assert states(on_payday)[2:4] == ["gap 14/14", "to_come 14/14"]


def test_two_lines_for_the_same_days_overlap():
    officer = paid(*range(7))
    twice = officer._replace(lines=(*officer.lines, line(date(2025, 10, 20), date(2025, 10, 25))))
    coverage = cover(QUARTER, LATER, [twice])
    assert states(coverage)[1] == "overlap 6/14"
    assert [one.overlap_days for one in coverage.with_overlaps] == [6]


def test_days_that_are_not_payable_need_no_line():
    until = ((OPEN[0][0], date(2025, 11, 30).toordinal()),)
    coverage = cover(QUARTER, LATER, [paid(0, 1, 2, 3, 4, payable=until)])
    assert states(coverage)[4:] == ["paid 8/8", "not_payable 0/0", "not_payable 0/0"]
    assert not coverage.with_gaps


def test_officers_of_different_calendars_stand_in_tables_of_their_own_the_most_common_first():
    monthly = Calendar.starting(Frequency.MONTHLY, date(2025, 10, 1))
    odd = OfficerPay("4", "Officer 4", OPEN, (line(date(2025, 10, 1), date(2025, 10, 4)),))
    coverage = cover(
        QUARTER,
        LATER,
        [
            paid(0, 1, 2, calendar=monthly, officer_id="1"),
            paid(*range(7), officer_id="2"),
            paid(*range(7), officer_id="3"),
            odd,
            OfficerPay("5", "Officer 5", OPEN, ()),
        ],
    )
    assert [table.calendar.frequency for table in coverage.calendars] == ["biweekly", "monthly"]
    assert [one.officer_id for one in coverage.calendars[0].officers] == ["2", "3", "4", "5"]
    assert {cell.state for cell in coverage.calendars[0].officers[3].cells} == {CellState.GAP}
    assert states(coverage, row=2)[0] == "gap 7/11"


def test_without_any_line_the_grid_goes_by_months():
    coverage = cover(QUARTER, LATER, [OfficerPay("1", "Ana", OPEN, ())])
    assert states(coverage) == ["gap 31/31", "gap 30/30", "gap 31/31"]


def test_officers_without_payable_days_and_lines_are_only_counted():
    coverage = cover(QUARTER, LATER, [OfficerPay("1", "Ana", (), ())])
    assert coverage.officers == []
    assert coverage.without_payable_days == 1


def test_a_cell_without_payable_days_says_so():
    assert (Cell().state, Cell().days) == (CellState.NOT_PAYABLE, 0)


NEAR = st.dates(date(2025, 9, 1), date(2026, 1, 31))
LINES = st.builds(
    lambda start, days, delay: line(
        start, start + timedelta(days=days), start + timedelta(days=delay)
    ),
    NEAR,
    st.integers(0, 35),
    st.integers(-5, 60),
)


@st.composite
def ranges(draw) -> Ranges:
    """Sorted disjoint stretches of days around the quarter."""
    marks = sorted(draw(st.sets(NEAR, max_size=6)))
    return tuple(
        (one.toordinal(), other.toordinal())
        for one, other in zip(marks[::2], marks[1::2], strict=False)
    )


@given(
    st.lists(st.tuples(ranges(), st.lists(LINES, max_size=8)), max_size=5),
    st.dates(date(2025, 10, 1), date(2026, 3, 1)),
)
def test_the_days_of_every_officer_add_up_to_their_payable_days(people, today):
    officers = [
        OfficerPay(str(number), f"Officer {number}", payable, tuple(lines))
        for number, (payable, lines) in enumerate(people)
    ]
    coverage = cover(QUARTER, today, officers)
    first, last = QUARTER.start.toordinal(), QUARTER.end.toordinal()
    expected = {one.officer_id: days_between(one.payable, first, last) for one in officers}
    shown = {one.officer_id: sum(c.payable for c in one.cells) for one in coverage.officers}
    assert len(shown) == len(coverage.officers)
    assert len(shown) + coverage.without_payable_days == len(officers)
    for officer_id, days in expected.items():
        assert shown.get(officer_id, 0) == days
    for table in coverage.calendars:
        assert all(len(one.cells) == len(table.periods) for one in table.officers)
