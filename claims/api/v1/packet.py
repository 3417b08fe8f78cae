"""The packet of a claim for machines: its PDF, and the list of its files."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Packet, PacketFile
from claims.packets.facts import Copy
from claims.selectors.claims import version_for
from claims.selectors.genuineness import is_current
from claims.selectors.packets import (
    failure_of,
    file_for,
    files_of,
    main_file,
    own_copy,
    packets_of,
    require_copy,
)
from portal.accounts.api.views import ApiView
from portal.accounts.policies import Actor
from portal.kernel.errors import NotFound, NotYet, Refused
from portal.records.originals import read_original
from portal.web.api_endpoint import Code, Parameter, endpoint
from portal.web.api_fields import InstantField
from portal.web.download import attachment

SCOPES = ("claims:read",)

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


def _read_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError("write a number from 1 to 9999")
    return int(text)


EDITION = Parameter(
    "edition",
    "As certified or as decided; without it the later one there is. Of those decided again on appeal the "
    "last.",
    Packet.Edition,
    {"type": "string", "enum": list(Packet.Edition.values)},
)
COPY = Parameter(
    "copy",
    "The full copy names officers, the masked one does not; without it the full one if the key's owner may "
    "take it, else the masked one.",
    Copy,
    {"type": "string", "enum": [copy.value for copy in Copy]},
)
VERSION = Parameter(
    "version",
    "The version of the claim; without it the current one.",
    _read_number,
    {"type": "integer", "minimum": 1, "maximum": 9999},
)
NO_PACKET = Code("not_found", 404, "The claim has no such packet: nobody has certified it yet.")
NO_FILE = Code("not_found", 404, "The packet has no file of this name.")
NAMES = Code("names_not_allowed", 403, "The key's owner may take masked copies only.")
NOT_READY = Code("packet_not_ready", 409, "The packet is being made; see the Retry-After header.")
FAILED = Code("packet_failed", 409, "The packet could not be made; the detail says why.")
NOT_KEPT = Code("file_not_kept", 409, "The stored packet is gone; somebody must look into it.")


class Chosen(NamedTuple):
    """A packet, for whom it was found, and at what address."""

    packet: Packet
    actor: Actor
    number: str
    request: Request


class PdfRenderer(BaseRenderer):
    """Lets a client ask for PDF."""

    media_type = "application/pdf"
    format = "pdf"


class EnclosureSerializer(serializers.Serializer[Any]):
    """A file that travels inside a PDF."""

    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")


class PacketFileSerializer(serializers.Serializer[Any]):
    """One file of a packet."""

    name = serializers.CharField(source="document.filename")
    copy = serializers.ChoiceField(PacketFile.Copy.choices)
    part = serializers.ChoiceField(PacketFile.Part.choices)
    number = serializers.IntegerField(help_text="Of a volume, from 1; 0 for the rest.")
    media_type = serializers.CharField(source="document.media_type")
    size = serializers.IntegerField(source="document.size", help_text="In bytes.")
    pages = serializers.IntegerField(allow_null=True, help_text="Null for what has no pages.")
    sha256 = serializers.CharField(source="document.sha256")
    code = serializers.CharField(
        allow_null=True, help_text="As it stands on the cover; null for a manifest."
    )
    enclosures = EnclosureSerializer(many=True)
    url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, file: PacketFile) -> str:
        """Where to fetch it."""
        chosen: Chosen = self.context["chosen"]
        address = reverse("api:packet-file", args=[chosen.number, file.document.filename])
        version = chosen.packet.version.number
        return chosen.request.build_absolute_uri(f"{address}?version={version}")


class PacketFilesSerializer(serializers.Serializer[Any]):
    """A packet with the files that the key's owner may take."""

    version = serializers.IntegerField(
        source="packet.version.number", help_text="The version of the claim that it is of."
    )
    edition = serializers.ChoiceField(Packet.Edition.choices, source="packet.edition")
    appeals = serializers.IntegerField(
        source="packet.appeals", help_text="Rulings on appeal that it has taken in."
    )
    made_at = InstantField(source="packet.made_at")
    is_current = serializers.SerializerMethodField(help_text="Nothing later supersedes it.")
    files = serializers.SerializerMethodField()

    @extend_schema_field(serializers.BooleanField())
    def get_is_current(self, chosen: Chosen) -> bool:
        """As anybody who verifies the file is told."""
        return is_current(chosen.packet)

    @extend_schema_field(PacketFileSerializer(many=True))
    def get_files(self, chosen: Chosen) -> Any:
        """The document, its volumes and the manifest, copy by copy."""
        rows = files_of(chosen.actor, chosen.packet)
        return PacketFileSerializer(rows, many=True, context={"chosen": chosen}).data


