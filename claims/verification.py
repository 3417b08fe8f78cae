"""Proving that what is stored is what was computed, sent and signed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from claims.models import Calculation, Certification, Packet
from claims.pipeline.calculation import replays
from portal.records import audit, storage
from portal.records.models import AuditEvent, Document


def problems() -> Iterator[str]:
    """Everything that is off, one sentence each: calculations, signatures, files, the audit chain."""
    for calculation in Calculation.objects.order_by("pk").iterator(chunk_size=200):
        if not replays(calculation):
            yield (
                f"calculation {calculation.sha256[:12]} of claim version {calculation.version_id} "
                "does not follow from its stored input"
            )
    signatures = Certification.objects.select_related("version__calculation", "version__claim")
    for signature in signatures.iterator(chunk_size=500):
        signed = signature.version.calculation
        if signed is None or signature.sha256 != signed.sha256:
            yield f"the signature on {signature.version} is over another calculation"
    yield from _packets()
    yield from _files()
    yield from audit.broken_links()


def _packets() -> Iterator[str]:
    """Packets that are not the file that was rendered for them."""
    made = {
        event.subject: json.loads(event.content)["facts"]["sha256"]
        for event in AuditEvent.objects.filter(action="packet.made")
    }
    packets = Packet.objects.exclude(document=None).select_related("document", "version__claim")
    for packet in packets.iterator(chunk_size=500):
        if packet.document and packet.document.sha256 != made.get(f"packet/{packet.pk}"):
            yield f"the packet of {packet.version} is not the one that was made"


def _files() -> Iterator[str]:
    """Files that should be there and are not as they were. Purged ones left an audit event."""
    purged = audit.subjects_of("document.purge")
    for document in Document.objects.iterator(chunk_size=500):
        if f"document/{document.pk}" not in purged and not storage.is_intact(document):
            yield f"file {document.filename} ({document.sha256[:12]}) is missing or changed"
    for packet in Packet.objects.filter(document=None, job__state="failed").select_related(
        "version"
    ):
        yield f"the packet of {packet.version} was never rendered"
