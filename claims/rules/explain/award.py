"""How an agency's award came about."""

from __future__ import annotations

from collections.abc import Iterator

from awards.rules import Headcount, Status
from claims.rules.claim import ClaimResult
from claims.rules.explain.shapes import Operand, Operation, Section, Step, Unit
from claims.rules.explain.words import count, model
from claims.rules.facts import ClaimInput
from portal.kernel.money import format_cents

AWARD = (
    "Tiers are tried from the highest down, by comparing whole numbers: no tier is rounded up. The amount "
    "of the first tier reached is multiplied by the officers counted."
)


def explain_award(claim: ClaimInput, result: ClaimResult) -> Section:
    """How the agency's award came about."""
    steps = (*_counts(claim, result), _headcount(claim, result), _award(result))
    return Section("award", "Award", steps, result.award.amount, AWARD, "award")


def _counts(claim: ClaimInput, result: ClaimResult) -> Iterator[Step]:
    label = "Persons referred and located"
    if claim.counts is None:
        yield Step(label, "not reported yet", None)
        return
    referred, located = claim.counts.referred, claim.counts.located
    persons = (_persons("located", located), _persons("referred", referred))
    yield Step(label, f"{located:,} located of {referred:,} referred", None, operands=persons)
    if result.award.status is Status.NO_BASIS:
        why = "nobody was referred, so there is no rate"
        yield Step("Tier", why, None, "award_tiers", "tier")
        return
    for percent, amount in claim.award_rules.tiers:
        reached = 100 * located >= percent * referred
        sign = "is at least" if reached else "is less than"
        yield Step(
            f"Tier of {percent}%",
            f"100 × {located:,} = {100 * located:,} {sign} {percent} × {referred:,} = "
            f"{percent * referred:,}",
            amount if reached else None,
            "award_tiers",
            "tier",
            Operation.TIER,
            (
                *persons,
                Operand("percent", percent, Unit.PERCENT),
                Operand("per_officer", amount, Unit.MONEY),
            ),
        )
        if reached:
            return


def _headcount(claim: ClaimInput, result: ClaimResult) -> Step:
    when = "on the last day of the quarter"
    if claim.award_rules.headcount is Headcount.ANY_DAY:
        when = "on any day of the quarter"
    models = ", ".join(model(code) for code in claim.award_rules.models) or "none"
    officers = count(result.award.headcount, "officer")
    return Step(
        "Officers counted",
        f"{officers} with a payable day {when}, model: {models}",
        None,
        "award_headcount",
        "headcount",
        Operation.GIVEN,
        (Operand("officers", result.award.headcount, Unit.PERSONS),),
    )


def _award(result: ClaimResult) -> Step:
    award = result.award
    return Step(
        "Award",
        f"{format_cents(award.per_officer)} × {count(award.headcount, 'officer')}",
        award.amount,
        "award_tiers",
        "award",
        Operation.TIMES,
        (
            Operand("per_officer", award.per_officer, Unit.MONEY),
            Operand("officers", award.headcount, Unit.PERSONS),
        ),
    )


def _persons(name: str, number: int) -> Operand:
    return Operand(name, number, Unit.PERSONS)
