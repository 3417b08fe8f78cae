"""Agreements, officers and their roster: who may be paid for, and on which days."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from portal.accounts.models import Agency
from portal.intake.models import Batch, BatchFinding
from portal.kernel import clock
from portal.kernel.program import MODELS
from portal.records.models import AppendOnly

MODEL_CHOICES = list(MODELS.items())


class Agreement(models.Model):
    """An agency's memorandum of agreement of one model, from a pending request to its end.

    Which days it pays for is told by its active periods alone.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        SIGNED = "signed", "Signed"
        ENDED = "ended", "Ended"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="agreements")
    model = models.CharField(max_length=3, choices=MODEL_CHOICES)
    status = models.CharField(max_length=7, choices=Status, default=Status.SIGNED)
    signed_on = models.DateField(null=True, blank=True)
    support_type = models.CharField(max_length=100, blank=True)
    moa_url = models.URLField(max_length=500, blank=True)
    addendum_url = models.URLField(max_length=500, blank=True)
    moa = models.ForeignKey("records.Document", models.PROTECT, null=True, related_name="+")
    clauses = models.TextField(blank=True, help_text="Recruitment or compensation clauses noted.")
    first_listed_on = models.DateField(null=True)
    last_listed_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            # A re-signed agreement is a new one, and begins when the old one has ended.
            models.UniqueConstraint(
                name="agreement_one_alive",
                fields=["agency", "model"],
                condition=~Q(status="ended"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.model} of {self.agency_id}"


class ActivePeriod(models.Model):
    """One unbroken stretch of days on which an agreement is active, both ends included.

    A suspension ends one stretch and a reinstatement begins the next. `agency` and `model` repeat those
    of the agreement, so that the database can refuse two stretches that share a day.
    """

    class Ending(models.TextChoices):
        SUSPENDED = "suspended", "Suspended"
        TERMINATED = "terminated", "Terminated"
        SUPERSEDED = "superseded", "Replaced by another agreement"
        OTHER = "other", "Other"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="periods")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="active_periods")
    model = models.CharField(max_length=3, choices=MODEL_CHOICES)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True, help_text="Last active day; empty is open.")
    ended_because = models.CharField(max_length=10, choices=Ending, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="activeperiod_ends_after_start",
                condition=Q(active_to=None) | Q(active_to__gte=F("active_from")),
            ),
            ExclusionConstraint(
                name="activeperiod_no_overlap",
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


class AgencyName(models.Model):
    """Another name of an agency: as a list of ICE's spells it, or as it was called before.

    `key` is its normal form (`agreements.agency_names.name_key`); one state has each key once.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=2)
    key = models.CharField(max_length=200)
    since_on = models.DateField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="agencyname_once", fields=["state", "key"]),)

    def __str__(self) -> str:
        return self.name


class ListImport(models.Model):
    """One of ICE's own lists as it was taken in: the file, the day it shows, what it changed."""

    class Kind(models.TextChoices):
        PARTICIPATING = "participating", "Participating agencies"
        PENDING = "pending", "Pending agencies"

    document = models.ForeignKey("records.Document", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind)
    as_of = models.DateField()
    imported_at = models.DateTimeField(default=clock.now)
    imported_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    summary = models.JSONField(help_text="Counts as `import_agreements --json` prints them.")
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.kind} list of {self.as_of}"


class AgreementChange(AppendOnly):
    """What one row of a list (or its absence) did to one agreement."""

    class What(models.TextChoices):
        CREATED = "created", "Created"
        CHANGED = "changed", "Changed"
        MOVED = "moved", "Moved between pending and signed"
        ENDED = "ended", "Ended"

    list_import = models.ForeignKey(ListImport, models.PROTECT, related_name="changes")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="changes")
    row = models.PositiveIntegerField(null=True)
    what = models.CharField(max_length=7, choices=What)
    cells = models.JSONField(default=dict, help_text="The row as it stood in the file.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)


class Officer(models.Model):
    """A person on an agency's roster, known by the agency's own payroll id."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="officers")
    payroll_id = models.CharField(max_length=100)
    last_name = models.CharField(max_length=200)
    first_name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)

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
    credential_number = models.CharField(max_length=200, blank=True)
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


class FederalList(AppendOnly):
    """The federal side's own list of authorizations, as a program manager sent it; the latest counts."""

    document = models.ForeignKey("records.Document", models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Federal list {self.received_at:%Y-%m-%d %H:%M}"


class FederalAuthorization(AppendOnly):
    """One row of a federal list: what the federal side says about one credential.

    It names no officer: `credential_key` (`agreements.federal_list.credential_key`) leads to roster entries.
    """

    federal_list = models.ForeignKey(FederalList, models.PROTECT, related_name="authorizations")
    row = models.PositiveIntegerField()
    credential_number = models.CharField(max_length=200)
    credential_key = models.CharField(max_length=200)
    model = models.CharField(max_length=3, choices=MODEL_CHOICES)
    authorized_from = models.DateField()
    authorized_to = models.DateField(null=True)
    revoked_on = models.DateField(null=True, help_text="First day without the authorization.")

    class Meta:
        indexes = (
            models.Index(
                fields=["federal_list", "credential_key"], name="federalauthorization_by_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_number} {self.model} from {self.authorized_from}"
