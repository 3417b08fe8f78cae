"""Reading what is still open of a claim, and what each of it would change. Estimates, nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual

from claims.models import Adjustment, ClaimVersion, OfficerResult, PayrollBatch
from claims.rules.lines import Category
from claims.rules.record import read_input
from claims.rules.what_if import AwardCase, award_cases, gain_once_paid
from claims.selectors.lines import adjustments_for, is_readable
from claims.selectors.payroll import batches_for
from claims.selectors.results import results_of, waiting_of
from claims.warnings import ClaimWarning, warnings_of
from portal.accounts.policies import Actor
from portal.kernel.money import cents
from portal.records.fields import CentsField

NEAR_PERCENT = 10
"""An officer with less than this part of the cap left is near it."""


class Rejected(NamedTuple):
    """A rejected payroll file that nothing has replaced: what it asks for as sent, in cents."""

    file: PayrollBatch
    amount: int


class WhatIf(NamedTuple):
    """A claim's amount now and what would change it, in cents.

    `gain` comes when waiting lines are paid, `in_question` is what unanswered warnings are about.
    """

    now: int
    taken: int
    waiting_lines: int
    gain: int
    warnings: list[ClaimWarning]
    in_question: int
    rejected: list[Rejected]
    award: list[AwardCase]

    @property
    def once_paid(self) -> int:
        """The amount when every line that waits has been paid."""
        return self.now + self.gain

    @property
    def at_least(self) -> int:
        """The amount if everything that open warnings are about fell away."""
        return max(self.now - self.in_question, 0)

    @property
    def rejected_amount(self) -> int:
        """What the rejected files ask for as sent."""
        return sum(one.amount for one in self.rejected)

    @property
    def with_rejected(self) -> int:
        """The amount if the rejected files counted in full; at most."""
        return self.now + self.rejected_amount


def what_if(actor: Actor, version: ClaimVersion) -> WhatIf | None:
    """The estimates of a calculated version as the reader may know them; None before a calculation."""
    calculation = version.calculation
    if calculation is None:
        return None
    content = json.loads(calculation.content)
    taken = adjustments_for(actor, version).aggregate(sum=Sum("amount"))["sum"] or 0
    details = waiting_of(version).values_list("detail", flat=True)
    open_warnings = [warning for warning in warnings_of(version) if warning.answer is None]
    bare = read_input(content, [])
    return WhatIf(
        now=calculation.total + taken,
        taken=taken,
        waiting_lines=calculation.waiting_lines,
        gain=gain_once_paid(read_input(content, map(json.loads, details)))
        if calculation.waiting_lines
        else 0,
        warnings=open_warnings,
        in_question=in_question(open_warnings),
        rejected=list(_rejected(actor, version)),
        award=list(award_cases(bare.award_rules, calculation.award_headcount, bare.counts)),
    )


def in_question(warnings: Iterable[ClaimWarning]) -> int:
    """What the warnings are about, in cents; of several about one row the largest counts."""
    by_row: dict[object, int] = {}
    for warning in warnings:
        finding = warning.finding
        if not finding.dollars:
            continue
        row = (finding.batch_id, finding.row) if finding.row else finding.pk
        by_row[row] = max(by_row.get(row, 0), abs(cents(Decimal(finding.dollars))))
    return sum(by_row.values())


def overtime_left(actor: Actor, version: ClaimVersion) -> QuerySet[OfficerResult]:
    """The officers with the overtime that the cap leaves them as `left`, and how they stand to it.

    `standing` is `over` with disallowed overtime, `near` with little left, else `within`; `unknown`
    without a salary. What reviewers took from overtime, as far as the reader may know it, is left again.
    """
    taken = Adjustment.objects.filter(
        version=version, officer_id=OuterRef("officer_id"), category=Category.OVERTIME
    )
    if not is_readable(actor, version):
        taken = taken.none()
    sums = taken.order_by().values("officer_id").annotate(sum=Sum("amount")).values("sum")
    allowed = F("overtime_allowed") + Coalesce(Subquery(sums), 0, output_field=CentsField())
    rows = results_of(version).annotate(
        left=F("overtime_cap") - F("overtime_used_before") - allowed, used=allowed
    )
    near = LessThanOrEqual(F("left") * 100, F("overtime_cap") * NEAR_PERCENT)
    return rows.annotate(
        standing=Case(
            When(overtime_disallowed__gt=0, then=Value("over")),
            When(overtime_cap=0, then=Value("unknown")),
            When(near, then=Value("near")),
            default=Value("within"),
        )
    )


def _rejected(actor: Actor, version: ClaimVersion) -> Iterable[Rejected]:
    claim = version.claim
    files = batches_for(actor).filter(agency=claim.agency, quarter=claim.quarter, dry_run=False)
    accepted = files.filter(state=PayrollBatch.State.ACCEPTED).order_by("-number").first()
    rejected = files.filter(
        state=PayrollBatch.State.REJECTED,
        number__gt=accepted.number if accepted else 0,
        corrected_by=None,
        replaced_by=None,
    )
    sums = rejected.annotate(
        regular=Sum("summaries__regular_pay"),
        fringe=Sum("summaries__benefits"),
        overtime=Sum("summaries__overtime_pay"),
    )
    for file in sums.order_by("number"):
        yield Rejected(file, sum(part or 0 for part in (file.regular, file.fringe, file.overtime)))
