"""Appeals beside corrections: nothing is given back twice, taken twice, or judged by the same person."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from claims.models import Appeal
from claims.selectors.appeals import appeals_to_propose
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.verification import _ledger as ledger_problems
from portal.accounts.fresh import proven
from portal.accounts.roles import Role
from portal.kernel import clock
from portal.kernel.errors import NotAllowed
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, refused, row
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_three_quarters")]


def file(office, version, cents):
    return file_appeals(
        actor=office.certifier,
        version=version,
        asked={("0042", "overtime"): cents},
        grounds="The authorization is attached.",
        token=uuid4(),
    )


def propose(actor, version, cents):
    amounts = {one.pk: cents for one in Appeal.objects.filter(version=version)}
    return propose_on_appeals(actor=actor, version=version, amounts=amounts, proposal="It is good.")


def decide(version, cents):
    amounts = {one.pk: cents for one in Appeal.objects.filter(version=version)}
    judge = proven(make_person(Role.PAYMENT_APPROVER))
    return decide_appeals(actor=judge, version=version, amounts=amounts, ruling="It is good.")


@pytest.mark.parametrize("granted", [0, 200_00, 500_00])
def test_what_an_appeal_gives_back_stays_in_the_amendment_that_the_portal_opened(office, granted):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
    office.walk(FIRST, *TO_APPROVE)
    office.walk(SECOND, "ready", "certify", "start_review")
    office.take(SECOND, 500_00)
    appealed = office.walk(SECOND, "recommend", "approve_partly")
    assert office.entered(SECOND) == 10000_00 + 500_00
    file(office, appealed, 500_00)
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    office.walk(FIRST, *TO_APPROVE)
    assert office.claim(SECOND).kind == "amendment"
    office.walk(SECOND, "ready", "certify")
    refused("appeals_open", office.walk, SECOND, "start_review")
    propose(make_person(Role.REVIEWER), appealed, granted)
    decide(appealed, granted)
    assert office.entered(SECOND) == 10000_00 + 500_00 + granted
    version = office.walk(SECOND, "start_review")
    assert -sum(one.amount for one in version.adjustments.all()) == 500_00 - granted
    office.walk(SECOND, "recommend", "approve" if granted == 500_00 else "approve_partly")
    assert office.entered(SECOND) == 10000_00 + 6000_00 - 500_00 + granted
    assert not list(ledger_problems())


def test_who_judged_the_claim_before_does_not_look_at_the_appeal_of_what_was_carried(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "start_review")
    office.take(FIRST, 4000_00)
    office.walk(FIRST, "recommend", "approve_partly", "amend")
    office.replace(FIRST, row(FIRST, regular="10100.00"))
    office.walk(FIRST, "ready", "certify")
    before, office.reviewer = office.reviewer, make_person(Role.REVIEWER)
    version = office.walk(FIRST, "start_review", "recommend", "approve_partly")
    file(office, version, 4000_00)
    with pytest.raises(NotAllowed) as refusal:
        propose(before, version, 4000_00)
    assert refusal.value.code == "own_work"
    assert not appeals_to_propose(before).exists()
    appeal = Appeal.objects.filter(version=version)
    with pytest.raises(IntegrityError, match="judged a claim"), transaction.atomic():
        appeal.update(
            proposed=1, proposal="Mine.", proposed_by=before.user, proposed_at=clock.now()
        )
    another = make_person(Role.REVIEWER)
    assert appeals_to_propose(another).get() == version
    propose(another, version, 4000_00)
    decide(version, 4000_00)
    assert office.entered(FIRST) == 10100_00 + 9000_00
