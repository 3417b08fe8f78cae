"""From the total of a claim down to one row of a payroll file, and to a sheet of paper; with axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories import make_draft, report
from tests.inspection import assert_accessible, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]


def test_a_number_opens_down_to_its_payroll_row_and_a_sheet_prints(browser, live_server):
    preparer, claim = make_draft()
    report(claim.agency, 10, 9)
    page = signed_in(browser, live_server.url, preparer)
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
