"""The packets of a claim version, for an archive: every file that its reader may take, and what it shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from claims.archives.layout import SNAPSHOT, ArchiveWriter
from claims.models import ClaimVersion, Packet, PacketFile
from claims.pipeline.packing_files import pack_document
from claims.selectors.packets import failure_of, files_of, own_copy, packets_of
from portal.accounts.policies import Actor
from portal.records import storage

Packed = tuple[Packet, list[PacketFile]]


def packets_to_pack(
    reader: Actor, version: ClaimVersion, made: Collection[str]
) -> Iterator[Packed]:
    """The packets asked for, the oldest first, each with the files of the reader's own copy.

    One whose making the archive's events do not tell (`made` are the subjects of those that do) has none.
    """
    copy = own_copy(reader)
    for packet in reversed(packets_of(version)):
        is_told = f"packet/{packet.pk}" in made
        yield packet, [file for file in files_of(reader, packet) if is_told and file.copy == copy]


def record_of(packet: Packet, files: list[PacketFile]) -> dict[str, Any]:
    """What the record of a version says of one of its packets."""
    return {
        "edition": packet.edition,
        "appeals": packet.appeals,
        "folder": packet.slug,
        "made_at": packet.made_at if files else None,
        "reason": failed.code if (failed := failure_of(packet)) else "",
        "files": [
            {
                "name": file.document.filename,
                "part": file.part,
                "code": file.code,
                "kept_sha256": storage.kept_sha256(file.document),
            }
            for file in files
        ],
    }


def pack_packet(
    writer: ArchiveWriter, packet: Packet, files: list[PacketFile], folder: str
) -> None:
    """Add the files of a packet, and what it shows beside the calculation as it was written down."""
    for file in files:
        what = f"{file.title}, {packet.label.lower()}"
        pack_document(writer, file.document, f"{folder}/{file.document.filename}", what)
    if files and packet.snapshot:
        writer.add_text(f"{folder}/{SNAPSHOT}", packet.snapshot, "What the packet was made from")