class PacketView(ApiView):
    """The packet of one claim's current version, or of an earlier one."""

    renderer_classes = (PdfRenderer, JSONRenderer)

    @endpoint(
        "get_packet",
        "Fetch the packet of a claim",
        tag="Claims",
        scopes=SCOPES,
        query=(VERSION, EDITION, COPY),
        answers={(200, "application/pdf"): OpenApiTypes.BINARY},
        on_an_object=True,
        tagged=True,
        problems=(NO_PACKET, NAMES, NOT_READY, FAILED, NOT_KEPT),
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """The main PDF with the claim's data attached to it. It is made once and then stays the same."""
        packet = _ready(self.actor, number, self.asked)
        copy = self.asked["copy"] or own_copy(self.actor)
        require_copy(self.actor, copy)
        file = main_file(packet, copy)
        if file is None:
            raise NotFound("copy of this packet")
        return _handed_out(file, self.actor)


class PacketFilesView(ApiView):
    """The files of the packet of one claim's current version, or of an earlier one."""

    @endpoint(
        "list_packet_files",
        "List the files of a packet",
        tag="Claims",
        scopes=SCOPES,
        query=(VERSION, EDITION),
        answers={200: PacketFilesSerializer},
        on_an_object=True,
        tagged=True,
        problems=(NO_PACKET, NOT_READY, FAILED),
    )
    def get(self, request: Request, number: str) -> Response:
        """Documents, volumes of large agencies and manifests, each with its hash."""
        packet = _ready(self.actor, number, self.asked)
        return Response(PacketFilesSerializer(Chosen(packet, self.actor, number, request)).data)


class PacketFileView(ApiView):
    """One file of a packet."""

    renderer_classes = (PdfRenderer, JSONRenderer)

    @endpoint(
        "get_packet_file",
        "Fetch a file of a packet",
        tag="Claims",
        scopes=SCOPES,
        query=(VERSION,),
        answers={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (200, "application/json"): OpenApiTypes.OBJECT,
        },
        on_an_object=True,
        tagged=True,
        problems=(NO_FILE, NAMES, NOT_KEPT),
    )
    def get(self, request: Request, number: str, name: str) -> HttpResponse:
        """The bytes of one file, by its name in the list: a PDF, or a manifest in JSON."""
        version = version_for(self.actor, number, self.asked["version"])
        return _handed_out(file_for(self.actor, packets_of(version), name), self.actor)


def _handed_out(file: PacketFile, actor: Actor) -> HttpResponse:
    document = file.document
    content = read_original(document, actor=actor)
    response = attachment(content, document.filename, document.media_type)
    response["ETag"] = f'"{document.sha256}"'
    return response


def _ready(actor: Actor, number: str, asked: dict[str, Any]) -> Packet:
    version, edition = version_for(actor, number, asked["version"]), asked["edition"]
    rows = packets_of(version)
    packet = (rows.filter(edition=edition) if edition else rows).first()
    if packet is None:
        raise NotFound("packet of this claim")
    packet.version = version
    if packet.is_made:
        return packet
    failure = failure_of(packet)
    if failure is not None:
        raise Refused(
            FAILED.code,
            f"The packet could not be made. {failure.message} The claim itself is not affected.",
            f"{failure.fix} Who may take full copies finds the button on the claim's page.",
        )
    raise NotYet(NOT_READY.code, "The packet is being made.", "Ask for it again in a moment.")
