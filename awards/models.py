"""Performance measures: two counts per agency and quarter, and nothing about any person."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from portal.accounts.models import Agency, User
from portal.kernel import clock
from portal.records.fields import QuarterField
from portal.records.models import AppendOnly, Document


class CountsUpload(AppendOnly):
    """A file with the counts of many agencies as it was read: all of it was proposed, or nothing.

    `rows` counts the measures it proposed. A file with an error proposes none, and its bytes are not kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField(help_text="Rows that say what is reported already.")
    errors = models.PositiveIntegerField()
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"Counts {self.received_at:%Y-%m-%d %H:%M}"


class PerformanceMeasure(AppendOnly):
    """Persons referred by ICE and, of those, located, as one federal person reported them.

    It counts once a second one has confirmed it. A later report replaces an earlier one; both stay.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="measures")
    quarter = QuarterField()
    referred = models.PositiveIntegerField()
    located = models.PositiveIntegerField()
    reported_at = models.DateTimeField(default=clock.now)
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    upload = models.ForeignKey(CountsUpload, models.PROTECT, null=True, related_name="measures")
    row = models.PositiveIntegerField(null=True, help_text="The row of the file, 1 its first line.")

    class Meta:
        indexes = (models.Index(fields=["agency", "quarter", "-id"], name="measure_latest"),)
        constraints = (
            models.CheckConstraint(
                name="measure_located_within_referred", condition=Q(located__lte=F("referred"))
            ),
        )

    @property
    def verdict(self) -> str:
        """What the second person said; empty while the counts wait for them."""
        found: CountsConfirmation | None = getattr(self, "confirmation", None)
        return found.verdict if found else ""

    def __str__(self) -> str:
        return f"{self.agency_id} {self.quarter}: {self.located} of {self.referred}"


class CountsConfirmation(AppendOnly):
    """What a second federal person said about reported counts; a trigger refuses the reporter's own."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        REJECTED = "rejected", "Rejected"

    measure = models.OneToOneField(PerformanceMeasure, models.PROTECT, related_name="confirmation")
    verdict = models.CharField(max_length=9, choices=Verdict)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="countsconfirmation_rejected_with_note",
                condition=Q(verdict="confirmed") | ~Q(note=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure_id} {self.verdict}"


class CountsDispute(models.Model):
    """What an agency says against the counts that count for a quarter: its own two numbers, and why.

    It stops nothing. It is open until another program manager than the reporter keeps the counts, or until
    others are confirmed in their place (`awards.selectors.disputes_for`).
    """

    class Reason(models.TextChoices):
        WRONG_AGENCY = "wrong_agency", "Some belong to another agency"
        LOCATED_NOT_COUNTED = "located_not_counted", "Located persons are not counted as located"
        REFERRED_TWICE = "referred_counted_twice", "Some referrals are counted twice"
        OTHER_QUARTER = "other_quarter", "Some belong to another quarter"
        OTHER = "other", "Another reason"

    measure = models.ForeignKey(PerformanceMeasure, models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=22, choices=Reason)
    referred = models.PositiveIntegerField(help_text="As the agency counts.")
    located = models.PositiveIntegerField(help_text="As the agency counts.")
    grounds = models.TextField()
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=clock.now)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    answer = models.TextField(blank=True, help_text="Why the counts were kept.")
    kept_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="countsdispute_one_open", fields=["measure"], condition=Q(kept_at=None)
            ),
            models.CheckConstraint(
                name="countsdispute_located_within_referred",
                condition=Q(located__lte=F("referred")),
            ),
            models.CheckConstraint(
                name="countsdispute_kept_with_answer",
                condition=Q(kept_at=None, kept_by=None, answer="")
                | Q(kept_at__isnull=False, kept_by__isnull=False) & ~Q(answer=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} disputed"
