"""The packet by page: awaited, downloaded, and made again when it failed."""

from __future__ import annotations

import pytest

from claims.models import Packet
from portal.accounts.roles import Role
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.records.models import AuditEvent
from tests.factories import act, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    """A submitted claim whose packet is still to be made."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return claim


def address(claim) -> str:
    return f"/claims/{claim.number}/versions/1/packets/certified/"


def test_the_packet_is_awaited_then_downloaded_and_its_reading_recorded(browse, claim):
    reviewer = make_person(Role.REVIEWER)
    client = browse(reviewer)
    assert client.get(address(claim)).status_code == 404
    waiting = client.get(f"{address(claim)}progress/", headers={"HX-Request": "true"})
    assert waiting.status_code == 200
    assert "The packet is being made" in client.get(f"/claims/{claim.number}/").content.decode()
    run_due()
    ended = client.get(f"{address(claim)}progress/", headers={"HX-Request": "true"})
    assert ended.status_code == 286
    assert "Download the packet as certified" in ended.content.decode()
    answer = client.get(address(claim))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.get(action="document.read").actor == reviewer.user


def test_a_packet_that_failed_can_be_made_again(browse, claim):
    client = browse(make_person(Role.VIEWER, claim.agency))
    packet = Packet.objects.select_related("job").get()
    Job.objects.filter(pk=packet.job_id).update(state=Job.State.FAILED)
    assert "Try again" in client.get(f"/claims/{claim.number}/").content.decode()
    ended = client.get(f"{address(claim)}progress/", headers={"HX-Request": "true"})
    assert "It could not be made." in ended.content.decode()
    assert client.post(f"{address(claim)}retry/").status_code == 302
    run_due()
    assert client.get(address(claim)).status_code == 200


def test_strangers_get_no_packet(browse, claim):
    run_due()
    stranger = browse(make_person(Role.VIEWER, make_agency("Birch Police")))
    assert stranger.get(address(claim)).status_code == 404
    assert stranger.post(f"{address(claim)}retry/").status_code == 404


def test_an_edition_that_does_not_exist_is_a_404(browse, claim):
    client = browse(make_person(Role.REVIEWER))
    assert client.get(f"/claims/{claim.number}/versions/1/packets/decided/").status_code == 404
