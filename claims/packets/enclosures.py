"""The files that travel inside a packet: the claim as it was stored, explained, and its payroll lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from claims.packets import writing
from claims.packets.facts import PacketFacts
from claims.packets.lines import lines_csv
from claims.packets.parts import Volume, is_explained_by_sums, volumes_of
from claims.packets.pdf import Enclosure
from claims.packets.used import counted_for
from claims.rules.explain import (
    DENIED,
    NOT_DECIDED,
    Change,
    OfQuarter,
    Section,
    agreement_data,
    explain_allowed,
    explain_claim,
    explain_officer,
    explain_year,
    explanation_data,
    operations_in_words,
    rule_data,
    section_data,
)

CLAIM_FILE = "claim.json"
EXPLANATIONS_FILE = "explanations.json"
LINES_FILE = "payroll-lines.csv"

OF_THE_CLAIM = ("quarter", "as_of", "agreements", "rules")
"""What every officer's explanation has in common; it is told once, before the officers."""

HASH = (
    "The SHA-256 of the calculation is that of “content” and, each on a line of its own, of its “officers”, "
    "all as JSON with sorted keys and without spaces, in UTF-8."
)
LEFT_OUT = (
    "Its “officers” name officers and are left out of the masked copy, so that the SHA-256 cannot be made "
    "again from it alone. The full copy has them."
)
CENTS = "Amounts in “calculation” and “snapshot” are whole cents, those in “explanations” are not."
DOLLARS = (
    "Explained amounts are dollars with two decimals, and every one says by which operation and operands "
    "it is computed again."
)
BY_SUMS = (
    "An officer with thousands of payroll lines is explained by sums: every line stands, with its operands "
    f"and shares, in {LINES_FILE}."
)
SOURCES = (
    "The “source” of a step is the payroll row that its numbers come from. That of “used_before” are the "
    "claims of earlier quarters that the cap counted, as they stood when this one was signed: also what "
    f"nobody had signed yet, which is not among the “earlier_quarters” of the snapshot in {CLAIM_FILE}."
)
IN_VOLUMES = "The explanations of officers are attached to the volumes."


def enclosures(facts: PacketFacts, volume: Volume | None = None) -> tuple[Enclosure, ...]:
    """What is attached to the packet, or to one of its volumes: the lines go with the officers."""
    if volume is not None:
        return _explanations(facts, volume), _lines(facts, volume)
    claim = Enclosure(
        CLAIM_FILE,
        "The calculation as it was stored, what the packet shows beside it, and every amount explained",
        "Source",
        claim_json(facts),
    )
    if volumes_of(facts.calculation.claim.officers):
        return (claim,)
    return claim, _lines(facts)


def claim_json(facts: PacketFacts) -> bytes:
    """The claim as JSON with sorted keys; the signed hash was made from its stored texts, as they are."""
    stored = facts.calculation
    in_volumes = bool(volumes_of(stored.claim.officers))
    return _json(
        {
            "about": [
                CENTS,
                DOLLARS,
                HASH,
                *([LEFT_OUT] if facts.is_masked else []),
                SOURCES,
                *operations_in_words(),
            ],
            "copy": facts.copy.value,
            "calculation": {
                "sha256": stored.sha256,
                "computed_at": stored.computed_at,
                "content": _raw(stored.content),
                "officers": None if facts.is_masked else [_raw(text) for text in stored.details],
            },
            "snapshot": _snapshot(facts),
            "explanations": {
                **_in_common(facts),
                "claim": _of_the_claim(facts),
                "officers": IN_VOLUMES if in_volumes else list(_of_officers(facts)),
            },
        }
    )


def _explanations(facts: PacketFacts, volume: Volume) -> Enclosure:
    said = facts.snapshot
    content = _json(
        {
            "about": [DOLLARS, BY_SUMS, SOURCES, *operations_in_words()],
            "claim": said.claim_number,
            "version": said.version,
            "copy": facts.copy.value,
            "sha256": facts.calculation.sha256,
            "volume": volume.number,
            **_in_common(facts),
            "officers": list(_of_officers(facts, volume)),
        }
    )
    description = f"The amounts of officers {volume.span}, explained"
    return Enclosure(EXPLANATIONS_FILE, description, "Data", content)


