"""The packet of a claim version: what it shows, and the files it consists of."""

from __future__ import annotations

from django.db import models

from claims.models.claim import ClaimVersion
from portal.kernel import clock
from portal.records.models import AppendOnly, Document


class Packet(models.Model):
    """One edition of a version's packet. It is rendered once and then kept under its hashes.

    `snapshot` is what it shows beside the calculation (`claims.packets.facts.Snapshot` as JSON), written
    once. `appeals` counts the rulings on appeal that a decided edition has taken in: each that gives
    something back makes another. `made_at` is when all of its files were there.
    """

    class Edition(models.TextChoices):
        CERTIFIED = "certified", "As certified"
        DECIDED = "decided", "As decided"

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="packets")
    edition = models.CharField(max_length=9, choices=Edition)
    appeals = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(default=clock.now)
    snapshot = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="packet_once", fields=["version", "edition", "appeals"]),
        )


class PacketFile(AppendOnly):
    """One file of a packet: the packet itself, one of its volumes, or the manifest beside them.

    `copy` says for whose eyes it is. `code` stands on the cover, also as a QR code, and finds the packet
    again; a manifest has none.
    """

    class Copy(models.TextChoices):
        FULL = "full", "Full copy"
        MASKED = "masked", "Masked copy"

    class Part(models.TextChoices):
        PACKET = "packet", "Packet"
        VOLUME = "volume", "Volume"
        MANIFEST = "manifest", "Manifest"

    packet = models.ForeignKey(Packet, models.PROTECT, related_name="files")
    copy = models.CharField(max_length=6, choices=Copy)
    part = models.CharField(max_length=8, choices=Part)
    number = models.PositiveSmallIntegerField(default=0)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    code = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="packetfile_once", fields=["packet", "copy", "part", "number"]
            ),
        )
