"""The packet of a claim version: what it shows, and the files it consists of."""

from __future__ import annotations

from django.db import models

from claims.models.claim import ClaimVersion
from claims.rules.editions import EDITION_LABELS, edition_in_words
from portal.kernel import clock
from portal.records.models import AppendOnly, Document


class Packet(models.Model):
    """One edition of a version's packet. It is rendered once and then kept under its hashes.

    `snapshot` is what it shows beside the calculation (`claims.packets.facts.Snapshot` as JSON), written
    once. `appeals` counts the rulings on appeal that a decided edition has taken in: each that gives
    something back makes another. `made_at` is when all of its files were there; `reason` is a code of
    `claims.packets.failures` while they could not be made.
    """

    class Edition(models.TextChoices):
        CERTIFIED = "certified", EDITION_LABELS["certified"]
        DECIDED = "decided", EDITION_LABELS["decided"]

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="packets")
    edition = models.CharField(max_length=9, choices=Edition)
    appeals = models.PositiveSmallIntegerField(default=0)
    requested_at = models.DateTimeField(default=clock.now)
    snapshot = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="packet_once", fields=["version", "edition", "appeals"]),
        )

    @property
    def is_made(self) -> bool:
        """Whether all of its files are there."""
        return self.made_at is not None

    @property
    def slug(self) -> str:
        """The edition in addresses and file names: `certified`, `decided`, `decided-1` after an appeal."""
        return f"{self.edition}-{self.appeals}" if self.appeals else str(self.edition)

    @property
    def label(self) -> str:
        """The edition in words."""
        return edition_in_words(self.edition, self.appeals)


class PacketFile(AppendOnly):
    """One file of a packet: the packet itself, one of its volumes, or the manifest beside them.

    `copy` says for whose eyes it is. `code` stands on the cover, also as a QR code, and finds the packet
    again; a manifest has none. `enclosures` are the name, hash and size of what travels inside a PDF,
    `rendered_with` the versions that set it; both are empty, and `pages` is unknown, for what was made
    before there were manifests.
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
    pages = models.PositiveIntegerField(null=True)
    enclosures = models.JSONField(default=list)
    rendered_with = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="packetfile_is_of_a_kind",
                condition=models.Q(
                    copy__in=["full", "masked"], part__in=["packet", "volume", "manifest"]
                ),
            ),
            models.UniqueConstraint(
                name="packetfile_once", fields=["packet", "copy", "part", "number"]
            ),
        )

    @property
    def title(self) -> str:
        """What it is, in words: `Packet`, `Volume 2`, `Manifest`."""
        what = self.Part(self.part).label
        return f"{what} {self.number}" if self.number else what

    @property
    def reading_order(self) -> tuple[int, int, int]:
        """By copy, then as people look for them: the document, its volumes, the manifest."""
        copies, parts = self.Copy.values, self.Part.values
        return copies.index(self.copy), parts.index(self.part), self.number
