"""The offline checker finds what the portal finds."""

from __future__ import annotations

from datetime import date

import pytest

from claims.checking import CheckedPayroll, check_payroll, check_roster, quarter_of
from claims.models import PayrollBatch
from claims.payroll.parse import parse_payroll
from portal.accounts.roles import Role
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import read_table
from portal.kernel.tabular.mapping import Mapping
from tests.factories import (
    PAYROLL,
    QUARTER,
    ROSTER,
    load_payroll,
    load_roster,
    make_agency,
    make_person,
)

TODAY = date(2026, 1, 20)
FAULTS = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay,benefit_health
0042,2025-09-28,2025-10-11,2025-10-16,72280.00,2780.00,589.37,392.31
0042,2025-09-28,2025-10-11,2025-10-16,72280.00,2780.00,589.37,392.31
0042,2025-10-12,2025-10-25,2025-10-30,72280.00,-2780.00,589.37,392.31
42,2025-10-12,2025-10-25,2025-10-30,72280.00,2780.00,589.37,392.31
A-7,2025-10-12,2025-10-25,2025-10-30,68400.00,26300.77,0,301.10
A-7,2025-10-20,2025-11-08,2025-11-13,68400.00,2630.77,0,301.10
A-7,2025-12-07,2025-12-20,10/30/25,68400.00,2630.77,0,301.10
"""
SENSITIVE = PAYROLL.replace("benefit_health\n", "benefit_health,SSN\n").replace(
    "392.31\n", "392.31,\n"
)
SENSITIVE = SENSITIVE.replace("301.10\n", "301.10,\n")
REFUSED = PAYROLL.replace("0042,", "123-45-6789,", 1)
OWN_COLUMNS = """File #,Period Start,Period End,Check Date,Annual Salary,Pay Code,Amount
0042,2025-10-12,2025-10-25,2025-10-30,72280.00,REG,2700.00
0042,2025-10-12,2025-10-25,2025-10-30,72280.00,LNG,80.00
0042,2025-10-12,2025-10-25,2025-10-30,72280.00,OT,589.37
0042,2025-10-12,2025-10-25,2025-10-30,72280.00,VACPO,1000.00
"""
MAPPING = Mapping(
    columns=(
        ("File #", "officer_id"),
        ("Period Start", "period_start"),
        ("Period End", "period_end"),
        ("Check Date", "paid_on"),
        ("Annual Salary", "annual_salary"),
        ("Pay Code", "pay_code"),
        ("Amount", "amount"),
    ),
    codes=(
        ("REG", "regular_pay"),
        ("LNG", "regular_pay"),
        ("OT", "overtime_pay"),
        ("VACPO", "excluded:leave_payout"),
    ),
)


def check(content: str, roster: str = ROSTER, **options: object) -> CheckedPayroll:
    return check_payroll(
        content.encode(),
        check_roster(roster.encode()),
        **{"today": TODAY, **options},  # type: ignore[arg-type]  # options of many kinds
    )


def codes(checked: CheckedPayroll) -> list[str]:
    return sorted(finding.code for finding in checked.findings)


def told(finding: object) -> tuple[object, ...]:
    names = ("code", "severity", "row", "column", "value", "expected", "message", "fix", "dollars")
    return tuple(getattr(finding, name) for name in names)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [PAYROLL, FAULTS, SENSITIVE, REFUSED, ROSTER, "a note\n"],
    ids=["clean", "faults", "sensitive", "refused", "a roster", "no table"],
)
def test_it_says_what_the_portal_says(after_quarter: None, content: str) -> None:
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    batch = load_payroll(preparer, content)
    checked = check(content, quarter=QUARTER)
    assert sorted(map(told, checked.findings), key=str) == sorted(
        map(told, batch.findings.all()), key=str
    )
    assert checked.sha256 == batch.sent_sha256
    assert len(checked.rows) == batch.rows
    assert checked.totals == {name: getattr(batch, name) for name in checked.totals}
    if not batch.needs_columns:
        assert checked.is_clean == (batch.state == PayrollBatch.State.ACCEPTED)


def test_a_file_with_columns_of_its_own_is_told_what_they_most_likely_are() -> None:
    checked = check(OWN_COLUMNS)
    assert checked.unmatched is not None
    assert not checked.is_clean
    roles = dict(checked.unmatched.suggested.columns)
    assert roles["File #"] == "officer_id"
    assert roles["Pay Code"] == "pay_code"
    assert checked.rows == []


def test_with_a_mapping_it_is_checked_like_any_other() -> None:
    checked = check(OWN_COLUMNS, mapping=MAPPING)
    assert checked.is_clean
    assert [(row.officer_id, row.regular_pay, row.overtime_pay) for row in checked.rows] == [
        ("0042", 278000, 58937)
    ]
    assert "excluded_pay" in codes(checked)


def test_a_roster_with_an_error_is_not_compared() -> None:
    roster = check_roster(ROSTER.replace("2018-05-01", "05/01/18").encode())
    checked = check_payroll(PAYROLL.encode(), roster, today=TODAY)
    assert not roster.is_clean
    assert not checked.is_compared
    assert "unknown_officer" not in codes(checked)


def test_without_a_quarter_it_is_the_one_most_rows_have_days_in() -> None:
    assert check(PAYROLL).quarter == QUARTER
    later = PAYROLL.replace("2025-", "2026-")
    rows = parse_payroll(read_table(later.encode())).rows
    # One of three periods begins in September.
    assert quarter_of(rows) == Quarter(2027, 1)
    assert quarter_of(rows[:1]) == Quarter(2026, 4)
    assert quarter_of([]) is None
    reversed_period = rows[0]._replace(period_end=date(2026, 1, 1))
    assert quarter_of([reversed_period]) is None


def test_days_are_payable_by_the_roster_alone() -> None:
    wso = ROSTER.replace("A-7,Hollis,Ben,2018-05-01,TFM", "A-7,Hollis,Ben,2018-05-01,WSO")
    assert "no_payable_day" in codes(check(PAYROLL, wso))
    assert "no_payable_day" not in codes(check(PAYROLL))
    assert "no_agreement" not in codes(check(PAYROLL))
