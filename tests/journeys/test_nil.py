"""An agency says that there is nothing to claim; its certifier signs it; a reviewer reads why."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.accounts.roles import Role
from tests.factories import PASSWORD, load_roster, make_agency, make_person
from tests.inspection import assert_accessible, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]

REASON = "Our officers were detailed to another county in these months."


def test_nothing_to_claim_from_home_to_the_reviewer(browser, live_server):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    people = (preparer, make_person(Role.CERTIFIER, preparer.agency), make_person(Role.REVIEWER))
    clerk, sheriff, reviewer = (signed_in(browser, live_server.url, person) for person in people)

    clerk.goto(f"{live_server.url}/")
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Or say that there is nothing to claim").click()
    assert_accessible(clerk)
    clerk.get_by_label("Why is there nothing to claim?").fill(REASON)
    clerk.get_by_role("button", name="Say: nothing to claim").click()
    expect(clerk.get_by_role("heading", name="Nothing to claim for FY2026Q1")).to_be_visible()
    assert_accessible(clerk)
    clerk.get_by_role("button", name="Mark ready to certify").click()

    sheriff.goto(f"{live_server.url}/")
    sheriff.get_by_role("link", name="Check and certify").click()
    expect(sheriff.get_by_text(REASON).first).to_be_visible()
    assert_accessible(sheriff)
    sheriff.get_by_label("Your title").fill("Sheriff")
    sheriff.get_by_label("Your password").fill(PASSWORD)
    sheriff.get_by_text("I certify this claim in the words above.").click()
    sheriff.get_by_role("button", name="Certify and submit: nothing to claim").click()
    expect(sheriff.get_by_role("heading", level=1)).to_contain_text("Receipt")
    assert_accessible(sheriff)

    reviewer.goto(f"{live_server.url}/")
    expect(reviewer.get_by_role("cell", name="Nothing to claim")).to_be_visible()
    reviewer.goto(f"{live_server.url}/claims/{preparer.agency.number}-FY2026Q1/")
    expect(reviewer.get_by_text(REASON).first).to_be_visible()
    assert_accessible(reviewer)
    for page in (clerk, sheriff, reviewer):
        page.context.close()
