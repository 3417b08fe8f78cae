"""A quarter as it was computed: input, rules, result and explanation, kept together for good."""

from __future__ import annotations

from django.db import models

from portal.kernel import clock
from portal.records.fields import CentsField
from portal.records.models import AppendOnly


class Calculation(AppendOnly):
    """One computation of one claim version; another input makes another row.

    `content` is the canonical JSON of the claim-level facts, rules and result, `sha256` the hash of it
    and of every officer's detail (`claims.pipeline.calculation.hash_of`): what a certifier signs.
    """

    version = models.ForeignKey("ClaimVersion", models.PROTECT, related_name="calculations")
    computed_at = models.DateTimeField(default=clock.now)
    as_of = models.DateField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    officers = models.PositiveIntegerField()
    waiting_lines = models.PositiveIntegerField()
    regular = CentsField()
    benefits = CentsField()
    overtime_allowed = CentsField()
    overtime_disallowed = CentsField()
    reimbursement = CentsField()
    award_status = models.CharField(max_length=20)
    award_headcount = models.PositiveIntegerField()
    award_per_officer = CentsField()
    award_amount = CentsField()
    total = CentsField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="calculation_adds_up",
                condition=models.Q(total=models.F("reimbursement") + models.F("award_amount"))
                & models.Q(
                    reimbursement=models.F("regular")
                    + models.F("benefits")
                    + models.F("overtime_allowed")
                ),
            ),
        )

    def __str__(self) -> str:
        return self.sha256[:12]


class OfficerResult(AppendOnly):
    """One officer in one calculation: totals as numbers, facts and operands as canonical JSON.

    `position` is the officer's place in the claim, from 1. Written by COPY.
    """

    pk = models.CompositePrimaryKey("calculation_id", "position")
    calculation = models.ForeignKey(
        Calculation, models.PROTECT, related_name="results", db_index=False
    )
    position = models.PositiveIntegerField()
    officer_id = models.CharField(max_length=100)
    name = models.CharField(max_length=410)
    title = models.CharField(max_length=200, blank=True)
    eligible_days = models.PositiveSmallIntegerField()
    regular = CentsField()
    benefits = CentsField()
    overtime_submitted = CentsField()
    overtime_cap = CentsField()
    overtime_used_before = CentsField()
    overtime_allowed = CentsField()
    overtime_disallowed = CentsField()
    total = CentsField()
    detail = models.TextField()

    class Meta:
        # Whoever looks at many lines (the guards of adjustments, lists) finds each one's officer by it.
        indexes = (
            models.Index(fields=["calculation", "officer_id"], name="officerresult_by_officer"),
        )
        constraints = (
            models.CheckConstraint(
                name="officerresult_adds_up",
                condition=models.Q(
                    total=models.F("regular") + models.F("benefits") + models.F("overtime_allowed")
                ),
            ),
        )
