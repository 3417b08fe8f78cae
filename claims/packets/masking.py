"""The copy of a packet that says of no officer who it is.

Officers are known by their place in the schedule, and benefits by a number unless they have an ordinary name.
What people wrote themselves is left out as a whole, because nobody can know which names it holds. Those who
signed or decided stand by name: they answer for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from claims.packets.facts import Copy, PacketFacts, Snapshot, StoredCalculation
from claims.rules.facts import TOTAL, OfficerFacts, PayrollLine

WITHHELD = "[withheld in the masked copy]"
STAFF = "Agency staff"
ORDINARY_BENEFITS = frozenset(
    {TOTAL, "health", "pension", "retirement", "medicare", "social_security", "fica"}
    | {"dental", "vision", "life", "disability", "workers_comp", "unemployment"}
)
"""Names of benefits that say nothing of anybody; every other one is the agency's own words."""


def masked(facts: PacketFacts) -> PacketFacts:
    """The same packet without names, ids and titles of officers, and without what people wrote."""
    officers = facts.calculation.claim.officers
    ids = {officer.officer_id: f"withheld-{place}" for place, officer in enumerate(officers, 1)}
    return PacketFacts(
        _snapshot(facts.snapshot, ids), _calculation(facts.calculation, ids), Copy.MASKED
    )


def _calculation(stored: StoredCalculation, ids: Mapping[str, str]) -> StoredCalculation:
    """The amounts as they were computed; the texts the hash was made from name officers and stay out."""
    claim, result = stored.claim, stored.result
    benefits = _benefit_names(claim.officers)
    officers = tuple(
        facts._replace(
            officer_id=ids[facts.officer_id],
            name=f"Officer {place:,}",
            title="",
            lines=tuple(_line(line, benefits) for line in facts.lines),
        )
        for place, facts in enumerate(claim.officers, 1)
    )
    outcomes = tuple(
        outcome._replace(officer_id=ids[outcome.officer_id]) for outcome in result.officers
    )
    return replace(
        stored,
        details=(),
        claim=replace(claim, officers=officers),
        result=replace(result, officers=outcomes),
    )


def _benefit_names(officers: Iterable[OfficerFacts]) -> dict[str, str]:
    """What benefits are called instead, by what the agency called them."""
    named = {name for one in officers for line in one.lines for name, _ in line.benefits}
    own = sorted(named - ORDINARY_BENEFITS)
    return {name: f"other_benefit_{number}" for number, name in enumerate(own, 1)}


def _line(line: PayrollLine, names: Mapping[str, str]) -> PayrollLine:
    if not names:
        return line
    # In their order: the shares of a line are told by place.
    return line._replace(benefits=tuple((names.get(n, n), cents) for n, cents in line.benefits))


def _snapshot(said: Snapshot, ids: Mapping[str, str]) -> Snapshot:
    signer = said.signature.name

    def officer(officer_id: str) -> str:
        # One who is not in this calculation is only known from elsewhere.
        return officer_id and ids.get(officer_id, "withheld")

    def staff(name: str) -> str:
        return name if not name or name == signer else STAFF

    return replace(
        said,
        nil_reason=_withheld(said.nil_reason),
        lateness=said.lateness and replace(said.lateness, note=_withheld(said.lateness.note)),
        rulings=tuple(replace(row, note=_withheld(row.note)) for row in said.rulings),
        happenings=tuple(
            replace(
                row,
                what=row.masked,
                name=staff(row.name) if row.side == "agency" else row.name,
                note=_withheld(row.note),
            )
            for row in said.happenings
        ),
        files=tuple(replace(row, filename=WITHHELD) for row in said.files),
        adjustments=tuple(
            replace(row, officer_id=officer(row.officer_id), note=_withheld(row.note))
            for row in said.adjustments
        ),
        waivers=tuple(
            replace(row, officer_id=officer(row.officer_id), reason=_withheld(row.reason))
            for row in said.waivers
        ),
        decided_appeals=tuple(
            replace(
                row,
                officer_id=officer(row.officer_id),
                grounds=_withheld(row.grounds),
                filed_by=staff(row.filed_by),
                ruling=_withheld(row.ruling),
            )
            for row in said.decided_appeals
        ),
        warnings=tuple(
            replace(
                row,
                officer_id=officer(row.officer_id),
                message=_withheld(row.message),
                answer=_withheld(row.answer),
                name=staff(row.name),
            )
            for row in said.warnings
        ),
        used_before=tuple(
            replace(row, overtime={officer(key): cents for key, cents in row.overtime.items()})
            for row in said.used_before
        ),
    )


def _withheld(text: str) -> str:
    return text and WITHHELD
