"""Which earlier claims the overtime cap counted, as they stood when a claim was signed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Sum

from claims.models import Adjustment, Calculation, Claim, ClaimVersion, OfficerResult
from claims.packets.facts import UsedBefore
from claims.rules.facts import CapPeriod, rules_on
from claims.rules.lifecycle import ALLOWS_NOTHING, IN_FORCE, SETTLED, STATE_LABELS, State
from claims.rules.lines import Category
from claims.selectors.counting import counting, signed_versions, state_at
from claims.selectors.linked import stays_taken
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent

Cents = dict[str, int]


def used_before_at(
    claim: Claim, officer_ids: Collection[str], at: datetime
) -> Iterator[UsedBefore]:
    """What the fiscal year's earlier quarters allowed of these officers' overtime, in order.

    Of each counts the last claim that was calculated and neither denied nor withdrawn, whether or not
    anybody had signed it: `claims.selectors.overtime.used_before`, as it was at an instant.
    """
    if not officer_ids or rules_on(claim.quarter.start).overtime_cap_period is CapPeriod.QUARTER:
        return
    for number in range(1, claim.quarter.number):
        quarter = Quarter(claim.quarter.fiscal_year, number)
        for version in reversed(_last_versions(claim.agency_id, quarter, at)):
            state, calculation = _state(version, at), _calculation(version, at)
            if calculation is None or state in ALLOWS_NOTHING:
                continue
            overtime = _allowed(version, state, calculation, officer_ids, at)
            if overtime:
                yield UsedBefore(
                    quarter=str(quarter),
                    claim_number=version.claim.number,
                    version=version.number,
                    status=STATE_LABELS[state],
                    overtime=overtime,
                )
            break


def _last_versions(agency_id: int, quarter: Quarter, at: datetime) -> list[ClaimVersion]:
    """The version that each claim of a quarter had then, in order of the claims."""
    rows = ClaimVersion.objects.filter(
        claim__agency=agency_id, claim__quarter=quarter, opened_at__lte=at
    )
    rows = rows.select_related("claim").order_by("claim__sequence", "number")
    return list({version.claim_id: version for version in rows}.values())


def _state(version: ClaimVersion, at: datetime) -> State:
    """Where it stood; what nobody had signed is a draft, until it is given up."""
    signed = signed_versions(version.claim.agency_id, version.claim.quarter, at)
    if signed.filter(pk=version.pk).exists():
        return state_at(version, at)
    drops = AuditEvent.objects.filter(
        subject=version.claim.subject, action="claim.drop", at__lte=at
    )
    dropped = {json.loads(event.content)["facts"]["version"] for event in drops}
    return State.WITHDRAWN if version.number in dropped else State.DRAFT


def _calculation(version: ClaimVersion, at: datetime) -> Calculation | None:
    """The calculation that was the current one: each replaces the one before it."""
    rows = version.calculations.filter(computed_at__lte=at).defer("content")
    return rows.order_by("id").last()


def _allowed(
    version: ClaimVersion,
    state: State,
    calculation: Calculation,
    officer_ids: Collection[str],
    at: datetime,
) -> Cents:
    """What a version left of overtime: until it is decided, under what the decision before it took."""
    computed = _computed(calculation, officer_ids)
    if state in SETTLED or state is State.RETURNED:
        taken = _taken(version, at)
    else:
        taken = _carried(version.claim, computed, officer_ids, at)
    left = {who: max(cents + taken.get(who, 0), 0) for who, cents in computed.items()}
    return {who: cents for who, cents in left.items() if cents}


def _carried(claim: Claim, now: Cents, officer_ids: Collection[str], at: datetime) -> Cents:
    base = counting(claim.agency_id, claim.quarter, at, before=claim.sequence)
    if base is None or base.state not in IN_FORCE or base.version.calculation is None:
        return {}
    before = _computed(base.version.calculation, officer_ids)
    return stays_taken(_taken(base.version, at), before, now)


def _computed(calculation: Calculation, officer_ids: Collection[str]) -> Cents:
    rows = OfficerResult.objects.filter(
        calculation=calculation, officer_id__in=officer_ids, overtime_submitted__gt=0
    )
    return dict(rows.values_list("officer_id", "overtime_allowed"))


def _taken(version: ClaimVersion, at: datetime) -> Cents:
    rows = Adjustment.objects.filter(
        version=version, category=Category.OVERTIME, made_at__lte=at
    ).order_by()
    return dict(rows.values_list("officer_id").annotate(cents=Sum("amount")))
