"""An agency's own record: its name, where it is, and what others call it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from agreements.agency_names import name_key
from agreements.models import AgencyName
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput
from portal.records import audit

FACTS = ("name", "state", "county", "kind", "ori", "uei", "sworn_officers", "time_zone")


@transaction.atomic
def edit_agency(*, actor: Actor, agency: Agency, **facts: Any) -> Agency:
    """Correct facts of an agency (`FACTS`). A name it had stays one of its names.

    Its portal number never changes. What was there before goes on record.
    """
    actor.require(Capability.MANAGE_AGENCIES, agency)
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    before = {name: getattr(agency, name) for name in FACTS}
    for name in FACTS:
        setattr(agency, name, facts.get(name, before[name]))
    agency.name = agency.name.strip()
    agency.ori, agency.uei = agency.ori.upper(), agency.uei.upper()
    changed = [name for name in FACTS if getattr(agency, name) != before[name]]
    if not changed:
        return agency
    try:
        agency.full_clean()
    except ValidationError as error:
        raise BadInput("invalid_agency", " ".join(error.messages)) from error
    agency.save(update_fields=changed)
    if {"name", "state"} & set(changed) and before["state"]:
        _keep_name(agency, before["name"], before["state"])
    audit.record(
        "agency.edit",
        subject=f"agency/{agency.number}",
        actor=actor,
        agency_id=agency.pk,
        before={name: before[name] for name in changed},
        after={name: getattr(agency, name) for name in changed},
    )
    return agency


def _keep_name(agency: Agency, name: str, state: str) -> None:
    """Let lists that still use the old name find the agency."""
    AgencyName.objects.get_or_create(
        state=state,
        key=name_key(name)[:200],
        defaults={"agency": agency, "name": name, "since_on": clock.today()},
    )
