"""The packet of a claim version: how far it is, and the file itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims.selectors.claims import packet_for
from claims.services.claims import retry_packet
from portal.kernel.errors import NotFound
from portal.records.originals import read_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.show import show_progress


@signed_in
def download(request: ActorRequest, number: str, version: int, edition: str) -> HttpResponse:
    """The packet as PDF."""
    packet = packet_for(request.actor, number, version, edition)
    if packet.document is None:
        raise NotFound("packet")
    content = read_original(packet.document, actor=request.actor)
    return attachment(content, packet.document.filename, packet.document.media_type)


@signed_in
def progress(request: ActorRequest, number: str, version: int, edition: str) -> HttpResponse:
    """How far the making of a packet is, for the page that waits for it."""
    packet = packet_for(request.actor, number, version, edition)
    ended = packet.document is not None or packet.job is None or packet.job.is_finished
    made = packet.document is not None
    edition_words = packet.get_edition_display().lower()
    return show_progress(
        request,
        "components/progress_body.html",
        ended=ended,
        title=f"Packet {edition_words}",
        step=_step(made, ended) or (packet.job.step if packet.job else ""),
        done=packet.job.done if packet.job else 0,
        total=packet.job.total if packet.job else 0,
        next_url=reverse("claims:packet", args=[number, version, edition]) if made else "",
        next_label=f"Download the packet {edition_words}",
    )


@signed_in
@require_POST
def retry(request: ActorRequest, number: str, version: int, edition: str) -> HttpResponse:
    """Make a packet again whose making failed."""
    packet = packet_for(request.actor, number, version, edition)
    retry_packet(actor=request.actor, packet=packet)
    return redirect("claims:version", number, version)


def _step(made: bool, ended: bool) -> str:
    if made:
        return "It is ready."
    return "It could not be made. Reload this page to try again." if ended else ""
