"""An agency says that there is nothing to claim; its certifier signs it; a reviewer reads why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.factories import PASSWORD, load_roster, make_agency, make_person
from tests.inspection import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Our officers were detailed to another county in these months."


@pytest.fixture(autouse=True)
def january():
    """FY2026Q1 is over."""
    with clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield


def desk(browser: Browser, url: str, actor: Actor) -> Page:
    """Where somebody has signed in; the security policy is off, for axe runs inside the page."""
    client = Client()
    client.force_login(actor.user)
    cookies = [{"name": c.key, "value": c.value, "url": url} for c in client.cookies.values()]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    context.set_default_timeout(10_000)
    context.add_cookies(cookies)
    return context.new_page()


def test_nothing_to_claim_from_home_to_the_reviewer(browser, live_server):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    people = (preparer, make_person(Role.CERTIFIER, preparer.agency), make_person(Role.REVIEWER))
    clerk, sheriff, reviewer = (desk(browser, live_server.url, person) for person in people)

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
