"""What was claimed and allowed before a claim, in its fiscal year and quarter, as it stood at an instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from claims.models import Adjustment, Calculation, Claim, ClaimVersion, OfficerResult
from claims.packets.facts import Corrected, EarlierQuarter
from claims.rules.lifecycle import ACTIONS, SETTLED, STATE_LABELS, State
from claims.rules.lines import Category, Reason
from portal.kernel.quarter import Quarter

IN_FORCE = SETTLED - {State.DENIED}
TAKEN_BACK = (State.WITHDRAWN, State.RETURNED)
"""The signature under such a claim no longer counts."""


def earlier_quarters(
    claim: Claim, officer_ids: Collection[str], at: datetime
) -> Iterator[EarlierQuarter]:
    """Every quarter of the claim's fiscal year before its own, in order.

    Of each counts the claim that was in force at that instant; without one the last that was signed.
    """
    for number in range(1, claim.quarter.number):
        quarter = Quarter(claim.quarter.fiscal_year, number)
        version, state = _counting(claim.agency_id, quarter, at)
        if version is None or version.calculation is None:
            nothing = dict.fromkeys(Category, 0)
            yield EarlierQuarter(str(quarter), "", "Nothing claimed", nothing, nothing)
            continue
        claimed = _claimed(version.calculation)
        yield EarlierQuarter(
            quarter=str(quarter),
            claim_number=version.claim.number,
            status=STATE_LABELS[state],
            claimed=claimed,
            allowed=_allowed(version, claimed, state, at),
            overtime=_overtime(version, state, officer_ids, at),
        )


def corrected_at(claim: Claim, at: datetime) -> Corrected | None:
    """The claim that was in force for the quarter before a linked one; None for an original."""
    base, state = _counting(claim.agency_id, claim.quarter, at, before=claim.sequence)
    first = _first_certified_at(claim, at)
    if base is None or base.calculation is None or first is None or state not in IN_FORCE:
        return None
    allowed = _left(base, _claimed(base.calculation), at)
    return Corrected(base.claim.number, sum(allowed.values()), first, allowed)


def _counting(
    agency_id: int, quarter: Quarter, at: datetime, before: int | None = None
) -> tuple[ClaimVersion | None, State]:
    """The version that counted for a quarter, and where it stood; of the claims `before` one's sequence."""
    signed = _signed(agency_id, quarter, at)
    if before is not None:
        signed = signed.filter(claim__sequence__lt=before)
    counting, stood = None, State.SUBMITTED
    for version in (
        signed.select_related("claim", "calculation")
        .defer("calculation__content")
        .order_by("claim__sequence", "number")
    ):
        state = _state_at(version, at)
        if state in IN_FORCE or (state not in TAKEN_BACK and stood not in IN_FORCE):
            counting, stood = version, state
    return counting, stood


def _first_certified_at(claim: Claim, at: datetime) -> datetime | None:
    """When the quarter was claimed for the first time; a signature withdrawn by then does not count."""
    signed = _signed(claim.agency_id, claim.quarter, at).select_related("certification")
    for version in signed.order_by("certification__certified_at"):
        if _state_at(version, at) is not State.WITHDRAWN:
            return version.certification.certified_at
    return None


def _signed(agency_id: int, quarter: Quarter, at: datetime) -> QuerySet[ClaimVersion]:
    return ClaimVersion.objects.filter(
        claim__agency=agency_id, claim__quarter=quarter, certification__certified_at__lte=at
    )


def _state_at(version: ClaimVersion, at: datetime) -> State:
    """Where a signed version stood, by what was decided until then."""
    state = State.SUBMITTED
    for code in version.decisions.filter(decided_at__lte=at).values_list("action", flat=True):
        if not ACTIONS[code].stays:
            state = ACTIONS[code].to
    return state


def _claimed(calculation: Calculation) -> dict[Category, int]:
    return {
        Category.REGULAR: calculation.regular,
        Category.BENEFITS: calculation.benefits,
        Category.OVERTIME: calculation.overtime_allowed,
        Category.AWARD: calculation.award_amount,
    }


def _allowed(
    version: ClaimVersion, claimed: dict[Category, int], state: State, at: datetime
) -> dict[Category, int] | None:
    """What people left of it; None while they had not decided."""
    if state is State.DENIED:
        return dict.fromkeys(Category, 0)
    return _left(version, claimed, at) if state in IN_FORCE else None


def _left(version: ClaimVersion, claimed: dict[Category, int], at: datetime) -> dict[Category, int]:
    """What was left of a claim in force."""
    sums = dict(_taken(version, at).values_list("category").annotate(cents=Sum("amount")))
    return {category: cents + sums.get(category, 0) for category, cents in claimed.items()}


def _taken(version: ClaimVersion, at: datetime) -> QuerySet[Adjustment]:
    """What was taken was taken before the decision; only appeals give something back after it."""
    rows = Adjustment.objects.filter(~Q(reason=Reason.APPEAL) | Q(made_at__lte=at), version=version)
    return rows.order_by()


def _overtime(
    version: ClaimVersion, state: State, officer_ids: Collection[str], at: datetime
) -> dict[str, int]:
    """What a quarter allowed of these officers' overtime: used before, opened by quarter."""
    if not officer_ids or state is State.DENIED:
        return {}
    computed = OfficerResult.objects.filter(
        calculation=version.calculation, officer_id__in=officer_ids, overtime_allowed__gt=0
    )
    taken: dict[str, int] = {}
    if state in IN_FORCE:
        rows = _taken(version, at).filter(category=Category.OVERTIME)
        taken = dict(rows.values_list("officer_id").annotate(cents=Sum("amount")))
    return {
        officer_id: max(cents + taken.get(officer_id, 0), 0)
        for officer_id, cents in computed.values_list("officer_id", "overtime_allowed")
    }
