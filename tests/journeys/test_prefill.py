"""A clerk begins a quarter with what is known, sends it, and sees that no day is missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from claims.models import PayrollBatch
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.kernel.clock import clock_at
from tests.factories import PASSWORD, load_payroll, load_roster, make_agency, make_person
from tests.inspection import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

APRIL_20 = datetime(2026, 4, 20, 15, tzinfo=UTC)
PERIODS = """2025-09-28,2025-10-11,2025-10-16
2025-10-12,2025-10-25,2025-10-30
2025-10-26,2025-11-08,2025-11-13
2025-11-09,2025-11-22,2025-11-27
2025-11-23,2025-12-06,2025-12-11
2025-12-07,2025-12-20,2025-12-25
2025-12-21,2026-01-03,2026-01-08""".splitlines()
HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,benefit_health"
LAST_QUARTER = "\n".join(
    [
        HEADER,
        *(f"0042,{period},72280.00,2780.00,392.31" for period in PERIODS),
        *(f"A-7,{period},68400.00,2630.77,301.10" for period in PERIODS[3:]),
    ]
)


@pytest.fixture(autouse=True)
def april():
    """Two quarters are over, and every payday in them is past."""
    with clock_at(APRIL_20):
        yield


def test_a_quarter_is_filled_in_sent_and_complete(page, live_server, inspected):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    load_payroll(preparer, LAST_QUARTER)
    coverage = f"{live_server.url}/claims/{preparer.agency.number}-FY2026Q2/coverage/"
    page.goto(coverage)
    page.get_by_label("Email").fill(preparer.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("2 officers have gaps, 174 days.")).to_be_visible()
    tab = inspected()
    tab.goto(coverage)
    assert_accessible(tab)

    page.goto(f"{live_server.url}/claims/start/FY2026Q2/")
    expect(page.get_by_text("Nothing is different from FY2026Q1")).to_be_visible()
    tab.goto(page.url)
    assert_accessible(tab)
    tab.get_by_label("Overtime pay: Hollis, Ben, 2026-01-04 to 2026-01-17").fill("250.x")
    tab.get_by_role("button", name="Send these lines").click()
    expect(tab.get_by_text("1 field to correct")).to_be_visible()
    assert_accessible(tab)
    first = page.get_by_label("Overtime pay: Hollis, Ben, 2026-01-04 to 2026-01-17")
    first.fill("250.x")
    page.get_by_role("button", name="Send these lines").click()
    expect(page.get_by_text("1 field to correct")).to_be_visible()
    expect(first).to_have_value("250.x")
    first.fill("250.00")
    page.get_by_role("button", name="Send these lines").click()
    expect(page.get_by_text("The file has arrived")).to_be_visible()
    run_due()
    batch = PayrollBatch.objects.get(quarter="FY2026Q2")
    assert (batch.state, batch.rows, batch.overtime_pay) == ("accepted", 14, 25000)
    expect(page.get_by_text("The file is accepted")).to_be_visible()

    page.goto(coverage)
    expect(page.get_by_text("No gaps and nothing paid twice.")).to_be_visible()
    page.get_by_label("Show", exact=True).select_option("attention")
    expect(page.get_by_text("Nothing needs attention")).to_be_visible()

    correction = LAST_QUARTER.replace("2780.00,392.31", "2790.00,392.31", 1)
    load_payroll(preparer, correction, dry_run=True)
    page.goto(f"{live_server.url}/payroll/compare/")
    page.get_by_label("Earlier file").select_option("FY2026Q1-1, accepted")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("1 officer differs")).to_be_visible()
    tab.goto(page.url)
    assert_accessible(tab)
