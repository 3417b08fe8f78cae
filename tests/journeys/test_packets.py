"""The pages of packets, looked at as axe and somebody with a telephone see them."""

from __future__ import annotations

import pytest

from claims.models import Packet
from claims.packets import parts
from portal.accounts.roles import Role
from portal.jobs.models import Job
from portal.jobs.running import run_due
from tests.factories import act, make_draft, make_person
from tests.inspection import look

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("after_quarter"),
]


def test_the_pages_of_packets_are_accessible(browser, live_server, monkeypatch):
    monkeypatch.setattr(parts, "OFFICERS_PER_VOLUME", 1)
    monkeypatch.setattr(parts, "OFFICERS_IN_ONE_DOCUMENT", 1)
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    run_due()
    reviewer, viewer = make_person(Role.REVIEWER), make_person(Role.VIEWER, claim.agency)
    version = f"/claims/{claim.number}/versions/1/"
    look(browser, live_server.url, reviewer, version, "packets-current")
    look(browser, live_server.url, viewer, f"{version}packets/certified/", "packet-masked")
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    act(make_person(Role.PAYMENT_APPROVER), claim, "approve")
    look(browser, live_server.url, viewer, f"{version}packets/decided/", "packet-waiting")
    Job.objects.filter(pk=Packet.objects.get(edition="decided").job_id).update(state="failed")
    Packet.objects.filter(edition="decided").update(reason="too_long")
    look(browser, live_server.url, viewer, f"{version}packets/decided/", "packet-failed")
    look(browser, live_server.url, viewer, version, "packets-failed")
    Job.objects.filter(state="failed").update(state="queued", attempts=0)
    run_due()
    look(browser, live_server.url, reviewer, f"{version}packets/certified/", "packet-full")
    look(browser, live_server.url, viewer, version, "packets-masked")
