"""The main job on a test server, with a real worker, broker, browser and PDF."""

from __future__ import annotations

import pytest

from claims.demo import add_office
from claims.models import Claim
from claims.verification import problems
from tests.journeys.main_job import TOTAL, WAYS, Desks, by_role, office_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]


@pytest.mark.parametrize("way", WAYS)
def test_case_14_from_empty_to_an_approved_packet(way, live_server, browser):
    fresh = add_office("Cedar County Sheriff's Office")
    federal = by_role(fresh["federal"])
    desks = Desks(live_server.url, browser)
    outcome = WAYS[way](desks, office_of(fresh, federal))
    desks.close()
    assert outcome.total == TOTAL
    claim = Claim.objects.get(number=outcome.claim)
    assert (claim.version.state, claim.version.calculation.total) == ("approved", 83_333_55)
    assert len({p.user_id for p in claim.version.participants.all()}) == 4
    assert list(problems()) == []
