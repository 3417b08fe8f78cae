"""Who reviews a claim: taking it, giving it back, taking it over, handing it to a colleague."""

from __future__ import annotations

from django.db import transaction

from claims.models import Assignment, Claim
from claims.rules.lifecycle import STATE_LABELS, State
from claims.selectors.assignments import (
    REVIEWABLE,
    assignment_of,
    reviewers_for,
    taken_by_other,
)
from claims.services.telling import tell
from claims.services.under_lock import version_under_lock
from portal.accounts.models import User
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit


@transaction.atomic
def take(*, actor: Actor, claim: Claim) -> None:
    """Make the actor the claim's reviewer; Refused when a colleague was faster."""
    actor.require(Capability.REVIEW, claim.agency)
    locked = _reviewable(claim)
    refusal = taken_by_other(locked, actor)
    if refusal is not None:
        raise refusal
    take_if_free(actor, locked)


def take_if_free(actor: Actor, claim: Claim) -> None:
    """Make the actor the claim's reviewer unless it has one, in the transaction that locked its agency."""
    if assignment_of(claim) is None:
        _assign(actor, claim, actor.user, "take")


@transaction.atomic
def give_back(*, actor: Actor, claim: Claim) -> None:
    """Leave the claim to whoever takes it next; Refused when a colleague reviews it."""
    actor.require(Capability.REVIEW, claim.agency)
    locked = version_under_lock(claim.version_id).claim
    refusal = taken_by_other(locked, actor)
    if refusal is not None:
        raise refusal
    if end_assignment(locked):
        _record(actor, locked, "give_back")


@transaction.atomic
def take_over(*, actor: Actor, claim: Claim, note: str) -> None:
    """Make the actor the claim's reviewer in place of a colleague, who reads why."""
    actor.require(Capability.REVIEW, claim.agency)
    _pass_on(actor, _reviewable(claim), actor.user, "take_over", note)


@transaction.atomic
def hand_over(*, actor: Actor, claim: Claim, reviewer: User, note: str) -> None:
    """Make a colleague the reviewer of the actor's claim, or of one that nobody has; they read why."""
    actor.require(Capability.REVIEW, claim.agency)
    locked = _reviewable(claim)
    current = assignment_of(locked)
    if current is not None and current.reviewer_id == reviewer.pk:
        return
    refusal = taken_by_other(locked, actor)
    if refusal is not None:
        raise refusal
    _pass_on(actor, locked, reviewer, "hand_over", note)


def end_assignment(claim: Claim) -> bool:
    """Free the claim of its reviewer, in the transaction that locked its agency; whether it had one."""
    current = Assignment.objects.filter(claim=claim, ended_at=None)
    return current.update(ended_at=clock.now()) > 0


def _pass_on(actor: Actor, claim: Claim, to: User, verb: str, note: str) -> None:
    before = assignment_of(claim)
    if before is not None and before.reviewer_id == to.pk:
        return
    note = note.strip()
    refuse_personal_numbers(note, what="note")
    if not note:
        raise BadInput(
            "note_required",
            "The note is missing.",
            "Write in a sentence why somebody else reviews the claim; both of you read it.",
        )
    end_assignment(claim)
    _assign(actor, claim, to, verb, note=note, before=before)


def _assign(
    actor: Actor,
    claim: Claim,
    reviewer: User,
    verb: str,
    *,
    note: str = "",
    before: Assignment | None = None,
) -> None:
    if not reviewers_for(claim).filter(pk=reviewer.pk).exists():
        raise NotAllowed(
            "cannot_review",
            f"{reviewer.name} cannot review this claim.",
            "Its reviewer has the role and no other part in this version. Choose somebody else.",
        )
    Assignment.objects.create(claim=claim, reviewer=reviewer, assigned_by=actor.user)
    people = [reviewer] + ([before.reviewer] if before else [])
    _record(
        actor,
        claim,
        verb,
        note=note,
        reviewer=reviewer.name,
        before=before.reviewer.name if before else "nobody",
    )
    if verb != "take":
        tell(f"claim.{verb}", claim, actor=actor, people=people, note=note)


def _record(actor: Actor, claim: Claim, verb: str, *, note: str = "", **facts: str) -> None:
    audit.record(
        f"claim.{verb}",
        subject=claim.subject,
        thread=f"{claim.thread}/federal",
        actor=actor,
        agency_id=claim.agency_id,
        note=note,
        **facts,
    )


def _reviewable(claim: Claim) -> Claim:
    """The claim with its agency locked, if it stands where a reviewer can work on it."""
    version = version_under_lock(claim.version_id)
    locked = version.claim
    if version.state not in REVIEWABLE or locked.version_id != version.pk:
        raise Refused(
            "wrong_state",
            f"This claim is “{STATE_LABELS[State(version.state)]}”, so nobody has to review it now.",
            "Reload the page to see where the claim stands.",
        )
    return locked
