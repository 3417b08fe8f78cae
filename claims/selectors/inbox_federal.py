"""What waits for the people of the federal side: reviews, decisions, appeals, counts, agencies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from agreements.selectors import agencies_for
from awards.selectors import measures_to_confirm, open_disputes
from claims.models import Assignment, ClaimVersion
from claims.rules.lifecycle import State
from claims.selectors.agencies import takes_part
from claims.selectors.appeals import appeals_to_decide, appeals_to_propose
from claims.selectors.assignments import REVIEWABLE
from claims.selectors.claims import in_queue
from claims.selectors.decisions import to_decide
from claims.selectors.inbox import Pile, Waiting, about, pile_of
from claims.selectors.questions import questions_answered, questions_to_answer
from portal.accounts.models import Agency, Membership
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Role
from portal.kernel import clock
from portal.kernel.quarter import Quarter


def piles_of_federal(actor: Actor) -> Iterator[Pile]:
    """The federal side's piles that belong to the actor's roles, their own work first."""
    if actor.can(Capability.REVIEW):
        yield from _reviewer(actor)
    if actor.can(Capability.APPROVE):
        yield from _approver(actor)
    if actor.can(Capability.REPORT_COUNTS):
        yield from _counts(actor)
    if actor.can(Capability.MANAGE_AGENCIES):
        yield from pile_of(
            "Agencies without a certifier",
            without_certifier(actor),
            lambda agency: Waiting(
                "Ask its administrator to name a certifier: its claims cannot be signed",
                agency.name,
                None,
                None,
                "agreements:agency",
                (agency.number,),
            ),
        )


def without_certifier(actor: Actor) -> QuerySet[Agency]:
    """The agencies that take part today and have nobody who could sign a claim."""
    certifiers = Membership.objects.filter(
        agency=OuterRef("pk"), role=Role.CERTIFIER, ended_at=None, user__is_active=True
    )
    taking_part = agencies_for(actor).filter(takes_part(Quarter.of(clock.today())))
    return taking_part.filter(~Exists(certifiers), merged_into=None).order_by("name")


def _reviewer(actor: Actor) -> Iterator[Pile]:
    mine = Assignment.objects.filter(claim=OuterRef("claim"), ended_at=None)
    under_review = in_queue(actor, *REVIEWABLE)
    asked = questions_answered().filter(asked_by=actor.user)
    yield from pile_of("Questions answered", asked.order_by("answered_at"), _answered)
    overdue = questions_to_answer().filter(asked_by=actor.user, due_on__lt=clock.today())
    yield from pile_of("Answers overdue", overdue.order_by("due_on"), _overdue)
    yield from pile_of(
        "Claims you review",
        under_review.filter(Exists(mine.filter(reviewer=actor.user))),
        lambda version: _claim("Go on with the review", version),
        "claims:list",
    )
    yield from pile_of(
        "Appeals to look at",
        appeals_to_propose(actor),
        lambda version: _appeal("Propose what to grant", version),
    )
    yield from pile_of(
        "Claims nobody reviews yet",
        in_queue(actor, State.SUBMITTED).filter(~Exists(mine)),
        lambda version: _claim("Take the claim and review it", version),
        "claims:list",
    )


def _approver(actor: Actor) -> Iterator[Pile]:
    yield from pile_of(
        "Claims to decide",
        in_queue(actor, State.RECOMMENDED).filter(to_decide(actor)),
        lambda version: _claim("Decide on the recommendation", version),
        "claims:list",
    )
    yield from pile_of(
        "Appeals to decide",
        appeals_to_decide(actor),
        lambda version: _appeal("Decide on the appeal", version),
    )


def _counts(actor: Actor) -> Iterator[Pile]:
    waiting = measures_to_confirm(actor).exclude(reported_by=actor.user).order_by("reported_at")
    yield from pile_of(
        "Counts to confirm",
        waiting,
        lambda measure: Waiting(
            "Confirm or reject the counts",
            f"{measure.agency.name}, {measure.quarter}",
            measure.reported_at,
            None,
            "awards:confirm",
            (measure.pk,),
        ),
        "awards:waiting",
    )
    yield from pile_of(
        "Counts disputed",
        open_disputes(actor),
        lambda dispute: Waiting(
            "Answer the dispute",
            f"{dispute.measure.agency.name}, {dispute.measure.quarter}",
            dispute.filed_at,
            None,
            "awards:dispute",
            (dispute.pk,),
        ),
        "awards:disputes",
    )


def _claim(what: str, version: ClaimVersion) -> Waiting:
    return Waiting(
        what,
        about(version, named=True),
        version.changed_at,
        None,
        "claims:claim",
        (version.claim.number,),
    )


def _answered(question: Any) -> Waiting:
    version = question.version
    return Waiting(
        "Read the answer and close the question",
        about(version, named=True),
        question.answered_at,
        None,
        "claims:question",
        (version.claim.number, version.number, question.pk),
    )


def _overdue(question: Any) -> Waiting:
    version = question.version
    day_after = question.due_on + timedelta(days=1)
    return Waiting(
        "Ask again, or close the question without an answer",
        about(version, named=True),
        datetime.combine(day_after, time.min, UTC),
        question.due_on,
        "claims:question",
        (version.claim.number, version.number, question.pk),
    )


def _appeal(what: str, version: Any) -> Waiting:
    return Waiting(
        what,
        about(version, named=True),
        version.waits_since,
        None,
        "claims:version",
        (version.claim.number, version.number),
    )
