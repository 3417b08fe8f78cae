"""Loading a made-up nation in bulk, past the services: a thousand agencies in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.db import transaction

from agreements.agency_names import name_key
from agreements.models import (
    ActivePeriod,
    AgencyName,
    Agreement,
    ListImport,
    Officer,
    RosterEntry,
)
from agreements.nation import Nation
from portal.accounts.models import Agency
from portal.accounts.services import next_numbers
from portal.kernel.states import TIME_ZONES
from portal.records import audit

_AT_ONCE = 2000
_MADE = "nation.make"


def is_mixed_with() -> str:
    """What is in the database that a made-up nation should not stand beside; empty for nothing."""
    if audit.subjects_of(_MADE):
        return "There is a made-up nation in this database already."
    if ListImport.objects.exists():
        return "One of ICE's lists was imported into this database."
    return ""


@transaction.atomic
def load_nation(nation: Nation, progress: Callable[[str], None]) -> dict[str, int]:
    """Store the nation; how many rows of each kind that made.

    Nothing is announced: a new agency has no claim that could change. One audit event stands for all.
    """
    progress("Agencies")
    agencies = _agencies(nation)
    progress("Agreements")
    agreements, periods = _agreements(nation, agencies)
    progress("Officers")
    officers, entries = _officers(nation, agencies)
    made: dict[str, Any] = {
        "agencies": len(agencies),
        "agreements": agreements,
        "active_periods": periods,
        "officers": officers,
        "roster_entries": entries,
    }
    audit.record(_MADE, subject="nation", **made)
    return made


def _agencies(nation: Nation) -> list[Agency]:
    numbers = next_numbers(len(nation.agencies))
    agencies = Agency.objects.bulk_create(
        [
            Agency(
                number=number,
                name=made.name,
                state=made.state,
                county=made.county,
                kind=made.kind,
                ori=made.ori,
                sworn_officers=made.sworn_officers,
                time_zone=TIME_ZONES[made.state],
            )
            for number, (made, _) in zip(numbers, nation.agencies, strict=True)
        ],
        batch_size=_AT_ONCE,
    )
    # In a database that is not empty another agency may have the name; it keeps it.
    AgencyName.objects.bulk_create(
        [
            AgencyName(
                agency=agency,
                name=made.other_name,
                state=made.state,
                key=name_key(made.other_name),
            )
            for agency, (made, _) in zip(agencies, nation.agencies, strict=True)
            if made.other_name
        ],
        ignore_conflicts=True,
    )
    return agencies


def _agreements(nation: Nation, agencies: list[Agency]) -> tuple[int, int]:
    pairs = [
        (
            made,
            Agreement(
                agency=agency, model=made.model, status=made.status, signed_on=made.signed_on
            ),
        )
        for agency, (of, _) in zip(agencies, nation.agencies, strict=True)
        for made in of.agreements
    ]
    Agreement.objects.bulk_create([agreement for _, agreement in pairs], batch_size=_AT_ONCE)
    periods = [
        ActivePeriod(
            agreement=agreement,
            agency_id=agreement.agency_id,
            model=made.model,
            **period._asdict(),
        )
        for made, agreement in pairs
        for period in made.periods
    ]
    ActivePeriod.objects.bulk_create(periods, batch_size=_AT_ONCE)
    return len(pairs), len(periods)


def _officers(nation: Nation, agencies: list[Agency]) -> tuple[int, int]:
    pairs = [
        (
            made,
            Officer(
                agency=agency,
                payroll_id=made.payroll_id,
                last_name=made.last_name,
                first_name=made.first_name,
                title=made.title,
            ),
        )
        for agency, (_, officers) in zip(agencies, nation.agencies, strict=True)
        for made in officers
    ]
    Officer.objects.bulk_create([officer for _, officer in pairs], batch_size=_AT_ONCE)
    entries = [
        RosterEntry(officer=officer, **asdict(entry))
        for made, officer in pairs
        for entry in made.entries
    ]
    RosterEntry.objects.bulk_create(entries, batch_size=_AT_ONCE)
    return len(pairs), len(entries)
