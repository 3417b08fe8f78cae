"""Who acted stands in a packet by the name of the act, however late it is made."""

from __future__ import annotations

from uuid import uuid4

import pytest

from claims.packets.facts import Edition
from claims.pipeline.packet import load
from claims.services.waiving import grant_waiver
from portal.accounts.fresh import proven
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.kernel import clock
from tests.claims.linked import FIRST, row
from tests.claims.pipeline.test_packet_snapshot import (
    LINE,
    SIGNED,
    House,
    house,
    packet_of,
    taken_anew,
)
from tests.claims.pipeline.test_packet_unsent import LOW, answered
from tests.factories import make_person

pytestmark = pytest.mark.django_db

__all__ = ("house",)


def test_a_person_renamed_before_a_late_job_has_the_name_of_the_act(house: House) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    claim = house.claim(FIRST)
    answered(house, claim.version, "It is so.")
    version = house.go(claim, *SIGNED, "start_review")
    grant_waiver(
        actor=proven(make_person(Role.PAYMENT_APPROVER)),
        claim=claim,
        rule="evidence",
        officer_id="0042",
        category="",
        reason="Seen on site.",
        expires_on=clock.today("America/Chicago"),
        token=uuid4(),
    )
    house.take(FIRST, 50_00)
    version = house.go(claim, "recommend", "approve_partly")
    house.grant(version, LINE, 20_00)
    packets = [
        packet_of(version, Edition.CERTIFIED),
        packet_of(version, Edition.DECIDED),
        packet_of(version, Edition.DECIDED, 1),
    ]
    shown = [load(packet).snapshot for packet in packets]
    last = shown[-1]
    for rows in (last.rulings, last.adjustments, last.waivers, last.warnings, last.decided_appeals):
        assert rows
    User.objects.update(name="Somebody Else")
    assert [taken_anew(packet) for packet in packets] == shown
