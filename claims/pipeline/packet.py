"""Load what was stored and signed, render it, keep the PDF. Live tables are not asked."""

from __future__ import annotations

import json

from django.db import transaction

from claims.models import Calculation, ClaimVersion, Packet
from claims.packets import document, pdf
from claims.packets.enclosures import enclosures
from claims.packets.facts import PacketFacts, StoredCalculation
from claims.packets.signed import NotWhatWasSigned
from claims.pipeline.calculation import hash_of, stored_details
from claims.pipeline.packet_snapshot import snapshot_of
from claims.rules.record import read_input, read_result
from portal.jobs.running import Progress
from portal.records import audit, storage
from portal.records.models import Document


def render(packet_id: str, progress: Progress) -> None:
    """Make the PDF of one packet and keep it; one that is there stays as it is."""
    packet = Packet.objects.select_related(
        "version__claim__agency",
        "version__claim__follows",
        "version__calculation",
        "version__certification",
    ).get(pk=packet_id)
    if packet.document_id is not None:
        return
    progress.step("Reading the stored calculation")
    facts = load(packet)
    progress.step("Setting the pages")
    content = pdf.write(
        document.html(facts),
        enclosures(facts),
        facts.closed_at,
        f"{packet.version.claim.number}/{packet.version.number}/{packet.edition}/{facts.calculation.sha256}",
    )
    progress.step("Storing the packet")
    _keep(packet, content, progress)


def gave_up(packet_id: str, reason: str) -> None:
    """Say why a packet could not be made, so that it can be asked for again."""
    Packet.objects.filter(pk=packet_id, document=None).update(reason=reason[:500])


def load(packet: Packet) -> PacketFacts:
    """The facts of a packet's edition; NotWhatWasSigned when others were certified."""
    calculation = _stored(packet.version)
    return PacketFacts(snapshot_of(packet, calculation.claim), calculation)


def _keep(packet: Packet, content: bytes, progress: Progress) -> None:
    version, claim = packet.version, packet.version.claim
    name = f"{claim.number}-v{version.number}-{packet.edition}.pdf"
    with transaction.atomic():
        progress.hold()
        kept = storage.keep(
            [content],
            kind=Document.Kind.PACKET,
            filename=name,
            media_type="application/pdf",
            agency=claim.agency,
        )
        Packet.objects.filter(pk=packet.pk).update(document=kept, reason="")
        audit.record(
            "packet.made",
            subject=f"packet/{packet.pk}",
            thread=claim.thread,
            agency_id=claim.agency_id,
            version=version.number,
            edition=packet.edition,
            sha256=kept.sha256,
        )


def _stored(version: ClaimVersion) -> StoredCalculation:
    calculation = version.calculation
    if calculation is None:
        raise NotWhatWasSigned(f"{version} has no calculation")
    details = tuple(stored_details(calculation))
    _check(calculation, details, version.certification.sha256)
    content, officers = json.loads(calculation.content), [json.loads(text) for text in details]
    return StoredCalculation(
        sha256=calculation.sha256,
        computed_at=calculation.computed_at,
        content=calculation.content,
        details=details,
        claim=read_input(content, officers),
        result=read_result(content, officers),
    )


def _check(calculation: Calculation, details: tuple[str, ...], signed: str) -> None:
    if not hash_of(calculation.content, details) == calculation.sha256 == signed:
        raise NotWhatWasSigned(
            f"calculation {calculation.pk} does not have the hash {signed[:12]} that was certified"
        )
