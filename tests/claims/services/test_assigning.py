"""One reviewer at a time: taking a claim, giving it back, taking it over, handing it over."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from claims.models import Assignment
from claims.selectors.assignments import assignment_of
from claims.selectors.story import story_of
from claims.services.assigning import give_back, hand_over, take, take_over
from portal.accounts.roles import Role
from portal.kernel.errors import NotAllowed, Refused
from portal.records.models import AuditEvent
from tests.factories import act, make_draft, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    """A submitted claim."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    claim.refresh_from_db()
    return claim


@pytest.fixture
def ann():
    return make_person(Role.REVIEWER, name="Ann Reviewer")


@pytest.fixture
def bob():
    return make_person(Role.REVIEWER, name="Bob Reviewer")


def refused(code: str):
    """A block that is refused with this code."""
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def reviewer_of(claim):
    current = assignment_of(claim)
    return current.reviewer if current else None


def test_a_claim_is_taken_once_and_a_colleague_is_told_by_whom(claim, ann, bob):
    take(actor=ann, claim=claim)
    take(actor=ann, claim=claim)
    assert Assignment.objects.count() == 1
    with refused("assigned_to_other") as caught:
        take(actor=bob, claim=claim)
    assert "Ann Reviewer reviews this claim" in caught.value.message
    assert reviewer_of(claim) == ann.user


def test_the_database_keeps_one_reviewer_per_claim(claim, ann, bob):
    take(actor=ann, claim=claim)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(claim=claim, reviewer=bob.user, assigned_by=bob.user)


def test_starting_the_review_takes_a_free_claim_and_is_refused_on_a_colleagues(claim, ann, bob):
    take(actor=ann, claim=claim)
    with refused("assigned_to_other"):
        act(bob, claim, "start_review")
    give_back(actor=ann, claim=claim)
    act(bob, claim, "start_review")
    assert reviewer_of(claim) == bob.user


def test_giving_back_frees_the_claim(claim, ann, bob):
    take(actor=ann, claim=claim)
    with refused("assigned_to_other"):
        give_back(actor=bob, claim=claim)
    give_back(actor=ann, claim=claim)
    give_back(actor=ann, claim=claim)
    assert reviewer_of(claim) is None
    assert AuditEvent.objects.filter(action="claim.give_back").count() == 1


def test_taking_over_needs_a_note_and_is_done_once(claim, ann, bob):
    act(ann, claim, "start_review")
    with refused("note_required"):
        take_over(actor=bob, claim=claim, note=" ")
    take_over(actor=bob, claim=claim, note="Ann is ill.")
    take_over(actor=bob, claim=claim, note="Ann is ill.")
    assert reviewer_of(claim) == bob.user
    assert Assignment.objects.count() == 2
    with refused("assigned_to_other"):
        act(ann, claim, "recommend")
    act(bob, claim, "recommend")


def test_one_hands_over_ones_own_claim_or_a_free_one_to_a_reviewer(claim, ann, bob):
    hand_over(actor=ann, claim=claim, reviewer=bob.user, note="You know this agency.")
    assert reviewer_of(claim) == bob.user
    carl = make_person(Role.REVIEWER)
    with refused("assigned_to_other"):
        hand_over(actor=ann, claim=claim, reviewer=carl.user, note="No.")
    hand_over(actor=bob, claim=claim, reviewer=carl.user, note="I am away.")
    assert reviewer_of(claim) == carl.user
    auditor = make_person(Role.AUDITOR)
    with refused("cannot_review"):
        hand_over(actor=carl, claim=claim, reviewer=auditor.user, note="No.")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PAYMENT_APPROVER, Role.PROGRAM_MANAGER])
def test_only_reviewers_take_claims(claim, role):
    with pytest.raises(NotAllowed):
        take(actor=make_person(role), claim=claim)


def test_what_nobody_has_to_review_is_not_taken(claim, ann):
    act(ann, claim, "start_review")
    act(ann, claim, "recommend")
    claim.refresh_from_db()
    give_back(actor=ann, claim=claim)
    with refused("wrong_state"):
        take(actor=ann, claim=claim)


def test_the_assignment_ends_when_the_claim_leaves_the_desk(claim, ann):
    act(ann, claim, "start_review")
    act(ann, claim, "recommend")
    assert reviewer_of(claim) == ann.user, "it comes back to its reviewer"
    act(make_person(Role.PAYMENT_APPROVER), claim, "approve")
    assert reviewer_of(claim) is None


def test_the_assignment_ends_when_the_claim_is_returned(claim, ann):
    act(ann, claim, "start_review")
    act(ann, claim, "return")
    assert reviewer_of(claim) is None


def test_the_agency_reads_nothing_of_it(claim, ann, bob):
    take(actor=ann, claim=claim)
    take_over(actor=bob, claim=claim, note="Ann is ill.")
    viewer = make_person(Role.VIEWER, claim.agency)
    told = " ".join(event.content for event in story_of(viewer, claim.version))
    assert "Ann" not in told
    assert "claim.take" not in told
