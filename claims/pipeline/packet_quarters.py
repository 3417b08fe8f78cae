"""The fiscal year before a claim, as it stood at an instant: what was claimed and what of it was allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Q, Sum

from claims.models import Adjustment, Calculation, Claim, ClaimVersion, OfficerResult
from claims.packets.facts import EarlierQuarter
from claims.rules.lifecycle import ACTIONS, STATE_LABELS, State
from claims.rules.lines import Category, Reason
from claims.selectors.linked import standing_adjustments
from claims.selectors.overtime import counting_before
from portal.kernel.quarter import Quarter

IN_FORCE = (State.APPROVED, State.PARTLY_APPROVED)
TAKEN_BACK = (State.WITHDRAWN, State.RETURNED)
"""The signature under such a claim no longer counts."""


def earlier_quarters(
    claim: Claim, officer_ids: Collection[str], at: datetime
) -> Iterator[EarlierQuarter]:
    """Every quarter of the claim's fiscal year before its own, in order.

    Of each counts the claim that was in force at that instant; without one the last that was signed.
    """
    used = _overtime_by_quarter(claim, officer_ids)
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
            overtime=used.get(quarter, {}),
        )


def _counting(agency_id: int, quarter: Quarter, at: datetime) -> tuple[ClaimVersion | None, State]:
    """The version that counted for a quarter, and where it stood."""
    signed = ClaimVersion.objects.filter(
        claim__agency=agency_id, claim__quarter=quarter, certification__certified_at__lte=at
    )
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
    if state not in IN_FORCE:
        return None
    # What was taken was taken before the decision; only appeals give something back after it.
    rows = Adjustment.objects.filter(~Q(reason=Reason.APPEAL) | Q(made_at__lte=at), version=version)
    sums = dict(rows.order_by().values_list("category").annotate(cents=Sum("amount")))
    return {category: cents + sums.get(category, 0) for category, cents in claimed.items()}


def _overtime_by_quarter(
    claim: Claim, officer_ids: Collection[str]
) -> dict[Quarter, dict[str, int]]:
    """What earlier quarters allow of these officers' overtime: used before, opened by quarter."""
    used: dict[Quarter, dict[str, int]] = {}
    if not officer_ids:
        return used
    for quarter, version in counting_before(claim.agency_id, claim.quarter).items():
        rows = OfficerResult.objects.filter(
            calculation=version.calculation, officer_id__in=officer_ids, overtime_allowed__gt=0
        )
        taken = standing_adjustments(version)
        used[quarter] = {
            officer_id: max(cents + taken.get((officer_id, Category.OVERTIME), 0), 0)
            for officer_id, cents in rows.values_list("officer_id", "overtime_allowed")
        }
    return used
