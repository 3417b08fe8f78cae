"""When two findings say the same thing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from claims.models import PayrollBatch, PayrollFinding
from claims.payroll.checks import Before, RosterIndex, check_against_before, check_file
from portal.intake.findings import fingerprint
from portal.kernel.findings import Finding, Severity
from tests.claims.payroll.rows import START, overtime, row

ROSTER = RosterIndex({"0042": [(START - timedelta(400), None)]}, lambda *_: 1)


def of_pay(**changes: Any) -> str:
    (finding,) = check_file([row(**{"regular_pay": 27800000, **changes})])
    return fingerprint(finding)


def test_file_row_and_columns_of_ones_own_do_not_matter():
    assert of_pay() == of_pay(row=99, ext={"ext_unit": "Patrol"}, paid_on=START + timedelta(20))


@pytest.mark.parametrize(
    "changes",
    [
        {"officer_id": "0043"},
        {"regular_pay": 27800001},
        {"annual_salary": 7228001},
        {"period_end": START + timedelta(12)},
    ],
)
def test_a_changed_fact_is_another_finding(changes):
    assert of_pay() != of_pay(**changes)


def test_two_kinds_of_finding_about_the_same_facts_are_two():
    zero, high = (
        fingerprint(check_file([row(annual_salary=salary)])[0]) for salary in (0, 722800000)
    )
    assert zero != high


def test_the_batch_compared_with_does_not_matter_and_the_amount_does():
    def of_salary(before: Before) -> str:
        findings = check_against_before([row(annual_salary=9000000)], {"0042": before}, ROSTER)
        return fingerprint(next(findings))

    same = of_salary(Before("FY2025Q4-1", 7228000))
    assert same == of_salary(Before("FY2025Q4-3", 7228000))
    assert same != of_salary(Before("FY2025Q4-1", 7228001))


def test_one_officer_more_makes_it_another_finding():
    rows = [overtime(n, START, 5125, officer_id=str(n)) for n in range(2, 8)]
    six, five = check_file(rows)[0], check_file(rows[:5])[0]
    assert six.code == five.code == "same_overtime_amount"
    assert fingerprint(six) != fingerprint(five)
    assert fingerprint(six) == fingerprint(check_file(rows[::-1])[0])


def test_what_is_said_of_the_whole_file_is_kept_however_many_rows_are_wrong(monkeypatch):
    monkeypatch.setattr(PayrollFinding, "STORED", 3)
    wrong = [Finding("invalid_amount", Severity.ERROR, "Wrong.", "Fix.", row=n) for n in (9, 2, 5)]
    dropped = Finding("sensitive_column_dropped", Severity.NOTICE, "Dropped.", "Nothing to do.")
    stored = PayrollFinding.rows_of([*wrong, dropped], batch=PayrollBatch())
    assert [(found.number, found.row) for found in stored] == [(1, 2), (2, 5), (3, None)]
