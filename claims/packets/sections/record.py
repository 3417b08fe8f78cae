"""Who signed, decided, answered and did what; which files and rules it rests on."""

from __future__ import annotations

from typing import Any

from claims.packets import writing
from claims.packets.facts import Happening, PacketFacts, WarningAnswer
from claims.packets.writing import LISTED
from claims.rules.explain import value_in_words
from claims.rules.explain.words import model

SIDES = {"agency": "agency", "federal": "federal", "system": "automatic"}


def context(facts: PacketFacts) -> dict[str, Any]:
    """Certification, decisions, warnings, rules, events and files."""
    said, claim, zone = facts.snapshot, facts.calculation.claim, facts.zone
    names = facts.officer_names
    # To begin is no decision; the record of events has it.
    rulings = [ruling for ruling in said.rulings if ruling.action != "start_review"]
    notes, answers, told = writing.Texts(), writing.Texts(), writing.Texts()
    return {
        "signature": said.signature,
        "certified_at": writing.instant(said.signature.certified_at, zone),
        "rulings": [
            {
                "at": writing.instant(ruling.decided_at, zone),
                "outcome": ruling.outcome,
                "name": ruling.name,
                "note": notes.tell(ruling.note, place),
            }
            for place, ruling in enumerate(rulings[-LISTED:], 1)
        ],
        "rulings_left_out": writing.left_out(len(rulings), "earlier decision"),
        "warnings": [
            _warning(warning, names, facts)
            | {
                "message": answers.tell(warning.message, place),
                "answer": answers.tell(warning.answer, place),
            }
            for place, warning in enumerate(said.warnings[:LISTED], 1)
        ],
        "warnings_left_out": writing.left_out(len(said.warnings), "warning"),
        "agreements": [
            (model(code), writing.days(first, last)) for code, first, last in claim.agreements
        ],
        "rules": [
            {
                "citation": citation,
                "value": value_in_words(citation),
                "from_on": writing.day(citation.from_on),
            }
            for citation in (*claim.rules.citations, *claim.award_rules.citations)
        ],
        # The last ones: they lead to the act that closes the edition.
        "happenings": [
            _happening(happening, facts) | {"note": told.tell(happening.note, place)}
            for place, happening in enumerate(said.happenings[-LISTED:], 1)
        ],
        "happenings_left_out": writing.left_out(len(said.happenings), "earlier event"),
        "files": [(file, writing.instant(file.received_at, zone)) for file in said.files],
    }


def _warning(warning: WarningAnswer, names: dict[str, str], facts: PacketFacts) -> dict[str, str]:
    answered = warning.answered_at and writing.instant(warning.answered_at, facts.zone)
    row = "" if warning.row is None else f", row {warning.row:,}"
    return {
        "title": warning.title,
        "code": warning.code,
        "officer": names.get(warning.officer_id, ""),
        "officer_id": warning.officer_id,
        "where": f"{warning.reference}{row}",
        "by": f"{warning.name}, {answered}" if answered else "",
    }


def _happening(happening: Happening, facts: PacketFacts) -> dict[str, str]:
    return {
        "at": writing.instant(happening.at, facts.zone),
        "what": happening.what,
        "where": _where(happening),
        "name": happening.name,
        "side": SIDES.get(happening.side, happening.side),
        "sha256": happening.sha256[:12],
    }


def _where(happening: Happening) -> str:
    """The claim, where the quarter has several, and its version; empty for what has none."""
    version = "" if happening.version is None else f"version {happening.version}"
    claim = happening.claim and f"claim {happening.claim}"
    return ", ".join(filter(None, (claim, version)))
