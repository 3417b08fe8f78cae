"""What checks say of payroll rows beside the lines that count already."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.payroll.checks import (
    AcceptedRow,
    Before,
    RosterIndex,
    check_against_accepted,
    check_against_before,
)
from claims.payroll.parse import PayrollRow
from portal.kernel import money
from portal.kernel.findings import Finding, Severity
from tests.claims.payroll.rows import START, codes, found, later, overtime, row


def accepted(*rows: PayrollRow) -> dict[str, list[AcceptedRow]]:
    return {"0042": [AcceptedRow("FY2026Q1-1", one) for one in rows]}


def test_a_later_file_may_repeat_a_line_with_another_payday_and_it_counts_once() -> None:
    again = row(2, paid_on=START + timedelta(20), overtime_hours=Decimal(1))
    assert found(check_against_accepted([again], accepted(row(8)))) == [("counted_once", 2)]


def test_an_identical_repeat_counts_once() -> None:
    before = accepted(row(8, benefits=(("a", 1), ("b", 2))), overtime(9, START))
    again = [row(2, benefits=(("b", 2), ("a", 1)), ext={"ext_x": "y"}), overtime(3, START)]
    findings = check_against_accepted(again, before)
    assert found(findings) == [("counted_once", 2), ("counted_once", 3)]
    assert "FY2026Q1-1" in findings[0].message


def test_a_repeat_with_other_amounts_is_an_error_with_the_difference() -> None:
    (finding,) = check_against_accepted([row(2, regular_pay=288000)], accepted(row(8)))
    assert (finding.code, finding.severity) == ("other_amounts", Severity.ERROR)
    assert finding.dollars == "100.00"
    for words in ("file FY2026Q1-1, row 8", "differs from it in regular_pay", "$100.00"):
        assert words in finding.message


def test_other_overtime_of_a_day_already_received_counts_too() -> None:
    before = accepted(row(8), overtime(9, START))
    assert check_against_accepted([overtime(2, START, 6000)], before) == []
    assert check_against_accepted([row(2, "7")], before) == []


def test_benefits_alone_for_one_period_from_two_files_are_to_be_looked_at() -> None:
    def only(number: int, cents: int) -> PayrollRow:
        return row(number, regular_pay=0, benefits=(("health", cents),))

    before = accepted(only(8, 1200))
    (finding,) = check_against_accepted([only(2, 1300)], before)
    assert (finding.code, finding.severity) == ("benefits_again", Severity.WARNING)
    assert "$12.00" in finding.message and "$13.00" in finding.message
    assert found(check_against_accepted([only(2, 1200)], before)) == [("counted_once", 2)]
    next_period = later(2, 2, regular_pay=0, benefits=(("health", 1300),))
    assert check_against_accepted([next_period], before) == []
    assert check_against_accepted([overtime(3, START, benefits=(("fica", 5),))], before) == []


ROSTER = RosterIndex({"0042": [(date(2015, 1, 1), None)]}, lambda *_: 1)
BEFORE = Before("FY2025Q4-1", 7228000, 556000, 28, 78000, 28)


def compared(*rows: PayrollRow, before: Before | None = BEFORE) -> list[Finding]:
    return list(check_against_before(rows, {"0042": before} if before else {}, ROSTER))


def test_rows_like_before_are_no_finding() -> None:
    benefits = (("health", 39000),)
    assert compared(row(2, benefits=benefits), later(3, 2, benefits=benefits)) == []
    assert compared(row(2), before=None) == []
    assert compared(overtime(2, START)) == []


@pytest.mark.parametrize(
    ("salary", "told"),
    [
        (7228000 * 115 // 100, False),
        (7228000 * 115 // 100 + 1, True),
        (7228000 * 85 // 100, False),
        (7228000 * 85 // 100 - 1, True),
        (3475, False),
        (0, False),
    ],
)
def test_a_salary_is_told_when_it_moved_by_more_than_15_percent(salary: int, told: bool) -> None:
    findings = compared(row(2, annual_salary=salary, regular_pay=0))
    assert codes(findings) == ["salary_changed"] * told
    if told:
        assert "$72,280.00 in file FY2025Q4-1" in findings[0].message


def test_a_new_salary_is_told_once_and_not_for_every_row() -> None:
    rows = [later(n, 2 * n, annual_salary=9000000) for n in range(2, 6)]
    assert found(compared(*rows)) == [("salary_changed", 2)]


@pytest.mark.parametrize(
    ("pay", "told"), [(139000, False), (138999, True), (417000, False), (417001, True)]
)
def test_pay_is_told_when_it_differs_by_more_than_half(pay: int, told: bool) -> None:
    findings = compared(row(2, regular_pay=pay, annual_salary=8000000))
    assert codes(findings) == ["pay_unlike_before"] * told
    if told:
        assert findings[0].dollars == money.text(pay - 278000)
        assert findings[0].expected == "2780.00"


def test_earlier_rows_of_the_file_are_before_too() -> None:
    rows = [later(2, 0), later(3, 2), later(4, 4, regular_pay=100000), later(5, 6)]
    assert found(compared(*reversed(rows), before=None)) == [("pay_unlike_before", 4)]


def test_a_new_level_of_pay_is_told_once() -> None:
    rows = [later(n, 2 * n, regular_pay=100000) for n in range(2, 6)]
    assert found(compared(*rows)) == [("pay_unlike_before", 2)]


def test_pay_that_creeps_away_from_the_usual_is_told() -> None:
    rows = [later(n, 2 * n, regular_pay=278000 - 30000 * (n - 1)) for n in range(2, 9)]
    assert codes(compared(*rows)) == ["pay_unlike_before"]


def test_a_period_in_which_somebody_came_or_left_is_not_compared() -> None:
    rows = [row(2, regular_pay=20000), later(3, 2), later(4, 4, regular_pay=20000)]
    employed = [(START + timedelta(10), START + timedelta(30))]
    roster = RosterIndex({"0042": employed}, lambda *_: 1)
    assert list(check_against_before(rows, {}, roster)) == []


def test_benefits_are_compared_where_there_are_any() -> None:
    health = (("health", 39000),)
    rows = [
        row(2, benefits=health),
        later(3, 2),
        later(4, 4, benefits=(("health", 78001),)),
        later(5, 6, benefits=health),
    ]
    assert found(compared(*rows)) == [("benefits_unlike_before", 4)]


def test_pay_that_is_odd_in_itself_is_not_compared() -> None:
    assert compared(row(2, regular_pay=27800000)) == []


pay = st.integers(0, 400000)


@settings(deadline=None)
@given(st.lists(st.tuples(pay, st.integers(0, 20)), max_size=6), st.none() | st.just(BEFORE))
def test_nothing_is_told_exactly_when_every_row_is_like_the_average_before_it(
    amounts: list[tuple[int, int]], before: Before | None
) -> None:
    """The quick way out of `_is_level` never hides a jump."""
    rows = []
    first = START
    for number, (cents, length) in enumerate(amounts, start=2):
        end = first + timedelta(length)
        rows.append(
            row(
                number,
                period_start=first,
                period_end=end,
                regular_pay=cents,
                annual_salary=900_000_00,
            )
        )
        first = end + timedelta(1)
    paid, days = (before.regular_pay, before.days) if before else (0, 0)
    is_steady = True
    for one in rows:
        if not one.regular_pay or one.regular_pay * 730 > 3 * one.annual_salary * one.days:
            continue
        if days and abs(Fraction(one.regular_pay, one.days) / Fraction(paid, days) - 1) > Fraction(
            1, 2
        ):
            is_steady = False
        paid, days = paid + one.regular_pay, days + one.days
    told = "pay_unlike_before" in codes(compared(*rows, before=before))
    assert told != is_steady
