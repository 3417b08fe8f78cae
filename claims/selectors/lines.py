"""Reading a claim's lines: what is claimed, computed and allowed of each, and what was taken away."""

from __future__ import annotations

from hashlib import sha256

from django.db.models import Sum

from claims.models import Adjustment, ClaimVersion


def allowed_total(version: ClaimVersion) -> int:
    """What people left of a version's total, in cents."""
    total = version.calculation.total if version.calculation else 0
    taken = Adjustment.objects.filter(version=version).aggregate(sum=Sum("amount"))["sum"]
    return total + (taken or 0)


def shown_hash(version: ClaimVersion) -> str:
    """The hash of what somebody who decides is shown: the calculation and every adjustment of it.

    Without adjustments it is the calculation's own; empty while nothing was calculated.
    """
    if version.calculation is None:
        return ""
    adjustments = Adjustment.objects.filter(version=version).order_by("id")
    rows = adjustments.values_list("id", "officer_id", "category", "amount")
    shown = "".join(
        f"\n{pk} {category} {amount} {officer}" for pk, officer, category, amount in rows
    )
    signed: str = version.calculation.sha256
    return sha256((signed + shown).encode()).hexdigest() if shown else signed
