"""Every door of a busy claim: closed to other agencies, and none that lets the other side's drafts out.

The claim has one of everything, so that each address is asked for things that exist.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from claims.models import Question
from claims.rules.address import Address
from claims.rules.lines import Reason
from claims.services.adjusting import adjust
from claims.services.asking import Asked, ask
from claims.services.assigning import take_over
from claims.services.evidencing import send_evidence
from claims.services.holding import place_hold, release_hold
from claims.services.noting import keep_note
from claims.services.waiving import grant_waiver
from portal.accounts.fresh import proven
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from tests.claims.office import Office, make_office
from tests.claims.reviewing import pdf
from tests.factories import make_agency, make_person
from tests.portal.test_addresses import ROUTES, filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

FEDERAL, AGENCY = "Between federal desks", "Between office desks"
IN_REVIEW = date(2026, 3, 1)
AGENCY_ROLES = [role for role in Role if role.side == "agency"]
FEDERAL_ROLES = [role for role in Role if role.side == "federal"]


@dataclass
class Busy:
    """A claim in review with one of everything, and the numbers of its things by room."""

    office: Office
    things: dict[str, int]

    def addresses(self, number: str = "") -> list[str]:
        """Every address of the claim."""
        known = {"number": number or self.office.claim.number, "version": 1, "edition": "certified"}
        routes = [route for route, _ in ROUTES if route.startswith("claims/<slug:number>/")]
        assert len(routes) > 40
        return [
            filled(route, {**known, "key": "officer-0042", "pk": self._thing(route)})
            for route in routes
        ]

    def _thing(self, route: str) -> object:
        if "uuid:" in route:
            return uuid.uuid4()
        return next((pk for room, pk in self.things.items() if f"/{room}/" in route), 1)


@pytest.fixture
def busy() -> Busy:
    office = make_office()
    version = office.version
    preparer = office.people["preparer"]
    record = send_evidence(
        actor=preparer,
        version=version,
        kind="timesheet",
        address=Address("0042", "overtime"),
        upload=pdf(),
        token=uuid4(),
    )
    _note(preparer, version, AGENCY)
    version = office.walk("ready", "certify", "start_review")
    reviewer = office.people["reviewer"]
    _note(reviewer, version, FEDERAL)
    adjust(
        actor=reviewer,
        version=version,
        officer_id="0042",
        category="regular",
        amount=4_321,
        reason=Reason.UNSUPPORTED.value,
        note=FEDERAL,
        token=uuid4(),
    )
    asked = Asked(Address("0042", "overtime"), "Why so much?", uuid4())
    question: Question
    (question,) = ask(actor=reviewer, version=version, asked=[asked], due_on=date(2026, 1, 27))
    waiver = grant_waiver(
        actor=proven(office.people["approver"]),
        claim=version.claim,
        rule="evidence",
        officer_id="",
        category="",
        reason="The station burned down.",
        expires_on=IN_REVIEW,
        token=uuid4(),
    )
    held = place_hold(
        actor=reviewer,
        version=version,
        why="records",
        note="A list is missing.",
        until_on=date(2026, 1, 27),
        token=uuid4(),
    )
    release_hold(actor=reviewer, version=version, hold=held)
    take_over(actor=make_person(Role.REVIEWER), claim=version.claim, note=FEDERAL)
    things = {"questions": question.pk, "records": record.pk, "waivers": waiver.pk}
    return Busy(office, things)


def _note(actor: Actor, version, text: str) -> None:
    keep_note(actor=actor, version=version, address=Address("0042", ""), text=text, token=uuid4())


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def read_by(actor: Actor, addresses: Iterable[str]) -> dict[str, str]:
    """The pages that open for somebody, by address; files are left out."""
    client = signed_in(actor)
    answers = {address: client.get(address) for address in addresses}
    return {
        address: answer.content.decode()
        for address, answer in answers.items()
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    }


@pytest.mark.parametrize("role", [Role.CERTIFIER, Role.ADMINISTRATOR])
def test_another_agencys_claim_does_not_exist(role, busy):
    client = signed_in(make_person(role, make_agency("Birch Police Department")))
    for address in busy.addresses():
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (404, 405), f"{address}: {answer.status_code}"


def test_the_agency_reads_nothing_that_the_federal_side_says_to_itself(busy):
    claim = busy.office.claim
    for role in AGENCY_ROLES:
        pages = read_by(make_person(role, claim.agency), [*busy.addresses(), "/", "/inbox/"])
        assert len(pages) > 10
        for address, page in pages.items():
            assert FEDERAL not in page, f"{role}: {address}"
            assert "43.21" not in page, f"{role}: {address}"


def test_the_federal_side_reads_nothing_that_the_agency_says_to_itself(busy):
    for role in FEDERAL_ROLES:
        pages = read_by(make_person(role), [*busy.addresses(), "/", "/inbox/"])
        assert len(pages) > 10
        for address, page in pages.items():
            assert AGENCY not in page, f"{role}: {address}"
    assert any(FEDERAL in page for page in pages.values())


def test_no_form_of_the_claim_breaks_when_it_is_sent_empty(busy):
    for role in Role:
        agency = busy.office.claim.agency if role in AGENCY_ROLES else None
        client = signed_in(make_person(role, agency))
        for address in busy.addresses():
            answer = client.post(address)
            assert answer.status_code < 500, f"{role}: {address}: {answer.status_code}"
