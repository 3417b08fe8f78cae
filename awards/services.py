"""Reporting the two counts of an agency and quarter."""

from __future__ import annotations

from django.db import transaction

from awards.models import PerformanceMeasure
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import announce
from portal.kernel.errors import BadInput
from portal.kernel.quarter import Quarter
from portal.records import audit

LARGEST_COUNT = 1_000_000


@transaction.atomic
def report_counts(
    *, actor: Actor, agency: Agency, quarter: Quarter, referred: int, located: int
) -> PerformanceMeasure:
    """Report an agency's counts of a quarter; a later report replaces an earlier one, both are kept."""
    actor.require(Capability.REPORT_COUNTS, agency)
    if not (0 <= referred <= LARGEST_COUNT and 0 <= located <= LARGEST_COUNT):
        raise BadInput(
            "count_out_of_range", f"Counts are whole numbers from 0 to {LARGEST_COUNT:,}."
        )
    if located > referred:
        raise BadInput(
            "located_exceeds_referred",
            f"{located} located is more than {referred} referred.",
            "Nobody can be located who was not referred. Check the two numbers.",
        )
    measure = PerformanceMeasure.objects.create(
        agency=agency, quarter=quarter, referred=referred, located=located, reported_by=actor.user
    )
    audit.record(
        "counts.report",
        subject=f"counts/{agency.number}-{quarter}",
        thread=f"claim/{agency.number}-{quarter}",
        actor=actor,
        agency_id=agency.pk,
        referred=referred,
        located=located,
    )
    announce("agency.facts_changed", agency.pk)
    return measure
