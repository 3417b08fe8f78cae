"""The pages of questions and notes: asked and answered by clicking, the audience on the button."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Answer, Evidence, Note, Question
from claims.services.asking import close
from portal.accounts.roles import Role
from portal.kernel import clock
from tests.claims.reviewing import PDF, asked_about, in_review
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def place(reviewed, rest: str = "") -> str:
    return f"/claims/{reviewed.claim.number}/versions/1/{rest}"


def asking(**changed: str) -> dict[str, str]:
    """The form for questions as a browser sends it, one question filled in."""
    empty = {
        f"{number}-{name}": value
        for number in (1, 2, 3)
        for name, value in (
            ("officer_id", ""),
            ("category", ""),
            ("text", ""),
            ("token", str(uuid4())),
        )
    }
    return {**empty, "1-text": "Why so much?", "due_on": "2026-01-27", **changed}


def test_a_reviewer_asks_and_the_form_names_the_agency(browse):
    reviewed = in_review()
    client = browse(reviewed.reviewer)
    assert "Ask the agency" in text(client.get(place(reviewed)))
    page = text(client.get(place(reviewed, "questions/ask/")))
    assert 'value="2026-01-27"' in page, "a week from today"
    assert "Reyes" in page, "few officers are offered by name"
    sent = asking(**{"2-text": "And this?", "2-officer_id": "0042", "2-category": "overtime"})
    assert client.post(place(reviewed, "questions/ask/"), sent).status_code == 302
    assert client.post(place(reviewed, "questions/ask/"), sent).status_code == 302
    assert Question.objects.count() == 2
    assert "Answer by" in text(client.get(place(reviewed)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"1-text": ""}, "Write what you ask the agency."),
        ({"due_on": ""}, "Choose the day by which the agency answers."),
        ({"due_on": "2026-01-20"}, "is not in the future"),
        ({"1-officer_id": "9999"}, "Choose an officer of this claim."),
        ({"1-category": "overtime"}, "Choose an officer, or the award and no officer."),
        ({"2-officer_id": "0042", "2-text": "078-05-1120"}, "social security"),
        ({"1-token": "none"}, "UUID"),
    ],
)
def test_what_cannot_be_asked_is_said_with_the_words_kept(browse, changed, words):
    reviewed = in_review()
    answer = browse(reviewed.reviewer).post(place(reviewed, "questions/ask/"), asking(**changed))
    assert 400 <= answer.status_code < 500
    assert words in text(answer)
    assert not Question.objects.exists()


def test_the_checklist_s_link_writes_the_question(browse):
    reviewed = in_review()
    link = "questions/ask/?officer_id=0042&category=overtime&kind=timesheet"
    page = text(browse(reviewed.reviewer).get(place(reviewed, link)))
    assert "Please send this record for" in page
    assert '<option value="overtime" selected>' in page


@pytest.mark.parametrize("role", [Role.PAYMENT_APPROVER, Role.PREPARER, Role.AUDITOR])
def test_nobody_else_can_ask(browse, role):
    reviewed = in_review()
    actor = make_person(role, reviewed.claim.agency if role is Role.PREPARER else None)
    client = browse(actor)
    assert "Ask the agency" not in text(client.get(place(reviewed)))
    assert client.get(place(reviewed, "questions/ask/")).status_code == 403
    assert client.post(place(reviewed, "questions/ask/"), asking()).status_code == 403


def test_the_agency_answers_with_a_file_on_a_button_that_names_the_reader(browse):
    reviewed = in_review()
    question = asked_about(reviewed, "0042", "overtime", "Which <b>storm</b>?")
    client = browse(reviewed.preparer)
    page = text(client.get(place(reviewed)))
    assert "Answer the federal reviewer" in page
    assert "Which &lt;b&gt;storm" in page
    address = place(reviewed, f"questions/{question.pk}/")
    assert "Answer the federal reviewer" in text(client.get(address))
    sent = {"text": "The one of October.", "kind": "timesheet", "token": str(uuid4())}
    for _ in range(2):
        file = SimpleUploadedFile("t.pdf", PDF)
        answer = client.post(f"{address}answer/", {**sent, "file": file})
        assert answer.url == address
    assert Answer.objects.count() == Evidence.objects.count() == 1
    read = text(browse(reviewed.reviewer).get(address))
    assert "The one of October." in read
    assert "t.pdf" in read


def test_an_answer_without_words_keeps_the_form(browse):
    reviewed = in_review()
    question = asked_about(reviewed)
    answer = browse(reviewed.preparer).post(
        place(reviewed, f"questions/{question.pk}/answer/"), {"text": "", "token": str(uuid4())}
    )
    assert answer.status_code == 422
    assert "Write your answer." in text(answer)


def test_a_certifier_is_told_what_answering_means(browse):
    reviewed = in_review()
    question = asked_about(reviewed)
    told = text(browse(reviewed.certifier).get(place(reviewed, f"questions/{question.pk}/")))
    assert "counts as a preparer and cannot certify it" in told


def test_the_reviewer_replies_and_closes(browse):
    reviewed = in_review()
    question = asked_about(reviewed)
    address = place(reviewed, f"questions/{question.pk}/")
    client = browse(reviewed.reviewer)
    assert "Close without an answer" in text(client.get(address))
    reply = {"text": "Please hurry.", "token": str(uuid4())}
    assert client.post(f"{address}reply/", reply).url == address
    assert client.post(f"{address}close/").status_code == 302
    assert client.post(f"{address}close/").status_code == 302
    question.refresh_from_db()
    assert question.closed_by == reviewed.reviewer.user
    page = text(client.get(place(reviewed)))
    assert "Closed questions (1)" in page


def test_an_overdue_question_says_so(browse):
    reviewed = in_review()
    question = asked_about(reviewed)
    with clock.clock_at(datetime(2026, 1, 29, 15, tzinfo=UTC)):
        told = text(browse(reviewed.preparer).get(place(reviewed, f"questions/{question.pk}/")))
    assert "The answer is overdue." in told


def test_a_stranger_s_question_is_not_found(browse):
    reviewed, other = in_review(), in_review(make_agency("Birch Police"))
    question = asked_about(reviewed)
    client = browse(other.preparer)
    assert client.get(place(reviewed, f"questions/{question.pk}/")).status_code == 404
    assert client.get(place(other, f"questions/{question.pk}/")).status_code == 404
    sent = {"text": "Mine.", "token": str(uuid4())}
    assert client.post(place(other, f"questions/{question.pk}/answer/"), sent).status_code == 404


def test_a_closed_question_takes_no_answer(browse):
    reviewed = in_review()
    question = asked_about(reviewed)
    close(actor=reviewed.reviewer, question=question)
    address = place(reviewed, f"questions/{question.pk}/")
    client = browse(reviewed.preparer)
    assert "This question is closed." in text(client.get(address))
    answer = client.post(f"{address}answer/", {"text": "So.", "token": str(uuid4())})
    assert answer.status_code == 422
    assert "This question is closed." in text(answer)


@pytest.mark.parametrize(
    ("who", "button"),
    [
        ("reviewer", "Keep this note on the federal side"),
        ("certifier", "Keep this note in our office"),
    ],
)
def test_a_note_s_button_names_its_readers(browse, who, button):
    reviewed = in_review()
    client = browse(getattr(reviewed, who))
    assert button in text(client.get(place(reviewed)))
    sent = {"officer_id": "", "category": "", "text": "Look again.", "token": str(uuid4())}
    for _ in range(2):
        assert client.post(place(reviewed, "notes/keep/"), sent).url == place(reviewed)
    assert Note.objects.count() == 1
    assert "Look again." in text(client.get(place(reviewed)))


def test_a_note_about_an_officer_leads_back_to_the_officer(browse):
    reviewed = in_review()
    sent = {"officer_id": "0042", "category": "", "text": "Hm.", "token": str(uuid4())}
    answer = browse(reviewed.reviewer).post(place(reviewed, "notes/keep/"), sent)
    assert answer.url == place(reviewed, "officers/1/")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": ""}, "Write the note."),
        ({"officer_id": "9999"}, "no officer with that payroll id"),
    ],
)
def test_a_note_that_cannot_be_kept_keeps_its_form(browse, changed, words):
    reviewed = in_review()
    sent = {"officer_id": "", "category": "", "text": "Hm.", "token": str(uuid4()), **changed}
    answer = browse(reviewed.reviewer).post(place(reviewed, "notes/keep/"), sent)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Note.objects.exists()


def test_who_only_reads_sees_no_form_for_notes(browse):
    reviewed = in_review()
    client = browse(make_person(Role.AUDITOR))
    assert "Write a note" not in text(client.get(place(reviewed)))
    sent = {"text": "Hm.", "token": str(uuid4())}
    assert "does not include" in text(client.post(place(reviewed, "notes/keep/"), sent))
