"""An appeal and a dispute of counts, looked at as axe and somebody with a telephone see them."""

from __future__ import annotations

import os
import uuid

import pytest
from django.test import Client

from awards.services import dispute_counts
from portal.accounts.roles import Role
from tests.claims.services.test_appeals import Office
from tests.factories import QUARTER, make_person, report
from tests.inspection import assert_accessible

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("after_quarter"),
]


def test_the_pages_of_appeals_and_disputes_are_accessible(browser, live_server):
    office = Office()
    measure = report(office.claim.agency, 60, 49)
    claim = f"/claims/{office.claim}/versions/1/"
    counts = f"/counts/{office.claim.agency.number}/"
    look(browser, live_server, office.certifier, f"{claim}appeals/new/", "file")
    look(browser, live_server, office.certifier, f"{counts}{QUARTER}/dispute/", "contest")
    office.file()
    look(browser, live_server, office.other, f"{claim}appeals/propose/", "propose")
    office.propose(20_000)
    look(browser, live_server, office.approver, f"{claim}appeals/decide/", "decide")
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
    look(browser, live_server, manager, f"/counts/disputes/{made.pk}/", "dispute")
    look(browser, live_server, manager, "/counts/disputes/", "disputes")
    look(browser, live_server, office.certifier, counts, "counts")
    look(browser, live_server, office.certifier, f"{claim}appeals/", "appeals")
    look(browser, live_server, office.certifier, claim, "claim")


def look(browser, live_server, actor, path: str, name: str) -> None:
    client = Client()
    client.force_login(actor.user)
    context = browser.new_context(bypass_csp=True)
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    answer = page.goto(live_server.url + path)
    assert answer.status == 200
    if "SHOTS" in os.environ:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{os.environ['SHOTS']}/{name}-{width}.png", full_page=True)
    assert_accessible(page)
    context.close()
