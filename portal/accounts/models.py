"""Agencies, the people who act for them or for the federal side, and the keys of their machines."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from oauth2_provider.models import AbstractApplication

from portal.accounts.roles import Role, Side
from portal.kernel import clock


def valid_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"{name} is not an IANA time zone such as America/Chicago.")


AGENCY_KINDS = [
    ("municipal", "Municipal"),
    ("county", "County"),
    ("state", "State"),
    ("constable", "Constable"),
    ("campus", "Campus"),
    ("regional", "Regional"),
    ("judicial_district", "Judicial district"),
    ("port", "Port"),
    ("tribal", "Tribal"),
    ("other", "Other"),
]


class Agency(models.Model):
    """A sheriff's office, police department or other partner. Its portal number never changes."""

    number = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=2, blank=True, help_text="Two-letter code, such as TX.")
    county = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, choices=AGENCY_KINDS, blank=True)
    ori = models.CharField(
        "ORI", max_length=9, blank=True, help_text="FBI's identifier; not unique."
    )
    uei = models.CharField("UEI", max_length=12, blank=True, help_text="SAM.gov's; not unique.")
    sworn_officers = models.PositiveIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    time_zone = models.CharField(
        max_length=40, default="America/New_York", validators=[valid_time_zone]
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person who signs in by email; without a password they set one by mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. What they may do follows from their memberships alone."""

    email = models.EmailField(
        unique=True, error_messages={"unique": "There is already a person with this email address."}
    )
    name = models.CharField(max_length=150)
    title = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="user_email_in_lower_case", condition=Q(email=Lower("email"))
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """One role of one person, at one agency or on the federal side, from one instant to another."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role.choices)
    side = models.CharField(max_length=8, choices=Side.choices)
    granted_at = models.DateTimeField(default=clock.now)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="membership_agency_side_has_agency",
                condition=Q(side=Side.AGENCY, agency__isnull=False)
                | (~Q(side=Side.AGENCY) & Q(agency__isnull=True)),
            ),
            models.CheckConstraint(
                name="membership_role_fits_side",
                condition=Q(
                    side=Side.AGENCY, role__in=[r.value for r in Role if r.side is Side.AGENCY]
                )
                | Q(side=Side.FEDERAL, role__in=[r.value for r in Role if r.side is Side.FEDERAL])
                | Q(side=Side.SYSTEM, role__in=[r.value for r in Role if r.side is Side.SYSTEM]),
            ),
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "agency", "role"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
            # Nobody serves two sides at once; the database refuses it whoever grants the role.
            ExclusionConstraint(
                name="membership_one_side",
                index_type="gist",
                expressions=[(F("user"), "="), (F("side"), "<>")],
                condition=Q(ended_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


def a_year_from_now() -> datetime:
    return clock.now() + timedelta(ApiKey.USUAL_DAYS)


class ApiKey(AbstractApplication):
    """An OAuth 2 client that belongs to one agency. `user` is the person who answers for it.

    After a rotation the secret before stays good until `previous_until`; it is stored as a hash too.
    """

    USUAL_DAYS, LONGEST_DAYS, LONGEST_OVERLAP_DAYS = 365, 730, 7
    WARNED_DAYS = (30, 7)
    """How many days before a key ends its agency is told, each time once."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="keys")
    scopes = models.CharField(max_length=200, help_text="Scopes it may ask for, space-separated.")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(default=a_year_from_now)
    warned_days = models.PositiveSmallIntegerField(
        null=True, help_text="How many days before its end the last warning was due."
    )
    previous_secret = models.CharField(max_length=255, blank=True)
    previous_until = models.DateTimeField(null=True)
    rotated_at = models.DateTimeField(null=True)
    rotated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    last_used_at = models.DateTimeField(null=True)

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"

    def is_usable(self, request: Any) -> bool:
        """Asked by the OAuth library before it looks at the secret; an expired key says so after."""
        return self.revoked_at is None

    @property
    def is_expired(self) -> bool:
        """Its time is over; a rotation gives it more."""
        return self.expires_at <= clock.now()

    @property
    def is_alive(self) -> bool:
        """Its tokens are good."""
        return self.revoked_at is None and not self.is_expired

    @property
    def has_two_secrets(self) -> bool:
        """The secret before the last rotation is still good."""
        return self.previous_until is not None and clock.now() < self.previous_until

    @property
    def ends_soon(self) -> bool:
        """Somebody should rotate it in the next weeks."""
        return self.is_alive and self.expires_at <= clock.now() + timedelta(max(self.WARNED_DAYS))


class IdempotentRequest(models.Model):
    """A request that an API key marked with an Idempotency-Key, and the answer it got.

    `fingerprint` is the hash of what was asked; `at` is real time, for it decides how long to remember.
    """

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    headers = models.TextField()
    at = models.DateTimeField(db_default=Now())

    REMEMBERED = timedelta(days=30)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="idempotentrequest_once", fields=["key", "name"]),
        )

    def __str__(self) -> str:
        return self.name
