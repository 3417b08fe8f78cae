"""One claim as a page whose parts come from several rooms: calm, and asked for once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from claims.rules.address import Address
from claims.services.asking import answer
from claims.services.noting import keep_note
from portal.accounts.models import Membership
from portal.kernel import clock
from tests.claims.office import make_office
from tests.claims.reviewing import asked_about, in_review

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("way", "reader", "most"),
    [
        (("ready", "certify", "start_review", "adjust"), "reviewer", 32),
        (("ready", "certify", "start_review", "adjust", "recommend"), "approver", 30),
        (
            ("ready", "certify", "start_review", "adjust", "recommend", "approve_partly"),
            "certifier",
            31,
        ),
        (
            ("ready", "certify", "start_review", "adjust", "recommend", "approve_partly", "amend"),
            "preparer",
            38,
        ),
    ],
)
def test_the_parts_of_a_page_share_what_they_ask(
    browse, django_assert_max_num_queries, way, reader, most
):
    office = make_office()
    office.walk(*way)
    client = browse(office.people[reader])
    client.get(f"/claims/{office.claim.number}/")
    with django_assert_max_num_queries(most):
        client.get(f"/claims/{office.claim.number}/")


def test_whom_a_question_waits_for_is_told_where_to_answer_it(browse):
    reviewed = in_review()
    asked = asked_about(reviewed)
    address = f"/claims/{reviewed.claim.number}/"
    for_agency = text(browse(reviewed.preparer).get(address))
    assert "Answer 1 question by January" in for_agency
    assert f'href="#question-{asked.pk}"' in for_agency
    waiting = text(browse(reviewed.reviewer).get(address))
    assert "Waiting for the agency&#x27;s answer" in waiting
    answer(actor=reviewed.preparer, question=asked, text="A storm.", token=uuid4())
    answered = text(browse(reviewed.reviewer).get(address))
    assert "Read the answer and close the question" in answered
    assert f'href="#question-{asked.pk}"' in answered


def test_an_amendment_says_what_it_is_and_what_of_it_is_signed(browse):
    office = make_office()
    way = ("ready", "certify", "start_review", "adjust", "recommend", "approve_partly", "count")
    office.walk(*way, "amend")
    first, number = office.claim.follows, office.claim.number
    shown = text(browse(office.people["preparer"]).get(f"/claims/{number}/"))
    assert "Amendment of the claim of FY2026Q1" in shown
    office.walk("ready")
    client = browse(office.people["certifier"])
    shown = text(client.get(f"/claims/{number}/versions/1/certify/"))
    assert "Certify the amendment of the claim of FY2026Q1" in shown
    assert f"Allowed so far, by {first.number}" in shown
    assert "After what was disallowed before" in shown
    assert "Certify and submit a difference of +$" in shown
    office.walk("certify")
    receipt = text(client.get(f"/claims/{number}/versions/1/receipt/"))
    assert f"Receipt: amendment {number}" in receipt
    assert f"Claim {first.number}, by which" in receipt


def test_an_officer_page_has_what_was_asked_sent_and_noted_about_them(browse):
    reviewed = in_review()
    asked_about(reviewed, "0042", text="Why the overtime?")
    keep_note(
        actor=reviewed.reviewer,
        version=reviewed.version,
        address=Address("0042"),
        text="Compare with last quarter.",
        token=uuid4(),
    )
    address = f"/claims/{reviewed.claim.number}/versions/1/officers/"
    places = reviewed.version.calculation.results.values_list("officer_id", "position")
    pages = {officer_id: f"{address}{position}/" for officer_id, position in places}
    shown = text(browse(reviewed.reviewer).get(pages.pop("0042")))
    assert "Why the overtime?" in shown
    assert "Compare with last quarter." in shown
    (other,) = pages.values()
    assert "Why the overtime?" not in text(browse(reviewed.reviewer).get(other))


def test_a_step_s_address_leads_back_to_the_claim(browse):
    office = make_office()
    address = f"/claims/{office.claim.number}/"
    client = browse(office.people["preparer"])
    answer = client.get(f"{address}versions/1/act/")
    assert (answer.status_code, answer["location"]) == (302, address)


def test_a_claim_that_nobody_can_sign_says_so(browse):
    office = make_office()
    office.walk("ready")
    Membership.objects.filter(user=office.people["certifier"].user).update(ended_at=clock.now())
    client = browse(office.people["preparer"])
    assert "Nobody can sign this claim" in text(client.get(f"/claims/{office.claim.number}/"))
    home = text(client.get("/"))
    assert "Nobody can sign the claim" in home
    assert "Waiting for your certifier" not in home


def test_a_decided_claim_leads_to_the_one_that_followed(browse):
    office = make_office()
    first = office.walk("ready", "certify", "start_review", "recommend", "approve").claim
    office.walk("amend")
    client = browse(office.people["preparer"])
    shown = text(client.get(f"/claims/{first.number}/"))
    assert "Open the linked claim" in shown
    assert "usa-button--disabled" not in shown
    listed = text(client.get("/claims/"))
    assert f"/claims/{first.number}/" in listed
    assert f"/claims/{office.claim.number}/" in listed


def test_a_denied_claim_says_until_when_it_can_be_appealed(browse):
    office = make_office()
    office.walk("ready", "certify", "start_review", "recommend", "deny")
    shown = text(browse(office.people["certifier"]).get(f"/claims/{office.claim.number}/"))
    assert "No further version can be sent. The agency may appeal until February" in shown
