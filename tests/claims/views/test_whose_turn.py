"""Desk, inbox, digest and home agree about whose turn it is among payment approvers."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from claims.selectors.appeals import contestable_lines, open_appeals
from claims.selectors.desk import waiting_for
from claims.selectors.inbox_federal import piles_of_federal
from claims.services.appealing import file_appeals, propose_on_appeals
from portal.accounts.roles import Role
from portal.kernel import clock
from portal.kernel.clock import clock_at
from tests.claims.office import LARGE, TO_RECOMMENDED, make_office
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def piles(actor) -> dict[str, int]:
    return {pile.title: pile.count for pile in piles_of_federal(actor)}


def turns(office, browse) -> dict[str, bool]:
    """Whether the claim waits for each approver, as desk, inbox and home agree."""
    found = {}
    for name in ("endorser", "approver"):
        actor = office.people[name]
        said = {
            waiting_for(actor).filter(claim=office.claim).exists(),
            "Claims to decide" in piles(actor),
            f"/claims/{office.claim.number}/" in browse(actor).get("/").content.decode(),
        }
        assert len(said) == 1, f"{name}: desk, inbox and home do not say the same"
        found[name] = said.pop()
    return found


def test_whoever_gave_the_first_approval_waits_for_the_second(browse):
    office = make_office(LARGE)
    office.walk(*TO_RECOMMENDED)
    assert turns(office, browse) == {"endorser": True, "approver": True}
    office.walk("endorse")
    assert turns(office, browse) == {"endorser": False, "approver": True}


def test_what_was_sent_back_and_recommended_anew_waits_for_the_same_approvers(browse):
    office = make_office(LARGE)
    office.walk(*TO_RECOMMENDED, "endorse", "send_back")
    assert turns(office, browse) == {"endorser": False, "approver": False}
    office.walk("recommend")
    assert turns(office, browse) == {"endorser": True, "approver": True}


def test_an_appeal_waits_for_another_approver_since_it_was_proposed_on():
    office = make_office()
    version = office.walk(*TO_RECOMMENDED, "deny")
    asked = contestable_lines(version)
    file_appeals(
        actor=office.people["certifier"],
        version=version,
        asked=asked,
        grounds="All of it is right.",
        token=uuid4(),
    )
    proposed_at = clock.now() + timedelta(days=3)
    with clock_at(proposed_at):
        amounts = {one.pk: one.asked for one in open_appeals(version)}
        propose_on_appeals(
            actor=make_person(Role.REVIEWER), version=version, amounts=amounts, proposal="It is."
        )
    assert piles(office.people["approver"]) == {}
    (pile,) = piles_of_federal(office.people["endorser"])
    assert (pile.title, pile.count) == ("Appeals to decide", 1)
    assert pile.latest >= proposed_at, "an approver's appeal is new when it is proposed on"
