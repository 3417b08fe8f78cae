"""From the total of a claim down to one row of a payroll file, and to a sheet of paper; with axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from portal.accounts.policies import Actor
from portal.kernel.clock import clock_at
from tests.factories import make_draft, report
from tests.inspection import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    with clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield


def reader(browser: Browser, url: str, actor: Actor) -> Page:
    """Where somebody has signed in; the security policy is off, for axe runs inside the page."""
    client = Client()
    client.force_login(actor.user)
    cookies = [{"name": c.key, "value": c.value, "url": url} for c in client.cookies.values()]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    context.set_default_timeout(10_000)
    context.add_cookies(cookies)
    return context.new_page()


def test_a_number_opens_down_to_its_payroll_row_and_a_sheet_prints(browser, live_server):
    preparer, claim = make_draft()
    report(claim.agency, 10, 9)
    page = reader(browser, live_server.url, preparer)
    page.goto(f"{live_server.url}/claims/{claim.number}/")
    page.get_by_role("definition").get_by_role("link", name="$8,190.77").or_(
        page.locator("a.why[href$='#sum-regular']")
    ).first.click()
    expect(page.get_by_role("heading", name="How the amounts came about")).to_be_visible()
    assert_accessible(page)
    page.locator("#sum-regular").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Regular pay: ")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Reyes, Ana").click()
    # The link opens the amount it leads to.
    row = page.get_by_role("link", name="File FY2026Q1-1, row 2: ").first
    expect(row).to_be_visible()
    page.locator("#sum-regular").get_by_text("Which days").first.click()
    expect(page.get_by_text("before the first day of the program").first).to_be_visible()
    assert_accessible(page)
    row.click()
    expect(page.get_by_role("heading", name="File FY2026Q1-1, row 2")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Reyes, Ana in claim").click()
    page.get_by_role("link", name="on a sheet to print").click()
    assert_accessible(page)
    page.emulate_media(media="print")
    for hidden in (".site-header", ".site-footer", ".usa-breadcrumb", ".noprint"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".paper__foot")).to_contain_text(claim.number)
    assert page.pdf().startswith(b"%PDF")
    for context in browser.contexts:
        context.close()
