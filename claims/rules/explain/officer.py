"""How one officer's amounts came about, told from what was stored with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.rules.explain.overtime import allowed_section, cap_section
from claims.rules.explain.pay import Pay, row_of
from claims.rules.explain.periods import Calendar
from claims.rules.explain.shapes import (
    Counted,
    Explanation,
    Operand,
    Operation,
    Section,
    Step,
    Unit,
)
from claims.rules.explain.words import count, day
from claims.rules.facts import ClaimInput, OfficerFacts
from claims.rules.reimbursement import OfficerResult
from portal.kernel.money import format_cents

BENEFITS = (
    "The sum of the components, each divided and rounded by itself; nothing is rounded again."
)


def explain_officer(
    claim: ClaimInput,
    facts: OfficerFacts,
    result: OfficerResult,
    counted: Sequence[Counted] | None = (),
    *,
    by_row: bool = True,
) -> Explanation:
    """How one officer's amounts came about; `facts` and `result` as they were stored together.

    `counted` are the earlier claims behind the overtime used before, where they are told with it; None
    where nobody can tell any more. Without `by_row` each category is one step: the sum of its rows.
    """
    calendar = Calendar(claim, facts)
    pay = Pay(claim, facts, result, calendar, by_row=by_row)
    benefits = tuple(pay.benefits())
    return Explanation(
        officer_id=facts.officer_id,
        quarter=claim.quarter,
        as_of=claim.as_of,
        days=calendar.of_quarter(),
        roster=facts.roster,
        agreements=claim.agreements,
        sections=(
            pay.regular(),
            *benefits,
            _benefits(benefits),
            pay.overtime(),
            cap_section(claim, facts, result),
            allowed_section(claim, result, counted),
            _total(result, benefits),
        ),
        waiting=tuple(_waiting(claim, facts, result, by_row=by_row)),
        counted=result.counted,
        rules=claim.rules.citations,
    )


def _benefits(components: tuple[Section, ...]) -> Section:
    steps = tuple(
        Step(
            one.title,
            "as explained there",
            one.amount,
            key=one.key,
            operation=Operation.GIVEN,
            operands=(Operand("amount", one.amount, Unit.MONEY),),
        )
        for one in components
    )
    amount = sum(one.amount for one in components)
    return Section("benefits", "Benefits", steps, amount, BENEFITS if steps else "")


def _total(result: OfficerResult, benefits: tuple[Section, ...]) -> Section:
    components = " + ".join(format_cents(section.amount) for section in benefits)
    parts = (
        ("Regular pay", "regular", "the sum of its rows", result.regular),
        ("Benefits", "benefits", components or "none", result.benefits),
        ("Overtime allowed", "overtime_allowed", "after the cap", result.overtime_allowed),
    )
    steps = tuple(
        Step(
            label,
            how,
            amount,
            key=key,
            operation=Operation.SUM if key == "benefits" else Operation.GIVEN,
            operands=tuple(Operand(one.key, one.amount, Unit.MONEY) for one in benefits)
            if key == "benefits"
            else (Operand("amount", amount, Unit.MONEY),),
        )
        for label, key, how, amount in parts
    )
    note = "The sum of the three; nothing is rounded again."
    return Section("total", "Officer total", steps, result.total, note)


def _waiting(
    claim: ClaimInput, facts: OfficerFacts, result: OfficerResult, *, by_row: bool
) -> Iterator[Step]:
    if claim.as_of is None:
        return
    if result.waiting and not by_row:
        rows = count(len(result.waiting), "payroll row")
        yield Step(rows, f"paid after the day of calculation ({day(claim.as_of)})", None)
        return
    for place in result.waiting:
        source = row_of(facts.lines[place])
        why = f"paid on {day(source.paid_on)}, after the day of calculation ({day(claim.as_of)})"
        yield Step(str(source), why, None, source=source)
