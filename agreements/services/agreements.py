"""Agreements of an agency: adding a period in which one is active, and ending it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agreements.models import ActivePeriod, Agreement
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import announce
from portal.kernel.errors import BadInput, Refused
from portal.records import audit

ENDED_BY = frozenset({ActivePeriod.Ending.TERMINATED, ActivePeriod.Ending.SUPERSEDED})
"""Endings after which the agreement itself is over; a later one is another agreement."""


@transaction.atomic
def add_agreement(
    *, actor: Actor, agency: Agency, model: str, active_from: date, active_to: date | None = None
) -> ActivePeriod:
    """Record that the agency's agreement of `model` is active on these days.

    The first period signs the agreement; a later one reinstates it.
    """
    actor.require(Capability.MANAGE_AGENCIES, agency)
    if agency.merged_into_id:
        raise Refused(
            "agency_merged",
            f"{agency.number} is part of another record.",
            "Record the agreement there.",
        )
    agreement = Agreement.objects.filter(agency=agency, model=model).exclude(
        status=Agreement.Status.ENDED
    ).first() or Agreement(agency=agency, model=model, signed_on=active_from)
    agreement.status = Agreement.Status.SIGNED
    period = ActivePeriod(agency=agency, model=model, active_from=active_from, active_to=active_to)
    _check(period)
    agreement.save()
    period.agreement = agreement
    _save(period)
    _record("agreement.add", period, actor)
    return period


@transaction.atomic
def end_period(
    *, actor: Actor, period: ActivePeriod, active_to: date, note: str, because: str = ""
) -> ActivePeriod:
    """Set the last active day: an end or a suspension. A reinstatement is a new period.

    `because` is one of `ActivePeriod.Ending`. An agreement that was terminated or replaced is ended;
    one that was suspended stays signed.
    """
    actor.require(Capability.MANAGE_AGENCIES, period.agency)
    period = ActivePeriod.objects.select_for_update().get(pk=period.pk)
    before = period.active_to
    period.active_to = active_to
    period.ended_because = because
    _check(period)
    _save(period)
    if because in ENDED_BY and period.agreement.status != Agreement.Status.ENDED:
        period.agreement.status = Agreement.Status.ENDED
        period.agreement.save(update_fields=["status"])
    _record("agreement.end", period, actor, note=note, before=before, because=because)
    return period


def _check(period: ActivePeriod) -> None:
    try:
        period.clean_fields(exclude=["agreement"])
    except ValidationError as error:
        raise BadInput("invalid_agreement", "; ".join(error.messages)) from error
    if period.active_to is not None and period.active_to < period.active_from:
        raise BadInput(
            "ends_before_start",
            f"The last active day ({period.active_to}) is before the first ({period.active_from}).",
            "Check the two dates.",
        )


def _save(period: ActivePeriod) -> None:
    try:
        with transaction.atomic():
            period.save()
    except IntegrityError as error:
        raise Refused(
            "agreement_overlap",
            f"The agency already has an active {period.model} agreement on some of these days.",
            "End the earlier one first, or choose other dates.",
        ) from error


def _record(action: str, period: ActivePeriod, actor: Actor, note: str = "", **facts: Any) -> None:
    audit.record(
        action,
        subject=f"agency/{period.agency.number}",
        actor=actor,
        agency_id=period.agency_id,
        note=note,
        model=period.model,
        active_from=period.active_from,
        active_to=period.active_to,
        **facts,
    )
    announce("agency.facts_changed", period.agency_id)
