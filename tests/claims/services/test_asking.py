"""Questions to the agency: who asks, who answers, what it moves and what it does not."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from claims.models import Answer, Evidence, Participant, Question
from claims.rules.address import Address
from claims.rules.lifecycle import Part, State
from claims.selectors.contributors import contributors
from claims.selectors.questions import questions_about, questions_of, questions_open, threads
from claims.services.asking import Asked, Attached, answer, ask, close, reply
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role, Side
from portal.accounts.services import grant_role
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.claims.reviewing import asked_about, in_review, pdf
from tests.factories import act, make_agency, make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

DUE = date(2026, 1, 27)


CLAIM = Address()


def one(text: str = "Why so much?", address: Address = CLAIM, token=None) -> Asked:
    return Asked(address, text, token or uuid4())


def code_of(caught) -> str:
    return caught.value.code


def test_several_questions_go_at_once_with_one_due_day():
    reviewed = in_review()
    asked = [
        one(),
        one("Whose hours?", Address("0042", "overtime")),
        one("?", Address("", "award")),
    ]
    questions = ask(actor=reviewed.reviewer, version=reviewed.version, asked=asked, due_on=DUE)
    assert [question.officer_id for question in questions] == ["", "0042", ""]
    assert {question.due_on for question in questions} == {DUE}
    assert questions_open(reviewed.version).message == "3 questions are still open."
    events = AuditEvent.objects.filter(action="question.ask", thread=reviewed.claim.thread)
    assert events.count() == 3


def test_the_same_form_sent_twice_asks_once():
    reviewed = in_review()
    asked = [one(), one("More?")]
    facts = {"actor": reviewed.reviewer, "version": reviewed.version, "due_on": DUE}
    assert ask(asked=asked, **facts) == ask(asked=asked, **facts)
    assert Question.objects.count() == 2


def test_a_form_is_not_sent_again_for_something_else():
    reviewed, other = in_review(), in_review(make_agency("Birch Police"))
    token = uuid4()
    ask(actor=reviewed.reviewer, version=reviewed.version, asked=[one(token=token)], due_on=DUE)
    with pytest.raises(Refused) as caught:
        ask(actor=other.reviewer, version=other.version, asked=[one(token=token)], due_on=DUE)
    assert code_of(caught) == "form_used"


@pytest.mark.parametrize(
    ("due_on", "code"),
    [
        (date(2026, 1, 20), "not_in_the_future"),
        (date(2025, 1, 1), "not_in_the_future"),
        (date(2027, 1, 22), "too_late"),
    ],
)
def test_the_due_day_is_in_the_future_and_within_a_year(due_on, code):
    reviewed = in_review()
    with pytest.raises(Refused) as caught:
        ask(actor=reviewed.reviewer, version=reviewed.version, asked=[one()], due_on=due_on)
    assert code_of(caught) == code


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (Address("9999"), "no_such_officer"),
        (Address("0042", "award"), "no_such_line"),
        (Address("", "overtime"), "no_such_line"),
    ],
)
def test_questions_are_about_what_is_in_the_claim(address, code):
    reviewed = in_review()
    with pytest.raises(Refused) as caught:
        ask(
            actor=reviewed.reviewer,
            version=reviewed.version,
            asked=[one(address=address)],
            due_on=DUE,
        )
    assert code_of(caught) == code


@pytest.mark.parametrize("text", ["  ", "Is 078-05-1120 his number?", "A\0b"])
def test_words_that_cannot_be_kept_are_refused(text):
    reviewed = in_review()
    with pytest.raises(Refused):
        ask(actor=reviewed.reviewer, version=reviewed.version, asked=[one(text)], due_on=DUE)
    assert not Question.objects.exists()


def test_nobody_asks_before_the_review_starts_or_after_it():
    preparer, claim = make_draft()
    reviewer = make_person(Role.REVIEWER)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    claim.refresh_from_db()
    with pytest.raises(Refused) as caught:
        ask(actor=reviewer, version=claim.version, asked=[one()], due_on=DUE)
    assert code_of(caught) == "wrong_state"


@pytest.mark.parametrize(
    "role", [Role.PAYMENT_APPROVER, Role.AUDITOR, Role.PROGRAM_MANAGER, Role.PREPARER]
)
def test_only_reviewers_ask(role):
    reviewed = in_review()
    agency = reviewed.claim.agency if role is Role.PREPARER else None
    with pytest.raises(NotAllowed):
        ask(actor=make_person(role, agency), version=reviewed.version, asked=[one()], due_on=DUE)


def test_a_claim_that_a_colleague_has_taken_is_theirs():
    reviewed = in_review()
    with pytest.raises(Refused) as caught:
        ask(actor=make_person(Role.REVIEWER), version=reviewed.version, asked=[one()], due_on=DUE)
    assert code_of(caught) == "assigned_to_other"


def test_who_asks_has_reviewed():
    reviewed = in_review()
    asked_about(reviewed)
    parts = Participant.objects.filter(version=reviewed.version, user=reviewed.reviewer.user)
    assert [row.part for row in parts] == [Part.REVIEWER]


@pytest.mark.parametrize("who", ["preparer", "certifier"])
def test_the_agency_answers_and_the_claim_stays(who):
    reviewed = in_review()
    question = asked_about(reviewed)
    before = set(reviewed.version.participants.values_list("user", "part"))
    token = uuid4()
    actor = getattr(reviewed, who)
    facts = {"actor": actor, "question": question, "text": "Storms.", "token": token}
    assert answer(**facts) == answer(**facts)
    assert Answer.objects.get().side == Side.AGENCY
    assert reviewed.version.state == State.IN_REVIEW
    assert set(reviewed.version.participants.values_list("user", "part")) == before
    assert questions_open(reviewed.version) is not None, "the reviewer closes it"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMINISTRATOR])
def test_others_of_the_agency_read_only(role):
    reviewed = in_review()
    question = asked_about(reviewed)
    actor = make_person(role, reviewed.claim.agency)
    with pytest.raises(NotAllowed):
        answer(actor=actor, question=question, text="Storms.", token=uuid4())


def test_strangers_do_not_know_of_it():
    question = asked_about(in_review())
    stranger = make_person(Role.PREPARER, make_agency("Birch Police"))
    with pytest.raises(NotFound):
        answer(actor=stranger, question=question, text="Storms.", token=uuid4())


def test_a_reviewer_does_not_answer_for_the_agency():
    reviewed = in_review()
    with pytest.raises(NotAllowed):
        answer(actor=reviewed.reviewer, question=asked_about(reviewed), text="Mine.", token=uuid4())


def test_an_answer_may_bring_a_file():
    reviewed = in_review()
    question = asked_about(reviewed, "0042", "overtime")
    attached = Attached(Evidence.Kind.TIMESHEET, pdf())
    answer(
        actor=reviewed.certifier,
        question=question,
        text="See it.",
        token=uuid4(),
        attached=attached,
    )
    evidence = Evidence.objects.get()
    assert (evidence.officer_id, evidence.category) == ("0042", "overtime")
    assert evidence.question == question
    assert not reviewed.version.participants.filter(
        user=reviewed.certifier.user, part=Part.PREPARER
    ).exists()


def test_a_file_that_is_refused_takes_the_answer_with_it():
    reviewed = in_review()
    attached = Attached(Evidence.Kind.OTHER, pdf(content=b"MZ"))
    with pytest.raises(Refused):
        answer(
            actor=reviewed.preparer,
            question=asked_about(reviewed),
            text="See it.",
            token=uuid4(),
            attached=attached,
        )
    assert not Answer.objects.exists()


def test_a_question_goes_back_and_forth_until_it_is_closed():
    reviewed = in_review()
    question = asked_about(reviewed)

    def standing() -> str:
        return threads(reviewed.version, questions_of(reviewed.claim))[0].state

    assert standing() == "Waiting for the agency"
    answer(actor=reviewed.preparer, question=question, text="Storms.", token=uuid4())
    assert standing() == "Answered"
    reply(actor=reviewed.reviewer, question=question, text="Which ones?", token=uuid4())
    assert standing() == "Waiting for the agency"
    with clock.clock_at(clock.now() + timedelta(days=9)):
        assert standing() == "Overdue"
        answer(actor=reviewed.preparer, question=question, text="Two.", token=uuid4())
        assert standing() == "Answered"
    close(actor=reviewed.reviewer, question=question)
    closed_at = Question.objects.get().closed_at
    close(actor=reviewed.reviewer, question=question)
    assert Question.objects.get().closed_at == closed_at
    assert standing() == "Closed"
    assert questions_open(reviewed.version) is None
    for late in (
        lambda: answer(actor=reviewed.preparer, question=question, text="So", token=uuid4()),
        lambda: reply(actor=reviewed.reviewer, question=question, text="So", token=uuid4()),
    ):
        with pytest.raises(Refused) as caught:
            late()
        assert code_of(caught) == "question_closed"


def test_a_question_may_be_closed_without_an_answer():
    reviewed = in_review()
    close(actor=reviewed.reviewer, question=asked_about(reviewed))
    thread = threads(reviewed.version, questions_of(reviewed.claim))[0]
    assert thread.state == "Closed without an answer"
    assert AuditEvent.objects.filter(action="question.close_unanswered").exists()


def test_only_the_reviewer_closes_and_replies():
    reviewed = in_review()
    question = asked_about(reviewed)
    for actor in (reviewed.preparer, make_person(Role.PAYMENT_APPROVER)):
        with pytest.raises(NotAllowed):
            close(actor=actor, question=question)
    with pytest.raises(Refused) as caught:
        reply(actor=make_person(Role.REVIEWER), question=question, text="Mine now.", token=uuid4())
    assert code_of(caught) == "assigned_to_other"


def test_an_open_question_can_be_answered_while_the_claim_is_corrected():
    reviewed = in_review()
    question = asked_about(reviewed)
    act(reviewed.reviewer, reviewed.claim, "return")
    answer(actor=reviewed.preparer, question=question, text="Storms.", token=uuid4())
    act(reviewed.preparer, reviewed.claim, "correct")
    answer(actor=reviewed.certifier, question=question, text="And more.", token=uuid4())
    assert reviewed.version.participants.filter(
        user=reviewed.certifier.user, part=Part.PREPARER
    ).exists()


def test_who_answers_has_prepared_the_next_version():
    reviewed = in_review()
    grant_role(
        actor=None,
        user=reviewed.certifier.user,
        role=Role.PREPARER,
        agency=reviewed.claim.agency,
    )
    question = asked_about(reviewed)
    certifier = actor_for(reviewed.certifier.user)
    assert certifier.user not in contributors(reviewed.version)
    answer(actor=certifier, question=question, text="Storms.", token=uuid4())
    assert certifier.user not in contributors(reviewed.version), "not of the version asked about"
    act(reviewed.reviewer, reviewed.claim, "return")
    act(reviewed.preparer, reviewed.claim, "correct")
    assert certifier.user in contributors(reviewed.version)
    act(reviewed.preparer, reviewed.claim, "ready")
    with pytest.raises(NotAllowed) as caught:
        act(certifier, reviewed.claim, "certify")
    assert code_of(caught) == "own_work"
    act(make_person(Role.CERTIFIER, reviewed.claim.agency), reviewed.claim, "certify")


def test_an_officer_s_questions_are_found_by_the_officer():
    reviewed = in_review()
    asked_about(reviewed, "0042", "overtime")
    asked_about(reviewed, "A-7")
    asked_about(reviewed)
    (thread,) = questions_about(reviewed.version, "0042")
    assert thread.position == 1
    assert thread.about.startswith("overtime of ")
