"""Questions to the agency: asked, answered, replied to, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from claims.models import Answer, ClaimVersion, Evidence, Question
from claims.pipeline.opening import add_preparer
from claims.rules.address import Address
from claims.rules.lifecycle import State
from claims.selectors.addresses import not_in_claim
from claims.selectors.questions import refusal_to_answer, refusal_to_ask, refusal_to_follow
from claims.services.evidencing import attach, checked
from claims.services.guarded import guarded
from claims.services.once import made_before
from claims.services.telling import tell
from claims.services.under_lock import version_under_lock
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.intake.uploads import Upload
from portal.kernel import clock
from portal.kernel.errors import BadInput
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit

LONGEST_DAYS = 366
"""A question is due within a year; a later day is a slip of the pen."""


class Asked(NamedTuple):
    """One question of several: what it is about, its words, and its form's token."""

    address: Address
    text: str
    token: UUID


class Attached(NamedTuple):
    """A file that comes with an answer, and what kind of record it is."""

    kind: Evidence.Kind
    upload: Upload


@transaction.atomic
def ask(
    *, actor: Actor, version: ClaimVersion, asked: Sequence[Asked], due_on: date
) -> list[Question]:
    """Ask the agency about a claim in review, one or several things, to be answered by one day.

    Who asks has reviewed the version: they decide nothing about it afterwards.
    """
    actor.require(Capability.REVIEW, version.claim.agency)
    for one in asked:
        _check_words(one.text, "question")
    if not asked:
        raise BadInput("text_required", "There is no question.", "Write what you ask the agency.")
    version = version_under_lock(version.pk)
    own = {"version_id": version.pk, "asked_by_id": actor.user.pk}
    before = [row for one in asked if (row := made_before(Question, one.token, **own))]
    if before:
        return before
    refusal = refusal_to_ask(version, actor)
    if refusal is not None:
        raise refusal
    _check_due(due_on, clock.today(version.claim.agency.time_zone))
    with guarded(actor):
        questions = [_ask(actor, version, one, due_on) for one in asked]
    tell("question.ask", version.claim, actor=actor, question=questions[0])
    return questions


def answer(
    *,
    actor: Actor,
    question: Question,
    text: str,
    token: UUID,
    attached: Attached | None = None,
) -> Answer:
    """Answer a question for the agency, with a file or without; the claim stands where it stood.

    Who answers has a hand in the claim's next version, and cannot certify that one.
    """
    actor.require(Capability.READ_AGENCY, question.version.claim.agency)
    _check_words(text, "answer")
    # A scanner may take its time: it is asked before anything is locked.
    file = None if attached is None else checked(attached.upload)
    with transaction.atomic():
        question = _locked(question)
        known = made_before(Answer, token, question_id=question.pk, author_id=actor.user.pk)
        if known is not None:
            return known
        refusal = refusal_to_answer(question, actor)
        if refusal is not None:
            raise refusal
        claim = question.version.claim
        if attached is not None and file is not None:
            address = Address(question.officer_id, question.category)
            attach(actor, claim, attached.kind, address, file, question=question)
        if claim.version.state in (State.DRAFT, State.READY):
            add_preparer(claim.version, actor.user)
        written = _write(actor, question, text, token, Side.AGENCY, "question.answer")
        tell("question.answer", claim, actor=actor, question=question)
    return written


@transaction.atomic
def reply(*, actor: Actor, question: Question, text: str, token: UUID) -> Answer:
    """Write to an open question for the federal side: then it waits for the agency again."""
    actor.require(Capability.REVIEW, question.version.claim.agency)
    _check_words(text, "reply")
    question = _locked(question)
    known = made_before(Answer, token, question_id=question.pk, author_id=actor.user.pk)
    if known is not None:
        return known
    refusal = refusal_to_follow(question, actor)
    if refusal is not None:
        raise refusal
    written = _write(actor, question, text, token, Side.FEDERAL, "question.reply")
    tell("question.reply", question.version.claim, actor=actor, question=question)
    return written


@transaction.atomic
def close(*, actor: Actor, question: Question) -> Question:
    """Close a question, answered or not; nothing is written to it afterwards.

    Who closes it has reviewed the version, like who asked.
    """
    actor.require(Capability.REVIEW, question.version.claim.agency)
    question = _locked(question)
    if question.closed_at is not None:
        return question
    refusal = refusal_to_follow(question, actor)
    if refusal is not None:
        raise refusal
    question.closed_by, question.closed_at = actor.user, clock.now()
    with guarded(actor):
        question.save(update_fields=["closed_by", "closed_at"])
    answered = question.answers.filter(side=Side.AGENCY).exists()
    _record(actor, question, "question.close" if answered else "question.close_unanswered")
    if not answered:
        tell("question.close_unanswered", question.version.claim, actor=actor, question=question)
    return question


def _ask(actor: Actor, version: ClaimVersion, one: Asked, due_on: date) -> Question:
    refusal = not_in_claim(version, one.address)
    if refusal is not None:
        raise refusal
    question = Question.objects.create(
        version=version,
        officer_id=one.address.officer_id,
        category=one.address.category,
        text=one.text.strip(),
        asked_by=actor.user,
        due_on=due_on,
        token=one.token,
    )
    _record(actor, question, "question.ask", note=question.text, due_on=due_on.isoformat())
    return question


def _write(
    actor: Actor, question: Question, text: str, token: UUID, side: Side, event: str
) -> Answer:
    written = Answer.objects.create(
        question=question, text=text.strip(), author=actor.user, side=side, token=token
    )
    _record(actor, question, event, note=written.text)
    return written


def _record(actor: Actor, question: Question, event: str, *, note: str = "", **facts: str) -> None:
    claim = question.version.claim
    audit.record(
        event,
        subject=claim.subject,
        thread=claim.thread,
        actor=actor,
        agency_id=claim.agency_id,
        note=note,
        version=question.version.number,
        question=question.pk,
        about=Address(question.officer_id, question.category).words(),
        **facts,
    )


def _locked(question: Question) -> Question:
    """The question as it is now, its agency and claim locked."""
    version = version_under_lock(question.version_id)
    fresh = Question.objects.select_related("asked_by").get(pk=question.pk)
    fresh.version = version
    return fresh


def _check_words(text: str, what: str) -> None:
    refuse_personal_numbers(text, what=what)
    if not text.strip():
        raise BadInput("text_required", f"The {what} is empty.", "Write in a sentence or two.")


def _check_due(due_on: date, today: date) -> None:
    if due_on <= today:
        raise BadInput(
            "not_in_the_future",
            f"{due_on:%B %-d, %Y} is not in the future.",
            "Choose a day that leaves the agency time to answer.",
        )
    last = today + timedelta(LONGEST_DAYS)
    if due_on > last:
        raise BadInput(
            "too_late",
            "A question is to be answered within a year.",
            f"Choose {last:%B %-d, %Y} or an earlier day.",
        )
