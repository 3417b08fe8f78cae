"""Overtime used before is told by the claim that the cap counted, whoever had signed it by then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from claims.models import Packet
from claims.packets.enclosures import claim_json
from claims.packets.facts import Copy, Edition, PacketFacts
from claims.packets.masking import masked
from claims.packets.sections import overtime, summary
from claims.pipeline.packet import load
from claims.pipeline.packet_used import used_before_at
from claims.rules.explain.overtime import CHANGED
from claims.selectors.linked import claim_in_force, claims_of
from claims.selectors.overtime import used_before
from portal.kernel import clock
from tests.claims.linked import FIRST, SECOND, row
from tests.claims.packets.sample import retold
from tests.claims.pipeline.test_packet_snapshot import (
    LINE,
    REVIEWED,
    SIGNED,
    House,
    house,
    packet_of,
    taken_anew,
)

pytestmark = pytest.mark.django_db

__all__ = ("house",)


def second_signed(house: House) -> Packet:
    """The second quarter signed, as certified."""
    house.send(SECOND, row(SECOND))
    return packet_of(house.go(house.claim(SECOND), *SIGNED), Edition.CERTIFIED)


def step_of(facts: PacketFacts) -> dict[str, Any]:
    """The step “used before” in the packet's JSON."""
    officer = json.loads(claim_json(facts))["explanations"]["officers"][0]
    (section,) = (one for one in officer["sections"] if one["key"] == "overtime_allowed")
    step: dict[str, Any] = section["steps"][0]
    return step


def test_a_draft_that_the_cap_counted_is_named_with_its_amount_and_nothing_else(
    house: House,
) -> None:
    house.send(FIRST, row(FIRST))
    first = house.claim(FIRST)
    facts = load(second_signed(house))
    assert "0042" not in str(masked(facts).snapshot.used_before)
    for shown in (facts, masked(facts)):
        (used,) = shown.snapshot.used_before
        assert (used.claim_number, used.version, used.status) == (first.number, 1, "Draft")
        assert list(used.overtime.values()) == [9_000_00]
        worksheet = overtime.context(shown)
        assert worksheet["worksheet"][0]["before"] == "Q1: 9,000.00\n9,000.00"
        assert worksheet["counted"] == [f"FY2026Q1: claim {first.number}, version 1 (draft)"]
        step = step_of(shown)
        assert step["amount"] == "9000.00"
        assert step["formula"] == f"FY2026Q1: $9,000.00 in claim {first.number}, version 1 (draft)"
        assert step["source"] == {
            "claims": [
                {
                    "quarter": "FY2026Q1",
                    "claim": first.number,
                    "version": 1,
                    "state": "Draft",
                    "amount": "9000.00",
                }
            ]
        }
        (earlier,) = summary.context(shown)["earlier_quarters"]
        assert earlier["status"] == "Nothing claimed", "nobody had signed it"
        assert "10000" not in str(shown.snapshot), "its regular pay is its own affair"


def test_it_is_told_as_it_stood_when_this_claim_was_signed(house: House) -> None:
    house.send(FIRST, row(FIRST))
    first = house.go(house.claim(FIRST), *SIGNED, "start_review", "take", "return")
    packet = second_signed(house)
    told = load(packet).snapshot.used_before
    assert [(one.status, one.overtime) for one in told] == [
        ("Returned for correction", {"0042": 8_700_00})
    ]
    house.go(house.claim(FIRST), "correct")
    house.replace(FIRST, row(FIRST, overtime="5000.00"))
    house.go(house.claim(FIRST), *SIGNED, *REVIEWED)
    assert taken_anew(packet).used_before == told
    version = house.go(house.claim(SECOND), "start_review", "take", "recommend", "approve_partly")
    decided = load(packet_of(version, Edition.DECIDED)).snapshot
    assert decided.used_before == told
    assert decided.earlier_quarters[0].claim_number == first.claim.number


def test_claims_that_do_not_come_to_the_amount_are_said_to_have_changed(house: House) -> None:
    house.send(FIRST, row(FIRST))
    facts = load(second_signed(house))
    (used,) = facts.snapshot.used_before
    for rows in ((), (replace(used, overtime={"0042": 8_000_00}),)):
        other = retold(facts, used_before=rows)
        assert other.copy is Copy.FULL
        (officer,) = overtime.context(other)["worksheet"]
        assert officer["before"] == f"{overtime.SEE_NOTE}\n9,000.00"
        step = step_of(other)
        assert (step["amount"], step["source"]) == ("9000.00", None)
        assert CHANGED in step["formula"]


DECIDED = (*SIGNED, *REVIEWED)
RETURNED = (*SIGNED, "start_review", "take", "return", "correct")
WALKS = {
    "denied": (*SIGNED, "start_review", "take", "recommend", "deny"),
    "taken back": (*SIGNED, "withdraw", "correct", "less", *SIGNED),
    "returned": (*RETURNED, "less", *DECIDED),
    "appealed": (*DECIDED, "grant"),
    "amended": (*DECIDED, "amend", "less", *DECIDED),
    "amended in vain": (*DECIDED, "amend", "less", *SIGNED, "start_review", "recommend", "deny"),
    "amendment given up": (*DECIDED, "amend", "drop", "amend", "less"),
    "amendment returned": (*DECIDED, "amend", "less", *RETURNED),
}
"""Lives of the first quarter's claims; `less` replaces its file by one with less overtime."""


def walked(house: House, steps: tuple[str, ...]) -> Iterator[str]:
    """The steps of the first quarter's claims, each when it is done."""
    house.send(FIRST, row(FIRST))
    for step in steps:
        if step == "less":
            house.replace(FIRST, row(FIRST, overtime="8900.00"))
        elif step == "grant":
            house.grant(house.claim(FIRST).version, LINE, 50_00)
        elif step == "amend":
            in_force = claim_in_force(claims_of(house.agency, FIRST))
            assert in_force is not None
            house.go(in_force, step)
        else:
            house.go(house.claim(FIRST), step)
        yield step


@pytest.mark.parametrize("steps", WALKS.values(), ids=WALKS)
def test_what_counted_at_an_instant_is_what_the_cap_counts_now(
    house: House, steps: tuple[str, ...]
) -> None:
    """The same rule as `selectors.overtime.used_before`, looked at while it is now, and again at the end."""
    house.send(SECOND, row(SECOND))
    second, stood = house.claim(SECOND), []
    for step in walked(house, steps):
        at = clock.now()
        told = list(used_before_at(second, ["0042"], at))
        counted = dict(+used_before(house.agency, SECOND))
        assert {who: cents for one in told for who, cents in one.overtime.items()} == counted, step
        stood.append((at, told))
    for at, told in stood:
        assert list(used_before_at(second, ["0042"], at)) == told
