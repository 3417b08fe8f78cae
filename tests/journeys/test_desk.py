"""A reviewer at the desk with a keyboard: the next claim, a line adjusted in place, clean claims."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from claims.models import Adjustment, Claim
from claims.rules.lifecycle import State
from portal.accounts.roles import Role
from tests.factories import act, make_agency, make_draft, make_person
from tests.inspection import assert_accessible, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]


def submitted(name: str) -> Claim:
    """A claim that its agency has signed."""
    preparer, claim = make_draft(make_agency(name))
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return claim


def press(page: Page, role: str, name: str) -> None:
    """Reach something as the keyboard does, and press Enter on it."""
    target = page.get_by_role(role, name=name).first
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


def test_from_the_queue_to_the_recommendation(browser, live_server):
    first, second = submitted("Ash Police"), submitted("Birch Police")
    page = signed_in(browser, live_server.url, make_person(Role.REVIEWER))

    page.goto(f"{live_server.url}/claims/")
    assert_accessible(page)
    press(page, "link", "Next claim")
    expect(page).to_have_url(f"{live_server.url}/claims/{first.number}/")
    press(page, "button", "Take this claim")
    expect(page.get_by_text("Assigned to you.")).to_be_visible()
    press(page, "button", "Start review")
    expect(page.get_by_text("The review has started.")).to_be_visible()
    assert_accessible(page)

    # An officer opens in place, over the list, and the focus goes there and back again.
    press(page, "link", "Open here Reyes, Ana")
    expect(page.get_by_role("heading", name="Reyes, Ana", exact=True)).to_be_focused()
    assert_accessible(page)
    page.get_by_text("Disallow regular pay").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Amount to disallow").first.fill("100.00")
    page.get_by_label("Reason").first.select_option("unsupported")
    page.get_by_label("What you found").first.fill("No timesheet for the last week.")
    press(page, "button", "Disallow this amount")
    expect(page.get_by_role("heading", name="Reyes, Ana", exact=True)).to_be_visible()
    expect(page.locator("#officer-here").get_by_role("status")).to_be_focused()
    assert Adjustment.objects.get().amount == -100_00
    press(page, "link", "Back to the list")
    expect(page.get_by_role("link", name="Open here Reyes, Ana")).to_be_focused()

    page.goto(f"{live_server.url}/claims/{first.number}/versions/1/before/")
    assert_accessible(page)
    page.goto(f"{live_server.url}/claims/clean/")
    assert_accessible(page)
    expect(page.get_by_text("Not clean: lines were adjusted.")).to_be_visible()
    box = page.get_by_role("checkbox", name="Birch Police")
    box.focus()
    page.keyboard.press("Space")
    press(page, "button", "Recommend the ticked claims")
    expect(page.get_by_role("heading", name="1 of 1 claim recommended")).to_be_visible()
    assert_accessible(page)
    second.refresh_from_db()
    assert second.version.state == State.RECOMMENDED
