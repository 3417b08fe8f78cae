"""How the amounts of a whole claim came about: sums over its officers, and what people left of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claims.rules.claim import ClaimResult
from claims.rules.explain.award import explain_award
from claims.rules.explain.shapes import Operand, Operation, Section, Step, Unit
from claims.rules.explain.words import component_in_words, count
from claims.rules.facts import ClaimInput
from claims.rules.reimbursement import benefits_of

BENEFIT = "benefit_"
"""Begins the key of a section about one component of benefits."""
CLAIMED = (
    "What the rules leave of this claim, and of the claim of each earlier quarter: the one in force, or "
    "where none is the last that was signed."
)
ALLOWED = (
    "What people left of each quarter’s claim. What is not decided allows nothing yet; a correction that is "
    "not decided, or was denied, leaves its quarter as it was decided before."
)
DENIED = "denied"
NOT_CERTIFIED = "not certified"
NOT_DECIDED = "not decided yet"
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


class OfQuarter(NamedTuple):
    """What one claim of the fiscal year counts with, in cents; `why` says why it is not what it seems."""

    quarter: str
    claim: str
    amount: int
    why: str = ""


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
        for name, amount in benefits_of(facts, officer).items():
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
        _sum_of("total", "Claimed", total),
        _sum_of("claimed", "Submitted", claimed),
    )


def explain_allowed(computed: int, changes: Iterable[Change]) -> Section:
    """What people left of a claim's total: the computed amount and each change of it, in order."""
    steps = [Step("Claimed", "what the rules leave of it", computed, key="computed")]
    steps += [Step(change.line, change.why, change.amount, key="change") for change in changes]
    amount = sum(step.amount or 0 for step in steps)
    note = "What is claimed, less what people took from it, and what they gave back."
    return Section("allowed", "Allowed", tuple(_given(steps)), amount, note)


def explain_year(
    claimed: Iterable[OfQuarter], allowed: Iterable[OfQuarter]
) -> tuple[Section, Section]:
    """What was claimed in a fiscal year so far, and what of it is allowed, quarter by quarter."""
    return (
        _year("claimed_to_date", "Claimed in the fiscal year to date", CLAIMED, claimed),
        _year("allowed_to_date", "Allowed in the fiscal year to date", ALLOWED, allowed),
    )


def _year(key: str, title: str, note: str, quarters: Iterable[OfQuarter]) -> Section:
    steps = [
        Step(
            one.quarter,
            f"Claim {one.claim}, {one.why}" if one.why else f"Claim {one.claim}",
            one.amount,
            key=one.claim,
        )
        for one in quarters
    ]
    return Section(key, title, tuple(_given(steps)), sum(step.amount or 0 for step in steps), note)


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
    return component_in_words(key.removeprefix(BENEFIT))
