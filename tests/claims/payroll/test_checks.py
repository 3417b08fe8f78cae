"""What checks say of payroll rows: in the file, against the roster, against earlier batches."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.payroll.checks import (
    AcceptedRow,
    RosterIndex,
    check_against_accepted,
    check_against_roster,
    check_file,
)
from claims.payroll.parse import PayrollRow
from portal.kernel.findings import Finding, Severity
from portal.kernel.quarter import Quarter

Q1 = Quarter(2026, 1)
START = date(2025, 10, 12)


def row(number: int = 2, officer_id: str = "0042", **changes: Any) -> PayrollRow:
    """A plausible two-week row, changed."""
    plain = PayrollRow(
        row=number,
        officer_id=officer_id,
        period_start=START,
        period_end=START + timedelta(13),
        paid_on=START + timedelta(18),
        annual_salary=7228000,
        regular_pay=278000,
        overtime_hours=None,
        overtime_pay=0,
        overtime_paid_by_others=0,
        benefits=(),
        ext={},
    )
    return plain._replace(**changes)


def overtime(number: int, day: date, pay: int = 5000, **changes: Any) -> PayrollRow:
    return row(number, period_start=day, period_end=day, regular_pay=0, overtime_pay=pay, **changes)


def found(findings: list[Finding]) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.row) for finding in findings]


def test_a_plain_file_has_no_findings() -> None:
    later = {"period_start": START + timedelta(14), "period_end": START + timedelta(27)}
    assert check_file([row(2), row(3, **later), row(4, "7")], Q1) == []


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"period_end": START - timedelta(1)}, "period_reversed", Severity.ERROR),
        ({"period_end": START + timedelta(366)}, "period_too_long", Severity.ERROR),
        ({"annual_salary": 0}, "salary_zero", Severity.WARNING),
        ({"overtime_pay": 100, "overtime_paid_by_others": 101}, "others_paid_more", Severity.ERROR),
        ({"paid_on": START - timedelta(1)}, "paid_before_period", Severity.WARNING),
        ({"regular_pay": 27800000}, "pay_above_salary", Severity.WARNING),
        ({"annual_salary": 722800000}, "salary_very_high", Severity.WARNING),
        ({"overtime_hours": Decimal("224.25")}, "overtime_hours_very_high", Severity.WARNING),
    ],
)
def test_one_wrong_thing_is_one_finding(
    changes: dict[str, Any], code: str, severity: Severity
) -> None:
    (finding,) = check_file([row(**changes)], Q1)
    assert (finding.code, finding.severity, finding.officer_id) == (code, severity, "0042")


@pytest.mark.parametrize(
    "changes",
    [
        {"period_end": START + timedelta(365), "regular_pay": 7228000},
        {"paid_on": START},
        {"overtime_pay": 100, "overtime_paid_by_others": 100},
        {"regular_pay": 7228000 * 14 * 3 // 730},
        {"overtime_hours": Decimal(224)},
        {"regular_pay": 0, "benefits": (("health", 1),)},
    ],
)
def test_the_edge_of_each_rule_is_no_finding(changes: dict[str, Any]) -> None:
    assert check_file([row(**changes)], Q1) == []


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        (date(2025, 9, 20), date(2025, 9, 30), False),
        (date(2025, 9, 20), date(2025, 10, 1), True),
        (date(2025, 12, 31), date(2026, 1, 10), True),
        (date(2026, 1, 1), date(2026, 1, 10), False),
    ],
)
def test_a_row_must_share_a_day_with_the_quarter(start: date, end: date, inside: bool) -> None:
    one = row(period_start=start, period_end=end, paid_on=end)
    assert found(check_file([one], Q1)) == ([] if inside else [("outside_quarter", 2)])
    assert check_file([one]) == []


def test_a_file_of_another_quarter_is_one_error_and_not_one_per_row() -> None:
    rows = [
        row(row=number, period_start=date(2026, 1, number), period_end=date(2026, 1, number))
        for number in range(2, 9)
    ]
    codes = [finding.code for finding in check_file(rows, Q1) if finding.severity == "error"]
    assert codes == ["wrong_quarter"]


def test_the_same_row_twice_is_an_error_that_names_the_first() -> None:
    (finding,) = check_file([row(2), row(5, ext={"ext_line": "2"})])
    assert (finding.code, finding.row, finding.dollars) == ("duplicate_row", 5, "2780.00")
    assert "row 2" in finding.message


def test_two_different_overtime_rows_of_one_day_are_fine_and_may_lie_in_a_pay_period() -> None:
    assert check_file([row(2), overtime(3, START), overtime(4, START, 6000)]) == []
    assert found(check_file([overtime(3, START), overtime(4, START)])) == [("duplicate_row", 4)]


def test_overlapping_regular_pay_is_an_error_of_the_later_row() -> None:
    shifted = row(3, period_start=START + timedelta(13), period_end=START + timedelta(26))
    (finding,) = check_file([row(2), shifted])
    assert (finding.code, finding.row) == ("regular_pay_overlap", 3)
    assert "1 of these days" in finding.message
    other_amount = row(3, regular_pay=100)
    assert found(check_file([row(2), other_amount])) == [("regular_pay_overlap", 3)]
    assert check_file([row(2), row(3, "7")]) == []


def test_a_long_period_overlaps_all_the_short_ones_in_it() -> None:
    long = row(9, period_end=START + timedelta(60), regular_pay=1)
    weeks = [
        row(
            n,
            period_start=START + timedelta(20 * n),
            period_end=START + timedelta(20 * n + 13),
            paid_on=START + timedelta(60),
        )
        for n in (1, 2)
    ]
    assert found(check_file([*weeks, long])) == [("regular_pay_overlap", 9)] * 2


days = st.integers(0, 40)


@settings(deadline=None)
@given(st.lists(st.tuples(days, st.integers(0, 20), st.integers(0, 2)), max_size=8))
def test_overlaps_are_found_exactly_when_two_rows_share_a_day(
    periods: list[tuple[int, int, int]],
) -> None:
    rows = [
        row(
            number,
            period_start=START + timedelta(first),
            period_end=START + timedelta(first + length),
            regular_pay=pay * (number + 1),
            annual_salary=90_000_00,
        )
        for number, (first, length, pay) in enumerate(periods)
    ]
    regular = [one for one in rows if one.regular_pay]
    share = any(
        one.period_start <= other.period_end and other.period_start <= one.period_end
        for place, one in enumerate(regular)
        for other in regular[:place]
    )
    codes = [finding.code for finding in check_file(rows)]
    assert ("regular_pay_overlap" in codes) == share


ROSTER = RosterIndex(
    employments={"0042": [(date(2015, 1, 1), START + timedelta(5))], "7": [(START, None)]},
    payable_days=lambda officer_id, first, last: 0 if officer_id == "7" else (last - first).days,
)


def test_an_unknown_officer_is_one_error_whatever_the_rows() -> None:
    rows = [overtime(n, START + timedelta(n), officer_id="9") for n in range(3, 6)]
    (finding,) = check_against_roster([row(), *rows], ROSTER)
    assert (finding.code, finding.row, finding.severity) == ("unknown_officer", 3, Severity.ERROR)
    assert "3 rows" in finding.message


def test_what_counts_for_nothing_is_one_notice() -> None:
    after = START + timedelta(6)
    findings = check_against_roster([overtime(2, after), row(3, "7")], ROSTER)
    assert found(findings) == [("not_employed", 2), ("no_payable_day", 3)]
    assert {finding.severity for finding in findings} == {Severity.NOTICE}


def test_a_row_that_is_not_yet_paid_waits() -> None:
    one = row()
    assert found(check_against_roster([one], ROSTER, one.paid_on - timedelta(1))) == [
        ("not_yet_paid", 2)
    ]
    assert check_against_roster([one], ROSTER, one.paid_on) == []


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
    for words in ("batch FY2026Q1-1, row 8", "differs from it in regular_pay", "$100.00"):
        assert words in finding.message


def test_other_overtime_of_a_day_already_received_counts_too() -> None:
    before = accepted(row(8), overtime(9, START))
    assert check_against_accepted([overtime(2, START, 6000)], before) == []
    assert check_against_accepted([row(2, "7")], before) == []
