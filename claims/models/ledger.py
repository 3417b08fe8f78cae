"""What agencies are due, entry by entry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from claims.models.claim import ClaimVersion
from claims.models.review import Appeal
from portal.accounts.models import Agency
from portal.kernel import clock
from portal.records.fields import CentsField, QuarterField
from portal.records.models import AppendOnly


class LedgerEntry(AppendOnly):
    """What a decision changed in what an agency is due, in cents; negative when less is allowed than before.

    The entries of a quarter add up to what its decided claims allow. An agency's entries add up to its
    balance: above zero it is due to the agency, below zero it is a receivable. Nobody is paid less than zero.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="ledger")
    quarter = QuarterField()
    version = models.ForeignKey(ClaimVersion, models.PROTECT, related_name="ledger")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="ledger")
    amount = CentsField()
    balance = CentsField(help_text="Of the agency, after this entry.")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["agency", "quarter"], name="ledgerentry_by_quarter"),)
        constraints = (
            models.CheckConstraint(name="ledgerentry_changes_something", condition=~Q(amount=0)),
        )

    @property
    def before(self) -> int:
        """The agency's balance before this entry, in cents."""
        return self.balance - self.amount

    @property
    def owed(self) -> int:
        """What is due less than before by this entry, in cents."""
        return max(-self.amount, 0)
