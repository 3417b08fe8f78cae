"""Payroll files by page: sent once, receipted, explained, taken back, and handed out safely."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import PayrollBatch
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.kernel.tabular.table import MAX_BYTES
from portal.records.models import AuditEvent
from tests.factories import (
    PAYROLL,
    act,
    load_payroll,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = pytest.mark.django_db

UPLOAD = "/payroll/upload/"
WRONG = PAYROLL.replace("2780.00", "27x0") + "9999,2025-12-07,2025-12-20,2025-12-25,1,1,0,0\n"


def send(client, content: str | bytes = PAYROLL, *, name: str = "october.csv", **fields: str):
    """The upload form, filled in and sent."""
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data, "text/csv")
    token = str(uuid.uuid4())
    return client.post(UPLOAD, {"quarter": "FY2026Q1", "file": file, "token": token, **fields})


def text(response) -> str:
    return response.content.decode()


def test_an_upload_leads_to_its_receipt_and_is_then_accepted(browse, preparer):
    client = browse(preparer)
    answer = send(client)
    batch = PayrollBatch.objects.get()
    assert answer.url == f"/payroll/{batch.pk}/"
    receipt = text(client.get(answer.url))
    assert "The file has arrived" in receipt
    assert batch.sent_sha256 in receipt
    assert "9:00 AM CST" in receipt
    run_due()
    shown = text(client.get(answer.url))
    assert "The file is accepted" in shown
    assert "See the claim of FY2026Q1" in shown


def test_the_same_form_sent_twice_is_one_file(browse, preparer):
    client = browse(preparer)
    token = str(uuid.uuid4())
    first, again = send(client, token=token), send(client, token=token)
    assert first.url == again.url
    assert PayrollBatch.objects.count() == 1


def test_a_form_that_was_refused_can_be_sent_again(browse, preparer):
    client = browse(preparer)
    token = str(uuid.uuid4())
    assert send(client, b"", token=token).status_code == 422
    assert send(client, token=token).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quarter": "FY2019Q1"}, "Choose a quarter whose claim is still open."),
        ({"quarter": ""}, "This field is required."),
        ({"file": ""}, "Choose the file to upload."),
        ({"token": "nonsense"}, "Enter a valid UUID."),
    ],
)
def test_what_is_missing_or_wrong_in_the_form_is_said(browse, preparer, fields, said):
    answer = send(browse(preparer), **fields)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not PayrollBatch.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_its_size(browse, preparer):
    answer = send(browse(preparer), b"a" * (MAX_BYTES + 1))
    assert answer.status_code == 422
    assert "the limit is 25 MB" in text(answer)


def test_with_an_accepted_file_one_says_whether_to_add_or_replace(browse):
    preparer, _ = make_draft()
    client = browse(preparer)
    assert "Replace FY2026Q1-1" in text(client.get(f"{UPLOAD}?quarter=FY2026Q1"))
    assert "Replace FY2026Q1-1" not in text(client.get(f"{UPLOAD}?quarter=FY2026Q2"))
    answer = send(client)
    assert answer.status_code == 422
    assert "Choose whether the file is added or replaces an earlier one." in text(answer)
    first = PayrollBatch.objects.get()
    raised = PAYROLL.replace("589.37", "600.00")
    assert send(client, raised, replaces=str(first.pk)).status_code == 302
    run_due()
    first.refresh_from_db()
    assert first.state == "superseded"
    assert PayrollBatch.objects.get(number=2).state == "accepted"


def test_the_choice_follows_the_quarter_without_reloading_the_form(browse):
    preparer, _ = make_draft()
    part = browse(preparer).get(f"{UPLOAD}?quarter=FY2026Q1", headers={"HX-Request": "true"})
    assert "Replace FY2026Q1-1" in text(part)
    assert "<html" not in text(part)


def test_nothing_can_be_uploaded_for_a_submitted_quarter(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    answer = send(browse(preparer))
    assert answer.status_code == 422
    assert PayrollBatch.objects.count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CERTIFIER, Role.ADMINISTRATOR])
def test_only_preparers_upload(browse, role):
    client = browse(make_person(role, make_agency()))
    assert client.get(UPLOAD).status_code == 403
    assert send(client).status_code == 403


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_nobody_uploads_from_outside_an_agency(browse, role):
    client = browse(make_person(role))
    assert send(client).status_code == 404


def test_a_rejected_file_says_what_is_wrong_where_and_how_to_fix_it(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    shown = text(client.get(f"/payroll/{batch.pk}/"))
    assert "The file is rejected" in shown
    assert "Upload the corrected file" in shown
    assert "27x0" in shown
    assert "To fix it:" in shown
    part = client.get(f"/payroll/{batch.pk}/?severity=warning", headers={"HX-Request": "true"})
    assert "27x0" not in text(part)
    assert "27x0" in text(client.get(f"/payroll/{batch.pk}/?q=regular_pay&severity=error"))


def test_what_stands_in_a_file_cannot_become_part_of_the_page(browse, preparer):
    hostile = PAYROLL.replace("2780.00", "<script>alert(1)</script>")
    batch = load_payroll(preparer, hostile)
    assert "<script>alert" not in text(browse(preparer).get(f"/payroll/{batch.pk}/"))


def test_progress_is_asked_for_until_it_ends(browse, preparer):
    client = browse(preparer)
    send(client)
    address = f"/payroll/{PayrollBatch.objects.get().pk}/progress/"
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert (waiting.status_code, "HX-Refresh" in waiting) == (200, False)
    run_due()
    ended = client.get(address, headers={"HX-Request": "true"})
    assert (ended.status_code, ended["HX-Refresh"]) == (286, "true")


def test_the_original_is_handed_out_to_be_saved_and_that_is_recorded(browse, preparer):
    batch = load_payroll(preparer)
    answer = browse(preparer).get(f"/payroll/{batch.pk}/file/")
    assert answer.content == PAYROLL.encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.get(action="document.read").actor == preparer.user
    assert "File downloaded: payroll.csv" in text(browse(preparer).get(f"/payroll/{batch.pk}/"))


def test_a_file_is_taken_back_with_a_reason(browse):
    preparer, _ = make_draft()
    client = browse(preparer)
    batch = PayrollBatch.objects.get()
    address = f"/payroll/{batch.pk}/take-back/"
    assert client.post(address, {"reason": " "}).status_code == 422
    answer = client.post(address, {"reason": "Wrong month."}, follow=True)
    assert "The file was taken back" in text(answer)
    assert "Wrong month." in text(answer)
    assert client.post(address, {"reason": "Again."}).status_code == 302
    assert AuditEvent.objects.filter(action="payroll.withdraw").count() == 1


def test_a_file_of_a_submitted_claim_stays(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    batch = PayrollBatch.objects.get()
    answer = browse(preparer).post(f"/payroll/{batch.pk}/take-back/", {"reason": "Wrong month."})
    assert answer.status_code == 409
    assert "its payroll is fixed" in text(answer)


def test_viewers_cannot_take_files_back(browse):
    preparer, _ = make_draft()
    batch = PayrollBatch.objects.get()
    client = browse(make_person(Role.VIEWER, preparer.agency))
    assert "Take this file back" not in text(client.get(f"/payroll/{batch.pk}/"))
    assert client.post(f"/payroll/{batch.pk}/take-back/", {"reason": "Mine."}).status_code == 403


@pytest.mark.parametrize("part", ["", "file/", "progress/"])
def test_another_agencys_file_does_not_exist(browse, part):
    make_draft(make_agency("Ash Police"))
    batch = PayrollBatch.objects.get()
    stranger = make_person(Role.PREPARER, make_agency("Birch Police"))
    assert browse(stranger).get(f"/payroll/{batch.pk}/{part}").status_code == 404
    assert (
        browse(make_person(Role.SYSTEM_ADMINISTRATOR))
        .get(f"/payroll/{batch.pk}/{part}")
        .status_code
        == 404
    )


def test_the_federal_side_reads_accepted_files_and_no_rejected_ones(browse, preparer):
    rejected = load_payroll(preparer, WRONG)
    accepted = load_payroll(preparer)
    client = browse(make_person(Role.AUDITOR))
    listed = text(client.get("/payroll/"))
    assert str(accepted.pk) in listed
    assert str(rejected.pk) not in listed
    assert client.get(f"/payroll/{rejected.pk}/").status_code == 404
    assert client.get(f"/payroll/{accepted.pk}/").status_code == 200


def test_the_list_is_searched_and_filtered_with_a_constant_number_of_queries(
    browse, preparer, django_assert_max_num_queries
):
    load_payroll(preparer, WRONG)
    load_payroll(preparer)
    client = browse(preparer)
    assert "Rejected" in text(client.get("/payroll/?status=rejected&q=payroll"))
    with django_assert_max_num_queries(9):
        client.get("/payroll/")


def test_an_empty_list_says_what_to_do(browse, preparer):
    assert "Upload the first one." in text(browse(preparer).get("/payroll/"))


def test_the_list_is_narrowed_to_a_quarter_and_a_state(browse, preparer):
    load_payroll(preparer, WRONG)
    load_payroll(preparer)
    client = browse(preparer)
    rejected = text(client.get("/payroll/?status=rejected&quarter=FY2026Q1"))
    assert "FY2026Q1-1</a>" in rejected
    assert "FY2026Q1-2</a>" not in rejected
    assert "FY2026Q1-1</a>" not in text(client.get("/payroll/?quarter=FY2026Q2"))


def test_the_federal_side_is_offered_only_states_it_can_see(browse, preparer):
    load_payroll(preparer)
    page = text(browse(make_person(Role.REVIEWER)).get("/payroll/?quarter=FY2026Q1"))
    assert "FY2026Q1-1</a>" in page
    assert '<option value="withdrawn">' in page
    assert '<option value="rejected">' not in page


def test_a_second_file_can_be_compared_with_the_first_and_the_other_way_round(browse, preparer):
    first = load_payroll(preparer)
    client = browse(preparer)
    assert "Compare it with another file" not in text(client.get(f"/payroll/{first.pk}/"))
    second = load_payroll(preparer, PAYROLL.replace("2780.00", "2790.00", 1))
    link = f"/payroll/compare/?before={first.pk}&amp;after={second.pk}"
    for file in (first, second):
        assert link in text(client.get(f"/payroll/{file.pk}/"))


def test_the_same_file_again_is_told_with_what_became_of_it(browse, preparer):
    first, again = load_payroll(preparer, WRONG), load_payroll(preparer, WRONG)
    client = browse(preparer)
    assert "sent before as" not in text(client.get(f"/payroll/{first.pk}/"))
    told = f'sent before as <a href="/payroll/{first.pk}/">FY2026Q1-1</a> (rejected)'
    assert told in text(client.get(f"/payroll/{again.pk}/"))


def test_payroll_can_be_begun_without_a_file(browse, preparer):
    client = browse(preparer)
    for address in (UPLOAD, "/claims/", "/"):
        assert "/claims/start/FY2026Q1/" in text(client.get(address))
