"""The award worksheet: the counts, the rate, the tier, the headcount."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from claims.packets import writing
from claims.packets.facts import PacketFacts
from claims.rules.explain import explain_award
from portal.kernel.money import format_cents

Step = tuple[str, str, str]

_PLACES = 4
"""Digits of the rate below the percent, cut: enough to see that no tier was rounded up."""


def context(facts: PacketFacts) -> dict[str, Any]:
    """The worksheet, step by step."""
    section = explain_award(facts.calculation.claim, facts.calculation.result)
    counted, *steps = [
        (step.label, step.formula, "" if step.amount is None else format_cents(step.amount))
        for step in section.steps
    ]
    return {
        "award": {
            "status": facts.calculation.result.award.status.replace("_", " ").capitalize(),
            "steps": [counted, *_reported(facts), *_rate(facts), *steps],
            "note": section.note,
        }
    }


def _reported(facts: PacketFacts) -> Iterator[Step]:
    """When the counts came and who vouches for them, where the portal knows it."""
    counts = facts.snapshot.counts
    if counts is not None:
        reported = writing.instant(counts.reported_at, facts.zone)
        confirmed = writing.instant(counts.confirmed_at, facts.zone)
        by = f"by the federal side on {reported}; confirmed by a second person on {confirmed}"
        yield "Counts reported", by, ""


def _rate(facts: PacketFacts) -> Iterator[Step]:
    counts = facts.calculation.claim.counts
    if counts is not None and counts.referred:
        percent = Fraction(100 * counts.located, counts.referred)
        formula = f"{counts.located:,} ÷ {counts.referred:,} × 100 = {_decimal(percent)}%"
        yield "Rate", formula, ""


def _decimal(number: Fraction) -> str:
    """`80`, `89.5`, or `89.5522…` when it goes on."""
    scaled = number * 10**_PLACES
    whole, rest = divmod(int(scaled), 10**_PLACES)
    goes_on = scaled.denominator != 1
    digits = f"{rest:0{_PLACES}d}" + "…" if goes_on else f"{rest:0{_PLACES}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)
