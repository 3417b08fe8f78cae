"""What programs compute by: every operation and operand is said what it is, wherever steps travel."""

from __future__ import annotations

import json

from awards.rules import Counts
from claims.api.v1.explanations import OPERATIONS as IN_THE_API
from claims.packets.enclosures import enclosures
from claims.packets.parts import Volume
from claims.rules.claim import calculate
from claims.rules.explain import explain_claim, explain_officer, operations_in_words
from claims.rules.explain.shapes import OPERANDS, OPERATIONS, Operation
from tests.claims.packets.sample import packet_facts
from tests.claims.rules.builders import claim, line, officer


def test_every_operation_and_every_operand_is_defined_and_none_is_beside() -> None:
    row = line(
        "2025-12-21",
        "2026-01-03",
        regular_pay="1400",
        benefits={"health": "70"},
        overtime_pay="140",
        overtime_paid_by_others="14",
    )
    asked = claim("FY2026Q1", officer(row), counts=Counts(10, 9))
    result = calculate(asked)
    sections = [
        *explain_claim(asked, result),
        *explain_officer(asked, asked.officers[0], result.officers[0]).sections,
    ]
    steps = [step for section in sections for step in section.steps]
    named = {operand.name for step in steps for operand in step.operands}
    assert set(OPERATIONS) == set(Operation)
    assert {step.operation for step in steps} - {None} == set(Operation)
    assert {name for name in named if not name.startswith("benefit_")} == set(OPERANDS)


def test_the_definitions_travel_with_the_packet_its_volumes_and_the_api() -> None:
    lines = operations_in_words()
    assert "smaller: the smaller of submitted and room." in lines
    assert "percent: the percentage that the rule of the step sets." in lines
    assert all(line in IN_THE_API for line in lines)
    facts = packet_facts(2)
    (stored,) = (one for one in enclosures(facts) if one.name == "claim.json")
    assert set(lines) <= set(json.loads(stored.content)["about"])
    (explained,) = (
        one for one in enclosures(facts, Volume(1, 1, 1, 2)) if one.name == "explanations.json"
    )
    assert set(lines) <= set(json.loads(explained.content)["about"])
