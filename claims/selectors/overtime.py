"""Reading the overtime that a fiscal year's quarters use up, and which of them no longer follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import QuerySet

from claims.models import Claim, ClaimVersion, OfficerResult
from claims.rules.facts import CapPeriod, rules_on
from claims.rules.lifecycle import ALLOWS_NOTHING, SETTLED
from claims.rules.lines import Category
from claims.selectors.linked import claim_in_force, in_progress, standing_adjustments
from portal.accounts.models import Agency
from portal.kernel.quarter import Quarter


def used_before(agency: Agency | int, quarter: Quarter) -> Counter[str]:
    """Overtime that the fiscal year's earlier quarters allow, by officer, in cents.

    Of each quarter counts the last claim that was calculated and neither denied nor withdrawn, after what
    reviewers took from it. Source: docs/calculation.md section 4.4.
    """
    used: Counter[str] = Counter()
    for version in counting_before(agency, quarter).values():
        used.update(_allowed(version, _computed(version)))
    return used


def counting_before(agency: Agency | int, quarter: Quarter) -> dict[Quarter, ClaimVersion]:
    """The versions whose overtime counts as used before, by the fiscal year's earlier quarters."""
    claims = _claims_of_year(agency, quarter).filter(quarter__lt=quarter)
    calculated = claims.exclude(version__calculation=None)
    counting = {}
    for claim in calculated.exclude(version__state__in=ALLOWS_NOTHING):
        claim.version.claim = claim
        counting[claim.quarter] = claim.version
    return counting


def overtime_allowed_of(version: ClaimVersion, officer_id: str) -> int:
    """What one version allows of an officer's overtime, after what people took from it, in cents."""
    own = _results(version).filter(officer_id=officer_id)
    return _allowed(version, Counter(dict(own.values_list("officer_id", "overtime_allowed"))))[
        officer_id
    ]


def no_longer_follows(
    agency: Agency | int, since: Quarter, *, without: Claim | None = None
) -> Iterator[Claim]:
    """The decided claims from a quarter to its year's end whose overtime has to be calculated again.

    In order of quarters; each counts for the next as it will be when it is corrected. Behind a quarter
    whose claim is still to be decided nothing is looked at: that decision will do it. `without` is a
    claim that is to be given up.
    """
    if rules_on(since.start).overtime_cap_period is CapPeriod.QUARTER:
        return
    by_quarter: dict[Quarter, list[Claim]] = {}
    for claim in _claims_of_year(agency, since):
        if claim != without:
            by_quarter.setdefault(claim.quarter, []).append(claim)
    used: Counter[str] = Counter()
    for quarter, claims in by_quarter.items():
        if in_progress(claims):
            return
        in_force = claim_in_force(claims)
        if in_force is None:
            continue
        decided = [claim for claim in claims if claim.version.state in SETTLED][-1]
        computed = _computed(in_force.version)
        if quarter >= since and _differs(decided.version, used):
            yield in_force
            computed = _computed(in_force.version, used)
        used.update(_allowed(in_force.version, computed))


def _claims_of_year(agency: Agency | int, quarter: Quarter) -> QuerySet[Claim]:
    first, last = Quarter(quarter.fiscal_year, 1), Quarter(quarter.fiscal_year, 4)
    rows = Claim.objects.filter(agency=agency, quarter__gte=first, quarter__lte=last)
    return (
        rows.select_related("agency", "version__calculation")
        .defer("version__calculation__content")
        .order_by("quarter", "sequence")
    )


def _results(version: ClaimVersion) -> QuerySet[OfficerResult]:
    return OfficerResult.objects.filter(calculation=version.calculation, overtime_submitted__gt=0)


def _computed(version: ClaimVersion, used: Counter[str] | None = None) -> Counter[str]:
    """The overtime that a version's calculation allows; with another use before, what it would allow."""
    if used is None:
        return Counter(dict(_results(version).values_list("officer_id", "overtime_allowed")))
    rows = _results(version).values_list("officer_id", "overtime_submitted", "overtime_cap")
    return Counter(
        {officer_id: min(sent, max(cap - used[officer_id], 0)) for officer_id, sent, cap in rows}
    )


def _differs(version: ClaimVersion, used: Counter[str]) -> bool:
    return _computed(version) != _computed(version, used)


def _allowed(version: ClaimVersion, computed: Counter[str]) -> Counter[str]:
    """What people left of computed overtime."""
    for (officer_id, category), taken in standing_adjustments(version).items():
        if category == Category.OVERTIME:
            computed[officer_id] = max(computed[officer_id] + taken, 0)
    return computed
