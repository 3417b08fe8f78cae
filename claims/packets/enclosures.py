"""The two files that travel inside a packet: the claim as it was stored, and its payroll lines."""

from __future__ import annotations

import json

from claims.packets.facts import PacketFacts
from claims.packets.lines import lines_csv
from claims.packets.pdf import Enclosure
from portal.kernel.canonical import canonical_json

CLAIM_FILE = "claim.json"
LINES_FILE = "payroll-lines.csv"


def enclosures(facts: PacketFacts) -> tuple[Enclosure, Enclosure]:
    """`claim.json`, from which the hash that was signed can be made again, and the lines as CSV."""
    calculation = facts.calculation
    return (
        Enclosure(
            CLAIM_FILE,
            "The calculation as it was stored, the certification and the decisions",
            "Source",
            claim_json(facts),
        ),
        Enclosure(
            LINES_FILE,
            "The payroll lines of the quarter with their shares",
            "Data",
            lines_csv(calculation.claim, calculation.result),
        ),
    )


def claim_json(facts: PacketFacts) -> bytes:
    """The claim in canonical JSON; the hash was made from `content` and each of `officers`."""
    calculation, signature = facts.calculation, facts.snapshot.signature
    return canonical_json(
        {
            "claim": facts.snapshot.claim_number,
            "version": facts.snapshot.version,
            "edition": facts.snapshot.edition.value,
            "kind": facts.snapshot.kind.value,
            "follows": facts.snapshot.follows,
            "agency": {"number": facts.snapshot.agency.number, "name": facts.snapshot.agency.name},
            "calculation": {
                "sha256": calculation.sha256,
                "computed_at": calculation.computed_at,
                "content": json.loads(calculation.content),
                "officers": [json.loads(detail) for detail in calculation.details],
            },
            "certification": {
                "name": signature.name,
                "title": signature.title,
                "wording_version": signature.wording_version,
                "wording": signature.wording,
                "sha256": signature.sha256,
                "certified_at": signature.certified_at,
                "late": None
                if facts.snapshot.lateness is None
                else {"why": facts.snapshot.lateness.why, "note": facts.snapshot.lateness.note},
            },
            "decisions": [
                {
                    "action": ruling.action,
                    "name": ruling.name,
                    "note": ruling.note,
                    "sha256": ruling.sha256,
                    "decided_at": ruling.decided_at,
                }
                for ruling in facts.snapshot.rulings
            ],
            "adjustments": [
                {
                    "officer_id": row.officer_id,
                    "category": row.category.value,
                    "amount": row.amount,
                    "reason": row.reason.value,
                    "rule": row.rule,
                    "note": row.note,
                    "name": row.name,
                    "made_at": row.made_at,
                }
                for row in facts.snapshot.adjustments
            ],
            "waivers": [
                {
                    "rule": waiver.rule,
                    "scope": waiver.scope,
                    "reason": waiver.reason,
                    "name": waiver.name,
                    "expires_on": waiver.expires_on,
                }
                for waiver in facts.snapshot.waivers
            ],
            "payroll_files": [
                {
                    "reference": file.reference,
                    "filename": file.filename,
                    "sha256": file.sha256,
                    "received_at": file.received_at,
                }
                for file in facts.snapshot.files
            ],
        }
    ).encode()
