"""The PDF of a claim version."""

from __future__ import annotations

from django.db import models

from claims.models.claim import ClaimVersion
from portal.kernel import clock
from portal.records.models import Document


class Packet(models.Model):
    """One edition of a version's packet. It is rendered once and then kept under its hash."""

    class Edition(models.TextChoices):
        CERTIFIED = "certified", "As certified"
        DECIDED = "decided", "As decided"

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="packets")
    edition = models.CharField(max_length=9, choices=Edition)
    requested_at = models.DateTimeField(default=clock.now)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="packet_once", fields=["version", "edition"]),)