def _lines(facts: PacketFacts, volume: Volume | None = None) -> Enclosure:
    claim, result = facts.calculation.claim, facts.calculation.result
    whose = ""
    if volume is not None:
        claim = replace(claim, officers=claim.officers[volume.places])
        result = replace(result, officers=result.officers[volume.places])
        whose = f" of officers {volume.span}"
    description = f"The payroll lines{whose} in the quarter with their shares"
    return Enclosure(LINES_FILE, description, "Data", lines_csv(claim, result))


def _snapshot(facts: PacketFacts) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(facts.snapshot)
    for happening in told["happenings"]:
        # What the other copy says of the same event.
        del happening["masked"]
    return told


def _in_common(facts: PacketFacts) -> dict[str, Any]:
    """What no officer's explanation says again."""
    claim = facts.calculation.claim
    citations = (*claim.rules.citations, *claim.award_rules.citations)
    return {
        "quarter": str(claim.quarter),
        "as_of": claim.as_of,
        "agreements": [agreement_data(period) for period in claim.agreements],
        "rules": [rule_data(rule) for rule in citations],
    }


def _of_the_claim(facts: PacketFacts) -> list[dict[str, Any]]:
    """The sums over officers, the award, what people allowed, and the fiscal year so far."""
    calculation, said = facts.calculation, facts.snapshot
    claim, result = calculation.claim, calculation.result
    sections = [*explain_claim(claim, result)]
    if said.rulings:
        names = facts.officer_names
        changes = (
            Change(
                f"{row.category.label}, {writing.whose(row.officer_id, facts, names)}",
                row.amount,
                f"{row.reason.label} ({row.rule}): {row.name}",
            )
            for row in said.adjustments
        )
        sections.append(explain_allowed(result.total, changes))
    sections.extend(_year_to_date(facts))
    citations = (*claim.rules.citations, *claim.award_rules.citations)
    return [section_data(section, citations) for section in sections]


def _year_to_date(facts: PacketFacts) -> tuple[Section, Section]:
    """What was claimed and allowed in the fiscal year: the same sums as on the claim's pages."""
    said, calculation = facts.snapshot, facts.calculation
    earlier = [row for row in said.earlier_quarters if row.claim_number]
    claimed = [
        OfQuarter(row.quarter, row.claim_number, sum(row.claimed.values())) for row in earlier
    ]
    now = OfQuarter(str(calculation.claim.quarter), said.claim_number, calculation.result.total)
    allowed = [
        OfQuarter(row.quarter, row.claim_number, 0, NOT_DECIDED)
        if row.allowed is None
        else OfQuarter(row.quarter, row.claim_number, sum(row.allowed.values()))
        for row in earlier
    ]
    return explain_year([*claimed, now], [*allowed, _allowed(facts, now)])


def _allowed(facts: PacketFacts, now: OfQuarter) -> OfQuarter:
    """What people left of the quarter: a correction not granted leaves it as it was decided before."""
    if facts.snapshot.rulings and not facts.is_denied:
        return now._replace(amount=facts.allowed)
    corrected = facts.snapshot.corrected
    if corrected is not None:
        return now._replace(claim=corrected.number, amount=corrected.allowed)
    return now._replace(amount=0, why=DENIED if facts.is_denied else NOT_DECIDED)


def _of_officers(facts: PacketFacts, volume: Volume | None = None) -> Iterator[msgspec.Raw]:
    """Each officer's explanation, written before the next one is told: thousands would fill the memory."""
    claim, result = facts.calculation.claim, facts.calculation.result
    places, first = (volume.places, volume.first) if volume else (slice(None), 1)
    pairs = zip(claim.officers[places], result.officers[places], strict=True)
    for place, (officer, outcome) in enumerate(pairs, first):
        by_row = not is_explained_by_sums(officer)
        counted = counted_for(outcome, facts.snapshot.used_before)
        told = explanation_data(explain_officer(claim, officer, outcome, counted, by_row=by_row))
        own = {key: value for key, value in told.items() if key not in OF_THE_CLAIM}
        named = {"place": place, "officer_id": officer.officer_id, "name": officer.name}
        yield msgspec.Raw(_json({**named, **own}))


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")
