"""How the amounts of a whole claim came about: sums over its officers, and what people left of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claims.rules.claim import ClaimResult
from claims.rules.explain.award import explain_award
from claims.rules.explain.pay import component
from claims.rules.explain.shapes import Operand, Operation, Section, Step, Unit
from claims.rules.explain.words import count
from claims.rules.facts import ClaimInput

BENEFIT = "benefit_"
"""Begins the key of a section about one component of benefits."""
SUMS = "Amounts of officers are whole cents; their sum is not rounded again."

_OVERTIME = {
    "overtime": "Overtime submitted",
    "overtime_allowed": "Overtime allowed",
    "overtime_disallowed": "Overtime disallowed",
}


class OverOfficers(NamedTuple):
    """What the officers' amounts of one kind come to in cents, and how many officers have any."""

    amount: int
    officers: int


Sums = Mapping[str, OverOfficers]
"""By the key of a claim's section: `regular`, `benefit_health`, …, `overtime_allowed`."""


class Change(NamedTuple):
    """What a person took from a line or gave back: cents, below zero where it was taken."""

    line: str
    amount: int
    why: str


class Earlier(NamedTuple):
    """What one claim of the fiscal year comes to, in cents."""

    quarter: str
    claim: str
    amount: int


def explain_claim(claim: ClaimInput, result: ClaimResult) -> tuple[Section, ...]:
    """How the amounts of a claim came about; the award and the total stand last."""
    return sections_of(sums_of(claim, result), len(result.officers), explain_award(claim, result))


def sums_of(claim: ClaimInput, result: ClaimResult) -> Sums:
    """What the officers' amounts come to, each kind by itself."""
    found: dict[str, list[int]] = {key: [] for key in ("regular", *_OVERTIME)}
    for facts, officer in zip(claim.officers, result.officers, strict=True):
        found["regular"].append(officer.regular)
        found["overtime"].append(officer.overtime_submitted)
        found["overtime_allowed"].append(officer.overtime_allowed)
        found["overtime_disallowed"].append(officer.overtime_disallowed)
        given: dict[str, int] = {}
        for share in officer.shares:
            lines = facts.lines[share.line].benefits
            for (name, _), amount in zip(lines, share.benefits, strict=True):
                given[name] = given.get(name, 0) + amount
        for name, amount in given.items():
            found.setdefault(f"{BENEFIT}{name}", []).append(amount)
    return {
        key: OverOfficers(sum(amounts), sum(map(bool, amounts))) for key, amounts in found.items()
    }


def sections_of(sums: Sums, officers: int, award: Section) -> tuple[Section, ...]:
    """The sections of a claim with these sums over its officers."""
    components = sorted(key for key in sums if key.startswith(BENEFIT) and sums[key].amount)
    benefits = sum(sums[key].amount for key in components)
    parts = [
        _over("regular", "Regular pay", sums, officers),
        *(_over(key, _benefit(key), sums, officers) for key in components),
        _sum_of(
            "benefits", "Benefits", [(_benefit(key), key, sums[key].amount) for key in components]
        ),
        *(_over(key, title, sums, officers) for key, title in _OVERTIME.items()),
    ]
    allowed = sums["overtime_allowed"].amount
    reimbursement = [
        ("Regular pay", "regular", sums["regular"].amount),
        ("Benefits", "benefits", benefits),
        ("Overtime allowed", "overtime_allowed", allowed),
    ]
    total = [
        ("Reimbursement", "reimbursement", sum(amount for _, _, amount in reimbursement)),
        ("Performance award", "award", award.amount),
    ]
    before_cap = ("Overtime submitted", "overtime", sums["overtime"].amount)
    claimed = [*reimbursement[:2], before_cap, total[1]]
    return (
        *parts,
        _sum_of("reimbursement", "Reimbursement", reimbursement),
        award,
        _sum_of("total", "Total", total),
        _sum_of("claimed", "Claimed before the cap", claimed),
    )


def explain_allowed(computed: int, changes: Iterable[Change]) -> Section:
    """What people left of a claim's total: the computed amount and each change of it, in order."""
    steps = [Step("By the rules", "as computed", computed, key="computed")]
    steps += [Step(change.line, change.why, change.amount, key="change") for change in changes]
    amount = sum(step.amount or 0 for step in steps)
    note = "What the rules leave, less what people took from it, and what they gave back."
    return Section("allowed", "Allowed", tuple(_given(steps)), amount, note)


def explain_year(claims: Iterable[Earlier]) -> Section:
    """What the claims of a fiscal year come to so far, quarter by quarter."""
    steps = [Step(one.quarter, f"Claim {one.claim}", one.amount, key=one.claim) for one in claims]
    amount = sum(step.amount or 0 for step in steps)
    note = "One claim of each quarter counts: the one in force, or the one still to be decided."
    return Section("year", "Fiscal year to date", tuple(_given(steps)), amount, note)


def _over(key: str, title: str, sums: Sums, officers: int) -> Section:
    amount, having = sums[key]
    formula = f"the sum of {count(having, 'officer')}"
    if having < officers:
        formula += f"; {count(officers - having, 'officer')} without any"
    step = Step(
        "Officers",
        formula,
        amount,
        key="officers",
        operation=Operation.GIVEN,
        operands=(
            Operand("amount", amount, Unit.MONEY),
            Operand("officers", having, Unit.PERSONS),
        ),
    )
    return Section(key, title, (step,), amount, SUMS)


def _sum_of(key: str, title: str, parts: list[tuple[str, str, int]]) -> Section:
    steps = [Step(label, "as explained there", amount, key=part) for label, part, amount in parts]
    return Section(key, title, tuple(_given(steps)), sum(amount for *_, amount in parts), SUMS)


def _given(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        operand = Operand("amount", step.amount or 0, Unit.MONEY)
        yield step._replace(operation=Operation.GIVEN, operands=(operand,))


def _benefit(key: str) -> str:
    return f"Benefits: {component(key.removeprefix(BENEFIT))}"
