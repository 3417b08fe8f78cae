"""The packet of a claim for machines: one PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from claims.models import ClaimVersion, Packet
from claims.selectors.claims import version_for
from portal.accounts.api.views import ApiView
from portal.kernel.errors import NotFound, NotYet, Refused
from portal.records.originals import read_original
from portal.web.api_endpoint import Code, Parameter, endpoint
from portal.web.download import attachment

EDITION = Parameter(
    "edition",
    "As certified or as decided; without it the later one there is.",
    Packet.Edition,
    {"type": "string", "enum": list(Packet.Edition.values)},
)
NO_PACKET = Code("not_found", 404, "The claim has no such packet: nobody has certified it yet.")
NOT_READY = Code("packet_not_ready", 409, "The packet is being made; see the Retry-After header.")
FAILED = Code("packet_failed", 409, "The packet could not be made; somebody must look into it.")
NOT_KEPT = Code("file_not_kept", 409, "The stored packet is gone; somebody must look into it.")


class PdfRenderer(BaseRenderer):
    """Lets a client ask for PDF."""

    media_type = "application/pdf"
    format = "pdf"


class PacketView(ApiView):
    """The packet of one claim's current version."""

    renderer_classes = (PdfRenderer, JSONRenderer)

    @endpoint(
        "get_packet",
        "Fetch the packet of a claim",
        tag="Claims",
        scopes=("claims:read",),
        query=(EDITION,),
        answers={(200, "application/pdf"): OpenApiTypes.BINARY},
        on_an_object=True,
        tagged=True,
        problems=(NO_PACKET, NOT_READY, FAILED, NOT_KEPT),
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """The PDF with the claim's data attached to it. It is made once and then stays the same."""
        version = version_for(self.actor, number)
        packet = _packet(version, self.asked["edition"])
        content = read_original(packet.document, actor=self.actor)
        response = attachment(content, packet.document.filename, packet.document.media_type)
        response["ETag"] = f'"{packet.document.sha256}"'
        return response


def _packet(version: ClaimVersion, edition: str | None) -> Any:
    rows = Packet.objects.filter(version=version).select_related("document", "job")
    if edition is not None:
        rows = rows.filter(edition=edition)
    packet = rows.order_by("-requested_at", "-pk").first()
    if packet is None:
        raise NotFound("packet of this claim")
    if packet.document is not None:
        return packet
    if packet.job is not None and packet.job.state == packet.job.State.FAILED:
        raise Refused(
            FAILED.code,
            "The packet could not be made. The claim itself is not affected.",
            "Sign in to the portal and have it made again on the claim's page.",
        )
    raise NotYet(NOT_READY.code, "The packet is being made.", "Ask for it again in a moment.")
