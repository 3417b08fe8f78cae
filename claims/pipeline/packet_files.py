"""The files of a packet, one at a time: volumes, then the document that names them, then the manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, NamedTuple

from claims.archives.layout import PACKET_MANIFEST
from claims.archives.packet_manifest import Entry, Identity, code_of, manifest
from claims.models import Packet, PacketFile
from claims.packets.counting import pages_of
from claims.packets.document import main_html, volume_html
from claims.packets.enclosures import enclosures
from claims.packets.facts import COPY_LABELS, Copy, PacketFacts
from claims.packets.masking import masked
from claims.packets.parts import Imprint, Volume, VolumeFile, volumes_of
from claims.packets.process import Built, write_apart
from claims.packets.stack import rendered_with
from claims.pipeline.packet_snapshot import verify_url
from portal.kernel.canonical import sha256_text

Part = PacketFile.Part
PDF, JSON = "application/pdf", "application/json"


class Place(NamedTuple):
    """Which file of a packet: of which copy, what it is, and which volume."""

    copy: Copy
    part: Part
    number: int = 0

    @property
    def words(self) -> str:
        """`volume 2, masked copy`."""
        what = f"volume {self.number}" if self.part is Part.VOLUME else self.part.label.lower()
        return f"{what}, {COPY_LABELS[self.copy].lower()}"


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it is to be kept; `pages` and `code` are None for a manifest."""

    filename: str
    media_type: str
    content: bytes
    code: str | None = None
    pages: int | None = None
    enclosures: list[dict[str, Any]] = field(default_factory=list)
    rendered_with: dict[str, str] = field(default_factory=dict)


def places(volumes: Sequence[Volume]) -> tuple[Place, ...]:
    """The files of a packet with these volumes, in the order in which they are made."""
    return tuple(place for copy in Copy for place in _of_copy(copy, volumes))


def _of_copy(copy: Copy, volumes: Sequence[Volume]) -> Iterator[Place]:
    for volume in volumes:
        yield Place(copy, Part.VOLUME, volume.number)
    yield Place(copy, Part.PACKET)
    yield Place(copy, Part.MANIFEST)


def identity_of(packet: Packet, copy: str) -> Identity:
    """What the files of one copy of a packet are made from; its codes follow from it."""
    version = packet.version
    return Identity(
        claim=version.claim.number,
        version=version.number,
        edition=packet.edition,
        appeals=packet.appeals,
        copy=str(copy),
        calculation_sha256=version.certification.sha256,
        snapshot_sha256=sha256_text(packet.snapshot),
    )


class Maker:
    """Makes the files of one packet from its facts; one that names others reads their rows."""

    def __init__(self, packet: Packet, facts: PacketFacts) -> None:
        self._packet, self._full = packet, facts
        self.volumes = volumes_of(facts.calculation.claim.officers)

    def kept(self) -> dict[Place, PacketFile]:
        """The files that are there, by place."""
        rows = PacketFile.objects.filter(packet=self._packet).select_related("document")
        return {Place(Copy(row.copy), Part(row.part), row.number): row for row in rows}

    def files(self) -> list[PacketFile]:
        """The files in the order that people look for them: the document, its volumes, the manifest."""
        return sorted(self.kept().values(), key=attrgetter("reading_order"))

    def make(self, place: Place) -> Made:
        """One file; those it names must be kept already."""
        if place.part is Part.MANIFEST:
            return self._manifest(place.copy)
        facts, code = (
            self._facts(place.copy),
            code_of(identity_of(self._packet, place.copy), *place[1:]),
        )
        imprint = Imprint(code, facts.snapshot.verify_url or verify_url())
        if place.part is Part.VOLUME:
            build = partial(_volume, facts, imprint, self.volumes[place.number - 1])
        else:
            build = partial(_main, facts, imprint, self._volume_files(place.copy))
        content, listed = write_apart(build, facts.closed_at, seed=code)
        return Made(
            filename=self._filename(place),
            media_type=PDF,
            content=content,
            code=code,
            pages=pages_of(content),
            enclosures=listed,
            rendered_with=rendered_with(),
        )

    def _manifest(self, copy: Copy) -> Made:
        place = Place(copy, Part.MANIFEST)
        documents = [row for row in self.files() if row.copy == copy and row.part != place.part]
        entries = [_entry(row) for row in documents]
        content = manifest(identity_of(self._packet, copy), self._full.closed_at, entries)
        return Made(self._filename(place), JSON, content)

    def _facts(self, copy: Copy) -> PacketFacts:
        return self._full if copy is Copy.FULL else self._masked

    @cached_property
    def _masked(self) -> PacketFacts:
        return masked(self._full)

    def _volume_files(self, copy: Copy) -> list[VolumeFile]:
        kept = self.kept()
        rows = [(one, kept[Place(copy, Part.VOLUME, one.number)]) for one in self.volumes]
        return [
            VolumeFile(volume, row.document.filename, row.pages or 0, row.document.sha256)
            for volume, row in rows
        ]

    def _filename(self, place: Place) -> str:
        version = self._packet.version
        words = [version.claim.number, f"v{version.number}", self._packet.slug]
        if place.copy is Copy.MASKED:
            words.append("masked")
        if place.part is Part.VOLUME:
            words.append(f"volume-{place.number:02}")
        name = "-".join(words)
        return name + (PACKET_MANIFEST if place.part is Part.MANIFEST else ".pdf")


def _volume(facts: PacketFacts, imprint: Imprint, volume: Volume) -> Built:
    return volume_html(facts, imprint, volume), enclosures(facts, volume)


def _main(facts: PacketFacts, imprint: Imprint, volumes: Sequence[VolumeFile]) -> Built:
    return main_html(facts, imprint, volumes), enclosures(facts)


def _entry(row: PacketFile) -> Entry:
    return Entry(
        name=row.document.filename,
        what=f"{row.title}, {row.packet.label.lower()}",
        part=row.part,
        number=row.number,
        code=row.code or "",
        sha256=row.document.sha256,
        size=row.document.size,
        pages=row.pages or 0,
        enclosures=row.enclosures,
        rendered_with=row.rendered_with,
    )
