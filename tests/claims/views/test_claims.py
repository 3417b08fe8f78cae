"""The pages of claims: who sees what, what can be done from there, and what cannot, and why."""

from __future__ import annotations

import json

import pytest

from claims.models import Claim, ClaimVersion, PayrollBatch
from portal.accounts.roles import Role
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent
from tests.factories import PASSWORD, act, load_payroll, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db


def submitted(agency=None):
    """A claim that was certified, with its preparer and certifier."""
    preparer, claim = make_draft(agency)
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    act(preparer, claim, "ready")
    act(certifier, claim, "certify")
    return preparer, certifier, claim


def text(response) -> str:
    return response.content.decode()


def step(client, claim: Claim, code: str, *, version: int = 1, **fields: str):
    """Press a button as the page offers it; its hidden fields may be replaced."""
    stored = ClaimVersion.objects.select_related("calculation").get(claim=claim, number=version)
    data = {
        "code": code,
        "shown_sha256": stored.calculation.sha256,
        "password": PASSWORD,
        **fields,
    }
    return client.post(f"/claims/{claim.number}/versions/{version}/act/", data)


# The list


def test_an_agency_sees_its_quarters_and_can_start_a_claim(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    listed = text(client.get("/claims/"))
    assert claim.number in listed
    assert "Start the claim" in listed
    answer = client.post("/claims/start/", {"quarter": "FY2026Q2"})
    assert answer.url == f"/claims/{preparer.agency.number}-FY2026Q2/"
    assert client.post("/claims/start/", {"quarter": "FY2026Q2"}).url == answer.url
    assert Claim.objects.filter(quarter=Quarter(2026, 2)).count() == 1


def test_viewers_see_no_start_button_and_cannot_start(browse):
    preparer, _ = make_draft()
    client = browse(make_person(Role.VIEWER, preparer.agency))
    assert "Start the claim" not in text(client.get("/claims/"))
    assert client.post("/claims/start/", {"quarter": "FY2026Q2"}).status_code == 403


@pytest.mark.parametrize("quarter", ["", "FY2026Q9", "2026Q1", "FY2025Q4", "FY2026Q3"])
def test_a_quarter_that_cannot_be_claimed_is_refused(browse, quarter):
    client = browse(make_person(Role.PREPARER, make_agency()))
    assert client.post("/claims/start/", {"quarter": quarter}).status_code == 400
    assert not Claim.objects.exists()


def test_the_federal_side_sees_what_was_submitted_and_no_drafts(browse):
    _, draft = make_draft(make_agency("Ash Police"))
    _, _, claim = submitted(make_agency("Birch Police"))
    listed = text(browse(make_person(Role.AUDITOR)).get("/claims/"))
    assert claim.number in listed
    assert draft.number not in listed


def test_the_federal_list_is_searched_filtered_and_sorted(browse):
    submitted(make_agency("Ash Police"))
    submitted(make_agency("Birch Police"))
    client = browse(make_person(Role.REVIEWER))
    assert "Ash Police" not in text(client.get("/claims/?q=birch"))
    assert "Ash Police" in text(client.get("/claims/?status=submitted&quarter=FY2026Q1&us=TX"))
    assert "Nothing found" in text(client.get("/claims/?status=approved"))
    assert client.get("/claims/?sort=-total&page=77&us=%00&status=nonsense").status_code == 200


def test_while_the_agency_corrects_the_federal_side_reads_the_version_it_returned(browse):
    preparer, _, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return", note="Check officer 0042.")
    act(preparer, claim, "correct")
    client = browse(reviewer)
    assert "Returned for correction" in text(client.get("/claims/"))
    shown = text(client.get(f"/claims/{claim.number}/"))
    assert "Returned for correction" in shown
    assert "Correction started" not in shown
    assert client.get(f"/claims/{claim.number}/versions/2/").status_code == 404
    assert "Draft" in text(browse(preparer).get(f"/claims/{claim.number}/"))


# One claim


def test_a_claim_shows_its_amounts_officers_files_and_history(browse):
    preparer, claim = make_draft()
    shown = text(browse(preparer).get(f"/claims/{claim.number}/"))
    calculation = claim.version.calculation
    assert f"${calculation.total / 100:,.2f}" in shown
    assert "Reyes, Ana" in shown
    assert "payroll.csv" in shown
    assert "Payroll file FY2026Q1-1 accepted" in shown


def test_a_claim_lists_the_files_that_count_and_says_how_many_do_not(browse):
    preparer, claim = make_draft()
    for _ in range(2):
        load_payroll(preparer, "officer_id\n0042\n")
    load_payroll(preparer, dry_run=True)
    again = load_payroll(preparer, replaces=PayrollBatch.objects.get(number=1))
    shown = text(browse(preparer).get(f"/claims/{claim.number}/"))
    files = shown.partition("Payroll files of FY2026Q1")[2].partition("History")[0]
    assert f"/payroll/{again.pk}/" in files
    assert files.count('href="/payroll/') == 3 + 1, "one file, two links to others, the upload"
    assert "status=rejected&amp;quarter=FY2026Q1" in files
    assert "2 rejected" in files
    assert "1 replaced by a later one" in files


def test_whoever_cannot_act_reads_why_and_meets_no_dead_button(browse):
    preparer, claim = make_draft()
    shown = text(browse(make_person(Role.VIEWER, preparer.agency)).get(f"/claims/{claim.number}/"))
    assert "Your role (Viewer) does not include “Mark ready to certify”." in shown
    assert "usa-button--disabled" not in shown


@pytest.mark.parametrize(
    "address",
    [
        "",
        "history/",
        "versions/1/",
        "versions/1/officers/1/",
        "versions/1/award/",
        "versions/1/waiting/",
        "versions/1/certify/",
        "versions/1/receipt/",
        "versions/1/packets/certified/",
        "versions/1/packets/certified/progress/",
    ],
)
def test_another_agencys_claim_does_not_exist(browse, address):
    _, _, claim = submitted(make_agency("Ash Police"))
    stranger = make_person(Role.CERTIFIER, make_agency("Birch Police"))
    assert browse(stranger).get(f"/claims/{claim.number}/{address}").status_code == 404


@pytest.mark.parametrize("role", [Role.PREPARER, Role.CERTIFIER])
def test_strangers_cannot_act_either(browse, role):
    _, _, claim = submitted(make_agency("Ash Police"))
    client = browse(make_person(role, make_agency("Birch Police")))
    assert step(client, claim, "withdraw", note="Mine now.").status_code == 404
    claim.version.refresh_from_db()
    assert claim.version.state == "submitted"


@pytest.mark.parametrize(
    "address",
    [
        "versions/2/",
        "versions/99999999999999999999/",
        "versions/1/officers/0/",
        "versions/1/officers/88888888888/",
    ],
)
def test_what_there_is_not_is_a_404(browse, address):
    preparer, claim = make_draft()
    assert browse(preparer).get(f"/claims/{claim.number}/{address}").status_code == 404


def test_officers_are_searched_sorted_and_given_as_a_part_to_htmx(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    part = text(
        client.get(f"/claims/{claim.number}/?q=hollis&sort=-total", headers={"HX-Request": "true"})
    )
    assert "Hollis, Ben" in part
    assert "Reyes, Ana" not in part
    assert "<html" not in part


def test_a_claim_asks_the_database_equally_often_however_many_officers(
    browse, django_assert_max_num_queries
):
    preparer, claim = make_draft()
    client = browse(preparer)
    # The checklist is made out once for each calculation, and remembered.
    client.get(f"/claims/{claim.number}/")
    # Each part of the page asks once or twice, none of them per officer.
    with django_assert_max_num_queries(24):
        client.get(f"/claims/{claim.number}/")


def test_ready_and_back(browse):
    preparer, claim = make_draft()
    make_person(Role.CERTIFIER, preparer.agency)
    client = browse(preparer)
    answer = client.post(
        f"/claims/{claim.number}/versions/1/act/",
        {"code": "ready", "shown_sha256": claim.version.calculation.sha256},
        follow=True,
    )
    assert "The claim is ready to be signed." in text(answer)
    assert "Waiting for the agency&#x27;s certifier" in text(answer)
    assert step(client, claim, "unready").status_code == 302
    claim.version.refresh_from_db()
    assert claim.version.state == "draft"


def test_a_step_sent_twice_is_done_once(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    assert step(client, claim, "ready").status_code == 302
    assert step(client, claim, "ready").status_code == 302
    assert AuditEvent.objects.filter(action="claim.ready").count() == 1


def test_a_correction_asked_for_twice_opens_one_version(browse):
    preparer, certifier, claim = submitted()
    act(certifier, claim, "withdraw")
    client = browse(preparer)
    step(client, claim, "correct")
    step(client, claim, "correct")
    assert claim.versions.count() == 2


def test_other_amounts_than_those_shown_are_refused_beside_the_button(browse):
    preparer, claim = make_draft()
    answer = step(browse(preparer), claim, "ready", shown_sha256="0" * 64)
    assert answer.status_code == 409
    assert "The amounts are no longer those you were shown." in text(answer)
    claim.version.refresh_from_db()
    assert claim.version.state == "draft"


def test_a_note_that_is_missing_is_asked_for_where_it_belongs(browse):
    _, _, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    answer = step(browse(reviewer), claim, "return", note="  ")
    assert answer.status_code == 422
    assert "Write in a sentence or two why" in text(answer)
    assert 'id="return_note_error"' in text(answer)


def test_the_agency_reads_why_its_claim_came_back(browse):
    preparer, _, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    client = browse(reviewer)
    step(client, claim, "start_review")
    step(client, claim, "return", note="Officer 0042 <b>was</b> on leave.")
    shown = text(browse(preparer).get(f"/claims/{claim.number}/"))
    assert "Officer 0042 &lt;b&gt;was&lt;/b&gt; on leave." in shown
    assert "Correct this claim" in shown


def test_a_button_that_cannot_be_pressed_says_why(browse):
    _, _, claim = submitted()
    shown = text(browse(make_person(Role.AUDITOR)).get(f"/claims/{claim.number}/"))
    assert "Your role (Auditor) does not include “Start review”." in shown
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    answer = step(browse(make_person(Role.AUDITOR)), claim, "recommend")
    assert answer.status_code == 403
    claim.version.refresh_from_db()
    assert claim.version.state == "in_review"


def test_a_step_that_does_not_exist_is_refused(browse):
    preparer, claim = make_draft()
    assert step(browse(preparer), claim, "pay_me").status_code == 400


def test_an_old_version_stays_readable_and_offers_nothing(browse):
    preparer, certifier, claim = submitted()
    act(certifier, claim, "withdraw")
    act(preparer, claim, "correct")
    shown = text(browse(preparer).get(f"/claims/{claim.number}/versions/1/"))
    assert "kept as it was" in shown
    assert "Your next step" not in shown


def test_history_is_told_in_pages_with_who_and_why(browse):
    preparer, certifier, claim = submitted()
    act(certifier, claim, "withdraw", note="Wrong file.")
    shown = text(browse(preparer).get(f"/claims/{claim.number}/history/?page=x"))
    assert "Withdrawn by the agency" in shown
    assert "Wrong file." in shown
    assert certifier.user.name in shown


# How amounts came about


def test_an_officer_page_tells_every_step_from_what_was_stored(browse):
    preparer, claim = make_draft()
    calculation = claim.version.calculation
    for result in calculation.results.all():
        shown = text(
            browse(preparer).get(f"/claims/{claim.number}/versions/1/officers/{result.position}/")
        )
        assert f"${result.total / 100:,.2f}" in shown
        assert "DHS release of 2 September 2025" in shown
    assert "$2,780.00 × 11/14 = $2,184.29" in text(
        browse(preparer).get(f"/claims/{claim.number}/versions/1/officers/1/")
    )


def test_days_that_are_not_payable_say_why(browse):
    preparer, claim = make_draft()
    shown = text(browse(preparer).get(f"/claims/{claim.number}/versions/1/officers/2/"))
    assert "No: not authorized yet (in training)" in shown


def test_the_award_tells_how_it_came_about(browse):
    preparer, claim = make_draft()
    shown = text(browse(preparer).get(f"/claims/{claim.number}/versions/1/award/"))
    assert "not reported yet" in shown


def test_lines_that_wait_are_listed_with_their_payday(browse):
    content = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay
0042,2025-12-21,2026-01-03,2026-01-29,72280.00,2780.00
"""
    preparer, claim = make_draft()
    load_payroll(preparer, content)
    client = browse(preparer)
    assert "1 payroll line waits: not paid yet" in text(client.get(f"/claims/{claim.number}/"))
    shown = text(client.get(f"/claims/{claim.number}/versions/1/waiting/"))
    assert "File FY2026Q1-2, row 2" in shown
    assert "Hollis" not in shown


def test_stored_claim_pages_do_not_follow_later_changes(browse):
    preparer, _, claim = submitted()
    before = json.loads(claim.version.calculation.content)["total"]
    preparer.agency.officers.update(last_name="Changed")
    shown = text(browse(preparer).get(f"/claims/{claim.number}/"))
    assert "Changed" not in shown
    assert f"${before / 100:,.2f}" in shown
