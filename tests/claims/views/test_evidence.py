"""The pages of supporting records: sent, listed, saved, taken back; and what a reviewer may ask for."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Evidence
from claims.rules.address import Address
from claims.services.evidencing import MAX_BYTES, send_evidence
from portal.accounts.roles import Role
from portal.records.models import AuditEvent
from tests.claims.reviewing import PDF, in_review, pdf
from tests.factories import act, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def place(claim, rest: str = "") -> str:
    return f"/claims/{claim.number}/versions/1/{rest}"


def filled(content: bytes = PDF, **changed: object) -> dict[str, object]:
    """The form for a record as a browser sends it."""
    sent = {"kind": "timesheet", "officer_id": "0042", "category": "overtime"}
    return {
        **sent,
        "token": str(uuid4()),
        "file": SimpleUploadedFile("sheet.pdf", content, "text/html"),
        **changed,
    }


def keep(actor, claim, name: str = "sheet.pdf") -> Evidence:
    claim.refresh_from_db()
    return send_evidence(
        actor=actor,
        version=claim.version,
        kind=Evidence.Kind.TIMESHEET,
        address=Address("0042", "overtime"),
        upload=pdf(name),
        token=uuid4(),
    )


def test_a_preparer_sends_a_record_and_it_is_saved_as_a_file(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    assert "Send a record" in text(client.get(f"/claims/{claim.number}/"))
    page = text(client.get(place(claim, "records/send/?kind=timesheet&officer_id=0042")))
    assert "Black out social security numbers" in page
    assert '<option value="0042" selected>' in page
    assert client.post(place(claim, "records/send/"), filled()).url == place(claim, "records/")
    evidence = Evidence.objects.get()
    answer = client.get(place(claim, f"records/{evidence.pk}/file/"))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf", (
        "by its bytes, whatever the browser called it"
    )
    assert answer["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    read = AuditEvent.objects.filter(action="document.read", actor=preparer.user)
    assert read.get().subject == f"document/{evidence.document_id}"
    assert "sheet.pdf" in text(client.get(f"/claims/{claim.number}/"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"file": ""}, "Choose the file to send."),
        ({"content": b"%PDF" + bytes(MAX_BYTES)}, "the limit is 10 MB"),
        ({"content": b"MZ"}, "This is not a PDF, JPEG or PNG file."),
        ({"kind": "diary"}, "Select a valid choice"),
        ({"officer_id": ""}, "Choose an officer, or the award and no officer."),
    ],
)
def test_what_is_not_taken_is_said_on_the_form(browse, changed, words):
    preparer, claim = make_draft()
    answer = browse(preparer).post(place(claim, "records/send/"), filled(**changed))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Evidence.objects.exists()


def test_the_same_file_is_told(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    client.post(place(claim, "records/send/"), filled())
    again = client.post(place(claim, "records/send/"), filled())
    assert again.status_code == 422
    assert "sent this very file" in text(again)


def test_records_are_listed_and_taken_back(browse):
    preparer, claim = make_draft()
    evidence = keep(preparer, claim)
    client = browse(preparer)
    listed = text(client.get(place(claim, "records/")))
    assert "Take back" in listed
    assert "overtime of" in listed
    client.post(place(claim, f"records/{evidence.pk}/take-back/"))
    listed = text(client.get(place(claim, "records/")))
    assert "Taken back" in listed
    assert "sheet.pdf" in text(client.get(place(claim, "records/?q=sheet&kind=timesheet")))
    assert "Nothing found" in text(client.get(place(claim, "records/?q=other")))


def test_in_review_records_come_with_answers_only(browse):
    reviewed = in_review()
    client = browse(reviewed.preparer)
    assert "no record can be added" in text(client.get(place(reviewed.claim, "records/send/")))
    answer = client.post(place(reviewed.claim, "records/send/"), filled())
    assert "no record can be added" in text(answer)


def test_others_do_not_send_and_strangers_see_nothing(browse):
    preparer, claim = make_draft()
    evidence = keep(preparer, claim)
    for role, takes_names in ((Role.VIEWER, False), (Role.CERTIFIER, True)):
        client = browse(make_person(role, claim.agency))
        assert client.get(place(claim, "records/send/")).status_code == 403
        file = place(claim, f"records/{evidence.pk}/file/")
        assert client.get(file).status_code == (200 if takes_names else 403)
        listed = client.get(place(claim, "records/")).content.decode()
        assert "sheet.pdf" in listed
        assert (file in listed) is takes_names
    stranger = browse(make_person(Role.PREPARER, make_agency("Birch Police")))
    federal = browse(make_person(Role.REVIEWER))
    for client in (stranger, federal):
        for rest in ("records/", f"records/{evidence.pk}/file/", "checklist/", "records/send/"):
            assert client.get(place(claim, rest)).status_code == 404, "a draft is the agency's own"


def test_the_checklist_says_what_the_reviewer_may_ask_for(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    panel = text(client.get(f"/claims/{claim.number}/"))
    assert "The reviewer may ask for these." in panel
    page = text(client.get(place(claim, "checklist/")))
    assert "Overtime of $" in page
    assert "Nothing is reimbursed before it is paid." in page
    assert page.count("Send it<") == 3
    keep(preparer, claim)
    sent = text(client.get(place(claim, "checklist/?kind=timesheet&status=sent")))
    assert "Overtime of $" in sent
    assert "Nothing is reimbursed" not in sent
    assert "No record matches" in text(client.get(place(claim, "checklist/?q=nobody")))
    assert "No record matches" in text(
        client.get(place(claim, "checklist/?kind=timesheet&status=missing"))
    )
    assert client.get(place(claim, "checklist/?kind=x&status=y&page=9")).status_code == 200


def test_a_reviewer_asks_from_the_checklist_and_it_holds_nothing_up(browse):
    reviewed = in_review()
    page = text(browse(reviewed.reviewer).get(place(reviewed.claim, "checklist/")))
    assert "questions/ask/?kind=timesheet&amp;officer_id=0042&amp;category=overtime" in page
    act(reviewed.reviewer, reviewed.claim, "recommend")
