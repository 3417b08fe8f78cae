"""Reading what amounts rest on beyond their calculation: payroll files, other claims, people's words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from claims.models import Adjustment, ClaimVersion, OfficerResult, PayrollLine
from claims.rules.explain import Change, Section, explain_allowed
from claims.rules.explain.words import count, day
from claims.rules.facts import CapPeriod, rules_on
from claims.rules.lifecycle import ALLOWS_NOTHING
from claims.rules.lines import Category, Reason
from claims.selectors.claims import current_versions
from claims.selectors.lines import adjustments_for
from claims.selectors.overtime import counting_before, overtime_allowed_of
from claims.selectors.payroll import batch_with_rows_for, batches_for
from claims.selectors.results import results_of
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side
from portal.kernel.quarter import Quarter

SHOWN_CHANGES = 100
"""So many adjustments are told one by one; what is over is one sum with a list of its own."""


class Used(NamedTuple):
    """Overtime that one earlier claim allows an officer in cents, and the officer's place in it."""

    version: ClaimVersion
    position: int
    amount: int


class UsedBefore(NamedTuple):
    """Overtime used before by claim as it stands today, and in cents what the calculation went by."""

    claims: list[Used]
    recorded: int

    @property
    def sum(self) -> int:
        """What the claims allow today."""
        return sum(used.amount for used in self.claims)

    @property
    def rest(self) -> int:
        """What the calculation went by and is not among the claims; below zero where they allow more."""
        return self.recorded - self.sum


def files_of(actor: Actor, agency: Agency, references: Iterable[str]) -> dict[str, UUID]:
    """The agency's payroll files with these references, as far as the actor may read them."""
    wanted = Q()
    for reference in set(references):
        quarter, _, number = reference.rpartition("-")
        if number.isdecimal():
            wanted |= Q(quarter=Quarter.parse(quarter), number=int(number))
    if not wanted:
        return {}
    rows = batches_for(actor).filter(wanted, agency=agency)
    return {batch.reference: batch.pk for batch in rows}


def payroll_row_for(actor: Actor, pk: UUID, row: int) -> PayrollLine:
    """One row of an accepted payroll file; NotFound for who may not read its rows."""
    batch = batch_with_rows_for(actor, pk)
    line = found(PayrollLine.objects.all(), "row of this payroll file", batch_id=batch.pk, row=row)
    line.batch = batch
    return line


def counted_in(actor: Actor, line: PayrollLine) -> list[OfficerResult]:
    """The officer's place in each claim whose calculation counts a payroll row, or lets it wait."""
    versions = current_versions(actor).filter(claim__agency=line.batch.agency)
    own = OfficerResult.objects.select_related("calculation__version__claim").filter(
        calculation__in=versions.values("calculation"),
        officer_id=line.officer_id,
        detail__contains=f'["{line.batch.reference}",{line.row},',
    )
    counting = []
    for result in own.order_by("calculation__version__claim__quarter"):
        detail = json.loads(result.detail)
        places = [share[0] for share in detail["shares"]] + detail["waiting"]
        if any(detail["lines"][at][:2] == [line.batch.reference, line.row] for at in places):
            counting.append(result)
    return counting


def used_before(actor: Actor, version: ClaimVersion, officer: OfficerResult) -> UsedBefore:
    """What the fiscal year's earlier claims allow of an officer's overtime, as they stand today.

    Claims that the reader may not see are left out; so are all where each quarter has a cap of its own.
    """
    recorded = officer.overtime_used_before
    if rules_on(version.claim.quarter.start).overtime_cap_period is CapPeriod.QUARTER:
        return UsedBefore([], recorded)
    used = []
    for earlier in _before(actor, version).values():
        own = results_of(earlier).filter(officer_id=officer.officer_id).only("position").first()
        amount = overtime_allowed_of(earlier, officer.officer_id)
        if own is not None and amount:
            used.append(Used(earlier, own.position, amount))
    return UsedBefore(used, recorded)


def changes_of(actor: Actor, version: ClaimVersion) -> Section | None:
    """What people left of a version's total; None while there is nothing the reader may know of."""
    every = adjustments_for(actor, version)
    if version.calculation is None or not every.exists():
        return None
    rows, denial = every.exclude(reason=Reason.DENIED), every.filter(reason=Reason.DENIED)
    shown = list(rows[:SHOWN_CHANGES])
    officers = results_of(version).filter(officer_id__in={row.officer_id for row in shown})
    names = dict(officers.values_list("officer_id", "name"))
    told = [(row.pk, _change(row, names)) for row in shown]
    # A denial takes what is left of every line at once: one decision, and one row.
    if (first := denial.first()) is not None:
        taken = denial.aggregate(sum=Sum("amount"), rows=Count("pk"))
        label = f"What was left of {count(taken['rows'], 'line')}"
        told.append((first.pk, Change(label, taken["sum"], _why(first))))
    changes = [change for _, change in sorted(told, key=itemgetter(0))]
    rest = rows.filter(pk__gt=shown[-1].pk) if shown else rows.none()
    further = rest.aggregate(sum=Sum("amount"), rows=Count("pk"))
    if further["rows"]:
        label = count(further["rows"], "further adjustment")
        changes.append(Change(label, further["sum"], "as listed"))
    return explain_allowed(version.calculation.total, changes)


def counted_officers(version: ClaimVersion) -> QuerySet[OfficerResult]:
    """The officers who are in the award's headcount."""
    # A quotation mark inside a name is escaped, so that this stands for the record's own field.
    return results_of(version).filter(detail__contains='"counted":true')


def _before(actor: Actor, version: ClaimVersion) -> dict[Quarter, ClaimVersion]:
    """The versions that count as used before: to the federal side, of each quarter the last that was sent."""
    agency, quarter = version.claim.agency_id, version.claim.quarter
    if actor.side != Side.FEDERAL:
        return counting_before(agency, quarter)
    sent = current_versions(actor).filter(
        claim__agency=agency,
        claim__quarter__gte=Quarter(quarter.fiscal_year, 1),
        claim__quarter__lt=quarter,
        calculation__isnull=False,
    )
    counting = sent.exclude(state__in=ALLOWS_NOTHING).order_by("claim__quarter", "claim__sequence")
    return {one.claim.quarter: one for one in counting}


def _change(row: Adjustment, names: dict[str, str]) -> Change:
    line = Category(row.category).label
    who = names.get(row.officer_id, row.officer_id)
    return Change(f"{who}: {line}" if who else line, row.amount, _why(row))


def _why(row: Adjustment) -> str:
    when = day(timezone.localtime(row.made_at).date())
    why = f"{Reason(row.reason).label} ({row.rule}). {row.author.name}, {when}"
    return f"{why}: {row.note}" if row.note else why
