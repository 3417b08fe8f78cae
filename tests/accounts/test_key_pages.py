"""An administrator makes, rotates and revokes a key in a browser, with and without a mouse's width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.accounts.models import ApiKey
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.factories import PASSWORD, make_agency, make_person
from tests.inspection import assert_accessible, further_tabs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    with clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield


def test_a_key_is_made_rotated_and_revoked(live_server: Any, browser: Browser, page: Page) -> None:
    agency = make_agency()
    administrator = make_person(Role.ADMINISTRATOR, agency)
    make_person(Role.PREPARER, agency, name="Petra Preparer")
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_label("Email").fill(administrator.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{live_server.url}/keys/new/")
    page.get_by_label("Name of the key").fill("Payroll system")
    page.get_by_text("Send payroll and read what came of it").click()
    page.get_by_role("button", name="Create the key").click()
    expect(page.get_by_text("Copy the secret now")).to_be_visible()
    page.get_by_role("link", name="I have copied the secret").click()
    page.get_by_role("link", name="Rotate the key Payroll system").click()
    page.get_by_text("Stays good for a week").click()
    page.get_by_role("button", name="Make a new secret").click()
    expect(page.get_by_text("Stays good until")).to_be_visible()
    page.get_by_role("link", name="I have copied the secret").click()
    expect(page.get_by_text("The old secret works until")).to_be_visible()
    key = ApiKey.objects.get()
    with further_tabs(browser, page) as open_tab:
        tab = open_tab()
        paths = (
            "/keys/",
            "/keys/new/",
            f"/keys/{key.pk}/rotate/",
            "/api/docs/start/",
            "/api/docs/",
        )
        for path in paths:
            tab.goto(live_server.url + path)
            assert_accessible(tab)
        with clock_at(key.expires_at - timedelta(20)):
            tab.goto(f"{live_server.url}/")
            expect(tab.get_by_role("link", name="Rotate the key Payroll system")).to_be_visible()
            assert_accessible(tab)
    page.get_by_role("link", name="Revoke the key Payroll system").click()
    page.get_by_role("button", name="Revoke the key").click()
    expect(page.get_by_text("The key “Payroll system” no longer works.")).to_be_visible()
