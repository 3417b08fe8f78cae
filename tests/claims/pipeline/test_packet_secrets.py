"""What the federal side keeps to itself is in no packet that an agency gets, whole or masked."""

from __future__ import annotations

from uuid import uuid4

import pytest

from claims.models import ClaimVersion
from claims.packets import document
from claims.packets.enclosures import claim_json
from claims.packets.facts import Edition
from claims.packets.masking import masked
from claims.pipeline.packet import load
from claims.selectors.appeals import contestable_lines, open_appeals
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from portal.accounts.fresh import proven
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from tests.claims.office import LARGE, TO_RECOMMENDED, make_office
from tests.claims.packets.sample import IMPRINT
from tests.claims.pipeline.test_packet_snapshot import packet_of
from tests.factories import act, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

NOTE = "They know nothing of this doubt"
PROPOSAL = "Among us: half would do"


def told(version: ClaimVersion, edition: Edition, appeals: int = 0) -> str:
    """All that either copy of an edition says, in the PDF and in what travels inside it."""
    facts = load(packet_of(version, edition, appeals))
    return "".join(
        f"{document.main_html(copy, IMPRINT)}{claim_json(copy).decode()}"
        for copy in (facts, masked(facts))
    )


def test_why_a_claim_was_sent_back_and_who_approved_first_are_in_no_copy() -> None:
    office = make_office(LARGE)
    office.walk(*TO_RECOMMENDED)
    other = proven(make_person(Role.PAYMENT_APPROVER))
    act(other, office.claim, "send_back", note=NOTE)
    version = office.walk("recommend", "deny")
    file_appeals(
        actor=office.people["certifier"],
        version=version,
        asked=contestable_lines(version),
        grounds="All of it is right.",
        token=uuid4(),
    )
    amounts = {one.pk: one.asked for one in open_appeals(version)}
    propose_on_appeals(
        actor=make_person(Role.REVIEWER), version=version, amounts=amounts, proposal=PROPOSAL
    )
    first, second = (proven(make_person(Role.PAYMENT_APPROVER)) for _ in range(2))

    def decide(actor: Actor) -> ClaimVersion:
        return decide_appeals(actor=actor, version=version, amounts=amounts, ruling="It is right.")

    assert decide(first).state == "denied"
    assert version.decisions.filter(action="endorse_appeal").exists(), "the first of two"
    assert decide(second).state == "approved"

    decided = told(version, Edition.DECIDED)
    on_appeal = told(version, Edition.DECIDED, 1)
    for said in (told(version, Edition.CERTIFIED), decided, on_appeal):
        for secret in (NOTE, PROPOSAL, "endorse_appeal", "First of two", first.user.name):
            assert secret not in said, secret
    for said in (decided, on_appeal):
        assert "Sent back to the reviewer" in said, "that it happened is for everybody"
        assert other.user.name in said
    assert second.user.name in on_appeal
