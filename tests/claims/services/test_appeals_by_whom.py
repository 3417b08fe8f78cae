"""Who appeals, proposes and decides: nobody judges their own work, and large amounts take two."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from claims.selectors.appeals import (
    appeals_for,
    appeals_to_decide,
    appeals_to_propose,
    contestable_lines,
    open_appeals,
)
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.verification import problems
from portal.accounts.fresh import proven
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel.errors import BadInput, NotAllowed, NotFound
from tests.claims.appealed import LINE, Office, code_of
from tests.claims.office import LARGE, TO_RECOMMENDED, make_office
from tests.factories import make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def office(db):
    return Office()


def test_only_a_certifier_of_the_agency_appeals(office):
    with pytest.raises(NotAllowed):
        office.file(actor=office.preparer)
    with pytest.raises(NotFound):
        office.file(actor=make_person(Role.CERTIFIER, make_agency("Other County")))
    with pytest.raises(BadInput):
        file_appeals(
            actor=office.certifier,
            version=office.version,
            asked={LINE: 1},
            grounds="He is 123-45-6789.",
            token=uuid.uuid4(),
        )


def test_who_took_part_in_the_decision_does_not_propose_or_decide(office):
    office.file()
    assert code_of(office.propose, actor=office.reviewer) == "own_work"
    both = office.approver.user
    grant_role(actor=None, user=both, role=Role.REVIEWER, agency=None)
    assert code_of(office.propose, actor=actor_for(both)) == "own_work"
    grant_role(actor=None, user=office.other.user, role=Role.PAYMENT_APPROVER, agency=None)
    office.propose()
    assert code_of(office.decide, actor=proven(actor_for(office.other.user))) == "own_work"
    assert code_of(office.decide, actor=office.approver) == "own_decision"
    assert code_of(office.decide, actor=replace(office.judge, proved_at=None)) == "not_fresh"


def test_nothing_is_decided_without_a_proposal_nor_twice_by_two(office):
    office.file()
    assert code_of(office.decide) == "proposal_missing"
    office.propose()
    assert code_of(office.propose, actor=make_person(Role.REVIEWER)) == "appeal_not_waiting"
    office.decide(0)
    other = proven(make_person(Role.PAYMENT_APPROVER))
    assert code_of(office.decide, 1, actor=other) == "appeal_not_waiting"
    assert code_of(office.decide, 30_001) == "more_than_asked"


def test_what_waits_is_found_by_those_who_may_do_it(office):
    assert not appeals_to_propose(office.other).exists()
    office.file()
    found = appeals_to_propose(office.other).get()
    assert found == office.version
    assert vars(found)["appeal_lines"] == 1
    assert not appeals_to_propose(office.reviewer).exists()
    assert not appeals_to_decide(office.judge).exists()
    office.propose()
    assert not appeals_to_propose(office.other).exists()
    assert appeals_to_decide(office.judge).get().pk == office.version.pk
    assert not appeals_to_decide(office.certifier).exists()
    office.decide(0)
    assert not appeals_to_decide(office.judge).exists()


def test_the_agency_does_not_read_the_proposal(office):
    office.file()
    office.propose()
    assert {"proposed", "proposal", "proposed_by_id", "proposed_at"} <= (
        appeals_for(office.certifier, office.version).get().get_deferred_fields()
    )


def appeal_everything(large, version):
    """Every line of a denied claim appealed and proposed on: what is asked of each, by appeal."""
    file_appeals(
        actor=large.people["certifier"],
        version=version,
        asked=contestable_lines(version),
        grounds="All of it is right.",
        token=uuid.uuid4(),
    )
    amounts = {one.pk: one.asked for one in open_appeals(version)}
    propose_on_appeals(
        actor=make_person(Role.REVIEWER), version=version, amounts=amounts, proposal="It is."
    )
    return amounts


def test_of_a_large_amount_two_approvers_grant_the_same_who_did_not_deny_it():
    large = make_office(LARGE)
    large.walk(*TO_RECOMMENDED, "deny")
    version = large.version
    assert version.decisions.get(action="recommend").approvers == 2
    amounts = appeal_everything(large, version)
    first, second = (proven(large.people["endorser"]), proven(make_person(Role.PAYMENT_APPROVER)))

    def decide(actor, less=0):
        granted = {pk: cents - less for pk, cents in amounts.items()}
        return decide_appeals(actor=actor, version=version, amounts=granted, ruling="It is.")

    assert code_of(decide, proven(large.people["approver"])) == "own_decision"
    for _ in range(2):
        assert decide(first).state == "denied"
    assert version.decisions.filter(action="endorse_appeal").count() == 1
    assert open_appeals(version).count() == len(amounts)
    assert code_of(decide, first, less=1) == "own_endorsement"
    assert version not in appeals_to_decide(first)
    assert version in appeals_to_decide(second)
    # Who grants something else is the first to do so.
    assert decide(second, less=1).state == "denied"
    assert version not in appeals_to_decide(second)
    assert decide(first, less=1).state == "partly_approved"
    assert not list(problems())


def test_what_was_endorsed_before_it_was_denied_is_granted_by_one_other():
    large = make_office(LARGE)
    version = large.walk(*TO_RECOMMENDED, "endorse", "deny")
    amounts = appeal_everything(large, version)
    judge = proven(make_person(Role.PAYMENT_APPROVER))
    after = decide_appeals(actor=judge, version=version, amounts=amounts, ruling="It is.")
    assert after.state == "approved"
    assert after.decisions.get(action="grant_appeal").approvers == 2
