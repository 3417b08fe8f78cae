"""An administrator finds in the inbox that nobody certifies, and hands a role over; all with axe."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.factories import make_draft, make_person
from tests.inspection import assert_accessible, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def february():
    """The claim of FY2026Q1 is overdue."""
    with clock_at(datetime(2026, 2, 3, 15, tzinfo=UTC)):
        yield


def test_what_waits_is_found_and_people_are_replaced(browser, live_server):
    preparer, claim = make_draft()
    administrator = make_person(Role.ADMINISTRATOR, claim.agency)
    clerk = signed_in(browser, live_server.url, preparer)
    head = signed_in(browser, live_server.url, administrator)

    clerk.goto(f"{live_server.url}/")
    clerk.get_by_role("link", name="Inbox").click()
    expect(clerk.get_by_text("Overdue")).to_be_visible()
    assert_accessible(clerk)

    head.goto(f"{live_server.url}/claims/inbox/")
    assert_accessible(head)
    head.get_by_role("link", name="Name a certifier").click()
    head.get_by_role("link", name=preparer.user.name).click()
    assert_accessible(head)
    head.get_by_role("link", name="Hand over the role Preparer").click()
    assert_accessible(head)
    head.get_by_label("Work email address").fill("nora@county.example")
    head.get_by_label("Full name").fill("Nora New")
    head.get_by_role("button", name="Hand the role over").click()
    expect(head.get_by_text("An invitation went to nora@county.example")).to_be_visible()
    head.goto(f"{live_server.url}/people/")
    assert_accessible(head)
    head.get_by_role("link", name="Nora New").click()
    assert_accessible(head)
    head.goto(f"{live_server.url}/people/{administrator.user.pk}/remove/")
    expect(head.get_by_text("Nobody else administers this agency")).to_be_visible()
    assert_accessible(head)
