"""Reading the questions that were asked about a claim, and each side's own notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from claims.models import Answer, Claim, ClaimVersion, Evidence, Note, Question
from claims.rules.address import Address
from claims.rules.lifecycle import SETTLED, STATE_LABELS, Part, State
from claims.selectors.addresses import officers_named
from claims.selectors.assignments import taken_by_other
from claims.selectors.claims import claim_for
from claims.selectors.parts import has_another_part
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, Refused

OVER = SETTLED | {State.WITHDRAWN}
"""Where a claim stands when nothing more is said to its questions."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with what was written to it, as one reads it; `position` is its officer's place."""

    question: Question
    about: str
    position: int | None
    last_side: str
    is_overdue: bool

    @property
    def state(self) -> str:
        """In words: whose turn it is, or how it ended."""
        if self.question.closed_at is not None:
            return "Closed" if self.was_answered else "Closed without an answer"
        if self.waits_for_agency:
            return "Overdue" if self.is_overdue else "Waiting for the agency"
        return "Answered"

    @property
    def link(self) -> str:
        """Where it stands on its claim's page."""
        return f"#question-{self.question.pk}"

    @property
    def tone(self) -> str:
        """The color of its state."""
        if self.question.closed_at is not None:
            return "neutral"
        if not self.waits_for_agency:
            return "info"
        return "error" if self.is_overdue else "warning"

    @property
    def waits_for_agency(self) -> bool:
        """Whether it is open and the agency has not written last."""
        return self.question.closed_at is None and self.last_side != Side.AGENCY

    @property
    def was_answered(self) -> bool:
        """Whether the agency ever wrote to it."""
        return any(answer.side == Side.AGENCY for answer in self.question.answers.all())


def open_questions(version: ClaimVersion) -> QuerySet[Question]:
    """The questions of a version that its reviewer has not closed."""
    return Question.objects.filter(version=version, closed_at=None)


def questions_open(version: ClaimVersion) -> Refused | None:
    """Why a version cannot be recommended: its reviewer has open questions."""
    count = open_questions(version).count()
    if not count:
        return None
    return Refused(
        "questions_open",
        f"{count} question{'s are' if count > 1 else ' is'} still open.",
        "Read the answers and close the questions, or close them without an answer.",
    )


def questions_to_answer(agency: Agency | None = None) -> QuerySet[Any]:
    """The questions that wait for their agency, replied to or not; of one agency, or of all.

    Those about an earlier version of a claim wait too, until the claim is decided or withdrawn.
    """
    rows = _waiting().filter(Q(last_side=None) | ~Q(last_side=Side.AGENCY))
    return rows if agency is None else rows.filter(version__claim__agency=agency)


def questions_answered() -> QuerySet[Any]:
    """The questions that have been answered and wait for whoever asked, with `answered_at`."""
    return _waiting().filter(last_side=Side.AGENCY)


def questions_of(claim: Claim) -> QuerySet[Question]:
    """What was asked about a claim in any of its versions, with answers and their files."""
    sent = Evidence.objects.select_related("document").filter(taken_back_at=None)
    return (
        Question.objects.filter(version__claim=claim)
        .select_related("version__claim__version", "asked_by", "closed_by")
        .prefetch_related(
            Prefetch("answers", Answer.objects.select_related("author")),
            Prefetch("evidence", sent),
        )
    )


def question_for(actor: Actor, number: str, pk: int) -> Question:
    """One question of a claim; NotFound for strangers."""
    return found(questions_of(claim_for(actor, number)), "question", pk=pk)


def questions_about(version: ClaimVersion, officer_id: str) -> list[Thread]:
    """What was asked about one officer, the lines together; in any version up to this one."""
    asked = questions_of(version.claim).filter(officer_id=officer_id)
    return threads(version, asked.filter(version__number__lte=version.number))


