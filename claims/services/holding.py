"""Putting a claim on hold, so that nobody decides on it for a while, and releasing it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from claims.models import ClaimVersion, Hold
from claims.rules.lifecycle import STATE_LABELS, State
from claims.selectors.holds import HOLDABLE, held, longest_hold, may_hold
from claims.services.once import made_before
from claims.services.telling import tell
from claims.services.under_lock import version_under_lock
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit


@transaction.atomic
def place_hold(
    *, actor: Actor, version: ClaimVersion, why: str, note: str, until_on: date, token: UUID
) -> Hold:
    """Hold a claim until the end of a day, for a reason of `Hold.Why`; a form sent twice holds once."""
    _require(actor, version)
    note = note.strip()
    refuse_personal_numbers(note, what="note")
    version = version_under_lock(version.pk)
    claim = version.claim
    placed = made_before(Hold, token, claim_id=claim.pk, placed_by_id=actor.user.pk)
    if placed is not None:
        return placed
    refusal = not_holdable(version)
    if refusal is not None:
        raise refusal
    if why not in Hold.Why or not note:
        raise BadInput(
            "reason_required",
            "The reason of the hold is missing.",
            "Choose a reason, and write in a sentence what has to happen.",
        )
    last_on = longest_hold(claim)
    if not clock.today(claim.agency.time_zone) <= until_on <= last_on:
        raise BadInput(
            "hold_too_long",
            f"A claim can be held from today until {last_on:%B %-d, %Y}.",
            "Choose an earlier day; when it has passed, the claim can be held again.",
        )
    hold = Hold.objects.create(
        claim=claim, why=why, note=note, until_on=until_on, placed_by=actor.user, token=token
    )
    _record(
        "claim.hold",
        actor,
        version,
        note,
        why=hold.get_why_display(),
        until_on=until_on.isoformat(),
    )
    tell("claim.hold", claim, actor=actor, version=version, hold=hold.pk, note=note)
    return hold


@transaction.atomic
def release_hold(*, actor: Actor, version: ClaimVersion, hold: Hold) -> Hold:
    """End a hold before its day; one that has been released stays as it is."""
    _require(actor, version)
    version = version_under_lock(version.pk)
    hold = Hold.objects.select_for_update().get(pk=hold.pk, claim=version.claim)
    if hold.released_at is None:
        hold.released_by, hold.released_at = actor.user, clock.now()
        hold.save(update_fields=["released_by", "released_at"])
        _record("claim.release", actor, version, "")
        tell("claim.release", version.claim, actor=actor, version=version, hold=hold.pk)
    return hold


def not_holdable(version: ClaimVersion) -> Refused | None:
    """Why a version cannot be put on hold now, or None when it can."""
    if version.claim.version_id != version.pk or version.state not in HOLDABLE:
        return Refused(
            "wrong_state",
            f"This version is “{STATE_LABELS[State(version.state)]}”, so there is nothing to hold.",
            "Only a claim that waits for its review or its decision can be held.",
        )
    return held(version.claim)


def _require(actor: Actor, version: ClaimVersion) -> None:
    actor.require(Capability.READ_AGENCY, version.claim.agency)
    if not may_hold(actor):
        raise NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include holding claims.",
            "Ask a reviewer or a payment approver.",
        )


def _record(action: str, actor: Actor, version: ClaimVersion, note: str, **facts: str) -> None:
    audit.record(
        action,
        subject=version.claim.subject,
        thread=version.claim.thread,
        actor=actor,
        agency_id=version.claim.agency_id,
        note=note,
        version=version.number,
        **facts,
    )
