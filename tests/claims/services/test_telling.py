"""Handovers by mail: to whoever it is their turn, once, and with nobody's personal data in the subject."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction

from awards.services import dispute_counts, keep_counts
from claims.chores import remind
from claims.models import Notice
from claims.pipeline.handovers import HANDOVERS, Audience
from claims.rules.lifecycle import ACTIONS
from claims.services.asking import close, reply
from claims.services.holding import place_hold
from claims.services.telling import tell, tell_office
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.jobs.models import Job
from portal.kernel.clock import clock_at
from portal.kernel.errors import Refused
from tests.claims.reviewing import asked_about, in_review
from tests.factories import QUARTER, act, make_agency, make_draft, make_person, report, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

GAPS = {"agency", "quarter", "due", "appeal", "why"}
EVERY_HANDOVER = [
    pytest.param(event, handover, id=f"{event}-{handover.audience.name.lower()}")
    for event, handovers in HANDOVERS.items()
    for handover in handovers
]


def told(event: str, claim, **facts) -> set[str]:
    """The addresses an event's mails go to."""
    mail.outbox.clear()
    tell(event, claim, **facts)
    settle()
    return {message.to[0] for message in mail.outbox}


@pytest.mark.parametrize(("event", "handover"), EVERY_HANDOVER)
def test_words_name_the_claim_and_no_person(event, handover):
    assert "{" not in handover.subject
    for text in (handover.happened, handover.next):
        gaps = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert gaps <= GAPS


@pytest.mark.parametrize("event", sorted(HANDOVERS))
def test_a_subject_holds_action_agency_quarter_and_date_and_nothing_else(event):
    preparer, claim = make_draft()
    people = [
        make_person(role, claim.agency, name=f"Marta Testname {role}").user
        for role in (Role.ADMINISTRATOR, Role.CERTIFIER)
    ]
    tell(event, claim, people=people)
    notices = Notice.objects.filter(claim=claim)
    allowed = {handover.subject for handover in HANDOVERS[event]}
    for notice in notices:
        action, rest = notice.subject.split(": ", 1)
        assert action in allowed
        assert rest == "Cedar County Sheriff's Office, FY2026Q1 (January 20, 2026)"
        for private in (*(person.name for person in people), preparer.user.name, "Reyes", "$"):
            assert private not in notice.subject + notice.text


def test_every_action_told_of_is_one_of_the_lifecycle():
    codes = {event.removeprefix("claim.") for event in HANDOVERS if event.startswith("claim.")}
    beside = {"open_linked", "reset", "hold", "hold_end", "release", "extend"}
    beside |= {"take_over", "hand_over"}
    assert codes - beside <= set(ACTIONS)


def test_a_ready_claim_is_told_to_the_certifiers_who_did_not_prepare_it():
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, claim.agency)
    grant_role(actor=None, user=preparer.user, role=Role.CERTIFIER, agency=claim.agency)
    make_person(Role.ADMINISTRATOR, claim.agency)
    make_person(Role.CERTIFIER, make_agency("Elsewhere Police"))
    assert told("claim.ready", claim) == {certifier.user.email}
    assert f"http://localhost:8000/claims/{claim.number}/versions/1/" in mail.outbox[0].body


def test_administrators_are_told_when_nobody_can_certify_and_why():
    preparer, claim = make_draft()
    administrator = make_person(Role.ADMINISTRATOR, claim.agency)
    assert told("claim.ready", claim) == {administrator.user.email}
    assert "The agency has no certifier." in mail.outbox[0].body
    grant_role(actor=None, user=preparer.user, role=Role.CERTIFIER, agency=claim.agency)
    assert told("claim.ready", claim, again=1) == {administrator.user.email}
    assert "nobody signs their own work" in mail.outbox[0].body


def test_a_closed_account_certifies_nothing_and_gets_no_mail():
    _, claim = make_draft()
    administrator = make_person(Role.ADMINISTRATOR, claim.agency)
    certifier = make_person(Role.CERTIFIER, claim.agency)
    User.objects.filter(pk=certifier.user.pk).update(is_active=False)
    assert told("claim.ready", claim) == {administrator.user.email}


def test_the_office_is_told_what_was_decided():
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, claim.agency)
    both = {preparer.user.email, certifier.user.email}
    assert told("claim.approve_partly", claim) == both
    assert "until February 19, 2026" in mail.outbox[0].body
    assert told("claim.return", claim) == both
    assert "back by February 3, 2026" in mail.outbox[0].body
    assert told("claim.extend", claim, due_on="2026-03-01") == both
    assert "March 1, 2026" in mail.outbox[0].body


def test_a_ready_claim_that_falls_back_to_draft_is_told_to_whoever_was_to_sign_it():
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, claim.agency)
    act(preparer, claim, "ready")
    settle()
    mail.outbox.clear()
    report(claim.agency, 10, 10)
    settle()
    claim.version.refresh_from_db()
    assert claim.version.state == "draft"
    told_now = {message.to[0]: message.subject for message in mail.outbox}
    assert set(told_now) == {preparer.user.email, certifier.user.email}
    assert all(subject.startswith("No longer ready") for subject in told_now.values())


def test_a_certifier_who_finds_other_amounts_causes_the_same_mail():
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, claim.agency)
    act(preparer, claim, "ready")
    settle()
    mail.outbox.clear()
    claim.agency.officers.update(title="Sergeant")
    with pytest.raises(Refused):
        act(certifier, claim, "certify")
    settle()
    assert {message.to[0] for message in mail.outbox} == {preparer.user.email, certifier.user.email}


