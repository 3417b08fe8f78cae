"""The files inside the PDF: enough to check the claim without the portal."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

from claims.packets.document import main_context
from claims.packets.enclosures import claim_json
from claims.packets.facts import Corrected, PacketFacts
from claims.packets.lines import lines_csv
from claims.packets.masking import masked
from portal.kernel import money
from portal.kernel.canonical import canonical_json
from portal.kernel.money import dollars
from tests.claims.packets.reading import attachments
from tests.claims.packets.sample import (
    IMPRINT,
    appealed,
    in_the_third_quarter,
    packet_facts,
    retold,
)
from tests.claims.packets.test_pdf import make


def test_the_signed_hash_can_be_made_again_from_the_attached_claim() -> None:
    facts = packet_facts(3, decided=True, name="Zoë 🦅")
    relationship, content = attachments(make(facts))["claim.json"]
    said = json.loads(content)
    records = [said["calculation"]["content"], *said["calculation"]["officers"]]
    again = hashlib.sha256("\n".join(canonical_json(r) for r in records).encode()).hexdigest()
    assert relationship == "/Source"
    assert again == said["snapshot"]["signature"]["sha256"] == facts.snapshot.signature.sha256
    assert [row["action"] for row in said["snapshot"]["rulings"]] == ["recommend", "approve"]


def test_the_attached_claim_says_all_that_the_packet_shows() -> None:
    facts = in_the_third_quarter(appealed(packet_facts(2, adjusted=True)))
    said = json.loads(claim_json(facts))["snapshot"]
    assert said["claim_number"] == "A00042-FY2026Q1"
    assert said["decided_appeals"][0]["granted"] == 1_000
    assert said["earlier_quarters"][1]["allowed"] is None
    assert said["warnings"][0]["answer"].startswith("The flood")
    assert said["happenings"][0].keys() == {
        "at",
        "what",
        "name",
        "side",
        "note",
        "version",
        "sha256",
        "claim",
    }


def test_every_amount_of_an_officer_is_explained_in_the_attached_claim() -> None:
    facts = packet_facts(3, waiting=True)
    officers = json.loads(claim_json(facts))["explanations"]["officers"]
    for told, outcome in zip(officers, facts.calculation.result.officers, strict=True):
        amounts = {section["key"]: section["amount"] for section in told["sections"]}
        assert told["officer_id"] == outcome.officer_id
        assert amounts["regular"] == money.text(outcome.regular)
        assert amounts["overtime"] == money.text(outcome.overtime_submitted)
        assert amounts["cap"] == money.text(outcome.overtime_cap)
        assert amounts["total"] == money.text(outcome.total)
        steps = [step for section in told["sections"] for step in section["steps"]]
        assert all(step["operation"] and step["operands"] for step in steps if step["amount"])


def test_a_share_can_be_computed_again_from_its_explanation_alone() -> None:
    officer = json.loads(claim_json(packet_facts(1)))["explanations"]["officers"][0]
    (regular,) = (row for row in officer["sections"] if row["key"] == "regular")
    for step in regular["steps"]:
        of = {operand["name"]: operand["value"] for operand in step["operands"]}
        cents = Decimal(of["amount"]) * 100
        before, until = (
            int(cents * int(of[days]) / int(of["period_days"]) + Decimal("0.5"))
            for days in ("before_days", "until_days")
        )
        assert step["amount"] == money.text(until - before)


def test_what_was_allowed_and_the_year_to_date_are_explained_too() -> None:
    facts = in_the_third_quarter(appealed(packet_facts(2, adjusted=True)))
    sections = {row["key"]: row for row in json.loads(claim_json(facts))["explanations"]["claim"]}
    assert sections["allowed"]["amount"] == money.text(facts.allowed)
    assert len(sections["allowed"]["steps"]) == 1 + len(facts.snapshot.adjustments)
    assert sections["total"]["amount"] == money.text(facts.calculation.result.total)
    earlier = 10_000_000 + 1_234_567 + 2_000_000
    year = sections["claimed_to_date"]
    assert year["title"] == "Claimed in the fiscal year to date"
    assert year["amount"] == money.text(earlier + facts.calculation.result.total)
    assert sections["allowed_to_date"]["amount"] == money.text(
        9_000_000 + 1_234_567 + facts.allowed
    )
    assert [step["formula"] for step in sections["allowed_to_date"]["steps"]] == [
        "Claim A00042-FY2026Q1",
        "Claim A00042-FY2026Q2, not decided yet",
        "Claim A00042-FY2026Q1",
    ]


def test_the_year_counts_a_quarter_as_it_stands_until_its_correction_is_granted() -> None:
    corrected = Corrected("A00042-FY2026Q1", 1_900_000, datetime(2026, 1, 20, tzinfo=UTC))
    for facts, amount, said in (
        (packet_facts(), "0.00", "Claim A00042-FY2026Q1, not decided yet"),
        (packet_facts(denied=True), "0.00", "Claim A00042-FY2026Q1, denied"),
        (retold(packet_facts(), corrected=corrected), "19000.00", "Claim A00042-FY2026Q1"),
        (retold(packet_facts(denied=True), corrected=corrected), "19000.00", ""),
    ):
        told = json.loads(claim_json(facts))["explanations"]["claim"]
        (year,) = (section for section in told if section["key"] == "allowed_to_date")
        assert year["amount"] == amount
        assert said in year["steps"][-1]["formula"]


def test_a_change_of_an_officer_who_is_not_in_the_calculation_is_not_the_agencys() -> None:
    facts = packet_facts(2, adjusted=True)
    gone = dataclasses.replace(facts.snapshot.adjustments[0], officer_id="0099")
    facts = retold(facts, adjustments=(gone,))

    def line(copy: PacketFacts) -> str:
        (allowed,) = (
            section
            for section in json.loads(claim_json(copy))["explanations"]["claim"]
            if section["key"] == "allowed"
        )
        return str(allowed["steps"][1]["label"])

    assert line(facts) == "Overtime, officer 0099"
    assert line(masked(facts)) == "Overtime, an officer"
    assert main_context(facts, IMPRINT)["adjustments"][0]["name"] == "Officer 0099"
    assert main_context(masked(facts), IMPRINT)["adjustments"][0]["name"] == "An officer"


def test_the_same_facts_give_the_same_attached_claim() -> None:
    assert claim_json(packet_facts(3, adjusted=True)) == claim_json(packet_facts(3, adjusted=True))


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
    benefits = [name for name in rows[0] if name.startswith("share_of_benefit_")]
    assert sum(_sum(counted, name) for name in benefits) == dollars(
        sum(o.benefits for o in officers)
    )


def test_no_two_columns_of_the_attached_lines_have_one_name() -> None:
    facts = packet_facts(1)
    stored = facts.calculation
    (officer,) = stored.claim.officers
    paid = (("x", 10_00), ("x_share", 20_00), ("share_x", 30_00))
    officer = officer._replace(lines=tuple(line._replace(benefits=paid) for line in officer.lines))
    claim = dataclasses.replace(stored.claim, officers=(officer,))
    header, first = list(csv.reader(io.StringIO(lines_csv(claim, stored.result).decode())))[:2]
    row = dict(zip(header, first, strict=True))
    assert len(set(header)) == len(header)
    assert [row[f"benefit_{name}"] for name, _ in paid] == ["10.00", "20.00", "30.00"]
    assert {name for name in header if name.startswith("share_of_benefit_")} == {
        f"share_of_benefit_{name}" for name, _ in paid
    }


def test_a_spreadsheet_calculates_nothing_from_the_attached_lines() -> None:
    _, content = attachments(make(packet_facts(name="=cmd|' /C calc'!A0")))["payroll-lines.csv"]
    (name,) = {row["name"] for row in csv.DictReader(io.StringIO(content.decode()))}
    assert name == "'=cmd|' /C calc'!A0"


def _sum(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))
