"""Payroll as it came in: batches, their lines, and what the checks found."""

from __future__ import annotations

from django.db import models

from portal.intake.models import Batch, BatchFinding
from portal.records.fields import CentsField
from portal.records.models import AppendOnly


class PayrollBatch(Batch):
    """One payroll file (or JSON body) for one quarter. Once accepted its lines never change.

    `replaces` names the earlier batch that this one takes the place of when it is accepted.
    """

    SUCCEEDS = ("corrects", "replaces")

    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    opens_claim = models.BooleanField(default=True)
    regular_pay = CentsField(default=0)
    benefits = CentsField(default=0)
    overtime_pay = CentsField(default=0)

    class Meta(Batch.Meta):
        abstract = False
        verbose_name_plural = "payroll batches"
        indexes = (
            models.Index(fields=["agency", "state", "received_at"], name="payrollbatch_by_agency"),
        )

    def __str__(self) -> str:
        return f"{self.quarter} payroll of {self.received_at:%Y-%m-%d %H:%M}"


class PayrollLine(AppendOnly):
    """One accepted row: an officer and a pay period, amounts in whole cents.

    Reached only through its batch; written by COPY, so it has one key and no more.
    `benefits` is a JSON object of component and cents, `ext` the agency's own `ext_*` columns.
    """

    pk = models.CompositePrimaryKey("batch_id", "row")
    batch = models.ForeignKey(
        PayrollBatch, models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    row = models.PositiveIntegerField()
    officer_id = models.CharField(max_length=100)
    period_start = models.DateField()
    period_end = models.DateField()
    paid_on = models.DateField()
    annual_salary = CentsField()
    regular_pay = CentsField()
    overtime_hours = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    overtime_pay = CentsField()
    overtime_paid_by_others = CentsField()
    benefits = models.TextField(default="{}")
    ext = models.TextField(default="{}")


class PayrollFinding(BatchFinding):
    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(PayrollBatch, models.CASCADE, related_name="findings", db_index=False)


class PayrollSummary(AppendOnly):
    """What one checked file says of one officer, in cents; kept for every file, also a rejected one."""

    pk = models.CompositePrimaryKey("batch_id", "officer_id")
    batch = models.ForeignKey(
        PayrollBatch, models.PROTECT, related_name="summaries", db_index=False, db_constraint=False
    )
    officer_id = models.CharField(max_length=100)
    rows = models.PositiveIntegerField()
    regular_pay = CentsField()
    benefits = CentsField()
    overtime_pay = CentsField()
