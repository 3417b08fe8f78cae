"""A review over the API: the agency's key reads what is settled, and no draft of the federal side."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from claims.models import Hold
from claims.rules.address import Address
from claims.services.appealing import file_appeals, propose_on_appeals
from claims.services.assigning import take_over
from claims.services.holding import place_hold
from claims.services.noting import keep_note
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from portal.kernel import clock
from tests.api.client import Machine, make_machine
from tests.claims.office import Office, make_office
from tests.factories import make_person

CLAIMS = "/api/v1/claims/"
TAILS = ("", "lines/", "lines/1/", "lines/2/", "questions/")
OURS = "Only for the federal side"


@pytest.fixture
def office(db: None) -> Office:
    """A claim in review."""
    office = make_office()
    office.walk("ready", "certify", "start_review")
    return office


@pytest.fixture
def agency(office: Office) -> Agency:
    return office.claim.agency


def everything(machine: Machine, office: Office) -> list[bytes]:
    """All that the key can read of the claim."""
    return [machine.get(f"{CLAIMS}{office.claim.number}/{tail}").content for tail in TAILS]


def test_drafts_of_adjustments_notes_and_assignments_are_not_told(
    machine: Machine, office: Office
) -> None:
    before = everything(machine, office)
    tag = machine.get(f"{CLAIMS}{office.claim.number}/")["ETag"]
    office.take(12_345)
    take_over(actor=make_person(Role.REVIEWER), claim=office.claim, note=OURS)
    keep_note(
        actor=office.people["reviewer"],
        version=office.version,
        address=Address("0042", "regular"),
        text=OURS,
        token=uuid4(),
    )
    assert everything(machine, office) == before
    assert machine.get(f"{CLAIMS}{office.claim.number}/", if_none_match=tag).status_code == 304


def test_a_settled_claim_tells_what_is_allowed_of_each_line_and_why(
    machine: Machine, office: Office
) -> None:
    computed = int(office.version.calculation.total)
    office.take(12_345)
    office.walk("recommend")
    recommended = machine.get(f"{CLAIMS}{office.claim.number}/").json()
    assert recommended["allowed"] == recommended["amounts"]["total"]
    office.walk("approve_partly")
    found = machine.get(f"{CLAIMS}{office.claim.number}/").json()
    assert found["state"] == "partly_approved"
    assert int(found["allowed"].replace(".", "")) == computed - 12_345

    lines = machine.get(f"{CLAIMS}{office.claim.number}/lines/").json()["results"]
    line = next(line for line in lines if line["officer_id"] == "0042")
    taken = {
        name: round(float(line[name]) * 100) - round(float(line["allowed"][name]) * 100)
        for name in ("regular_pay", "benefits", "total")
    }
    assert taken == {"regular_pay": 12_345, "benefits": 0, "total": 12_345}
    assert line["allowed"]["overtime"] == line["overtime_allowed"]

    explained = machine.get(line["url"]).json()
    assert explained["allowed"] == line["allowed"]
    (adjustment,) = explained["adjustments"]
    assert (adjustment["category"], adjustment["amount"]) == ("regular", "-123.45")
    assert (adjustment["reason"], adjustment["note"]) == ("unsupported", "No record of one hour.")
    assert adjustment["rule"]
    other = next(line for line in lines if line["officer_id"] != "0042")
    assert machine.get(other["url"]).json()["adjustments"] == []


def test_a_returned_claim_tells_what_was_taken(machine: Machine, office: Office) -> None:
    office.take(100)
    office.walk("return")
    found = machine.get(f"{CLAIMS}{office.claim.number}/").json()
    assert found["state"] == "returned"
    assert found["allowed"] != found["amounts"]["total"]


def test_a_proposal_on_an_appeal_is_not_told(machine: Machine, office: Office) -> None:
    office.take(12_345)
    office.walk("recommend", "approve_partly")
    file_appeals(
        actor=office.people["certifier"],
        version=office.version,
        asked={("0042", "regular"): 12_345},
        grounds="The timesheet was there.",
        token=uuid4(),
    )
    before = everything(machine, office)
    (appeal,) = office.version.appeals.all()
    propose_on_appeals(
        actor=make_person(Role.REVIEWER),
        version=office.version,
        amounts={appeal.pk: 12_345},
        proposal=OURS,
    )
    assert everything(machine, office) == before


def test_a_hold_is_told_while_it_lasts(machine: Machine, office: Office) -> None:
    address = f"{CLAIMS}{office.claim.number}/"
    tag = machine.get(address)["ETag"]
    until_on = clock.today("America/New_York") + timedelta(days=5)
    place_hold(
        actor=office.people["reviewer"],
        version=office.version,
        why=Hold.Why.OTHER,
        note="We wait for the list of credentials.",
        until_on=until_on,
        token=uuid4(),
    )
    answer = machine.get(address, if_none_match=tag)
    held = answer.json()["hold"]
    assert held == {
        "until_on": until_on.isoformat(),
        "why": "other",
        "note": "We wait for the list of credentials.",
    }
    with clock.clock_at(clock.now() + timedelta(days=7)):
        later = make_machine(office.claim.agency, "claims:read")
        assert later.get(address).json()["hold"] is None


def test_the_steps_follow_the_claim_and_are_only_the_agencys(
    machine: Machine, office: Office
) -> None:
    def steps() -> set[str]:
        found = machine.get(f"{CLAIMS}{office.claim.number}/").json()["actions"]
        assert {action["refusal"]["code"] for action in found} <= {"person_only"}
        assert not any(action["possible"] for action in found)
        return {action["code"] for action in found}

    assert steps() == set()
    office.walk("return")
    assert steps() == {"correct"}


def test_questions_are_the_agencys_and_need_the_scope(office: Office, stranger: Machine) -> None:
    address = f"{CLAIMS}{office.claim.number}/questions/"
    sender = make_machine(office.claim.agency, "payroll:write")
    answer = sender.get(address)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert make_machine(office.claim.agency, "claims:read").post(address, {}).status_code == 405
    foreign = stranger.get(address)
    nothing = stranger.get(f"{CLAIMS}A99999-FY2026Q1/questions/")
    assert (foreign.status_code, foreign.content) == (nothing.status_code, nothing.content)
