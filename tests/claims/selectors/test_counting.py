"""Which claim counts for a quarter is the same now and as it stood at this instant, along claims' lives."""

from __future__ import annotations

import pytest

from claims.rules.lifecycle import State
from claims.selectors.counting import Counting, counting
from claims.selectors.linked import claim_in_force, claims_of
from portal.kernel import clock
from tests.claims.linked import FIRST
from tests.claims.pipeline.test_packet_snapshot import House, house
from tests.claims.pipeline.test_packet_used import WALKS, walked

pytestmark = pytest.mark.django_db

__all__ = ("house",)


@pytest.mark.parametrize("steps", WALKS.values(), ids=WALKS)
def test_what_counts_now_is_what_is_told_of_this_instant(
    house: House, steps: tuple[str, ...]
) -> None:
    stood = []
    for step in walked(house, steps):
        now, at = counting(house.agency, FIRST), clock.now()
        assert now == counting(house.agency, FIRST, at), step
        in_force = claim_in_force(claims_of(house.agency, FIRST))
        if in_force is not None:
            assert now == Counting(in_force.version, State(in_force.version.state))
        stood.append((at, now))
    for at, then in stood:
        assert counting(house.agency, FIRST, at) == then
