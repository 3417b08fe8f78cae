"""The box of the next step: decisions with amounts and password, holds, and steps pressed twice."""

from __future__ import annotations

import pytest

from claims.models import Claim, Decision, Hold
from claims.rules.lifecycle import State
from claims.selectors.lines import shown_hash
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from tests.claims.office import LARGE, TO_PARTLY_RECOMMENDED, TO_RECOMMENDED, TO_REVIEW, make_office
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def press(client, office, code, **fields: str):
    version = office.version
    sent = {"code": code, "shown_sha256": shown_hash(version), "password": PASSWORD, **fields}
    return client.post(f"/claims/{office.claim.number}/versions/{version.number}/act/", sent)


def page(client, office) -> str:
    return text(client.get(f"/claims/{office.claim.number}/"))


def test_a_decision_asks_for_the_password_until_it_was_given(browse):
    office = make_office()
    office.walk(*TO_RECOMMENDED)
    client = browse(office.people["approver"])
    shown = page(client, office)
    assert 'id="approve_password"' in shown
    assert 'id="send_back_password"' not in shown
    answer = press(client, office, "approve", password="")
    assert answer.status_code == 422
    assert "Enter your password" in text(answer)
    assert press(client, office, "send_back", note="Look at May.", password="").status_code == 302
    office.walk("recommend")
    assert press(client, office, "approve").status_code == 302
    assert office.version.state == State.APPROVED


def test_the_button_says_how_much_is_approved(browse):
    office = make_office()
    version = office.walk(*TO_PARTLY_RECOMMENDED)
    total = version.calculation.total
    shown = page(browse(office.people["approver"]), office)
    assert f"Approve in part: ${(total - 100) / 100:,.2f}" in shown
    for label in ("Allowed", "Submitted", "Claimed"):
        assert f"<dt>{label}</dt>" in shown
    agency = page(browse(office.people["preparer"]), office)
    assert "<dt>Submitted</dt>" not in agency, "what is taken is a draft until it is decided"
    press(browse(office.people["approver"]), office, "approve_partly")
    assert "<dt>Submitted</dt>" in page(browse(office.people["preparer"]), office)


def test_pressed_twice_it_is_done_once(browse):
    office = make_office(LARGE)
    office.walk(*TO_RECOMMENDED)
    first, second = browse(office.people["endorser"]), browse(office.people["approver"])
    version = office.version
    for _ in range(2):
        assert press(first, office, "endorse").status_code == 302
    sent = {"code": "approve", "shown_sha256": shown_hash(version), "password": PASSWORD}
    for _ in range(2):
        answer = second.post(f"/claims/{office.claim.number}/versions/1/act/", sent)
        assert answer.status_code == 302
    assert list(Decision.objects.values_list("action", flat=True).order_by("id"))[-2:] == [
        "endorse",
        "approve",
    ]


def test_an_amendment_asked_for_twice_is_opened_once(browse):
    office = make_office()
    office.walk(*TO_RECOMMENDED, "approve")
    client = browse(office.people["preparer"])
    address = f"/claims/{office.claim.number}/versions/1/act/"
    sent = {"code": "amend", "note": "A raise came late."}
    first, again = client.post(address, sent), client.post(address, sent)
    assert first.url == again.url == f"/claims/{office.claim.number}-2/"
    assert Claim.objects.count() == 2


def test_nobody_approves_their_own_review_on_a_page_either(browse):
    office = make_office()
    office.walk(*TO_RECOMMENDED)
    reviewer = office.people["reviewer"]
    grant_role(actor=None, user=reviewer.user, role=Role.PAYMENT_APPROVER, agency=None)
    client = browse(actor_for(reviewer.user))
    assert "You reviewed this version" in page(client, office)
    assert press(client, office, "approve").status_code == 403
    assert office.version.state == State.RECOMMENDED


def test_a_note_for_the_reviewer_is_not_for_the_agency(browse):
    office = make_office()
    office.walk(*TO_RECOMMENDED)
    press(browse(office.people["approver"]), office, "send_back", note="Compare with the roster.")
    assert "Compare with the roster." in page(browse(office.people["reviewer"]), office)
    preparer = browse(office.people["preparer"])
    history = text(preparer.get(f"/claims/{office.claim.number}/history/"))
    for shown in (page(preparer, office), history):
        assert "Compare with the roster." not in shown
    assert "Sent back to the reviewer" in history


# Holds


def test_a_claim_on_hold_says_so_to_both_sides_and_is_not_decided(browse):
    office = make_office()
    office.walk(*TO_REVIEW)
    client = browse(office.people["reviewer"])
    address = f"/claims/{office.claim.number}/versions/1/hold/"
    assert address in page(client, office)
    assert "The agency and the federal side can both read it." in text(client.get(address))
    form = {
        "why": "records",
        "note": "Waiting for the county.",
        "until_on": "2026-02-01",
        "token": "6f7d8a52-90a3-4f6e-8d7c-6f3f4a1f9d10",
    }
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    assert Hold.objects.count() == 1
    for reader in (office.people["reviewer"], office.people["preparer"]):
        shown = page(browse(reader), office)
        assert "On hold until" in shown
        assert "Waiting for the county." in shown
    assert press(client, office, "recommend").status_code == 409
    for _ in range(2):
        assert client.post(f"{address}release/").status_code == 302
    assert press(client, office, "recommend").status_code == 302


@pytest.mark.parametrize("until_on", ["2026-01-19", "2026-02-20", "", "soon"])
def test_a_hold_lasts_from_today_to_the_longest_day(browse, until_on):
    office = make_office()
    office.walk(*TO_REVIEW)
    form = {
        "why": "funds",
        "note": "No funds.",
        "until_on": until_on,
        "token": "6f7d8a52-90a3-4f6e-8d7c-6f3f4a1f9d11",
    }
    client = browse(office.people["reviewer"])
    answer = client.post(f"/claims/{office.claim.number}/versions/1/hold/", form)
    assert answer.status_code == 422
    assert not Hold.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PROGRAM_MANAGER, Role.CERTIFIER])
def test_others_hold_and_release_nothing(browse, role):
    office = make_office()
    office.walk(*TO_REVIEW)
    agency = office.claim.agency if role.side == "agency" else None
    client = browse(make_person(role, agency))
    address = f"/claims/{office.claim.number}/versions/1/hold/"
    assert address not in page(client, office)
    assert client.get(address).status_code == 403
