"""Agreements of an agency: adding a stretch of active days, and ending one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from agreements.models import Agreement
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import announce
from portal.kernel.errors import BadInput, Refused
from portal.records import audit


@transaction.atomic
def add_agreement(
    *, actor: Actor, agency: Agency, model: str, active_from: date, active_to: date | None = None
) -> Agreement:
    """Record that the agency's agreement of `model` is active on these days."""
    actor.require(Capability.MANAGE_AGENCIES, agency)
    agreement = Agreement(agency=agency, model=model, active_from=active_from, active_to=active_to)
    _check(agreement)
    _save(agreement)
    _record("agreement.add", agreement, actor)
    return agreement


@transaction.atomic
def end_agreement(*, actor: Actor, agreement: Agreement, active_to: date, note: str) -> Agreement:
    """Set the last active day: an end or a suspension. A reinstatement is a new stretch."""
    actor.require(Capability.MANAGE_AGENCIES, agreement.agency)
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    before = agreement.active_to
    agreement.active_to = active_to
    _check(agreement)
    _save(agreement)
    _record("agreement.end", agreement, actor, note=note, before=before)
    return agreement


def _check(agreement: Agreement) -> None:
    try:
        agreement.clean_fields()
    except ValidationError as error:
        raise BadInput("invalid_agreement", "; ".join(error.messages)) from error
    if agreement.active_to is not None and agreement.active_to < agreement.active_from:
        raise BadInput(
            "ends_before_start",
            f"The last active day ({agreement.active_to}) is before the first ({agreement.active_from}).",
            "Check the two dates.",
        )


def _save(agreement: Agreement) -> None:
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        raise Refused(
            "agreement_overlap",
            f"The agency already has an active {agreement.model} agreement on some of these days.",
            "End the earlier one first, or choose other dates.",
        ) from error


def _record(action: str, agreement: Agreement, actor: Actor, note: str = "", **facts: Any) -> None:
    audit.record(
        action,
        subject=f"agency/{agreement.agency.number}",
        actor=actor,
        agency_id=agreement.agency_id,
        note=note,
        model=agreement.model,
        active_from=agreement.active_from,
        active_to=agreement.active_to,
        **facts,
    )
    announce("agency.facts_changed", agreement.agency_id)
