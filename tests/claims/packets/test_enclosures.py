"""The files inside the PDF: enough to check the claim without the portal."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from decimal import Decimal

from portal.kernel.canonical import canonical_json
from portal.kernel.money import dollars
from tests.claims.packets.reading import attachments
from tests.claims.packets.sample import packet_facts
from tests.claims.packets.test_pdf import make


def test_the_signed_hash_can_be_made_again_from_the_attached_claim() -> None:
    facts = packet_facts(3, decided=True, name="Zoë 🦅")
    relationship, content = attachments(make(facts))["claim.json"]
    said = json.loads(content)
    records = [said["calculation"]["content"], *said["calculation"]["officers"]]
    again = hashlib.sha256("\n".join(canonical_json(r) for r in records).encode()).hexdigest()
    assert relationship == "/Source"
    assert again == said["certification"]["sha256"] == facts.snapshot.signature.sha256
    assert [decision["action"] for decision in said["decisions"]] == ["recommend", "approve"]


def test_the_attached_lines_add_up_to_the_claim() -> None:
    facts = packet_facts(3, waiting=True)
    relationship, content = attachments(make(facts))["payroll-lines.csv"]
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    counted = [row for row in rows if row["status"] == "counted"]
    officers = facts.calculation.result.officers
    assert relationship == "/Data"
    assert len(rows) == 21
    assert len(rows) - len(counted) == facts.calculation.result.waiting == 6
    assert _sum(counted, "regular_share") == dollars(sum(o.regular for o in officers))
    assert _sum(counted, "overtime_share") == dollars(sum(o.overtime_submitted for o in officers))
    benefits = [name for name in rows[0] if name.startswith("benefit_") and "share" in name]
    assert sum(_sum(counted, name) for name in benefits) == dollars(
        sum(o.benefits for o in officers)
    )


def test_a_spreadsheet_calculates_nothing_from_the_attached_lines() -> None:
    _, content = attachments(make(packet_facts(name="=cmd|' /C calc'!A0")))["payroll-lines.csv"]
    (name,) = {row["name"] for row in csv.DictReader(io.StringIO(content.decode()))}
    assert name == "'=cmd|' /C calc'!A0"


def _sum(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))
