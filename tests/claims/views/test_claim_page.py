"""One claim as a page whose parts come from several rooms: calm, and asked for once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from claims.rules.address import Address
from claims.services.asking import answer
from claims.services.noting import keep_note
from tests.claims.office import make_office
from tests.claims.reviewing import asked_about, in_review

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("way", "reader", "most"),
    [
        (("ready", "certify", "start_review", "adjust"), "reviewer", 31),
        (("ready", "certify", "start_review", "adjust", "recommend"), "approver", 29),
        (
            ("ready", "certify", "start_review", "adjust", "recommend", "approve_partly"),
            "certifier",
            31,
        ),
        (
            ("ready", "certify", "start_review", "adjust", "recommend", "approve_partly", "amend"),
            "preparer",
            34,
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
    assert "Answer the reviewer’s questions" in text(browse(reviewed.preparer).get(address))
    waiting = text(browse(reviewed.reviewer).get(address))
    assert "Read the agency’s answers" not in waiting
    answer(actor=reviewed.preparer, question=asked, text="A storm.", token=uuid4())
    assert "Read the agency’s answers" in text(browse(reviewed.reviewer).get(address))


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
