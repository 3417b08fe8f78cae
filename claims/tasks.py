"""The claims' kinds of job: an id in, its stages called in order. Each may run twice without harm."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from celery.signals import worker_init

from claims.models import PayrollBatch
from claims.pipeline import calculation, intake
from portal.jobs.registry import job
from portal.jobs.running import Progress

FACTS_CHANGED = "agency.facts_changed"
"""Announced by agreements and awards when what an agency's claims depend on is no longer the same."""

READ_PAYROLL = "claims.read_payroll"
RECALCULATE = "claims.recalculate"
RENDER_PACKET = "claims.render_packet"


@job(READ_PAYROLL, gave_up=intake.gave_up)
def read_payroll(batch_id: str, progress: Progress) -> None:
    """Read a payroll file; if it is accepted, bring the agency's claims up to date."""
    intake.read(batch_id, progress)
    batch = PayrollBatch.objects.get(pk=batch_id)
    if batch.state == PayrollBatch.State.ACCEPTED:
        progress.step("Calculating")
        calculation.recalculate(batch.agency_id)


@job(RECALCULATE, follows=[FACTS_CHANGED])
def recalculate(agency_id: str, progress: Progress) -> None:
    """Bring an agency's open claims up to date."""
    progress.step("Calculating")
    calculation.recalculate(int(agency_id))


def _packet_given_up(packet_id: str, reason: str) -> None:
    _packets().gave_up(packet_id, reason)


@job(RENDER_PACKET, gave_up=_packet_given_up)
def render_packet(packet_id: str, progress: Progress) -> None:
    """Render one edition of a claim's packet."""
    _packets().render(packet_id, progress)


@worker_init.connect
def _packets(**_: Any) -> ModuleType:
    """The room that makes PDFs. Its library takes a second to load: workers do so before they fork."""
    from claims.pipeline import packet

    return packet
