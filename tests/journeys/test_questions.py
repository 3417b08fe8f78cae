"""A reviewer asks for a missing record, a clerk answers with it; every page as axe and a telephone see it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.claims.reviewing import PDF, in_review
from tests.inspection import assert_accessible, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]


def test_a_record_is_asked_for_and_sent(browser, live_server):
    reviewed = in_review()
    reviewer, clerk = (
        signed_in(browser, live_server.url, actor)
        for actor in (reviewed.reviewer, reviewed.preparer)
    )
    claim = f"{live_server.url}/claims/{reviewed.claim.number}/"

    reviewer.goto(f"{claim}versions/1/checklist/")
    assert_accessible(reviewer)
    reviewer.get_by_role("link", name="Ask the agency for it: Timesheet").click()
    assert_accessible(reviewer)
    reviewer.get_by_role("button", name="Ask the agency").click()
    expect(reviewer.get_by_text("Waiting for the agency").first).to_be_visible()
    reviewer.get_by_text("Write a note").click()
    reviewer.get_by_label("Internal note").fill("Their timesheets are often late.")
    reviewer.get_by_role("button", name="Keep this note on the federal side").click()
    expect(reviewer.get_by_text("Their timesheets are often late.")).to_be_visible()
    assert_accessible(reviewer)

    clerk.goto(claim)
    expect(clerk.get_by_text("Their timesheets")).to_have_count(0)
    assert_accessible(clerk)
    clerk.get_by_role("link", name="Answer the federal reviewer").first.click()
    assert_accessible(clerk)
    clerk.get_by_label("Your answer").fill("Here it is.")
    file = {"name": "timesheet.pdf", "mimeType": "application/pdf", "buffer": PDF}
    clerk.locator("input[type=file]").set_input_files(file)
    clerk.get_by_label("Kind of record").select_option("timesheet")
    clerk.get_by_role("button", name="Answer the federal reviewer").click()
    expect(clerk.get_by_role("link", name="timesheet.pdf")).to_be_visible()

    reviewer.goto(f"{claim}versions/1/records/")
    assert_accessible(reviewer)
    reviewer.goto(claim)
    reviewer.get_by_role("link", name="Reply or close").click()
    assert_accessible(reviewer)
    reviewer.get_by_role("button", name="Close the question").click()
    expect(reviewer.get_by_text("Closed questions (1)")).to_be_visible()
