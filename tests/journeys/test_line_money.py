"""A reviewer disallows a part of a line without leaving the page; an approver waives a record."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from claims.models import Claim
from portal.accounts.roles import Role
from tests.factories import PASSWORD, act, make_draft, make_person, report
from tests.inspection import assert_accessible, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]


def test_line_money_on_the_reviewers_and_the_approvers_desk(browser, live_server):
    preparer, claim = make_draft()
    report(claim.agency, 100, 80)
    reviewer, approver = make_person(Role.REVIEWER), make_person(Role.PAYMENT_APPROVER)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    act(reviewer, claim, "start_review")
    version = Claim.objects.get().version
    place = version.calculation.results.get(officer_id="0042").position
    base = f"{live_server.url}/claims/{claim.number}/versions/1/"

    page = signed_in(browser, live_server.url, reviewer)
    page.goto(f"{base}officers/{place}/")
    page.get_by_text("Disallow overtime").click()
    form = page.locator("#lines details[open]")
    form.get_by_label("Amount to disallow").fill("300")
    form.get_by_label("What you found").fill("No supervisor signed the timesheet.")
    assert_accessible(page)
    form.get_by_label("Reason").select_option("unsupported")
    form.get_by_role("button", name="Disallow this amount").click()
    expect(page.get_by_text("$300.00 of overtime disallowed.")).to_be_visible()
    assert_accessible(page)
    page.get_by_text("Give it back").first.click()
    assert_accessible(page)

    page.goto(base)
    expect(page.get_by_role("heading", name="What is allowed")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{base}lines/?category=regular")
    page.get_by_text("Reyes", exact=False).first.click()
    page.get_by_label("Reason").select_option("duplicate")
    page.get_by_label("What you found").fill("The state paid it.")
    assert_accessible(page)
    page.get_by_role("button", name="Disallow these lines").click()
    expect(page.get_by_role("heading", name="1 line disallowed")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{base}adjustments/")
    assert_accessible(page)

    page = signed_in(browser, live_server.url, approver)
    page.goto(f"{base}waivers/")
    page.get_by_label("What is not required").select_option("evidence")
    page.get_by_label("Good until").fill("2026-03-01")
    page.get_by_label("Why").fill("The timesheets burned with the annex.")
    assert_accessible(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Waive it").click()
    expect(page.get_by_text("The timesheets burned with the annex.").first).to_be_visible()
    assert_accessible(page)
    # Nothing must go on asking for the packet's progress when the database is gone.
    for context in browser.contexts:
        context.close()
