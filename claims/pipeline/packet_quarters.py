"""What was claimed and allowed before a claim, in its fiscal year and quarter, as it stood at an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, Sum

from claims.models import Adjustment, Calculation, Claim, ClaimVersion
from claims.packets.facts import Corrected, EarlierQuarter
from claims.rules.lifecycle import IN_FORCE, STATE_LABELS, State
from claims.rules.lines import Category, Reason
from claims.selectors.counting import Counting, counting, signed_versions, state_at
from portal.kernel.quarter import Quarter


def earlier_quarters(claim: Claim, at: datetime) -> Iterator[EarlierQuarter]:
    """Every quarter of the claim's fiscal year before its own, in order.

    Of each counts the claim that was in force at that instant; without one the last that was signed.
    """
    for number in range(1, claim.quarter.number):
        quarter = Quarter(claim.quarter.fiscal_year, number)
        found = counting(claim.agency_id, quarter, at)
        if found is None or found.version.calculation is None:
            nothing = dict.fromkeys(Category, 0)
            yield EarlierQuarter(str(quarter), "", "Nothing claimed", nothing, nothing)
            continue
        claimed = _claimed(found.version.calculation)
        yield EarlierQuarter(
            quarter=str(quarter),
            claim_number=found.version.claim.number,
            status=STATE_LABELS[found.state],
            claimed=claimed,
            allowed=_allowed(found, claimed, at),
        )


def corrected_at(claim: Claim, at: datetime) -> Corrected | None:
    """The claim that was in force for the quarter before a linked one; None for an original."""
    base = counting(claim.agency_id, claim.quarter, at, before=claim.sequence)
    first = _first_certified_at(claim, at)
    if base is None or base.version.calculation is None or first is None:
        return None
    if base.state not in IN_FORCE:
        return None
    allowed = _left(base.version, _claimed(base.version.calculation), at)
    return Corrected(base.version.claim.number, sum(allowed.values()), first, allowed)


def _first_certified_at(claim: Claim, at: datetime) -> datetime | None:
    """When the quarter was claimed for the first time; a signature withdrawn by then does not count."""
    signed = signed_versions(claim.agency_id, claim.quarter, at).select_related("certification")
    for version in signed.order_by("certification__certified_at"):
        if state_at(version, at) is not State.WITHDRAWN:
            return version.certification.certified_at
    return None


def _claimed(calculation: Calculation) -> dict[Category, int]:
    return {
        Category.REGULAR: calculation.regular,
        Category.BENEFITS: calculation.benefits,
        Category.OVERTIME: calculation.overtime_allowed,
        Category.AWARD: calculation.award_amount,
    }


def _allowed(
    found: Counting, claimed: dict[Category, int], at: datetime
) -> dict[Category, int] | None:
    """What people left of it; None while they had not decided."""
    if found.state is State.DENIED:
        return dict.fromkeys(Category, 0)
    return _left(found.version, claimed, at) if found.state in IN_FORCE else None


def _left(version: ClaimVersion, claimed: dict[Category, int], at: datetime) -> dict[Category, int]:
    """What was left of a claim in force."""
    # What was taken was taken before the decision; only appeals give something back after it.
    rows = Adjustment.objects.filter(~Q(reason=Reason.APPEAL) | Q(made_at__lte=at), version=version)
    sums = dict(rows.order_by().values_list("category").annotate(cents=Sum("amount")))
    return {category: cents + sums.get(category, 0) for category, cents in claimed.items()}
