"""The federal side reads what was submitted, and of trial runs and work on a correction nothing."""

from __future__ import annotations

import pytest

from claims.models import ClaimVersion
from claims.selectors.story import story_of
from portal.accounts.policies import Actor
from tests.claims.linked import FIRST, row
from tests.claims.pipeline.test_packet_snapshot import SIGNED, House, house

pytestmark = pytest.mark.django_db

__all__ = ("house",)


def told(reader: Actor, version: ClaimVersion, action: str) -> int:
    """How many events of a kind somebody reads."""
    return story_of(reader, version).filter(action=action).count()


def test_a_trial_run_is_told_to_the_agency_alone(house: House) -> None:
    house.send(FIRST, row(FIRST))
    version = house.go(house.claim(FIRST), *SIGNED)
    house.send(FIRST, row(FIRST, overtime="9100.00"), dry_run=True)
    assert told(house.preparer, version, "payroll.receive") == 2
    assert told(house.reviewer, version, "payroll.receive") == 1


def test_work_on_a_returned_claim_is_told_when_it_is_sent_again(house: House) -> None:
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review", "return")
    house.go(claim, "correct")
    house.replace(FIRST, row(FIRST, overtime="8000.00"))
    for action, before in (("payroll.accept", 1), ("claim.correct", 0), ("claim.return", 1)):
        assert told(house.reviewer, version, action) == before, action
    house.go(claim, *SIGNED)
    for action, after in (("payroll.accept", 2), ("claim.correct", 1), ("claim.ready", 2)):
        assert told(house.reviewer, version, action) == after, action
