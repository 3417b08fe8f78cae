"""Archives that auditors asked for."""

from __future__ import annotations

import uuid

from django.db import models

from portal.accounts.models import Agency, User
from portal.kernel import clock
from portal.records.fields import QuarterField
from portal.records.models import Document


class Archive(models.Model):
    """An archive of claims: of an agency, a quarter, both, or of so many claims drawn by lot from a quarter.

    `seed` is what the lot was drawn with, so that the same draw can be made again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    quarter = QuarterField(null=True)  # type: ignore[misc]  # typed as one that is never null
    sample = models.PositiveIntegerField(null=True, help_text="How many claims are drawn by lot.")
    seed = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    claims = models.PositiveIntegerField(null=True, help_text="How many claims are in it.")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.CheckConstraint(
                name="archive_of_something",
                condition=models.Q(agency__isnull=False) | models.Q(quarter__isnull=False),
            ),
        )
