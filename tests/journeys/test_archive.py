"""An auditor has an archive made and takes it home; every page as axe and a telephone see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from claims.archives.checking import check_archive
from claims.models import Archive
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from tests.factories import QUARTER, act, make_draft, make_person
from tests.inspection import assert_accessible, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]


def test_an_archive_is_asked_for_watched_and_checked(browser, live_server, tmp_path: Path):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    run_due()
    page = signed_in(browser, live_server.url, make_person(Role.AUDITOR))

    page.goto(live_server.url)
    page.get_by_role("main").get_by_role("link", name="Archives").click()
    assert_accessible(page)
    page.get_by_role("button", name="Make the archive").click()
    expect(page.get_by_text("Choose an agency, a quarter, or both.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Agency").fill(claim.agency.number)
    page.get_by_label("Quarter").select_option(str(QUARTER))
    page.get_by_role("button", name="Make the archive").click()
    expect(page.get_by_text("The archive is being made")).to_be_visible()
    assert_accessible(page)
    run_due()
    page.get_by_role("link", name="Go to the archive").click()
    assert_accessible(page)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the archive").click()
    downloading.value.save_as(tmp_path / "archive.zip")
    checked = check_archive(tmp_path / "archive.zip")
    assert checked.problems == []
    assert checked.manifest_sha256 == Archive.objects.get().manifest_sha256
    page.goto(f"{live_server.url}/archives/")
    expect(page.get_by_role("link", name=f"{claim.agency.number}, {QUARTER}")).to_be_visible()
    assert_accessible(page)
    page.context.close()
