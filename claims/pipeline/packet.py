"""Load what was stored and signed, set it file by file, keep each. Live tables are not asked."""

from __future__ import annotations

import json
from time import monotonic

from django.db import transaction

from claims.models import Calculation, ClaimVersion, Packet, PacketFile
from claims.packets.facts import PacketFacts, StoredCalculation
from claims.packets.failures import failure_of
from claims.packets.signed import NotWhatWasSigned
from claims.pipeline.calculation import hash_of, stored_details
from claims.pipeline.packet_files import Made, Maker, Place, places
from claims.pipeline.packet_snapshot import snapshot_of
from claims.rules.record import read_input, read_result
from portal.jobs.running import Progress
from portal.kernel import clock
from portal.records import audit, storage
from portal.records.models import Document

TURN_SECONDS = 10
"""After so long no further file is begun: the rest is another job, and what hurries comes between.

With the time that one document may take, it stays below what a job may.
"""


def render(packet_id: str, progress: Progress) -> bool:
    """Make the files of a packet that are not there yet, for one turn; whether some are left to make.

    NotWhatWasSigned when its calculation is not the one that was certified.
    """
    ends_at = monotonic() + TURN_SECONDS
    packet = Packet.objects.select_related(
        "version__claim__agency",
        "version__claim__follows",
        "version__calculation",
        "version__certification",
    ).get(pk=packet_id)
    if packet.is_made:
        return False
    progress.step("Reading the stored calculation.")
    maker = Maker(packet, load(packet))
    planned, kept = places(maker.volumes), maker.kept()
    missing = [place for place in planned if place not in kept]
    for done, place in enumerate(missing, len(planned) - len(missing)):
        progress.step(f"Making the {place.words}.", done, len(planned))
        _keep(packet, place, maker.make(place), progress)
        if monotonic() > ends_at and place is not missing[-1]:
            return True
    _finish(packet, maker, progress)
    return False


def gave_up(packet_id: str, reason: str) -> None:
    """Note why a packet could not be made, so that it can be asked for again."""
    packet = Packet.objects.select_related("version__claim").get(pk=packet_id)
    if not packet.is_made:
        Packet.objects.filter(pk=packet_id).update(reason=failure_of(reason).code)
        claim = packet.version.claim
        audit.record(
            "packet.failed",
            subject=f"packet/{packet_id}",
            thread=claim.thread,
            agency_id=claim.agency_id,
            version=packet.version.number,
            edition=packet.slug,
            reason=failure_of(reason).code,
        )


def load(packet: Packet) -> PacketFacts:
    """The facts of a packet's edition; NotWhatWasSigned when others were certified."""
    calculation = _stored(packet.version)
    return PacketFacts(snapshot_of(packet, calculation.claim), calculation)


def _keep(packet: Packet, place: Place, made: Made, progress: Progress) -> None:
    with transaction.atomic():
        progress.hold()
        # Another job on the same packet may have been faster: they keep their files one after the other.
        Packet.objects.select_for_update().get(pk=packet.pk)
        if PacketFile.objects.filter(packet=packet, **place._asdict()).exists():
            return
        document = storage.keep(
            [made.content],
            kind=Document.Kind.PACKET,
            filename=made.filename,
            media_type=made.media_type,
            agency=packet.version.claim.agency,
        )
        PacketFile.objects.create(
            packet=packet,
            copy=place.copy,
            part=place.part,
            number=place.number,
            document=document,
            code=made.code,
            pages=made.pages,
            enclosures=made.enclosures,
            rendered_with=made.rendered_with,
        )


def _finish(packet: Packet, maker: Maker, progress: Progress) -> None:
    version, claim = packet.version, packet.version.claim
    with transaction.atomic():
        progress.hold()
        unmade = Packet.objects.filter(pk=packet.pk, made_at=None)
        if not unmade.update(made_at=clock.now(), reason=""):
            return
        files = maker.files()
        audit.record(
            "packet.made",
            subject=f"packet/{packet.pk}",
            thread=claim.thread,
            agency_id=claim.agency_id,
            version=version.number,
            edition=packet.slug,
            sha256=files[0].document.sha256,
            files={file.document.filename: file.document.sha256 for file in files},
        )


def _stored(version: ClaimVersion) -> StoredCalculation:
    calculation = version.calculation
    if calculation is None:
        raise NotWhatWasSigned(f"{version} has no calculation")
    details = tuple(stored_details(calculation))
    _check(calculation, details, version.certification.sha256)
    content = json.loads(calculation.content)
    return StoredCalculation(
        sha256=calculation.sha256,
        computed_at=calculation.computed_at,
        content=calculation.content,
        details=details,
        # Each officer is parsed twice: thousands of them at once are what takes the memory.
        claim=read_input(content, map(json.loads, details)),
        result=read_result(content, map(json.loads, details)),
    )


def _check(calculation: Calculation, details: tuple[str, ...], signed: str) -> None:
    if not hash_of(calculation.content, details) == calculation.sha256 == signed:
        raise NotWhatWasSigned(
            f"calculation {calculation.pk} does not have the hash {signed[:12]} that was certified"
        )