def threads(version: ClaimVersion, questions: Iterable[Question]) -> list[Thread]:
    """Questions as they stand today: those that wait for the agency first, the closed ones last."""
    asked = list(questions)
    officers = officers_named(version, (question.officer_id for question in asked))
    today = clock.today(version.claim.agency.time_zone)
    told = []
    for question in asked:
        officer = officers.get(question.officer_id)
        about = Address(question.officer_id, question.category)
        answers = list(question.answers.all())
        told.append(
            Thread(
                question=question,
                about=about.words(officer.name if officer else ""),
                position=officer.position if officer else None,
                last_side=answers[-1].side if answers else Side.FEDERAL,
                is_overdue=question.closed_at is None and question.due_on < today,
            )
        )
    return sorted(
        told,
        key=lambda one: (
            one.question.closed_at is not None,
            not one.waits_for_agency,
            one.question.due_on,
            one.question.pk,
        ),
    )


def refusal_to_ask(version: ClaimVersion, actor: Actor) -> Refused | None:
    """Why the actor cannot ask the agency about this version now, or None when they can."""
    if version.claim.version_id != version.pk or version.state != State.IN_REVIEW:
        return Refused(
            "wrong_state",
            f"This version is “{STATE_LABELS[State(version.state)]}”, so nobody can ask about it.",
            "Start the review first. Questions are asked while a claim is in review.",
        )
    return _not_the_reviewer(version, actor)


def refusal_to_follow(question: Question, actor: Actor) -> Refused | None:
    """Why the actor cannot reply to a question or close it now, or None when they can."""
    return _over(question) or _not_the_reviewer(question.version, actor)


def refusal_to_answer(question: Question, actor: Actor) -> Refused | None:
    """Why the actor cannot answer a question for the agency now, or None when they can."""
    if not (actor.can(Capability.PREPARE) or actor.can(Capability.CERTIFY)):
        return NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include answering questions.",
            "Ask a preparer or certifier of the agency to answer.",
        )
    return _over(question)


def notes_of(actor: Actor, version: ClaimVersion) -> QuerySet[Note]:
    """What the actor's own side has written to itself about a claim; the other side's is not there."""
    rows = actor.scope(Note.objects.all(), "version__claim__agency")
    return rows.filter(version__claim=version.claim_id, side=actor.side).select_related(
        "author", "version"
    )


def may_note(actor: Actor) -> bool:
    """Whether the actor works on claims, and so may write notes; others of their side read them."""
    work = (Capability.PREPARE, Capability.CERTIFY, Capability.REVIEW, Capability.APPROVE)
    return actor.key is None and any(actor.can(capability) for capability in work)


def _waiting() -> QuerySet[Any]:
    """The questions to which something can still be said; `refusal_to_answer` says the same of one."""
    answers = Answer.objects.filter(question=OuterRef("pk")).order_by("-id")
    return (
        Question.objects.filter(closed_at=None)
        .exclude(version__claim__version__state__in=OVER)
        .select_related("version__claim__agency")
        .annotate(
            last_side=Subquery(answers.values("side")[:1]),
            answered_at=Subquery(answers.values("written_at")[:1]),
        )
    )


def _over(question: Question) -> Refused | None:
    if question.closed_at is not None:
        return Refused(
            "question_closed",
            "This question is closed.",
            "Nothing more is to be said to it. The reviewer asks anew if something is missing.",
        )
    state = State(question.version.claim.version.state)
    if state in OVER:
        return Refused(
            "wrong_state",
            f"The claim is “{STATE_LABELS[state]}”, so its questions need no answer any more.",
            "Reload the page to see where the claim stands.",
        )
    return None


def _not_the_reviewer(version: ClaimVersion, actor: Actor) -> Refused | None:
    if not actor.can(Capability.REVIEW):
        return NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include asking the agency.",
            "Ask the claim's reviewer to do it.",
        )
    if has_another_part(actor, version, Part.REVIEWER):
        return NotAllowed(
            "own_work",
            "You have another part in this version, so somebody else reviews it.",
            "Nobody signs off their own work. Ask a colleague with the role.",
        )
    return taken_by_other(version.claim, actor)
