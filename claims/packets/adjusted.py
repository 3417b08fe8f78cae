"""What people did to the lines of a claim before it was decided, as a packet tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.packets import writing
from claims.packets.facts import Adjustment, Edition, PacketFacts
from claims.rules.lines import Category, Reason
from portal.kernel.money import format_cents


def context(facts: PacketFacts) -> dict[str, Any]:
    """The adjustments one by one, what the denial took beside, and the waivers; nothing before a decision."""
    if facts.snapshot.edition is not Edition.DECIDED:
        return {"is_decided": False, "has_adjustments": False}
    one_by_one = [row for row in facts.snapshot.adjustments if row.reason is not Reason.DENIED]
    denied = [row for row in facts.snapshot.adjustments if row.reason is Reason.DENIED]
    return {
        "is_decided": True,
        "has_adjustments": bool(facts.snapshot.adjustments or facts.snapshot.waivers),
        "allowed": format_cents(facts.allowed),
        "adjustments": list(_rows(facts, one_by_one)),
        "denied": _denied(denied),
        "waivers": [(waiver, writing.day(waiver.expires_on)) for waiver in facts.snapshot.waivers],
    }


def _rows(facts: PacketFacts, adjustments: list[Adjustment]) -> Iterator[dict[str, str]]:
    """One row per adjustment, with what it left of its line."""
    left = _computed(facts)
    names = {officer.officer_id: officer.name for officer in facts.calculation.claim.officers}
    for row in adjustments:
        line = (row.officer_id, row.category)
        before = left[line]
        left[line] = before + row.amount
        yield {
            "name": names.get(row.officer_id, "The agency"),
            "officer_id": row.officer_id,
            "line": row.category.label,
            "before": writing.amount(before),
            "change": writing.amount(row.amount),
            "after": writing.amount(left[line]),
            "reason": row.reason.label,
            "rule": row.rule,
            "note": row.note,
            "by": row.name,
            "at": writing.instant(row.made_at, facts.zone),
        }


def _computed(facts: PacketFacts) -> dict[tuple[str, Category], int]:
    result = facts.calculation.result
    computed = {("", Category.AWARD): result.award.amount}
    officers = facts.calculation.claim.officers
    for officer, outcome in zip(officers, result.officers, strict=True):
        computed[officer.officer_id, Category.REGULAR] = outcome.regular
        computed[officer.officer_id, Category.BENEFITS] = outcome.benefits
        computed[officer.officer_id, Category.OVERTIME] = outcome.overtime_allowed
    return computed


def _denied(rows: list[Adjustment]) -> str:
    """What a denial took, in one sentence: line by line it would fill a packet of its own."""
    if not rows:
        return ""
    taken = format_cents(-sum(row.amount for row in rows))
    return f"The denial disallows what was left of {writing.count(len(rows), 'line')}: {taken}."
