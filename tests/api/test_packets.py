"""Packets over the API: the document, the list of files, and who gets which copy."""

from __future__ import annotations

import hashlib

import pytest

from claims.models import Claim, Packet
from claims.packets import parts
from portal.accounts.models import Agency, Membership
from portal.accounts.roles import Role
from portal.accounts.services import end_role, grant_role
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.records.models import AuditEvent
from tests.api.client import Machine, make_machine
from tests.factories import act, file_of, make_draft, make_person

CLAIMS = "/api/v1/claims/"


@pytest.fixture
def claim(agency: Agency) -> Claim:
    """A draft of the machine's agency."""
    return make_draft(agency)[1]


def certify(claim: Claim) -> None:
    """Sign the claim; its packet waits to be made."""
    act(make_person(Role.PREPARER, claim.agency), claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")


def viewers_machine(agency: Agency) -> Machine:
    """A machine whose key somebody answers for who only reads by now."""
    machine = make_machine(agency, "claims:read")
    membership = Membership.objects.get(user=machine.owner.user)
    grant_role(actor=None, user=machine.owner.user, role=Role.VIEWER, agency=agency)
    end_role(actor=make_person(Role.ADMINISTRATOR, agency), membership=membership)
    return machine


def test_the_packet_comes_when_it_is_made(machine: Machine, claim: Claim) -> None:
    address = f"{CLAIMS}{claim.number}/packet/"
    answer = machine.get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    certify(claim)
    for tail in ("", "files/"):
        answer = machine.get(address + tail, accept="application/json")
        assert (answer.status_code, answer.json()["code"]) == (409, "packet_not_ready")
        assert int(answer["Retry-After"]) > 0
    (waiting,) = machine.get(f"{CLAIMS}{claim.number}/").json()["packets"]
    assert (waiting["is_ready"], waiting["sha256"], waiting["failure"]) == (False, None, None)

    run_due()
    for accept in ("application/pdf", "*/*", "application/json"):
        answer = machine.get(address, accept=accept)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.content.startswith(b"%PDF")
    found = machine.get(f"{CLAIMS}{claim.number}/").json()
    (packet,) = found["packets"]
    assert (packet["is_ready"], packet["copy"], packet["appeals"]) == (True, "full", 0)
    assert packet["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert answer["ETag"] == f'"{packet["sha256"]}"'
    assert found["certification"]["sha256"] == found["amounts"]["sha256"]
    assert AuditEvent.objects.filter(action="document.read").count() == 3
    known = machine.get(address, if_none_match=answer["ETag"])
    assert known.status_code == 304
    assert machine.get(f"{address}?edition=certified").status_code == 200
    assert machine.get(f"{address}?edition=decided").status_code == 404
    assert machine.get(f"{address}?edition=other").status_code == 400
    assert machine.get(f"{address}?copy=none").status_code == 400


def test_a_packet_that_failed_says_why(machine: Machine, claim: Claim) -> None:
    certify(claim)
    packet = Packet.objects.get(version__claim=claim)
    Job.objects.filter(pk=packet.job_id).update(state=Job.State.FAILED)
    Packet.objects.update(reason="too_large")
    answer = machine.get(f"{CLAIMS}{claim.number}/packet/")
    assert (answer.status_code, answer.json()["code"]) == (409, "packet_failed")
    assert "more memory" in answer.json()["detail"]
    assert "Retry-After" not in answer
    (said,) = machine.get(f"{CLAIMS}{claim.number}/").json()["packets"]
    assert (said["is_ready"], said["failure"]) == (False, "too_large")


def test_every_file_is_listed_and_fetched_by_its_name(
    machine: Machine, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "OFFICERS_PER_VOLUME", 1)
    monkeypatch.setattr(parts, "OFFICERS_IN_ONE_DOCUMENT", 1)
    certify(claim)
    run_due()
    said = machine.get(f"{CLAIMS}{claim.number}/packet/files/").json()
    assert (said["edition"], said["is_current"]) == ("certified", True)
    assert [(file["copy"], file["part"], file["number"]) for file in said["files"]] == [
        (copy, *part)
        for copy in ("full", "masked")
        for part in (("packet", 0), ("volume", 1), ("volume", 2), ("manifest", 0))
    ]
    for file in said["files"]:
        answer = machine.get(file["url"], accept="*/*")
        assert answer["Content-Type"] == file["media_type"]
        assert len(answer.content) == file["size"]
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert answer["ETag"] == f'"{file["sha256"]}"'
    nothing = machine.get(f"{CLAIMS}{claim.number}/packet/files/other.pdf")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "not_found")
    assert machine.get(f"{CLAIMS}{claim.number}/packet/files/%00.pdf").status_code == 404


def test_the_packet_of_an_earlier_version_is_fetched_by_its_number(
    machine: Machine, claim: Claim
) -> None:
    certify(claim)
    run_due()
    first = file_of(Packet.objects.get()).document
    certifier = make_person(Role.CERTIFIER, claim.agency)
    act(certifier, claim, "withdraw")
    act(make_person(Role.PREPARER, claim.agency), claim, "correct")
    address = f"{CLAIMS}{claim.number}/packet/"
    assert machine.get(address).status_code == 404
    assert machine.get(f"{address}?version=1")["ETag"] == f'"{first.sha256}"'
    said = machine.get(f"{address}files/?version=1").json()
    assert (said["version"], said["is_current"]) == (1, False)
    main = next(file for file in said["files"] if file["name"] == first.filename)
    assert machine.get(main["url"], accept="*/*")["ETag"] == f'"{first.sha256}"'
    assert machine.get(f"{address}files/{first.filename}").status_code == 404
    assert machine.get(f"{address}?version=9").status_code == 404
    for number in ("0", "-1", "x", "²", "9" * 30):
        assert machine.get(f"{address}?version={number}").status_code == 400, number


def test_a_key_takes_what_its_owner_may_take(machine: Machine, claim: Claim) -> None:
    certify(claim)
    run_due()
    packet = Packet.objects.get()
    full, masked = file_of(packet).document, file_of(packet, "masked").document
    address = f"{CLAIMS}{claim.number}/packet/"
    assert machine.get(address)["ETag"] == f'"{full.sha256}"'
    assert machine.get(f"{address}?copy=masked")["ETag"] == f'"{masked.sha256}"'

    viewer = viewers_machine(claim.agency)
    assert viewer.get(address)["ETag"] == f'"{masked.sha256}"'
    for tail in ("?copy=full", f"files/{full.filename}"):
        answer = viewer.get(address + tail)
        assert (answer.status_code, answer.json()["code"]) == (403, "names_not_allowed")
    listed = viewer.get(f"{address}files/").json()["files"]
    assert {file["copy"] for file in listed} == {"masked"}
    (packet_said,) = viewer.get(f"{CLAIMS}{claim.number}/").json()["packets"]
    assert (packet_said["copy"], packet_said["sha256"]) == ("masked", masked.sha256)
