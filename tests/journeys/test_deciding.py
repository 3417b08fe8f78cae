"""A large claim that comes late: signed with the password, held, and approved by two people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from portal.kernel.clock import clock_at
from tests.claims.office import LARGE, make_office
from tests.factories import PASSWORD
from tests.inspection import assert_accessible, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def february():
    """The claim of FY2026Q1 was due three days ago."""
    with clock_at(datetime(2026, 2, 2, 15, tzinfo=UTC)):
        yield


def test_from_a_late_signature_to_the_second_approval(browser, live_server):
    office = make_office(LARGE)
    office.walk("ready")
    claim = f"{live_server.url}/claims/{office.claim.number}/"
    sheriff, reviewer, first, second = (
        signed_in(browser, live_server.url, office.people[who])
        for who in ("certifier", "reviewer", "endorser", "approver")
    )

    sheriff.goto(f"{claim}versions/1/certify/")
    assert_accessible(sheriff)
    sheriff.get_by_text("The payroll system could not deliver in time").click()
    sheriff.get_by_label("Your title").fill("Sheriff")
    sheriff.get_by_label("Your password").fill("not my password")
    sheriff.get_by_text("I certify this claim in the words above.").click()
    sheriff.get_by_role("button", name="Certify and submit").click()
    expect(sheriff.get_by_text("This is not your password.").first).to_be_visible()
    assert_accessible(sheriff)
    sheriff.get_by_label("Your password").fill(PASSWORD)
    sheriff.get_by_role("button", name="Certify and submit").click()
    expect(sheriff.get_by_role("heading", level=1)).to_contain_text("Receipt")

    office.walk("start_review")
    reviewer.goto(claim)
    reviewer.get_by_role("link", name="Put this claim on hold").click()
    assert_accessible(reviewer)
    reviewer.get_by_text("Funds are not available").click()
    reviewer.get_by_label("What has to happen?").fill("The appropriation is used up.")
    reviewer.get_by_label("Last day of the hold").fill("2026-02-20")
    reviewer.get_by_role("button", name="Put on hold").click()
    expect(reviewer.get_by_role("heading", name="On hold until")).to_be_visible()
    assert_accessible(reviewer)
    sheriff.goto(claim)
    expect(sheriff.get_by_text("The appropriation is used up.").first).to_be_visible()
    reviewer.get_by_role("button", name="Release the hold").click()
    reviewer.get_by_role("button", name="Recommend approval").click()

    first.goto(claim)
    first.locator("summary", has_text="Give the first approval").click()
    assert_accessible(first)
    first.get_by_label("Your password").first.fill(PASSWORD)
    first.get_by_role("button", name="Give the first approval").click()
    expect(first.get_by_text("You gave the first approval").first).to_be_visible()

    second.goto(claim)
    second.locator("summary", has_text="Approve:").click()
    second.get_by_label("Your password").first.fill(PASSWORD)
    second.get_by_role("button", name="Approve:").click()
    expect(second.get_by_role("heading", name="The claim is approved")).to_be_visible()
    for page in (sheriff, reviewer, first, second):
        page.context.close()
