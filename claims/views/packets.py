"""The packets of a claim version: on the claim's page, as a page of files and hashes, and the files."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from claims.models import ClaimVersion, Packet, PacketFile
from claims.packets.facts import Copy
from claims.packets.failures import Failure
from claims.selectors.genuineness import NO_LONGER_COUNTS, is_current
from claims.selectors.packets import (
    failure_of,
    file_for,
    files_of,
    own_copy,
    packet_for,
    packets_of,
)
from claims.services.claims import retry_packet
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.records.originals import open_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import streamed_attachment
from portal.web.show import show, show_progress


@dataclass(frozen=True, slots=True)
class Shown:
    """A packet as a reader sees it: the files they may take, the main document first."""

    packet: Packet
    files: list[PacketFile]
    copy: Copy
    is_current: bool
    failure: Failure | None
    may_retry: bool

    @property
    def main(self) -> PacketFile | None:
        """The main document of the reader's own copy; None where none was made."""
        return next(iter(self._of(self.copy, PacketFile.Part.PACKET)), None)

    @property
    def volumes(self) -> list[PacketFile]:
        """The volumes of the reader's own copy."""
        return self._of(self.copy, PacketFile.Part.VOLUME)

    @property
    def to_hand_on(self) -> PacketFile | None:
        """The masked document beside a full one."""
        if self.copy is Copy.MASKED:
            return None
        return next(iter(self._of(Copy.MASKED, PacketFile.Part.PACKET)), None)

    @property
    def no_longer_counts(self) -> str:
        """What has happened to a superseded packet; empty for one that counts."""
        return "" if self.is_current else NO_LONGER_COUNTS

    @property
    def by_copy(self) -> list[tuple[str, list[PacketFile]]]:
        """The files of each copy."""
        return [(copy, list(files)) for copy, files in groupby(self.files, attrgetter("copy"))]

    def _of(self, copy: Copy, part: str) -> list[PacketFile]:
        return [file for file in self.files if file.copy == copy and file.part == part]


def packets_shown(actor: Actor, version: ClaimVersion) -> dict[str, list[Shown]]:
    """The packets of a version for the claim's page: still to be made, the newest, and those before it."""
    packets = [_shown(actor, packet, version) for packet in packets_of(version)]
    made = [shown for shown in packets if shown.packet.is_made]
    awaited = [shown for shown in packets if not shown.packet.is_made]
    return {"awaited": awaited, "newest": made[:1], "earlier": made[1:]} if packets else {}


def _shown(actor: Actor, packet: Packet, version: ClaimVersion) -> Shown:
    packet.version = version
    made, failure = packet.is_made, failure_of(packet)
    return Shown(
        packet,
        files_of(actor, packet) if made else [],
        own_copy(actor),
        is_current(packet) if made else True,
        failure,
        failure is not None and _may_retry(actor, failure),
    )


def _may_retry(actor: Actor, failure: Failure) -> bool:
    """What fails the same every time is offered to the federal side only, who hear when it is mended."""
    may_help = failure.may_pass or actor.side == Side.FEDERAL
    return may_help and actor.can(Capability.REMAKE_PACKETS)


@signed_in
def packet(request: ActorRequest, number: str, version: int, edition: str) -> HttpResponse:
    """One packet: its files with their hashes, and what they were made with."""
    actor = request.actor
    chosen = packet_for(actor, number, version, edition)
    shown = _shown(actor, chosen, chosen.version)
    return show(
        request,
        "claims/packet.html",
        claim=chosen.version.claim,
        version=chosen.version,
        shown=shown,
        rendered_with=sorted(shown.main.rendered_with.items()) if shown.main else [],
    )


@signed_in
def file(request: ActorRequest, number: str, version: int, edition: str, name: str) -> FileResponse:
    """One file of a packet; that it was read is on record."""
    chosen = packet_for(request.actor, number, version, edition)
    document = file_for(request.actor, [chosen], name).document
    opened = open_original(document, actor=request.actor)
    return streamed_attachment(opened, document.filename, document.media_type)


@signed_in
def progress(request: ActorRequest, number: str, version: int, edition: str) -> HttpResponse:
    """How far the making of a packet is, for the page that waits for it."""
    waited = packet_for(request.actor, number, version, edition)
    failure, made, job = failure_of(waited), waited.is_made, waited.job
    words = waited.label.lower()
    step = "It is ready." if made else failure.message if failure else job.step if job else ""
    return show_progress(
        request,
        "components/progress_body.html",
        ended=made or failure is not None,
        title=f"Packet {words}",
        step=step,
        done=job.done if job else 0,
        total=job.total if job else 0,
        next_url=reverse("claims:packet", args=[number, version, edition]),
        next_label=f"Packet {words}: files and hashes" if made else "See what to do",
    )


@signed_in
@require_POST
def retry(request: ActorRequest, number: str, version: int, edition: str) -> HttpResponse:
    """Make a packet again whose making failed."""
    failed = packet_for(request.actor, number, version, edition)
    retry_packet(actor=request.actor, packet=failed)
    return redirect("claims:packet", number, version, edition)


_PACKET = "claims/<slug:number>/versions/<int:version>/packets/<slug:edition>/"

paths = [
    path(_PACKET, packet, name="packet"),
    path(f"{_PACKET}files/<str:name>", file, name="packet_file"),
    path(f"{_PACKET}progress/", progress, name="packet_progress"),
    path(f"{_PACKET}retry/", retry, name="retry_packet"),
]
