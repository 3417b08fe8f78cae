"""Reading a claim's lines: what is claimed, computed and allowed of each, and what was taken away."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from claims.models import Adjustment, ClaimVersion, OfficerResult
from claims.rules.lifecycle import SETTLED, State
from claims.rules.lines import Category, Line, Reason
from claims.selectors.results import results_of
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side
from portal.kernel.asked_once import asked_once
from portal.kernel.errors import NotFound
from portal.records.fields import CentsField

COLUMNS = {
    Category.REGULAR: ("regular", "regular"),
    Category.BENEFITS: ("benefits", "benefits"),
    Category.OVERTIME: ("overtime_submitted", "overtime_allowed"),
}
"""Where an officer's stored result has what is claimed and what is computed of a line."""
OPEN_TO_THE_AGENCY = SETTLED | {State.RETURNED}
"""Until a claim stands here, what a reviewer takes from its lines is a draft of the federal side."""


def is_readable(actor: Actor, version: ClaimVersion) -> bool:
    """Whether the reader may know what was taken from the version's lines."""
    return actor.side == Side.FEDERAL or version.state in OPEN_TO_THE_AGENCY


def adjustments_of(version: ClaimVersion) -> QuerySet[Adjustment]:
    """Everything that was taken from the lines of a version or given back, in order."""
    return Adjustment.objects.filter(version=version).select_related("author").order_by("id")


def adjustments_for(actor: Actor, version: ClaimVersion) -> QuerySet[Adjustment]:
    """The same, as far as the reader may know of it."""
    rows = adjustments_of(version)
    return rows if is_readable(actor, version) else rows.none()


def adjustment_for(actor: Actor, version: ClaimVersion, pk: object) -> Adjustment:
    """One adjustment of a version; NotFound for those who may not know of it."""
    return found(adjustments_for(actor, version), "adjustment of this claim", pk=pk)


def earlier_adjustments(
    actor: Actor, version: ClaimVersion, officer_id: str
) -> QuerySet[Adjustment]:
    """What was taken from an officer's lines, or the award, in versions and claims before this one."""
    claim = version.claim
    before = Q(version__claim=claim, version__number__lt=version.number) | Q(
        version__claim__agency=claim.agency_id,
        version__claim__quarter=claim.quarter,
        version__claim__sequence__lt=claim.sequence,
    )
    rows = Adjustment.objects.filter(before, officer_id=officer_id).order_by("id")
    if actor.side != Side.FEDERAL:
        rows = rows.filter(version__state__in=OPEN_TO_THE_AGENCY)
    return rows.select_related("author", "version__claim")


def lines_of(
    version: ClaimVersion,
    *,
    categories: Collection[Category] = tuple(Category),
    officer_ids: Collection[str] | None = None,
) -> list[Line]:
    """The lines of a version in the order of its officers, the award last; two queries however many."""
    calculation = version.calculation
    if calculation is None:
        return []
    adjusted = _adjusted(version)
    results = results_of(version).order_by("position")
    if officer_ids is not None:
        results = results.filter(officer_id__in=officer_ids)
    names = ("regular", "benefits", "overtime_submitted", "overtime_allowed")
    lines = [
        _line(row["officer_id"], category, *_amounts(row, category), adjusted)
        for row in results.values("officer_id", *names)
        for category in COLUMNS
        if category in categories
    ]
    if Category.AWARD in categories and (officer_ids is None or "" in officer_ids):
        award = calculation.award_amount
        lines.append(_line("", Category.AWARD, award, award, adjusted))
    return lines


class Taken(NamedTuple):
    """What people took from the lines of a category, in cents, not above zero, and by how many entries."""

    cents: int = 0
    adjustments: int = 0


@asked_once
def taken_of(version: ClaimVersion) -> dict[Category, Taken]:
    """What people took from a version and did not give back, by category."""
    rows = Adjustment.objects.filter(version=version).order_by().values_list("category")
    sums = rows.annotate(cents=Sum("amount"), adjustments=Count("id"))
    known = {category: Taken(cents, count) for category, cents, count in sums}
    return {category: known.get(category.value, Taken()) for category in Category}


def count_of_adjustments(actor: Actor, version: ClaimVersion) -> int:
    """How many adjustments of a version there are, as far as the reader may know of them."""
    if not is_readable(actor, version):
        return 0
    return sum(taken.adjustments for taken in taken_of(version).values())


def line(version: ClaimVersion, officer_id: str, category: str) -> Line:
    """One line of a version; NotFound when it has no such line."""
    if category in tuple(Category):
        lines = lines_of(version, categories=(Category(category),), officer_ids=(officer_id,))
        for found_line in lines:
            return found_line
    raise NotFound("line in this claim")