def test_a_question_closed_without_an_answer_no_longer_waits_for_the_office():
    reviewed = in_review()
    question = asked_about(reviewed)
    settle()
    mail.outbox.clear()
    close(actor=reviewed.reviewer, question=question)
    settle()
    assert {message.to[0] for message in mail.outbox} == {
        reviewed.preparer.user.email,
        reviewed.certifier.user.email,
    }
    assert all(message.subject.startswith("Question closed") for message in mail.outbox)


def test_a_hold_whose_last_day_is_over_is_told_once():
    reviewed = in_review()
    place_hold(
        actor=reviewed.reviewer,
        version=reviewed.version,
        why="records",
        note="A list is missing.",
        until_on=date(2026, 1, 22),
        token=uuid4(),
    )
    settle()
    told_on = {}
    for on in (22, 23, 24):
        mail.outbox.clear()
        with clock_at(datetime(2026, 1, on, 15, tzinfo=UTC)):
            remind()
            settle()
        told_on[on] = {m.to[0] for m in mail.outbox if "hold" in m.subject}
    everybody = {
        one.user.email for one in (reviewed.preparer, reviewed.certifier, reviewed.reviewer)
    }
    assert told_on == {22: set(), 23: everybody, 24: set()}


def test_who_did_it_is_not_told():
    preparer, claim = make_draft()
    make_person(Role.PREPARER, claim.agency)
    assert preparer.user.email not in told("claim.withdraw", claim, actor=preparer)


def test_people_are_told_by_name_and_no_others():
    _, claim = make_draft()
    before, after = make_person(Role.REVIEWER), make_person(Role.REVIEWER)
    people = [before.user, after.user]
    assert told("claim.take_over", claim, people=people) == {
        before.user.email,
        after.user.email,
    }


def test_an_event_nobody_waits_for_causes_no_mail_and_no_job():
    _, claim = make_draft()
    jobs = Job.objects.count()
    tell("claim.start_review", claim)
    assert not Notice.objects.exists()
    assert Job.objects.count() == jobs


def test_questions_of_a_day_make_one_mail():
    _, claim = make_draft()
    for due in ("2026-01-27", "2026-01-28"):
        tell("question.ask", claim, due_on=due)
    settle()
    assert len(mail.outbox) == 1
    assert "by January 27, 2026" in mail.outbox[0].body


def test_an_event_that_comes_to_nothing_is_told_to_nobody():
    _, claim = make_draft()
    with pytest.raises(RuntimeError), transaction.atomic():
        tell("claim.approve", claim)
        raise RuntimeError
    settle()
    assert not mail.outbox


def test_a_quarter_without_a_claim_leads_to_the_inbox():
    agency = make_agency()
    make_person(Role.PREPARER, agency)
    tell_office("claim.extend", agency, QUARTER, due_on="2026-03-01")
    settle()
    assert "http://localhost:8000/claims/inbox/" in mail.outbox[0].body


def test_somebody_invited_gets_a_link_to_choose_a_password(client):
    _, claim = make_draft()
    new = User.objects.create_user("new@county.example", name="Nora New")
    grant_role(actor=None, user=new, role=Role.CERTIFIER, agency=claim.agency)
    assert told("claim.ready", claim) == {new.email}
    found = re.search(
        r"http://localhost:8000(/account/password/reset/key/\S+)", mail.outbox[0].body
    )
    assert found
    assert found[1] not in Notice.objects.get().text
    form = client.get(found[1], follow=True)
    passwords = {"password1": "a-long-enough-one", "password2": "a-long-enough-one"}
    assert client.post(form.request["PATH_INFO"], passwords).status_code == 302


def test_every_audience_is_told_of_something():
    used = {handover.audience for handovers in HANDOVERS.values() for handover in handovers}
    assert used == set(Audience)


def test_an_answered_dispute_of_counts_is_told_to_the_office():
    preparer, claim = make_draft()
    measure = report(claim.agency, 4, 2)
    dispute = dispute_counts(
        actor=preparer,
        measure=measure,
        reason="other",
        referred=5,
        located=3,
        grounds="Our own list has five.",
        token=uuid4(),
    )
    settle()
    mail.outbox.clear()
    keep_counts(
        actor=make_person(Role.PROGRAM_MANAGER),
        dispute=dispute,
        answer="The list counts one twice.",
    )
    settle()
    assert [message.to[0] for message in mail.outbox] == [preparer.user.email]
    assert mail.outbox[0].subject.startswith("Counts dispute answered: ")


def test_counts_that_replace_disputed_ones_answer_the_dispute():
    preparer, claim = make_draft()
    dispute_counts(
        actor=preparer,
        measure=report(claim.agency, 4, 2),
        reason="other",
        referred=5,
        located=3,
        grounds="Our own list has five.",
        token=uuid4(),
    )
    settle()
    mail.outbox.clear()
    report(claim.agency, 5, 3)
    assert [message.to[0] for message in mail.outbox] == [preparer.user.email]
    assert mail.outbox[0].subject.startswith("Counts dispute answered: ")
    mail.outbox.clear()
    report(claim.agency, 5, 4)
    assert not mail.outbox, "nobody disputed those"


def test_a_reply_to_a_question_is_told_to_the_office():
    reviewed = in_review()
    question = asked_about(reviewed)
    settle()
    mail.outbox.clear()
    reply(actor=reviewed.reviewer, question=question, text="The sheet, please.", token=uuid4())
    settle()
    told = {message.to[0] for message in mail.outbox}
    assert told == {reviewed.preparer.user.email, reviewed.certifier.user.email}
