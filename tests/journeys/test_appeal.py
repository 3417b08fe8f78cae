"""An appeal and a dispute of counts, looked at as axe and somebody with a telephone see them."""

from __future__ import annotations

import uuid

import pytest

from awards.services import dispute_counts
from portal.accounts.roles import Role
from tests.claims.appealed import Office
from tests.factories import QUARTER, make_person, report
from tests.inspection import look

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("after_quarter"),
]


def test_the_pages_of_appeals_and_disputes_are_accessible(browser, live_server):
    office = Office()
    measure = report(office.claim.agency, 60, 49)
    claim = f"/claims/{office.claim}/versions/1/"
    counts = f"/counts/{office.claim.agency.number}/"
    look(browser, live_server.url, office.certifier, f"{claim}appeals/new/", "file")
    look(browser, live_server.url, office.certifier, f"{counts}{QUARTER}/dispute/", "contest")
    office.file()
    look(browser, live_server.url, office.other, f"{claim}appeals/propose/", "propose")
    office.propose(20_000)
    look(browser, live_server.url, office.approver, f"{claim}appeals/decide/", "decide")
    office.decide(20_000)
    made = dispute_counts(
        actor=office.preparer,
        measure=measure,
        reason="located_not_counted",
        referred=60,
        located=54,
        grounds="Five were located in the last week of the quarter.",
        token=uuid.uuid4(),
    )
    manager = make_person(Role.PROGRAM_MANAGER)
    look(browser, live_server.url, manager, f"/counts/disputes/{made.pk}/", "dispute")
    look(browser, live_server.url, manager, "/counts/disputes/", "disputes")
    look(browser, live_server.url, office.certifier, counts, "counts")
    look(browser, live_server.url, office.certifier, f"{claim}appeals/", "appeals")
    look(browser, live_server.url, office.certifier, claim, "claim")
