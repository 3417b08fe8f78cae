"""Evidence: files by content, rows that are only ever added, and the chained record of who did what."""

from __future__ import annotations

import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from portal.kernel import clock


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
        EVIDENCE = "evidence", "Evidence of a claim"
        ARCHIVE = "archive", "Archive for auditors"
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
