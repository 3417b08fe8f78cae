"""An agency reads what is due, what it would get and what happened; a program manager gives it more time."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from claims.models import Question
from portal.accounts.roles import Role
from tests.factories import PAYROLL, act, load_payroll, load_roster, make_agency, make_person
from tests.factories import QUARTER as FIRST
from tests.inspection import assert_accessible, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]

SHEET = (
    PAYROLL.replace("589.37", "9500.00")
    + "0042,2025-10-26,2025-11-08,2026-02-05,72280.00,2780.00,0,392.31\n"
)


def test_what_is_due_and_what_it_comes_to_is_read_by_everybody(browser, live_server):
    agency = make_agency()
    preparer = make_person(Role.PREPARER, agency)
    load_roster(preparer)
    load_payroll(preparer, SHEET)
    load_payroll(preparer, SHEET.replace("2780.00", "much", 1))
    clerk = signed_in(browser, live_server.url, preparer)
    manager = signed_in(browser, live_server.url, make_person(Role.PROGRAM_MANAGER))

    clerk.goto(f"{live_server.url}/")
    expect(clerk.get_by_role("heading", name="Correct your payroll of FY2026Q1")).to_be_visible()
    expect(clerk.get_by_text("in 10 days").first).to_be_visible()
    assert_accessible(clerk)
    clerk.get_by_role("link", name="What if? Estimates for FY2026Q1").click()
    expect(clerk.get_by_text("Over the cap").first).to_be_visible()
    assert_accessible(clerk)
    clerk.goto(f"{live_server.url}/claims/")
    assert_accessible(clerk)

    manager.goto(f"{live_server.url}/agencies/{agency.number}/")
    manager.get_by_role("link", name="Due dates and extensions").click()
    assert_accessible(manager)
    manager.get_by_role("link", name="Extend of FY2026Q1").click()
    assert_accessible(manager)
    manager.get_by_label("New due date").fill("2026-02-27")
    manager.get_by_label("Why may the agency take longer?").fill("A storm closed the office.")
    manager.get_by_role("button", name="Grant the extension").click()
    expect(manager.get_by_text("is now due on February 27, 2026")).to_be_visible()
    assert_accessible(manager)

    clerk.goto(f"{live_server.url}/claims/{agency.number}-FY2026Q1/")
    expect(clerk.get_by_text("A storm closed the office.").first).to_be_visible()
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Whole history of this claim").click()
    clerk.get_by_role("link", name="Only the steps").click()
    expect(clerk.get_by_text("Due date extended to February 27, 2026")).to_be_visible()
    assert_accessible(clerk)
    for page in (clerk, manager):
        page.context.close()


def test_what_came_back_and_what_is_asked_stands_on_the_home_page(browser, live_server):
    agency = make_agency()
    preparer = make_person(Role.PREPARER, agency)
    load_roster(preparer)
    load_payroll(preparer)
    claim = agency.claims.get(quarter=FIRST)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, agency), claim, "certify")
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    Question.objects.create(
        version=claim.version,
        text="Which overtime of December was worked for the program?",
        asked_by=reviewer.user,
        due_on=date(2026, 1, 27),
    )
    clerk = signed_in(browser, live_server.url, preparer)
    clerk.goto(f"{live_server.url}/")
    expect(clerk.get_by_role("heading", name="Questions to answer")).to_be_visible()
    expect(clerk.get_by_text("Waiting for the federal reviewer since today")).to_be_visible()
    assert_accessible(clerk)
    act(reviewer, claim, "return", note="Row 4 is somebody else's.")
    clerk.goto(f"{live_server.url}/")
    expect(clerk.get_by_role("heading", name="Came back to be corrected")).to_be_visible()
    assert_accessible(clerk)
    clerk.context.close()
