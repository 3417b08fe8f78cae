"""Mails to people about claims: written with what caused them, sent by a job."""

from __future__ import annotations

from django.db import models

from claims.models.claim import Claim
from portal.accounts.models import Agency, User
from portal.kernel import clock


class Notice(models.Model):
    """One mail to one person. `key` says what it is about, so that nobody is told twice.

    The subject names action, agency and date, and nobody's personal data.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    key = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="notices")
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="notice_once", fields=["user", "key"]),)
        indexes = (models.Index(fields=["sent_at", "id"], name="notice_unsent"),)