def totals_by_category(version: ClaimVersion) -> list[Line]:
    """What all lines of each category come to."""
    calculation = version.calculation
    if calculation is None:
        return []
    taken = taken_of(version)
    overtime = calculation.overtime_allowed
    computed = {
        Category.REGULAR: (calculation.regular, calculation.regular),
        Category.BENEFITS: (calculation.benefits, calculation.benefits),
        Category.OVERTIME: (overtime + calculation.overtime_disallowed, overtime),
        Category.AWARD: (calculation.award_amount, calculation.award_amount),
    }
    return [
        Line("", category, claimed, left, left + taken[category].cents)
        for category, (claimed, left) in computed.items()
    ]


def officers_with_allowed(
    version: ClaimVersion, *, category: Category | None = None
) -> QuerySet[OfficerResult]:
    """The officers of a version with `adjusted` and `allowed` in cents and `is_adjusted`.

    With a category they are about its line alone; the officers without any such line are left out.
    """
    own = Adjustment.objects.filter(version=version, officer_id=OuterRef("officer_id"))
    computed = "total"
    rows = results_of(version)
    if category is not None:
        own, computed = own.filter(category=category), COLUMNS[category][1]
        rows = rows.filter(**{f"{COLUMNS[category][0]}__gt": 0})
        rows = rows.annotate(claimed=F(COLUMNS[category][0]), computed=F(computed))
    sums = own.order_by().values("officer_id").annotate(sum=Sum("amount")).values("sum")
    return rows.annotate(
        adjusted=Coalesce(Subquery(sums), Value(0), output_field=CentsField()),
        is_adjusted=Exists(own),
    ).annotate(allowed=F(computed) + F("adjusted"))


def officers_by_line(actor: Actor, version: ClaimVersion) -> QuerySet[OfficerResult]:
    """The officers of a version with `regular_left`, `benefits_left`, `overtime_left` and `left` in cents.

    They are what is allowed, as far as the reader may know of adjustments.
    """
    rows = results_of(version)
    for category, (_, computed) in COLUMNS.items():
        taken: Coalesce | Value = Value(0, output_field=CentsField())
        if is_readable(actor, version):
            own = Adjustment.objects.filter(
                version=version, officer_id=OuterRef("officer_id"), category=category
            )
            sums = own.order_by().values("category").annotate(sum=Sum("amount")).values("sum")
            taken = Coalesce(Subquery(sums), Value(0), output_field=CentsField())
        rows = rows.annotate(**{f"{category.value}_left": F(computed) + taken})
    return rows.annotate(left=F("regular_left") + F("benefits_left") + F("overtime_left"))


def reversal_token(adjustment: Adjustment) -> UUID:
    """The token of what gives this adjustment back; tokens are unique, so that it happens once."""
    return uuid5(adjustment.token, "reversed")


def reversed_ids(adjustments: Iterable[Adjustment]) -> set[int]:
    """Which of these were given back since."""
    by_token = {reversal_token(row): row.pk for row in adjustments}
    rows = Adjustment.objects.filter(token__in=by_token, reason=Reason.REVERSED)
    return {by_token[token] for token in rows.values_list("token", flat=True)}


def allowed_total(version: ClaimVersion) -> int:
    """What people left of a version's total, in cents."""
    total = version.calculation.total if version.calculation else 0
    return total + sum(taken.cents for taken in taken_of(version).values())


def shown_hash(version: ClaimVersion) -> str:
    """The hash of what somebody who decides is shown: the calculation and every adjustment of it.

    Without adjustments it is the calculation's own; empty while nothing was calculated.
    """
    return _hash(version, Adjustment.objects.filter(version=version))


def decided_hash(version: ClaimVersion) -> str:
    """What it was when a payment approver decided: without what the decision and its appeals brought."""
    rows = Adjustment.objects.filter(version=version)
    return _hash(version, rows.exclude(reason__in=(Reason.DENIED, Reason.APPEAL)))


def _hash(version: ClaimVersion, adjustments: QuerySet[Adjustment]) -> str:
    if version.calculation is None:
        return ""
    rows = adjustments.order_by("id").values_list("id", "officer_id", "category", "amount")
    shown = "".join(
        f"\n{pk} {category} {amount} {officer}" for pk, officer, category, amount in rows
    )
    signed: str = version.calculation.sha256
    return sha256((signed + shown).encode()).hexdigest() if shown else signed


def _adjusted(version: ClaimVersion) -> dict[tuple[str, str], int]:
    rows = Adjustment.objects.filter(version=version).order_by()
    sums = rows.values_list("officer_id", "category").annotate(sum=Sum("amount"))
    return {(officer_id, category): cents for officer_id, category, cents in sums}


def _amounts(row: dict[str, int], category: Category) -> tuple[int, int]:
    claimed, computed = COLUMNS[category]
    return row[claimed], row[computed]


def _line(
    officer_id: str,
    category: Category,
    claimed: int,
    computed: int,
    adjusted: dict[tuple[str, str], int],
) -> Line:
    taken = adjusted.get((officer_id, category.value), 0)
    return Line(officer_id, category, claimed, computed, computed + taken)
