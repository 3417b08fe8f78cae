"""What people did to the lines of a claim, in review and on appeal, and what they did not ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from claims.packets import writing
from claims.packets.facts import Adjustment, DecidedAppeal, Edition, PacketFacts
from claims.rules.address import Address
from claims.rules.lines import Category, Reason
from portal.kernel.money import format_cents


def context(facts: PacketFacts) -> dict[str, Any]:
    """Adjustments one by one, what a denial took beside, appeals, waivers; nothing before a decision."""
    if facts.snapshot.edition is not Edition.DECIDED:
        return {"has_adjustments": False}
    said, names = facts.snapshot, facts.officer_names
    denied = [row for row in said.adjustments if row.reason is Reason.DENIED]
    letters, waived = writing.Texts(), writing.Texts()
    return {
        "has_adjustments": bool(said.adjustments or said.waivers or said.decided_appeals),
        "allowed": format_cents(facts.allowed),
        "adjustments": list(islice(_rows(facts, names), writing.LISTED)),
        "adjustments_left_out": writing.left_out(len(said.adjustments) - len(denied), "row"),
        "denied": _denied(denied),
        "appeals": [
            _appeal(row, names, facts)
            | {
                "grounds": letters.tell(row.grounds, place),
                "ruling": letters.tell(row.ruling, place),
            }
            for place, row in enumerate(said.decided_appeals[: writing.LISTED], 1)
        ],
        "appeals_left_out": writing.left_out(len(said.decided_appeals), "line"),
        "waivers": [
            {
                "rule": waiver.rule,
                "scope": _scope(waiver.officer_id, waiver.category, names),
                "until": writing.day(waiver.expires_on),
                "reason": waived.tell(waiver.reason, place),
                "name": waiver.name,
            }
            for place, waiver in enumerate(said.waivers[: writing.LISTED], 1)
        ],
        "waivers_left_out": writing.left_out(len(said.waivers), "waiver"),
    }


def _scope(officer_id: str, category: str, names: dict[str, str]) -> str:
    return Address(officer_id, category).words(names.get(officer_id, ""))


def _whose(officer_id: str, facts: PacketFacts, names: dict[str, str]) -> str:
    words = writing.whose(officer_id, facts, names)
    return words[:1].upper() + words[1:]


def _rows(facts: PacketFacts, names: dict[str, str]) -> Iterator[dict[str, str]]:
    """One row per adjustment, with what it left of its line; those of a denial only count."""
    left, notes, place = _computed(facts), writing.Texts(), 0
    for row in facts.snapshot.adjustments:
        line = (row.officer_id, row.category)
        before = left.get(line, 0)
        left[line] = before + row.amount
        if row.reason is Reason.DENIED:
            continue
        place += 1
        yield {
            "name": _whose(row.officer_id, facts, names),
            "officer_id": row.officer_id,
            "line": row.category.label,
            "before": writing.amount(before),
            "change": writing.change(row.amount),
            "after": writing.amount(left[line]),
            "reason": row.reason.label,
            "rule": row.rule,
            "note": notes.tell(row.note, place),
            "by": row.name,
            "at": writing.instant(row.made_at, facts.zone),
        }


def _computed(facts: PacketFacts) -> dict[tuple[str, Category], int]:
    result = facts.calculation.result
    computed = {("", Category.AWARD): result.award.amount}
    for outcome in result.officers:
        computed[outcome.officer_id, Category.REGULAR] = outcome.regular
        computed[outcome.officer_id, Category.BENEFITS] = outcome.benefits
        computed[outcome.officer_id, Category.OVERTIME] = outcome.overtime_allowed
    return computed


def _appeal(row: DecidedAppeal, names: dict[str, str], facts: PacketFacts) -> dict[str, str]:
    return {
        "name": _whose(row.officer_id, facts, names),
        "officer_id": row.officer_id,
        "line": row.category.label,
        "asked": writing.amount(row.asked),
        "granted": writing.amount(row.granted),
        "filed": f"{row.filed_by}, {writing.instant(row.filed_at, facts.zone)}",
        "decided": f"{row.decided_by}, {writing.instant(row.decided_at, facts.zone)}",
    }


def _denied(rows: Sequence[Adjustment]) -> str:
    """What a denial took, in one sentence: line by line it would fill a packet of its own."""
    if not rows:
        return ""
    taken = format_cents(-sum(row.amount for row in rows))
    return f"The denial disallows what was left of {writing.count(len(rows), 'line')}: {taken}."
