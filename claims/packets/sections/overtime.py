"""The overtime worksheet: how the cap came about, for officers who are near or over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from claims.packets import writing
from claims.packets.facts import PacketFacts
from claims.packets.parts import Volume
from claims.packets.used import counted_for
from claims.rules.checklist import NEAR_CAP_PERCENT
from claims.rules.explain.overtime import CHANGED
from claims.rules.explain.words import exact
from claims.rules.facts import CapPeriod, ClaimInput, OfficerFacts
from claims.rules.reimbursement import OfficerResult

Pair = tuple[int, OfficerFacts, OfficerResult]

SEE_NOTE = "See note"
"""What stands where the quarters of an amount cannot be told: the words are too long for the column."""


def context(facts: PacketFacts, volume: Volume | None = None) -> dict[str, Any]:
    """The worksheet's rows: of all officers, or of one volume's."""
    claim = facts.calculation.claim
    rules = claim.rules
    by_quarter = rules.overtime_cap_period is CapPeriod.QUARTER
    rows = [_row(facts, *pair) for pair in near_cap(facts, volume)]
    return {
        "near_percent": NEAR_CAP_PERCENT,
        "year_days": claim.quarter.year_days,
        "cap_formula": f"{rules.overtime_share_percent}% of annual salary"
        + (" ÷ 4 quarters" if by_quarter else ""),
        "cap_by_quarter": by_quarter,
        "counted": [
            f"{row.quarter}: claim {row.claim_number}, version {row.version} ({row.status.lower()})"
            for row in facts.snapshot.used_before
        ],
        "worksheet": rows,
        "see_note": SEE_NOTE if any(SEE_NOTE in row["before"] for row in rows) else "",
        "changed": CHANGED,
    }


def near_cap(facts: PacketFacts, volume: Volume | None = None) -> Iterator[Pair]:
    """The officers with overtime near or over the cap, each with its place in the schedule."""
    calculation = facts.calculation
    places = volume.places if volume else slice(None)
    first = volume.first if volume else 1
    pairs = zip(
        calculation.claim.officers[places], calculation.result.officers[places], strict=True
    )
    for place, (officer, outcome) in enumerate(pairs, first):
        used = outcome.overtime_used_before + outcome.overtime_submitted
        is_near = used > 0 and used * 100 >= outcome.overtime_cap * NEAR_CAP_PERCENT
        if is_near or outcome.overtime_disallowed:
            yield place, officer, outcome


def _row(
    facts: PacketFacts, place: int, officer: OfficerFacts, outcome: OfficerResult
) -> dict[str, str]:
    claim = facts.calculation.claim
    cap, before = outcome.overtime_cap, outcome.overtime_used_before
    return {
        "place": f"{place:,}",
        "name": officer.name,
        "officer_id": officer.officer_id,
        "segments": "\n".join(_segments(outcome)) or "No payroll line is known.",
        "salary": _average(claim, outcome),
        "cap": writing.amount(cap),
        "before": "\n".join([*_before(facts, outcome), writing.amount(before)]),
        "room": writing.amount(max(cap - before, 0)),
        "submitted": writing.amount(outcome.overtime_submitted),
        "allowed": writing.amount(outcome.overtime_allowed),
        "disallowed": writing.amount(outcome.overtime_disallowed),
        "used": _percent(before + outcome.overtime_allowed, cap),
    }


def _segments(outcome: OfficerResult) -> Iterator[str]:
    for segment in outcome.salary:
        days = f"{writing.short_day(segment.from_on)} – {writing.short_day(segment.to_on)}"
        amount = writing.amount(segment.annual_salary)
        yield f"{days}: {writing.count(segment.days, 'day')} × {amount}"


def _average(claim: ClaimInput, outcome: OfficerResult) -> str:
    """The annual salary over the fiscal year, as exact as a pocket calculator shows it."""
    salary_days = sum(segment.annual_salary * segment.days for segment in outcome.salary)
    return exact(Fraction(salary_days, claim.quarter.year_days)).replace("$", "")


def _before(facts: PacketFacts, outcome: OfficerResult) -> Sequence[str]:
    """What was used before by quarter; empty where nothing was."""
    counted = counted_for(outcome, facts.snapshot.used_before)
    if counted is None:
        return (SEE_NOTE,)
    return [f"{one.quarter[-2:]}: {writing.amount(one.amount)}" for one in counted]


def _percent(used: int, cap: int) -> str:
    """Cut to the whole percent: 100% means that nothing is left."""
    return f"{used * 100 // cap}%" if cap else writing.NONE
