"""How a stored claim came about, in steps a clerk can follow, told from its stored operands."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from agreements.rules import Eligibility, NotPayable
from awards.rules import Headcount, Status
from claims.rules.claim import ClaimResult
from claims.rules.facts import CapPeriod, ClaimInput, OfficerFacts, PayrollLine
from claims.rules.reimbursement import LineShare, OfficerResult, Window, annual_salary
from portal.kernel.money import cut, format_cents
from portal.kernel.parameters import Citation

WHY_NOT = {
    NotPayable.BEFORE_PROGRAM: "before the first day of the program",
    NotPayable.NOT_EMPLOYED: "not employed by the agency",
    NotPayable.IN_TRAINING: "not authorized yet (in training)",
    NotPayable.NOT_AUTHORIZED: "the authorization had ended",
    NotPayable.MODEL_NOT_COVERED: "authorized for a model that is not reimbursed",
    NotPayable.NO_AGREEMENT: "the agency had no active agreement of the officer's model",
}


class Days(NamedTuple):
    """Days of the quarter in a row that are payable, or not for one reason (None: payable)."""

    from_on: date
    to_on: date
    reason: NotPayable | None

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.to_on - self.from_on).days + 1

    def __str__(self) -> str:
        why = "payable" if self.reason is None else f"not payable: {WHY_NOT[self.reason]}"
        return f"{_dates(self.from_on, self.to_on)}: {_count(self.days, 'day')} {why}"


class Step(NamedTuple):
    """One step: its subject, the sum with its numbers, the outcome in cents, the rule's name."""

    label: str
    formula: str
    amount: int | None
    rule: str = ""


