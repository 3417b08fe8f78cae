"""Taking, giving back, taking over and handing over a claim on its page."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claims.selectors.assignments import assignment_of
from portal.accounts.roles import Role
from tests.factories import act, make_draft, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    """A claim that its agency has signed."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return claim


@pytest.fixture
def ann():
    return make_person(Role.REVIEWER, name="Ann Reviewer")


@pytest.fixture
def bob():
    return make_person(Role.REVIEWER, name="Bob Reviewer")


def send(client, claim, what: str, **fields: object):
    """Send one of the forms and follow where it leads."""
    return client.post(f"/claims/{claim.number}/versions/1/{what}/", fields, follow=True)


def text(response) -> str:
    return response.content.decode()


def test_a_reviewer_takes_a_claim_and_gives_it_back(browse, claim, ann):
    client = browse(ann)
    assert "Nobody reviews this claim yet." in text(client.get(f"/claims/{claim.number}/"))
    taken = text(send(client, claim, "take"))
    assert "Assigned to you." in taken
    assert "You review this claim</strong>" in taken
    assert "Given back." in text(send(client, claim, "give-back"))
    assert assignment_of(claim) is None


def test_whoever_comes_second_reads_who_was_first(browse, claim, ann, bob):
    send(browse(ann), claim, "take")
    late = text(send(browse(bob), claim, "take"))
    assert "Ann Reviewer reviews this claim." in late
    assert "Take the claim over, or leave it to them." in late
    assert assignment_of(claim).reviewer == ann.user


def test_taking_over_asks_why(browse, claim, ann, bob):
    send(browse(ann), claim, "take")
    client = browse(bob)
    empty = send(client, claim, "reassign")
    assert empty.status_code == 422
    assert "Write in a sentence why" in text(empty)
    done = send(client, claim, "reassign", note="Ann is ill.")
    assert "Assigned to you." in text(done)
    assert assignment_of(claim).reviewer == bob.user
    assert "Ann Reviewer" in text(client.get(f"/claims/{claim.number}/versions/1/reassign/"))


def test_handing_over_names_a_colleague_among_the_reviewers(browse, claim, ann, bob):
    auditor = make_person(Role.AUDITOR, name="Olga Auditor")
    client = browse(ann)
    page = text(client.get(f"/claims/{claim.number}/versions/1/reassign/"))
    assert "Bob Reviewer" in page
    assert "Olga Auditor" not in page
    wrong = send(client, claim, "reassign", note="You.", reviewer=auditor.user.pk)
    assert wrong.status_code == 422
    done = send(client, claim, "reassign", note="You know them.", reviewer=bob.user.pk)
    assert "Bob Reviewer reviews this claim now." in text(done)


def test_a_note_with_a_persons_number_is_refused(browse, claim, ann, bob):
    send(browse(ann), claim, "take")
    refused = send(browse(bob), claim, "reassign", note="His number is 123-45-6789.")
    assert refused.status_code == 422
    assert assignment_of(claim).reviewer == ann.user


def test_others_see_who_reviews_or_nothing_at_all(browse, claim, ann):
    send(browse(ann), claim, "take")
    auditor = text(browse(make_person(Role.AUDITOR)).get(f"/claims/{claim.number}/"))
    assert "Ann Reviewer reviews this claim" in auditor
    assert "Take over" not in auditor
    agency = text(browse(make_person(Role.VIEWER, claim.agency)).get(f"/claims/{claim.number}/"))
    assert "Ann Reviewer" not in agency


@pytest.mark.parametrize("what", ["take", "give-back", "reassign"])
def test_only_reviewers_change_who_reviews(browse, claim, what):
    client = browse(make_person(Role.PAYMENT_APPROVER))
    answer = send(client, claim, what, note="I want it.")
    assert answer.status_code == 403 or "Your role" in text(answer)
    stranger = send(browse(make_person(Role.CERTIFIER, claim.agency)), claim, what, note="I.")
    assert stranger.status_code == 403 or "Your role" in text(stranger)
    assert assignment_of(claim) is None


def test_a_claim_that_is_recommended_is_not_reassigned(browse, claim, ann):
    act(ann, claim, "start_review")
    act(ann, claim, "recommend")
    page = text(browse(ann).get(f"/claims/{claim.number}/versions/1/reassign/"))
    assert "Nobody has to review this claim now" in page
