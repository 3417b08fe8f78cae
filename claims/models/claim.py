"""A quarter's claim, its versions, and the people and signatures behind each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from claims.rules.lifecycle import ACTIONS, STATE_LABELS, Kind, Part, State
from portal.accounts.models import Agency, User
from portal.kernel import clock
from portal.records.fields import CentsField, QuarterField
from portal.records.models import AppendOnly

KINDS = [(kind.value, kind.value.capitalize()) for kind in Kind]
STATES = [(state.value, label) for state, label in STATE_LABELS.items()]


class Claim(models.Model):
    """What one agency asks for one quarter. Its number stays the same through all versions.

    A quarter has one original; what comes after its decision is an amendment or a supplement, which
    `follows` the claim before it and settles the difference. Only one of a quarter is undecided at a time.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="claims")
    quarter = QuarterField()
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS, default=Kind.ORIGINAL)
    sequence = models.PositiveSmallIntegerField(default=1, help_text="Its place in the quarter.")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    version = models.ForeignKey(
        "ClaimVersion", models.PROTECT, related_name="+", help_text="The current one."
    )
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="claim_once", fields=["agency", "quarter", "sequence"]),
            models.CheckConstraint(
                name="claim_first_is_original",
                condition=Q(kind=Kind.ORIGINAL, sequence=1, follows=None)
                | ~Q(kind=Kind.ORIGINAL) & Q(sequence__gt=1, follows__isnull=False),
            ),
        )

    @property
    def kind_word(self) -> str:
        """What people call it: a claim, or the amendment or supplement of one."""
        return "claim" if self.kind == Kind.ORIGINAL else str(self.kind)

    @property
    def name(self) -> str:
        """The same with its quarter: `claim of FY2026Q1`, `amendment of the claim of FY2026Q1`."""
        claim = f"claim of {self.quarter}"
        return claim if self.kind == Kind.ORIGINAL else f"{self.kind} of the {claim}"

    @property
    def subject(self) -> str:
        """What its own audit events are about."""
        return f"claim/{self.number}"

    @property
    def thread(self) -> str:
        """The audit thread that tells this quarter's story, in which linked claims go on."""
        agency, quarter = self.number.split("-")[:2]
        return f"claim/{agency}-{quarter}"

    def __str__(self) -> str:
        return self.number


class ClaimVersion(models.Model):
    """One submission of a claim. A trigger lets its state move only as the lifecycle table says."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=16, choices=STATES, default=State.DRAFT)
    calculation = models.ForeignKey(
        "Calculation", models.PROTECT, null=True, related_name="+", help_text="The current one."
    )
    nil = models.BooleanField(default=False, help_text="It says: nothing to claim.")
    opened_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="claimversion_once", fields=["claim", "number"]),
        )
        indexes = (models.Index(fields=["state", "changed_at"], name="claimversion_queue"),)

    def __str__(self) -> str:
        return f"{self.claim} version {self.number}"


class Participant(AppendOnly):
    """Who did what in a version. One person, one part: the unique constraint is the four eyes."""

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="participants")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    part = models.CharField(max_length=9, choices=[(p.value, p.value) for p in Part])
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="participant_one_part", fields=["version", "user"]),
        )


class Certification(AppendOnly):
    """A signature: who, as what, under which words, over exactly which calculation."""

    version = models.OneToOneField(ClaimVersion, models.PROTECT, related_name="certification")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    title = models.CharField(max_length=150)
    wording_version = models.CharField(max_length=20)
    wording = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="The hash of the calculation signed.")
    certified_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="certification_is_signed", condition=~Q(name="") & ~Q(title="")
            ),
        )


class Decision(AppendOnly):
    """What a person decided about a version, and why: reviewers, payment approvers, and who withdrew it.

    `allowed` is what was left of the total when it was decided, in cents; `approvers` how many
    payment approvers the amount needs. `shown_sha256` is `claims.selectors.lines.shown_hash` of what the
    person was shown; empty for a step that decides about no amount.
    """

    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="decisions")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    action = models.CharField(max_length=20, choices=[(a.code, a.label) for a in ACTIONS.values()])
    note = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, help_text="The hash of the calculation decided on.")
    shown_sha256 = models.CharField(max_length=64, blank=True)
    allowed = CentsField(default=0)
    approvers = models.PositiveSmallIntegerField(default=1)
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = (F("id"),)
        constraints = (
            models.CheckConstraint(
                name="decision_amounts", condition=Q(allowed__gte=0, approvers__gte=1)
            ),
        )
