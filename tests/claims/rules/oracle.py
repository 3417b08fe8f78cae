"""The rule once more, as slowly and literally as it reads: day by day, in exact fractions.

Written from docs/calculation.md alone and sharing no formula with the product, so that the two can
be compared on facts nobody thought of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import NamedTuple

from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine

Amounts = dict[str, int]


class Expected(NamedTuple):
    """What a claim should come to; amounts in cents."""

    officers: dict[str, Amounts]
    reimbursement: int
    headcount: int
    award: int


def expected(claim: ClaimInput) -> Expected:
    """The claim by the letter of the rule."""
    officers = {officer.officer_id: _officer(claim, officer) for officer in claim.officers}
    models = claim.award_rules.models
    days = _days(claim.quarter.start, claim.quarter.end)
    if claim.award_rules.headcount == "quarter_end":
        days = iter([claim.quarter.end])
    asked = list(days)
    headcount = sum(
        any(_payable(claim, officer, each, models) for each in asked) for officer in claim.officers
    )
    tier = _tier(claim)
    reimbursement = sum(amounts["total"] for amounts in officers.values())
    return Expected(officers, reimbursement, headcount, tier * headcount)


def _officer(claim: ClaimInput, officer: OfficerFacts) -> Amounts:
    paid = [line for line in officer.lines if claim.as_of is None or line.paid_on <= claim.as_of]
    regular = benefits = overtime = 0
    for line in paid:
        payable = [
            each
            for each in _days(line.period_start, line.period_end)
            if _payable(claim, officer, each, claim.rules.reimbursable_models)
        ]
        regular += _part(claim, line, line.regular_pay, payable)
        benefits += sum(_part(claim, line, amount, payable) for _, amount in line.benefits)
        overtime += _part(claim, line, line.overtime_pay - line.overtime_paid_by_others, payable)
    cap = _cap(claim, paid)
    used = officer.overtime_used_before if claim.rules.overtime_cap_period == "fiscal_year" else 0
    allowed = min(overtime, max(cap - used, 0))
    return {
        "eligible_days": sum(
            _payable(claim, officer, each, claim.rules.reimbursable_models)
            for each in _days(claim.quarter.start, claim.quarter.end)
        ),
        "regular": regular,
        "benefits": benefits,
        "overtime_submitted": overtime,
        "overtime_cap": cap,
        "overtime_allowed": allowed,
        "total": regular + benefits + allowed,
    }


def _payable(claim: ClaimInput, officer: OfficerFacts, day: date, models: tuple[str, ...]) -> bool:
    if day < claim.rules.program_start_on:
        return False
    for row in officer.roster:
        if day < row.hired_on or (row.separated_on and day > row.separated_on):
            continue
        if row.authorized_from is None or day < row.authorized_from:
            continue
        if (row.authorized_to and day > row.authorized_to) or row.model not in models:
            continue
        for period in claim.agreements:
            ended = period.active_to is not None and day > period.active_to
            if period.model == row.model and day >= period.active_from and not ended:
                return True
    return False


def _part(claim: ClaimInput, line: PayrollLine, amount: int, payable: list[date]) -> int:
    """What the quarter gets of an amount: rounded up to its end, less rounded up to its start."""
    days = sum(1 for _ in _days(line.period_start, line.period_end))
    if claim.rules.allocation == "pay_date":
        if not claim.quarter.start <= line.paid_on <= claim.quarter.end:
            return 0
        return _round(Fraction(amount * len(payable), days))
    until = sum(each <= claim.quarter.end for each in payable)
    before = sum(each < claim.quarter.start for each in payable)
    return _round(Fraction(amount * until, days)) - _round(Fraction(amount * before, days))


def _cap(claim: ClaimInput, paid: list[PayrollLine]) -> int:
    known = [line for line in paid if line.period_start <= claim.quarter.end]
    if not known:
        return 0
    known.sort(key=lambda line: line.period_start)
    total, count = 0, 0
    for each in _days(claim.quarter.year_start, claim.quarter.year_end):
        started = [line for line in known if line.period_start <= each]
        total += (started[-1] if started else known[0]).annual_salary
        count += 1
    cap = Fraction(total, count) * Fraction(claim.rules.overtime_share_percent) / 100
    if claim.rules.overtime_cap_period == "quarter":
        cap /= 4
    return floor(cap)


def _tier(claim: ClaimInput) -> int:
    if claim.counts is None or claim.counts.referred == 0:
        return 0
    rate = Fraction(claim.counts.located, claim.counts.referred) * 100
    for percent, amount in sorted(claim.award_rules.tiers, reverse=True):
        if rate >= Fraction(percent):
            return amount
    return 0


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _round(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))
