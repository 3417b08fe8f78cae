"""The claims' kinds of job: an id in, its stages called in order. Each may run twice without harm."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

from celery.signals import worker_init
from django.db import transaction
from django.db.models.functions import Now

from awards.models import CountsDispute
from claims.models import ClaimVersion, Packet, PayrollBatch
from claims.pipeline import archive, calculation, intake, notices, supplements, telling
from claims.selectors.decisions import grants_of
from portal.accounts.models import Agency
from portal.jobs.models import Job
from portal.jobs.queue import enqueue
from portal.jobs.registry import job
from portal.jobs.running import Progress

FACTS_CHANGED = "agency.facts_changed"
"""Announced by agreements and awards when what an agency's claims depend on is no longer the same."""

DISPUTE_ANSWERED = "counts.dispute_answered"
"""Announced by awards when the program office has answered a dispute: counts were kept or replaced."""

READ_PAYROLL = "claims.read_payroll"
RECALCULATE = "claims.recalculate"
RENDER_PACKET = "claims.render_packet"
BUILD_ARCHIVE = "claims.build_archive"
SEND_NOTICES = "claims.send_notices"
TELL_OF_DISPUTE = "claims.tell_of_dispute"

FIRST_TRY = 0
LAST_TRY = 6
"""After so many rounds without a mail server the next handover or the day's chore sends what is left."""
NEXT_ROUND = timedelta(minutes=10)
"""How long a mail server that is away is left alone; each time twice as long."""


@job(READ_PAYROLL, gave_up=intake.gave_up)
def read_payroll(batch_id: str, progress: Progress) -> None:
    """Read a payroll file; if it is accepted, bring the agency's claims up to date."""
    intake.read(batch_id, progress)
    batch = PayrollBatch.objects.get(pk=batch_id)
    if batch.state == PayrollBatch.State.ACCEPTED:
        _follow_up(batch.agency_id, progress)


@job(RECALCULATE, follows=[FACTS_CHANGED])
def recalculate(agency_id: str, progress: Progress) -> None:
    """Bring an agency's open claims up to date."""
    _follow_up(int(agency_id), progress)


def _follow_up(agency_id: int, progress: Progress) -> None:
    """What follows from other facts: open claims are calculated anew, decided ones may be supplemented."""
    progress.step("Calculating")
    calculation.recalculate(agency_id)
    with transaction.atomic():
        supplements.write(Agency.objects.filter(pk=agency_id))
        # A claim that fell back to draft has also written some.
        if notices.wait_for(agency_id):
            enqueue(SEND_NOTICES, FIRST_TRY)


def _mail_server_away(round_: str, reason: str) -> None:
    if int(round_) < LAST_TRY:
        later = enqueue(SEND_NOTICES, int(round_) + 1, rings=False)
        Job.objects.filter(pk=later.pk).update(due_at=Now() + NEXT_ROUND * 2 ** int(round_))


@job(SEND_NOTICES, gave_up=_mail_server_away)
def send_notices(round_: str, progress: Progress) -> None:
    """Send the mails that wait; what is more than one job sends goes to the next."""
    if notices.send():
        enqueue(SEND_NOTICES, FIRST_TRY)


@job(BUILD_ARCHIVE, gave_up=archive.gave_up, is_patient=True)
def build_archive(archive_id: str, progress: Progress) -> None:
    """Make an archive that an auditor asked for."""
    archive.build(archive_id, progress)


@job(TELL_OF_DISPUTE, follows=[DISPUTE_ANSWERED])
def tell_of_dispute(dispute_id: str, progress: Progress) -> None:
    """Tell an agency that its dispute of counts was answered."""
    measure = CountsDispute.objects.select_related("measure__agency").get(pk=dispute_id).measure
    matter = telling.Matter(measure.agency, measure.quarter)
    if telling.write("counts.answer_dispute", matter, {"dispute": dispute_id}):
        enqueue(SEND_NOTICES, FIRST_TRY)


def request_packet(version: ClaimVersion, edition: Packet.Edition) -> None:
    """Have the packet of an edition made; each ruling on appeal that gives back asks for another one."""
    packet, is_new = Packet.objects.get_or_create(
        version=version, edition=edition, appeals=grants_of(version)
    )
    if is_new:
        packet.job = enqueue(RENDER_PACKET, packet.pk)
        packet.save(update_fields=["job"])


def _packet_given_up(packet_id: str, reason: str) -> None:
    _packets().gave_up(packet_id, reason)


@job(RENDER_PACKET, gave_up=_packet_given_up, is_patient=True)
def render_packet(packet_id: str, progress: Progress) -> None:
    """Make the files of one edition of a claim's packet; what is not done in one turn is another job."""
    if _packets().render(packet_id, progress):
        with transaction.atomic():
            progress.hold()
            rest = enqueue(RENDER_PACKET, packet_id)
            Packet.objects.filter(pk=packet_id).update(job=rest)
            # Killed after this, the turn must not be taken up again: it would queue another rest.
            progress.finish()


@worker_init.connect
def _packets(**_: Any) -> ModuleType:
    """The room that makes PDFs. Its library takes a second to load: workers do so before they fork."""
    from claims.pipeline import packet

    return packet
