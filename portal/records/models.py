"""Evidence: files by content, rows that are only ever added, and the chained record of who did what."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models

from portal.kernel import clock
from portal.kernel.findings import Finding, Severity
from portal.records.fields import QuarterField


class EvidenceIsFinal(TypeError):
    """Somebody tried to change or delete evidence; a correction is a new row."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise EvidenceIsFinal(f"{self.model.__name__} rows are never changed")

    def delete(self) -> NoReturn:
        raise EvidenceIsFinal(f"{self.model.__name__} rows are never deleted")


class AppendOnly(models.Model):
    """Rows that are added and read, never changed: refused here, by trigger and by privilege."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise EvidenceIsFinal(f"{type(self).__name__} rows are never changed")
        super().save(*args, force_insert=True, using=kwargs.get("using"))

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise EvidenceIsFinal(f"{type(self).__name__} rows are never deleted")


class Document(AppendOnly):
    """One file somebody sent or the portal made. The bytes lie under their SHA-256 (`storage`)."""

    class Kind(models.TextChoices):
        ROSTER = "roster", "Roster file"
        PAYROLL = "payroll", "Payroll file"
        PACKET = "packet", "Claim packet"
        ICE_LIST = "ice_list", "List of ICE's"
        MOA = "moa", "Signed agreement"
        COUNTS = "counts", "File of counts"
        FEDERAL_LIST = "federal_list", "Federal list of authorizations"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, null=True, related_name="+")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.filename


class AuditEvent(AppendOnly):
    """One thing that happened, chained to the one before it.

    `content` is the canonical JSON of the event; a trigger fills the other columns from it, and at commit
    another gives it its `position` and `hash` = SHA-256 of the previous hash and the content.
    `thread` groups the events of one story (a claim with its uploads) into one timeline.
    """

    content = models.TextField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    thread = models.CharField(max_length=120)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    position = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, null=True)
    hash = models.CharField(max_length=64, null=True)

    class Meta:
        indexes = (
            models.Index(fields=["thread", "id"], name="auditevent_by_thread"),
            models.Index(fields=["subject", "id"], name="auditevent_by_subject"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Batch(models.Model):
    """What every uploaded file of rows goes through, roster or payroll."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        VALIDATING = "validating", "Being checked"
        PROPOSED = "proposed", "Waiting for confirmation"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        SUPERSEDED = "superseded", "Replaced by a later file"
        WITHDRAWN = "withdrawn", "Withdrawn"

    UNFINISHED = frozenset({State.RECEIVED, State.VALIDATING})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    quarter = QuarterField()
    number = models.PositiveIntegerField(help_text="Counts the agency's files of this quarter.")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.ForeignKey("accounts.ApiKey", models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    dry_run = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)
    rows = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    notices = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(
                name="%(class)s_numbered_once", fields=["agency", "quarter", "number"]
            ),
        )

    @property
    def reference(self) -> str:
        """How people name the file: `FY2026Q1-2` is the second one of that quarter."""
        return f"{self.quarter}-{self.number}"

    @property
    def is_finished(self) -> bool:
        """Whether reading has ended, one way or another."""
        return self.state not in self.UNFINISHED

    def count(self, findings: Iterable[Finding]) -> None:
        """Note how many findings of each severity there are."""
        counts = Counter(finding.severity for finding in findings)
        self.errors = counts[Severity.ERROR]
        self.warnings = counts[Severity.WARNING]
        self.notices = counts[Severity.NOTICE]


class BatchFinding(models.Model):
    """One stored finding of a batch; `number` is its place in the report, from 1."""

    number = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=7, choices=[(s.value, s.value) for s in Severity])
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=500, blank=True)
    expected = models.CharField(max_length=500, blank=True)
    message = models.CharField(max_length=1000)
    fix = models.CharField(max_length=1000)
    dollars = models.CharField(max_length=40, blank=True)
    officer_id = models.CharField(max_length=100, blank=True)
    ext = models.JSONField(default=dict)

    class Meta:
        abstract = True

    STORED = 10_000
    """Findings kept per batch; the counts on the batch are of all of them."""

    @classmethod
    def rows_of(cls, findings: Iterable[Finding], **parent: Any) -> list[Self]:
        """The first findings, errors first, as rows to store; texts are cut to their columns."""
        order = list(Severity)
        ranked = sorted(findings, key=lambda f: (order.index(f.severity), f.row or 0))
        return [
            cls(
                **parent,
                number=number,
                code=finding.code,
                severity=finding.severity,
                row=finding.row,
                column=finding.column[:200],
                value=finding.value[:500],
                expected=finding.expected[:500],
                message=finding.message[:1000],
                fix=finding.fix[:1000],
                dollars=finding.dollars[:40],
                officer_id=finding.officer_id[:100],
                ext=dict(finding.ext),
            )
            for number, finding in enumerate(ranked[: cls.STORED], start=1)
        ]
