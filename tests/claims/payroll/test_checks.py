"""What checks say of the rows of a payroll file by themselves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.checks import check_file
from claims.payroll.kind_of_file import check_kind
from portal.kernel.findings import Severity
from portal.kernel.tabular import FILE_FINDINGS
from tests.claims.payroll.rows import Q1, START, codes, found, later, overtime, row

TEN_HOURS: dict[str, Any] = {"overtime_hours": Decimal(10)}


def test_a_plain_file_has_no_findings() -> None:
    assert check_file([row(2), later(3, 2), row(4, "7")], Q1) == []


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"period_end": START - timedelta(1)}, "period_reversed", Severity.ERROR),
        ({"period_end": START + timedelta(366)}, "period_too_long", Severity.ERROR),
        ({"annual_salary": 0}, "salary_zero", Severity.WARNING),
        (
            {**TEN_HOURS, "overtime_pay": 52125, "overtime_paid_by_others": 52126},
            "others_paid_more",
            Severity.ERROR,
        ),
        ({"paid_on": START - timedelta(1)}, "paid_before_period", Severity.WARNING),
        ({"regular_pay": 27800000}, "pay_above_salary", Severity.WARNING),
        ({"paid_on": START + timedelta(74)}, "paid_late", Severity.NOTICE),
        ({"annual_salary": 3475}, "salary_very_low", Severity.WARNING),
        ({**TEN_HOURS, "overtime_pay": 27799}, "overtime_rate_odd", Severity.WARNING),
        ({**TEN_HOURS, "overtime_pay": 104251}, "overtime_rate_odd", Severity.WARNING),
        ({"overtime_pay": 52125}, "overtime_without_hours", Severity.NOTICE),
        ({"annual_salary": 722800000}, "salary_very_high", Severity.WARNING),
        ({"overtime_hours": Decimal("224.25")}, "overtime_hours_very_high", Severity.WARNING),
    ],
)
def test_one_wrong_thing_is_one_finding(
    changes: dict[str, Any], code: str, severity: Severity
) -> None:
    (finding,) = check_file([row(**changes)], Q1)
    assert (finding.code, finding.severity, finding.row) == (code, severity, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"period_end": START + timedelta(365), "regular_pay": 7228000},
        {"paid_on": START},
        {"paid_on": START + timedelta(73)},
        {"annual_salary": 10_000_00, "regular_pay": 38461},
        {**TEN_HOURS, "overtime_pay": 27800},
        {**TEN_HOURS, "overtime_pay": 104250, "overtime_paid_by_others": 104250},
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
    errors = [finding for finding in check_file(rows, Q1) if finding.severity == "error"]
    assert [(one.code, one.value) for one in errors] == [("wrong_quarter", "FY2026Q2")]


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
    assert ("regular_pay_overlap" in codes(check_file(rows))) == share


def test_one_cause_is_one_finding() -> None:
    """An hourly rate as salary makes pay and overtime look wrong too; only the salary is named."""
    one = row(annual_salary=3475, overtime_hours=Decimal(10), overtime_pay=52125)
    assert codes(check_file([one], Q1)) == ["salary_very_low"]


def test_equal_overtime_of_many_officers_is_one_warning_about_all_of_them() -> None:
    rows = [overtime(n, START, 5125, officer_id=f"{n:02}") for n in range(2, 14)]
    (finding,) = check_file(rows, Q1)
    assert (finding.code, finding.row, finding.dollars) == ("same_overtime_amount", 2, "615.00")
    assert "12 officers have exactly $51.25" in finding.message
    assert "10, 11 and 2 more" in finding.message
    assert check_file(rows[:4], Q1) == []
    same_officer = [one._replace(officer_id="02", ext={"n": str(one.row)}) for one in rows]
    assert "same_overtime_amount" not in codes(check_file(same_officer, Q1))
    other_day = [*rows[:4], rows[4]._replace(period_end=START + timedelta(1))]
    assert check_file(other_day, Q1) == []


def test_overtime_without_hours_is_one_notice_for_the_file() -> None:
    rows = [overtime(n, START, 5000 + n, overtime_hours=None) for n in range(2, 5)]
    (finding,) = check_file(rows, Q1)
    assert (finding.code, finding.row, finding.dollars) == ("overtime_without_hours", 2, "150.09")
    assert finding.message.startswith("3 rows have")


def test_every_finding_about_a_row_says_how_much_it_is_about() -> None:
    rows = [
        row(2, annual_salary=0),
        row(3, "7", paid_on=START - timedelta(1)),
        row(4, "8", period_end=START - timedelta(1)),
        row(5, "9", regular_pay=556000),
    ]
    findings = check_file(rows, Q1)
    assert [finding.dollars for finding in findings] == ["2780.00", "2780.00", "2780.00", "2787.62"]


def test_a_roster_sent_as_payroll_is_called_one() -> None:
    (finding,) = check_kind(["Officer ID", "Hired On", "authorized_from", "Last name"])
    assert finding.code == "wrong_kind_of_file"
    assert finding.message.startswith("This is a roster, not payroll")
    assert "hired_on, authorized_from" in finding.message
    assert check_kind(["officer_id", "hired_on", "model", "period_start"]) == []
    assert check_kind(["officer_id", "name", "pay"]) == []


def test_every_kind_of_its_own_says_why_it_matters() -> None:
    shared = FILE_FINDINGS.kinds.keys()
    for code in PAYROLL_FINDINGS.kinds.keys() - shared:
        assert PAYROLL_FINDINGS.kinds[code].why.endswith(".")
