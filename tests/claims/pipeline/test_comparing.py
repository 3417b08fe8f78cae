"""What a payroll file is compared with, read from the tables: lines that count, and what went before."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import PayrollBatch
from claims.pipeline.comparing import check_all
from claims.services.payroll import withdraw_payroll
from portal.accounts.roles import Role
from portal.kernel.quarter import Quarter
from tests.claims.payroll.rows import codes, later, row
from tests.factories import QUARTER, load_payroll, load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,benefit_health\n"
SUMMER = HEADER + (
    "0042,2025-09-01,2025-09-14,2025-09-18,72280.00,2780.00,392.31\n"
    "A-7,2025-09-01,2025-09-14,2025-09-18,68400.00,2630.77,0\n"
)


@pytest.fixture
def preparer():
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    return preparer


@pytest.fixture
def summer(preparer) -> PayrollBatch:
    return load_payroll(preparer, SUMMER, quarter=Quarter(2025, 4))


def file_of(preparer, **fields) -> PayrollBatch:
    """A file that is about to be compared."""
    return PayrollBatch(agency=preparer.agency, quarter=QUARTER, number=9, **fields)


ODD = row(2, annual_salary=9000000, regular_pay=100000, benefits=(("health", 90000),))
FOUND = ["salary_changed", "pay_unlike_before", "benefits_unlike_before"]


def test_salary_pay_and_benefits_are_compared_with_the_half_year_before(preparer, summer):
    findings = check_all(file_of(preparer), [ODD])
    assert codes(findings) == FOUND
    assert f"$72,280.00 in file {summer.reference}" in findings[0].message
    assert findings[2].expected == "392.31"


def test_what_does_not_count_is_not_compared(preparer, summer):
    assert codes(check_all(file_of(preparer, replaces=summer), [ODD])) == []
    withdraw_payroll(actor=preparer, batch=summer, reason="Sent twice.")
    assert codes(check_all(file_of(preparer), [ODD])) == []


def test_pay_of_more_than_half_a_year_ago_is_not_compared(preparer):
    load_payroll(preparer, SUMMER.replace("2025-09-", "2025-04-"), quarter=Quarter(2025, 3))
    assert codes(check_all(file_of(preparer), [ODD])) == []


def test_an_officer_with_a_line_in_an_earlier_file_is_not_missing(preparer):
    rows = [later(2, 6)]
    assert codes(check_all(file_of(preparer), rows)) == ["officer_missing"]
    load_payroll(preparer, HEADER + SUMMER.splitlines()[2].replace("2025-09-", "2025-12-"))
    assert codes(check_all(file_of(preparer), rows)) == []


def test_the_number_of_queries_does_not_depend_on_the_rows(preparer, summer):
    counts = []
    for many in (1, 40):
        rows = [later(n, 2 * n) for n in range(2, 2 + many)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            check_all(file_of(preparer), rows)
        counts.append(len(queries))
    assert counts[0] == counts[1]
