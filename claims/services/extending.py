"""Granting an agency a later due date."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from claims.models import Certification, Extension
from claims.pipeline.calculation import lock_agency
from claims.policies import is_claimable
from claims.rules.lifecycle import Kind, State
from claims.selectors.deadlines import deadline_of
from claims.selectors.linked import claims_of
from claims.services.once import made_before
from claims.services.telling import tell, tell_office
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput, Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.kernel.quarter import Quarter
from portal.records import audit

LONGEST_DAYS = 366
"""An extension reaches at most so far beyond the due date before it, or beyond today if that is later."""


@transaction.atomic
def grant_extension(
    *, actor: Actor, agency: Agency, quarter: Quarter, due_on: date, reason: str, token: UUID
) -> Extension:
    """Grant a later due date for an agency's claim of a quarter; sent twice, it is granted once."""
    actor.require(Capability.MANAGE_AGENCIES, agency)
    reason = reason.strip()
    if not reason:
        raise BadInput(
            "reason_required",
            "The reason is missing.",
            "Write in a sentence why the agency may take longer.",
        )
    refuse_personal_numbers(reason, what="reason")
    agency = lock_agency(agency.pk)
    granted = made_before(Extension, token, agency_id=agency.pk, quarter=quarter)
    if granted is not None:
        return granted
    refusal = obstacle(agency, quarter) or _unfit(agency, quarter, due_on)
    if refusal is not None:
        raise refusal
    extension = Extension.objects.create(
        agency=agency,
        quarter=quarter,
        due_on=due_on,
        reason=reason,
        granted_by=actor.user,
        token=token,
    )
    thread = f"claim/{agency.number}-{quarter}"
    audit.record(
        "claim.extend",
        subject=thread,
        thread=thread,
        actor=actor,
        agency_id=agency.pk,
        note=reason,
        due_on=due_on.isoformat(),
    )
    if claim := claims_of(agency, quarter).first():
        tell("claim.extend", claim, due_on=due_on.isoformat())
    else:
        tell_office("claim.extend", agency, quarter, due_on=due_on.isoformat())
    return extension


def obstacle(agency: Agency, quarter: Quarter) -> Refused | None:
    """Why no extension can be granted for the quarter now, or None when one can."""
    if not is_claimable(quarter) or clock.today(agency.time_zone) < quarter.start:
        return Refused(
            "not_claimable",
            f"{quarter} cannot be claimed, so nothing is due for it.",
            "Choose a quarter that has begun and that the program covers.",
        )
    signed = Certification.objects.filter(
        version__claim__agency=agency,
        version__claim__quarter=quarter,
        version__claim__kind=Kind.ORIGINAL,
    )
    if signed.exclude(version__state=State.WITHDRAWN).exists():
        return Refused(
            "already_certified",
            f"The claim of {quarter} was certified already, and that date stays.",
            "Nothing is to be done: a correction of it is never late.",
        )
    return None


def _unfit(agency: Agency, quarter: Quarter, due_on: date) -> Refused | None:
    present, today = deadline_of(agency, quarter).due_on, clock.today(agency.time_zone)
    if due_on <= present:
        return BadInput(
            "not_later",
            f"The claim is due on {present:%B %-d, %Y} already.",
            "Choose a later day.",
        )
    if due_on < today:
        return BadInput(
            "in_the_past",
            f"{due_on:%B %-d, %Y} has passed, so the claim would be late all the same.",
            "Choose today or a later day.",
        )
    last = max(present, today) + timedelta(LONGEST_DAYS)
    if due_on > last:
        return BadInput(
            "too_late",
            "An extension reaches no further than a year.",
            f"Choose {last:%B %-d, %Y} or an earlier day.",
        )
    return None
