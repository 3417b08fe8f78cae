"""Agreements, officers and their roster: who may be paid for, and on which days."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from portal.accounts.models import Agency
from portal.kernel import clock
from portal.kernel.program import MODELS
from portal.records.models import Batch, BatchFinding

MODEL_CHOICES = list(MODELS.items())


class Agreement(models.Model):
    """One unbroken stretch of days on which an agency's agreement of one model is active.

    A suspension ends one stretch and a reinstatement begins the next; both ends are included.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="agreements")
    model = models.CharField(max_length=3, choices=MODEL_CHOICES)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True, help_text="Last active day; empty is open.")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=Q(active_to=None) | Q(active_to__gte=F("active_from")),
            ),
            ExclusionConstraint(
                name="agreement_no_overlap",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("model", RangeOperators.EQUAL),
                    (
                        Func(
                            "active_from",
                            "active_to",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.active_from} to {self.active_to or 'open'}"


class Officer(models.Model):
    """A person on an agency's roster, known by the agency's own payroll id."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="officers")
    payroll_id = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=100)
    title = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="officer_once", fields=["agency", "payroll_id"]),
        )

    @property
    def name(self) -> str:
        return f"{self.last_name}, {self.first_name}"

    def __str__(self) -> str:
        return f"{self.payroll_id} {self.name}"


class RosterEntry(models.Model):
    """One row of the roster: one employment of an officer with at most one authorization in it.

    An officer with a gap has two entries. A day is payable by one entry alone (`agreements.rules`).
    """

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="entries")
    hired_on = models.DateField()
    separated_on = models.DateField(null=True)
    separation_reason = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=3, choices=MODEL_CHOICES, blank=True)
    trained_on = models.DateField(null=True)
    authorized_from = models.DateField(null=True)
    authorized_to = models.DateField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)
    credential_number = models.CharField(max_length=100, blank=True)
    upload = models.ForeignKey("RosterUpload", models.PROTECT, null=True, related_name="entries")
    source_row = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "roster entries"
        constraints = (
            models.UniqueConstraint(
                name="rosterentry_once",
                fields=["officer", "hired_on", "model", "authorized_from"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="rosterentry_separated_after_hired",
                condition=Q(separated_on=None) | Q(separated_on__gte=F("hired_on")),
            ),
            models.CheckConstraint(
                name="rosterentry_authorization_has_model",
                condition=Q(authorized_from=None) | ~Q(model=""),
            ),
            models.CheckConstraint(
                name="rosterentry_authorization_ends_after_start",
                condition=Q(authorized_to=None) | Q(authorized_to__gte=F("authorized_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} {self.model} from {self.authorized_from}"


class RosterUpload(Batch):
    """A roster somebody sent. Its rows wait as a proposal until a person confirms the difference."""

    content = models.TextField(blank=True, help_text="The rows read, as canonical JSON.")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta(Batch.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"Roster {self.received_at:%Y-%m-%d %H:%M}"


class RosterFinding(BatchFinding):
    pk = models.CompositePrimaryKey("upload_id", "number")
    upload = models.ForeignKey(RosterUpload, models.CASCADE, related_name="findings")