class Section(NamedTuple):
    """The steps to one amount in cents."""

    key: str
    title: str
    steps: tuple[Step, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps to one officer's total, the quarter's days, lines that wait, rules in force."""

    officer_id: str
    days: tuple[Days, ...]
    sections: tuple[Section, ...]
    waiting: tuple[Step, ...]
    rules: tuple[Citation, ...]


def explain_officer(claim: ClaimInput, facts: OfficerFacts, result: OfficerResult) -> Explanation:
    """How one officer's amounts came about; `facts` and `result` as they were stored together."""
    sections = (
        _shared("regular", "Regular pay", facts, result, _regular),
        *_benefits(facts, result),
        _shared("overtime", "Overtime submitted", facts, result, _overtime),
        _cap(claim, facts, result),
        _allowed(claim, result),
        _total(result),
    )
    return Explanation(
        officer_id=facts.officer_id,
        days=tuple(_days(claim, facts)),
        sections=sections,
        waiting=tuple(_waiting(claim, facts, result)),
        rules=claim.rules.citations,
    )


def explain_award(claim: ClaimInput, result: ClaimResult) -> Section:
    """How the agency's award came about."""
    award, steps = result.award, []
    if claim.counts is None:
        steps.append(Step("Persons referred and located", "not reported yet", None))
    else:
        referred, located = claim.counts.referred, claim.counts.located
        steps.append(
            Step("Persons referred and located", f"{located} located of {referred} referred", None)
        )
        if award.status is Status.NO_BASIS:
            steps.append(
                Step("Tier", "nobody was referred, so there is no rate", None, "award_tiers")
            )
        else:
            steps.extend(_tier_steps(claim, located, referred))
    when = "on the last day of the quarter"
    if claim.award_rules.headcount is Headcount.ANY_DAY:
        when = "on any day of the quarter"
    models = ", ".join(claim.award_rules.models)
    steps += [
        Step(
            "Officers counted",
            f"{_count(award.headcount, 'officer')} with a payable day {when}, model {models}",
            None,
            "award_headcount",
        ),
        Step(
            "Award",
            f"{format_cents(award.per_officer)} × {_count(award.headcount, 'officer')}",
            award.amount,
            "award_tiers",
        ),
    ]
    return Section("award", "Award", tuple(steps), award.amount)


def _tier_steps(claim: ClaimInput, located: int, referred: int) -> Iterator[Step]:
    for percent, amount in claim.award_rules.tiers:
        reached = 100 * located >= percent * referred
        sign = "is at least" if reached else "is less than"
        rate, wanted = 100 * located, percent * referred
        yield Step(
            f"Tier of {percent}%",
            f"100 × {located} = {rate} {sign} {percent} × {referred} = {wanted}",
            amount if reached else None,
            "award_tiers",
        )
        if reached:
            return


def _days(claim: ClaimInput, facts: OfficerFacts) -> Iterator[Days]:
    rules = claim.rules
    eligibility = Eligibility(claim.agreements, rules.reimbursable_models, rules.program_start_on)
    begin = day = claim.quarter.start
    reason = eligibility.why_not(day, facts.roster)
    while day < claim.quarter.end:
        day += timedelta(days=1)
        found = eligibility.why_not(day, facts.roster)
        if found is not reason:
            yield Days(begin, day - timedelta(days=1), reason)
            begin, reason = day, found
    yield Days(begin, day, reason)


class _Part(NamedTuple):
    """One amount of one line: as it reads, in cents, and what of it falls in the quarter."""

    shown: str
    amount: int
    share: int


def _regular(line: PayrollLine, share: LineShare) -> _Part:
    return _Part(format_cents(line.regular_pay), line.regular_pay, share.regular)


def _overtime(line: PayrollLine, share: LineShare) -> _Part:
    shown = format_cents(line.overtime_pay)
    if line.overtime_paid_by_others:
        shown = f"({shown} − {format_cents(line.overtime_paid_by_others)} paid by others)"
    return _Part(shown, line.overtime_pay, share.overtime)


def _component(name: str, line: PayrollLine, share: LineShare) -> _Part:
    for (component, amount), given in zip(line.benefits, share.benefits, strict=True):
        if component == name:
            return _Part(format_cents(amount), amount, given)
    return _Part(format_cents(0), 0, 0)


def _benefits(facts: OfficerFacts, result: OfficerResult) -> Iterator[Section]:
    names: dict[str, None] = {}
    for share in result.shares:
        names.update(dict.fromkeys(name for name, _ in facts.lines[share.line].benefits))
    for name in names:
        part = functools.partial(_component, name)
        yield _shared(f"benefit_{name}", f"Benefits: {name}", facts, result, part)


def _shared(
    key: str,
    title: str,
    facts: OfficerFacts,
    result: OfficerResult,
    part_of: Callable[[PayrollLine, LineShare], _Part],
) -> Section:
    steps = []
    for share in result.shares:
        line = facts.lines[share.line]
        part = part_of(line, share)
        if part.amount:
            steps.append(Step(_label(line), _fraction(part.shown, share), part.share, "allocation"))
    return Section(key, title, tuple(steps), sum(step.amount or 0 for step in steps))


def _fraction(shown: str, share: LineShare) -> str:
    """The share of one amount: `$2,780.00 × 11/14 days`, less what earlier quarters had."""
    if share.before == share.until:
        return f"{shown}: none of the {_count(share.days, 'day')} is payable in this quarter"
    formula = f"{shown} × {share.until}/{share.days} days"
    if share.before:
        formula += f" − {shown} × {share.before}/{share.days} days of earlier quarters"
    return formula


def _cap(claim: ClaimInput, facts: OfficerFacts, result: OfficerResult) -> Section:
    window = Window.of(claim.quarter, claim.as_of)
    year_days = claim.quarter.year_days
    steps = [
        Step(
            f"Annual salary {_dates(segment.from_on, segment.to_on)}",
            f"{format_cents(segment.annual_salary)} × {segment.days}/{year_days} days"
            f" ({_label(facts.lines[segment.line])})",
            None,
        )
        for segment in result.salary
    ]
    rules = claim.rules
    exact = annual_salary(result.salary, window)
    salary = format_cents(cut(exact))
    if not result.salary:
        salary += ": no payroll line is known"
    elif exact.denominator > 1:
        salary += " and a part of a cent, kept exact"
    steps.append(Step("Annual salary over the fiscal year", salary, None))
    fourth = " ÷ 4" if rules.overtime_cap_period is CapPeriod.QUARTER else ""
    steps.append(
        Step(
            "Cap",
            f"{rules.overtime_share_percent}% × annual salary{fourth}, cut to the cent",
            result.overtime_cap,
            "overtime_share_percent",
        )
    )
    return Section("cap", "Overtime cap", tuple(steps), result.overtime_cap)


def _allowed(claim: ClaimInput, result: OfficerResult) -> Section:
    cap, used = result.overtime_cap, result.overtime_used_before
    room = max(cap - used, 0)
    before = "earlier quarters of the fiscal year"
    if claim.rules.overtime_cap_period is CapPeriod.QUARTER:
        before = "nothing: each quarter has a cap of its own"
    steps = (
        Step("Used before", before, used, "overtime_cap_period"),
        Step(
            "Room under the cap",
            f"{format_cents(cap)} − {format_cents(used)}, not below zero",
            room,
        ),
        Step(
            "Allowed",
            f"the smaller of {format_cents(result.overtime_submitted)} and {format_cents(room)}",
            result.overtime_allowed,
            "overtime_share_percent",
        ),
        Step(
            "Disallowed",
            f"{format_cents(result.overtime_submitted)} − {format_cents(result.overtime_allowed)}",
            result.overtime_disallowed,
        ),
    )
    return Section("overtime_allowed", "Overtime allowed", steps, result.overtime_allowed)


def _total(result: OfficerResult) -> Section:
    steps = (
        Step("Regular pay", "sum of its steps", result.regular),
        Step("Benefits", "sum of their steps", result.benefits),
        Step("Overtime allowed", "after the cap", result.overtime_allowed),
    )
    return Section("total", "Officer total", steps, result.total)


def _waiting(claim: ClaimInput, facts: OfficerFacts, result: OfficerResult) -> Iterator[Step]:
    if claim.as_of is None:
        return
    for place in result.waiting:
        line = facts.lines[place]
        why = f"paid on {_date(line.paid_on)}, after the day of calculation ({_date(claim.as_of)})"
        yield Step(_label(line), why, None)


def _label(line: PayrollLine) -> str:
    where = f"Batch {line.batch}, row {line.row}"
    return f"{where}: {_dates(line.period_start, line.period_end)}, paid {_date(line.paid_on)}"


def _dates(first: date, last: date) -> str:
    return _date(first) if first == last else f"{_date(first)} to {_date(last)}"


def _date(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
