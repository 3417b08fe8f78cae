"""What every uploaded file of rows goes through: the batch, what was found, how its columns are read."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.intake.findings import fingerprint
from portal.kernel import clock
from portal.kernel.findings import Finding, Severity
from portal.records.fields import QuarterField
from portal.records.models import AppendOnly, Document


class ColumnMapping(AppendOnly):
    """How an agency's own export is read: which column means what. A change is a new version.

    `content` is the canonical JSON of a `portal.kernel.tabular.mapping.Mapping`; `signature` is the hash of
    the header it was made for, by which it is found again.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", "Roster"
        PAYROLL = "payroll", "Payroll"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    number = models.PositiveIntegerField(help_text="Counts the agency's versions of this kind.")
    signature = models.CharField(max_length=64)
    content = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="columnmapping_numbered_once", fields=["agency", "kind", "number"]
            ),
        )
        indexes = (
            models.Index(fields=["agency", "kind", "signature"], name="columnmapping_by_header"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} columns, version {self.number}"


class Justification(AppendOnly):
    """Why an agency's warning is in order. It answers every warning with the same facts, later files' too.

    `fingerprint` is the hash of what the warning says (`portal.intake.findings.fingerprint`): when a fact
    changes, the warning is a new one and open again. A later answer to the same warning replaces this one.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    officer_id = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=40, help_text="The file it was first given for.")
    text = models.CharField(max_length=1000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["agency", "fingerprint", "-id"], name="justification"),)
        constraints = (
            models.CheckConstraint(name="justification_says_why", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class Batch(models.Model):
    """One uploaded file of rows, roster or payroll.

    What was sent is told by `sent_*`. `document` is what was kept of it as evidence: the bytes as sent, or
    the file without its sensitive columns; none while the file is in quarantine, or when it was refused.
    `patch` lists the corrections of the file of the batch it `corrects`: row, column, was, now.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        VALIDATING = "validating", "Being checked"
        PROPOSED = "proposed", "Waiting for confirmation"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        SUPERSEDED = "superseded", "Replaced by a later file"
        WITHDRAWN = "withdrawn", "Withdrawn"

    UNFINISHED = frozenset({State.RECEIVED, State.VALIDATING})
    BULKY = ("sample", "faulty", "patch")
    """Fields that can be megabytes: a list of files is read without them."""
    LIVING = UNFINISHED | {State.PROPOSED, State.ACCEPTED}
    """States of a file that counts, or still may."""
    SUCCEEDS: tuple[str, ...] = ("corrects",)
    """What leads from a file to those it comes after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    quarter = QuarterField()
    number = models.PositiveIntegerField(help_text="Counts the agency's files of this quarter.")
    sent_name = models.CharField(max_length=200)
    sent_type = models.CharField(max_length=100)
    sent_size = models.PositiveBigIntegerField(default=0)
    sent_sha256 = models.CharField(max_length=64)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.ForeignKey("accounts.ApiKey", models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    dry_run = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrected_by")
    patch = models.TextField(null=True, help_text="Corrections made in the portal, as JSON.")
    mapping = models.ForeignKey(ColumnMapping, models.PROTECT, null=True, related_name="+")
    needs_columns = models.BooleanField(
        default=False, help_text="It waits for a person to say what its columns mean."
    )
    sample = models.TextField(blank=True, help_text="Header and some values, for matching columns.")
    faulty = models.TextField(blank=True, help_text="The cells of rows with findings, by row.")
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
    fingerprint = models.CharField(max_length=64, blank=True)
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
    """Findings kept per batch, those about the whole file first; the counts on the batch are of all."""
    MAX_EXT = 2_000
    """Characters of the agency's own columns that are repeated with each."""

    @classmethod
    def rows_of(cls, findings: Iterable[Finding], **parent: Any) -> list[Self]:
        """The findings to keep, errors first, as rows to store; texts are cut to their columns."""
        order = {severity: place for place, severity in enumerate(Severity)}
        ranked = sorted(findings, key=lambda f: (order[f.severity], f.row or 0))
        # Thousands of errors in rows must not hide that a column was dropped.
        kept = sorted(ranked, key=lambda f: f.row is not None)[: cls.STORED]
        kept.sort(key=lambda f: (order[f.severity], f.row or 0))
        return [
            cls(
                **parent,
                number=number,
                code=finding.code,
                fingerprint=fingerprint(finding),
                severity=finding.severity,
                row=finding.row,
                column=finding.column[:200],
                value=finding.value[:500],
                expected=finding.expected[:500],
                message=finding.message[:1000],
                fix=finding.fix[:1000],
                dollars=finding.dollars[:40],
                officer_id=finding.officer_id[:100],
                ext=_short_of(finding.ext),
            )
            for number, finding in enumerate(kept, start=1)
        ]


def _short_of(ext: Mapping[str, str]) -> dict[str, str]:
    """The agency's own columns of a row; of very much text the shortest."""
    if sum(map(len, ext.values())) <= BatchFinding.MAX_EXT:
        return dict(ext)
    ordered = sorted(ext, key=lambda name: len(ext[name]))
    sizes = accumulate(len(ext[name]) for name in ordered)
    kept = {name for name, size in zip(ordered, sizes, strict=True) if size <= BatchFinding.MAX_EXT}
    return {name: value for name, value in ext.items() if name in kept}
