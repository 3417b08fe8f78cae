"""A preparer amends a decided claim in the browser; both sides read what it changes and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from portal.kernel.clock import clock_at
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, Office, row
from tests.inspection import assert_accessible, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def july() -> Iterator[None]:
    with clock_at(datetime(2026, 7, 20, 15, tzinfo=UTC)):
        yield


def test_a_decided_claim_is_amended(browser, live_server):
    office = Office()
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    original = office.claim(FIRST)

    page = signed_in(browser, live_server.url, office.preparer)
    page.goto(f"{live_server.url}/claims/{original.number}/")
    expect(page.get_by_text("$30,000.00 is due to the agency")).to_be_visible()
    assert_accessible(page)
    page.locator("summary", has_text="Amend this claim").click()
    form = page.locator("details[open] form")
    form.get_by_role("textbox").fill("A raise was back-dated to October.")
    form.get_by_role("button", name="Amend this claim").click()
    expect(page.get_by_role("heading", name="What this amendment changes")).to_be_visible()
    office.replace(FIRST, row(FIRST, regular="9500.00", overtime="4000.00"))
    page.reload()
    expect(page.get_by_role("cell", name="-$5,500.00").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="The differences as a list").click()
    expect(page.get_by_role("heading", name="What this amendment changes")).to_be_visible()
    assert_accessible(page)

    office.walk(FIRST, *TO_APPROVE)
    page.goto(f"{live_server.url}/claims/{office.claim(SECOND).number}/")
    expect(page.get_by_role("heading", name="What this amendment changes")).to_be_visible()
    page.goto(f"{live_server.url}/claims/ledger/")
    expect(page.get_by_text("$24,500.00 is due to the agency")).to_be_visible()
    assert_accessible(page)

    page = signed_in(browser, live_server.url, office.reviewer)
    page.goto(f"{live_server.url}/claims/ledger/")
    page.get_by_role("link", name=office.agency.name).click()
    expect(page.get_by_role("heading", name="Ledger")).to_be_visible()
    assert_accessible(page)
