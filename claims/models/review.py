"""What people do to a claim while it is judged: to its lines, around it, and after the decision.

A line is addressed by officer and cost category. An empty category means the officer as a whole, an empty
officer the claim itself or its award. Every row that a form makes carries the form's `token`: sent
twice, it is made once.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from claims.models.claim import Claim, ClaimVersion
from claims.rules.lines import Category, Reason
from portal.accounts.models import Agency, User
from portal.accounts.roles import Side
from portal.kernel import clock
from portal.records.fields import CentsField, QuarterField
from portal.records.models import AppendOnly, Document

CATEGORIES = [(category.value, category.label) for category in Category]
REASONS = [(reason.value, reason.label) for reason in Reason]


class Addressed(models.Model):
    """Something about a line of a claim, an officer, or the claim as a whole."""

    officer_id = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=8, choices=CATEGORIES, blank=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Assignment(models.Model):
    """A reviewer who has taken a claim: nobody else reviews it until it is given back or taken over."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="assignment_one_reviewer", fields=["claim"], condition=Q(ended_at=None)
            ),
        )


class Hold(models.Model):
    """A claim that is not decided for a while: why, until which day of its agency, and who ended it."""

    class Why(models.TextChoices):
        FUNDS = "funds", "Funds are not available"
        INQUIRY = "inquiry", "An inquiry is open"
        AGREEMENT = "agreement", "The agreement is in question"
        RECORDS = "records", "Records were asked for elsewhere"
        OTHER = "other", "Another reason"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="holds")
    why = models.CharField(max_length=10, choices=Why)
    note = models.TextField()
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=clock.now)
    until_on = models.DateField(help_text="The last day of the hold.")
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)


class Adjustment(Addressed, AppendOnly):
    """What a person took from a line of a version, or gave back: `amount` in cents, mostly negative."""

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="adjustments")
    amount = CentsField()
    reason = models.CharField(max_length=14, choices=REASONS)
    rule = models.CharField(max_length=200, help_text="The rule cited.")
    note = models.TextField(blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    appeal = models.ForeignKey("Appeal", models.PROTECT, null=True, related_name="adjustments")

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["version", "officer_id"], name="adjustment_by_line"),)
        constraints = (
            models.CheckConstraint(name="adjustment_changes_something", condition=~Q(amount=0)),
            models.CheckConstraint(name="adjustment_names_a_line", condition=~Q(category="")),
        )


class Waiver(Addressed):
    """A requirement that does not apply to a line or claim: which, why, who allowed it, until when."""

    class Rule(models.TextChoices):
        EVIDENCE = "evidence", "A record that the checklist asks for"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=10, choices=Rule)
    reason = models.TextField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)
    expires_on = models.DateField(help_text="The last day on which it is good.")
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)


class Question(Addressed):
    """What a reviewer asks the agency about a line or the claim, to be answered by a day."""

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)


class Answer(AppendOnly):
    """What either side writes to a question; both read it."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    written_at = models.DateTimeField(default=clock.now)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering = ("id",)


class Note(Addressed, AppendOnly):
    """What one side writes to itself about a line or the claim. The other side never reads it."""

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="notes")
    side = models.CharField(max_length=8, choices=Side.choices)
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)


class Evidence(Addressed):
    """A record that supports a claim or a line of it. The portal keeps the file and never reads it."""

    class Kind(models.TextChoices):
        TIMESHEET = "timesheet", "Timesheet with the supervisor's approval"
        PAY_RATE = "pay_rate", "Pay-rate letter"
        OVERTIME = "overtime", "Overtime authorization"
        PAYMENT = "payment", "Proof of payment"
        OTHER = "other", "Something else"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=9, choices=Kind)
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="evidence")
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)


class Appeal(Addressed):
    """A line that its agency contests after the decision: another reviewer proposes, an approver decides.

    Amounts in cents: what the agency asks back, what is proposed, what is granted.
    """

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="appeals")
    asked = CentsField()
    grounds = models.TextField()
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=clock.now)
    proposed = CentsField(null=True)
    proposal = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    granted = CentsField(null=True)
    ruling = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        # The guard asks of each line whether its proposer has proposed on others of the version.
        indexes = (models.Index(fields=["version", "proposed_by"], name="appeal_by_proposer"),)
        constraints = (
            models.UniqueConstraint(
                name="appeal_once", fields=["version", "officer_id", "category"]
            ),
            models.CheckConstraint(
                name="appeal_amounts",
                condition=Q(asked__gt=0)
                & (Q(proposed=None) | Q(proposed__gte=0, proposed__lte=models.F("asked")))
                & (Q(granted=None) | Q(granted__gte=0, granted__lte=models.F("asked"))),
            ),
        )


class Extension(AppendOnly):
    """A later due date that a program manager grants an agency for a quarter; the last one counts."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="extensions")
    quarter = QuarterField()
    due_on = models.DateField()
    reason = models.TextField()
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=clock.now)
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)


class Lateness(AppendOnly):
    """Why a claim is certified after its due date, as its signer says."""

    class Why(models.TextChoices):
        STAFF = "staff", "Staff change or illness"
        PAYROLL = "payroll", "The payroll system could not deliver in time"
        RECORDS = "records", "Records came late from another office"
        DISASTER = "disaster", "A disaster or emergency"
        OTHER = "other", "Another reason"

    version = models.OneToOneField(ClaimVersion, models.PROTECT, related_name="lateness")
    why = models.CharField(max_length=8, choices=Why)
    note = models.TextField(blank=True)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=clock.now)
