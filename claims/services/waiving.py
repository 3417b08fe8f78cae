"""Lifting a requirement for a claim or a line of it, for a while, and taking that back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from claims.models import Claim, ClaimVersion, Waiver
from claims.rules.address import Address
from claims.rules.lifecycle import SETTLED, STATE_LABELS, Part, State
from claims.selectors.addresses import not_in_claim
from claims.selectors.parts import has_another_part
from claims.services.guarded import guarded
from claims.services.once import made_before
from claims.services.under_lock import version_under_lock
from portal.accounts.fresh import not_fresh
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit


def not_waivable(version: ClaimVersion, actor: Actor) -> Refused | None:
    """Why `actor` may not waive anything for the claim now, or None when they may."""
    if not actor.can(Capability.APPROVE) or actor.key is not None:
        return NotAllowed(
            "not_allowed",
            "Only a payment approver waives a requirement.",
            "Ask one of them, with a note that says why.",
        )
    if version.state in SETTLED:
        return Refused(
            "wrong_state",
            f"This claim is “{STATE_LABELS[State(version.state)]}”; a waiver changes nothing any more.",
            "Nothing is left to do.",
        )
    if has_another_part(actor, version, Part.APPROVER):
        return NotAllowed(
            "own_work",
            "You have another part in this claim, so somebody else waives its requirements.",
            "Nobody eases their own work. Ask another payment approver.",
        )
    return None


@transaction.atomic
def grant_waiver(
    *,
    actor: Actor,
    claim: Claim,
    rule: str,
    officer_id: str,
    category: str,
    reason: str,
    expires_on: date,
    token: UUID,
) -> Waiver:
    """Lift a requirement until a day: for a line, all lines of an officer, or the claim as a whole."""
    actor.require(Capability.APPROVE, claim.agency)
    reason = _words(reason)
    version = version_under_lock(claim.version_id)
    made = made_before(Waiver, token, claim_id=claim.pk, granted_by_id=actor.user.pk)
    if made is not None:
        return made
    if (refusal := not_waivable(version, actor) or not_fresh(actor)) is not None:
        raise refusal
    _check(version, rule, Address(officer_id, category), expires_on)
    with guarded(actor):
        made = Waiver.objects.create(
            claim=claim,
            rule=rule,
            officer_id=officer_id,
            category=category,
            reason=reason,
            granted_by=actor.user,
            expires_on=expires_on,
            token=token,
        )
    _tell("claim.waive", made, version, actor, reason)
    return made


@transaction.atomic
def revoke_waiver(*, actor: Actor, waiver: Waiver, note: str) -> Waiver:
    """End a waiver before its day; one that was revoked stays as it is."""
    actor.require(Capability.APPROVE, waiver.claim.agency)
    note = _words(note)
    claim = Claim.objects.get(pk=waiver.claim_id)
    version = version_under_lock(claim.version_id)
    waiver = Waiver.objects.get(pk=waiver.pk)
    if waiver.revoked_at is not None:
        return waiver
    if (refusal := not_waivable(version, actor) or not_fresh(actor)) is not None:
        raise refusal
    waiver.revoked_by = actor.user
    waiver.revoked_at = clock.now()
    with guarded(actor):
        waiver.save(update_fields=["revoked_by", "revoked_at"])
    _tell("claim.waive_end", waiver, version, actor, note)
    return waiver


def _check(version: ClaimVersion, rule: str, address: Address, expires_on: date) -> None:
    if rule not in Waiver.Rule.values:
        raise BadInput(
            "rule_required", "The requirement is missing.", "Choose one of those in the list."
        )
    if (nowhere := not_in_claim(version, address)) is not None:
        raise nowhere
    if expires_on < clock.today(version.claim.agency.time_zone):
        raise BadInput(
            "expired", "This day is over.", "Choose the last day on which the waiver is good."
        )


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise BadInput(
            "reason_required",
            "The reason is missing.",
            "Write in a sentence why; it is printed in the packet.",
        )
    refuse_personal_numbers(text, what="reason")
    return text


def _tell(event: str, waiver: Waiver, version: ClaimVersion, actor: Actor, note: str) -> None:
    audit.record(
        event,
        subject=version.claim.subject,
        thread=version.claim.thread,
        actor=actor,
        agency_id=version.claim.agency_id,
        note=note,
        version=version.number,
        rule=Waiver.Rule(waiver.rule).label,
        scope=Address(waiver.officer_id, waiver.category).words(),
        until=waiver.expires_on.isoformat(),
    )
