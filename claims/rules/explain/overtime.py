"""The overtime cap and what it leaves: annual salary, used before, allowed and disallowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from claims.rules.explain.pay import named, row_of
from claims.rules.explain.shapes import Counted, Operand, Operation, Section, Step, Unit
from claims.rules.explain.words import count, dates, exact
from claims.rules.facts import CapPeriod, ClaimInput, OfficerFacts
from claims.rules.reimbursement import OfficerResult, SalarySegment
from portal.kernel.money import format_cents

SALARY = (
    "Every day of the fiscal year has the annual salary of the last payroll row that starts on or before "
    "it; days before the first row have the first row’s. Rows that start after the quarter are not known "
    "yet. The average over all days is kept exact; only the cap is cut to the cent."
)
CAP = "The cap is a part of the annual salary, never of overtime. What lies below the cent is dropped."
ALLOWED = (
    "Overtime is allowed as far as the cap leaves room after earlier quarters of the fiscal year. What is "
    "over it is disallowed and does not come back in a later quarter."
)
CHANGED = "the claims behind it have changed since, so that they can no longer be named"
"""What is said in place of earlier claims that do not come to what a calculation went by."""


def cap_section(claim: ClaimInput, facts: OfficerFacts, result: OfficerResult) -> Section:
    """How the officer's cap came about."""
    steps = (
        *(_segment(facts, segment, len(result.salary)) for segment in result.salary),
        _annual_salary(claim, result),
        _cap(claim, result),
    )
    note = f"{SALARY} {CAP}" if result.salary else CAP
    return Section("cap", "Overtime cap", steps, result.overtime_cap, note, "cap")


def allowed_section(
    claim: ClaimInput, result: OfficerResult, counted: Sequence[Counted] | None = ()
) -> Section:
    """What the cap leaves of overtime, and what is over it; `counted` as in `explain_officer`."""
    steps = (_used_before(claim, result, counted), *_allowed(result))
    key = "overtime_allowed"
    return Section(key, "Overtime allowed", steps, result.overtime_allowed, ALLOWED, "allowed")


def _segment(facts: OfficerFacts, segment: SalarySegment, segments: int) -> Step:
    line = facts.lines[segment.line]
    salary = format_cents(segment.annual_salary)
    product = segment.annual_salary * segment.days
    if segments == 1:
        formula = f"{salary} on all {count(segment.days, 'day')} of the fiscal year"
    else:
        formula = f"{salary} × {count(segment.days, 'day')} = {format_cents(product)}"
    return Step(
        label=f"Annual salary {dates(segment.from_on, segment.to_on)}",
        formula=f"{formula} ({named(line)})",
        amount=None,
        operation=Operation.SALARY_DAYS,
        operands=(
            Operand("annual_salary", segment.annual_salary, Unit.MONEY),
            Operand("days", segment.days, Unit.DAYS),
            Operand("salary_days", product, Unit.MONEY_DAYS),
        ),
        source=row_of(line),
    )


def _annual_salary(claim: ClaimInput, result: OfficerResult) -> Step:
    salary_days, year_days = _salary_days(result), claim.quarter.year_days
    average = exact(Fraction(salary_days, year_days))
    if not result.salary:
        formula = f"{average}: no payroll row is known"
    elif len(result.salary) == 1:
        formula = f"{average}, the same all year"
    else:
        products = " + ".join(format_cents(one.annual_salary * one.days) for one in result.salary)
        formula = (
            f"{products} = {format_cents(salary_days)}; ÷ {count(year_days, 'day')} = {average}"
        )
    return Step(
        label="Annual salary on average over the fiscal year",
        formula=formula,
        amount=None,
        key="annual_salary",
        operation=Operation.DAY_WEIGHTED,
        operands=(
            Operand("salary_days", salary_days, Unit.MONEY_DAYS),
            Operand("year_days", year_days, Unit.DAYS),
        ),
    )


def _cap(claim: ClaimInput, result: OfficerResult) -> Step:
    rules, year_days = claim.rules, claim.quarter.year_days
    salary_days, percent = _salary_days(result), rules.overtime_share_percent
    by_quarter = rules.overtime_cap_period is CapPeriod.QUARTER
    average = Fraction(salary_days, year_days)
    shown = exact(average)
    if average.denominator > 1:
        # A salary that goes on below the cent would have to be typed from a rounded figure.
        shown = f"({format_cents(salary_days)} ÷ {count(year_days, 'day')})"
    outcome = average * Fraction(percent) / 100 / (4 if by_quarter else 1)
    whole = outcome.denominator == 1
    formula = f"{percent}% × {shown}{' ÷ 4 quarters' if by_quarter else ''} = {exact(outcome)}"
    return Step(
        label="Cap of the quarter" if by_quarter else "Cap of the fiscal year",
        formula=formula if whole else f"{formula}, cut to the cent",
        amount=result.overtime_cap,
        rule="overtime_share_percent",
        key="cap",
        operation=Operation.CAP,
        operands=(
            Operand("salary_days", salary_days, Unit.MONEY_DAYS),
            Operand("year_days", year_days, Unit.DAYS),
            Operand("percent", percent, Unit.PERCENT),
            Operand("periods", 4 if by_quarter else 1, Unit.COUNT),
        ),
    )


def _used_before(
    claim: ClaimInput, result: OfficerResult, counted: Sequence[Counted] | None
) -> Step:
    used = result.overtime_used_before
    if claim.rules.overtime_cap_period is CapPeriod.QUARTER:
        before = "nothing: each quarter has a cap of its own"
    elif claim.quarter.number == 1:
        before = "nothing: it is the first quarter of the fiscal year"
    elif counted:
        before = "; ".join(map(str, counted))
    else:
        before = "what the claims of the fiscal year’s earlier quarters allow of overtime"
        if counted is None:
            before += f"; {CHANGED}"
    return Step(
        "Used before",
        before,
        used,
        "overtime_cap_period",
        "used_before",
        Operation.GIVEN,
        (_money("amount", used),),
        counted=tuple(counted or ()),
    )


def _allowed(result: OfficerResult) -> Iterator[Step]:
    cap, used = result.overtime_cap, result.overtime_used_before
    submitted, allowed = result.overtime_submitted, result.overtime_allowed
    room = max(cap - used, 0)
    under = (
        f" = {format_cents(cap - used)}, so nothing" if used > cap else f" = {format_cents(room)}"
    )
    yield Step(
        "Room under the cap",
        f"{format_cents(cap)} − {format_cents(used)}{under}",
        room,
        "",
        "room",
        Operation.ROOM,
        (_money("cap", cap), _money("used_before", used)),
    )
    yield Step(
        "Allowed",
        f"the smaller of {format_cents(submitted)} submitted and {format_cents(room)} of room",
        allowed,
        "overtime_share_percent",
        "allowed",
        Operation.SMALLER,
        (_money("submitted", submitted), _money("room", room)),
    )
    yield Step(
        "Disallowed",
        f"{format_cents(submitted)} submitted − {format_cents(allowed)} allowed",
        result.overtime_disallowed,
        "",
        "disallowed",
        Operation.LESS,
        (_money("submitted", submitted), _money("allowed", allowed)),
    )


def _salary_days(result: OfficerResult) -> int:
    """Annual salaries times their days, added up, in cents."""
    return sum(segment.annual_salary * segment.days for segment in result.salary)


def _money(name: str, cents: int) -> Operand:
    return Operand(name, cents, Unit.MONEY)
