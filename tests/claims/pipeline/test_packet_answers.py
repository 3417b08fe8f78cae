"""A packet has the answers that were submitted when its edition was closed, of whatever quarter."""

from __future__ import annotations

import pytest

from claims.packets.facts import Edition
from claims.pipeline.packet import load
from tests.claims.linked import FIRST, SECOND, row
from tests.claims.pipeline.test_packet_snapshot import (
    REVIEWED,
    SIGNED,
    House,
    house,
    packet_of,
    taken_anew,
)
from tests.claims.pipeline.test_packet_unsent import LOW, SECRET, answered
from tests.factories import settle

pytestmark = pytest.mark.django_db

__all__ = ("house",)


def test_an_answer_for_another_quarters_draft_is_not_in_the_packet(house: House) -> None:
    """Fingerprints of salaries name no quarter: the same warning comes up in each."""
    for quarter in (FIRST, SECOND):
        house.send(quarter, row(quarter, **LOW))
    claim = house.claim(FIRST)
    answered(house, claim.version, "Said before.")
    house.go(claim, *SIGNED)
    answered(house, house.claim(SECOND).version, SECRET)
    version = house.go(claim, *REVIEWED)

    packet = packet_of(version, Edition.DECIDED)
    snapshot = load(packet).snapshot
    assert {warning.answer for warning in snapshot.warnings} == {"Said before."}

    settle()
    house.go(house.claim(SECOND), *SIGNED)
    answered(house, house.claim(FIRST).version, "Said after.")
    assert taken_anew(packet) == snapshot, "made late it says what it says made at once"


def test_an_answer_that_another_quarter_submitted_before_is_in_it(house: House) -> None:
    for quarter in (FIRST, SECOND):
        house.send(quarter, row(quarter, **LOW))
    claim = house.claim(FIRST)
    house.go(claim, *SIGNED, *REVIEWED[:-1])
    answered(house, house.claim(SECOND).version, "Said of both.")
    house.go(house.claim(SECOND), *SIGNED)
    version = house.go(claim, REVIEWED[-1])
    warnings = load(packet_of(version, Edition.DECIDED)).snapshot.warnings
    assert "Said of both." in {warning.answer for warning in warnings}
