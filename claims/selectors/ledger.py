"""Reading what agencies are due: the entries, and what they add up to."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum

from claims.models import LedgerEntry
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.selectors import agencies_for
from portal.kernel.quarter import Quarter


class Balance(NamedTuple):
    """What an agency's entries add up to, in cents: it is due, or when negative a receivable."""

    amount: int

    @property
    def due(self) -> int:
        """What is due to the agency; never less than zero."""
        return max(self.amount, 0)

    @property
    def receivable(self) -> int:
        """What the agency owes back; later amounts are set off against it."""
        return max(-self.amount, 0)


def balance_of(agency: Agency | int) -> Balance:
    """Where an agency's account stands."""
    return Balance(_sum(LedgerEntry.objects.filter(agency=agency)))


def entered_for(agency: Agency | int, quarter: Quarter) -> int:
    """What the entries of one quarter add up to, in cents."""
    return _sum(LedgerEntry.objects.filter(agency=agency, quarter=quarter))


def entries_for(actor: Actor, agency: Agency | None = None) -> QuerySet[LedgerEntry]:
    """The entries that the actor may see, of one agency or of all, the newest first."""
    rows = actor.scope(LedgerEntry.objects.select_related("agency", "version__claim", "appeal"))
    if agency is not None:
        rows = rows.filter(agency=agency)
    return rows.order_by("-id")


def agencies_with_entries(actor: Actor) -> QuerySet[Agency]:
    """The agencies that have `entries`, how many, and the `balance` that they add up to."""
    rows = agencies_for(actor).annotate(entries=Count("ledger"), balance=Sum("ledger__amount"))
    return rows.filter(entries__gt=0)


def _sum(rows: QuerySet[LedgerEntry]) -> int:
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0
