"""The inbox: what waits for whom follows from how things stand, and leaves when it is done."""

from __future__ import annotations

from datetime import date

import pytest

from claims.models import Answer, Appeal, Assignment, Question
from portal.accounts.models import Membership, User
from portal.accounts.roles import Role, Side
from portal.accounts.services import end_role, invite_person
from tests.factories import act, make_agency, make_draft, make_person, propose

pytestmark = pytest.mark.django_db


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def inbox(browse, actor) -> str:
    return text(browse(actor).get("/claims/inbox/"))


def test_a_claim_goes_from_inbox_to_inbox(browse):
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, claim.agency)
    reviewer, approver = make_person(Role.REVIEWER), make_person(Role.PAYMENT_APPROVER)
    page = inbox(browse, preparer)
    assert "Finish the draft and mark it ready" in page
    assert "Jan 30, 2026" in page
    assert "Nothing waits for you" in inbox(browse, certifier)
    act(preparer, claim, "ready")
    assert "Nothing waits for you" in inbox(browse, preparer)
    assert f"/claims/{claim.number}/versions/1/certify/" in inbox(browse, certifier)
    act(certifier, claim, "certify")
    assert "Nothing waits for you" in inbox(browse, certifier)
    assert "Claims nobody reviews yet: 1" in inbox(browse, reviewer)
    Assignment.objects.create(claim=claim, reviewer=reviewer.user, assigned_by=reviewer.user)
    page = inbox(browse, reviewer)
    assert "Claims you review: 1" in page
    assert "nobody reviews yet" not in page
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    assert "Nothing waits for you" in inbox(browse, reviewer)
    assert "Claims to decide: 1" in inbox(browse, approver)


def test_a_returned_claim_waits_for_its_correction(browse):
    preparer, claim = make_draft()
    reviewer = make_person(Role.REVIEWER)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return")
    page = inbox(browse, preparer)
    assert "Correct the returned claim" in page
    assert "Feb 3, 2026" in page


def test_a_quarter_nobody_has_started_waits(browse):
    page = inbox(browse, make_person(Role.PREPARER, make_agency()))
    assert "Start the claim" in page
    assert "FY2026Q1" in page
    assert "FY2026Q2" not in page


def test_a_question_goes_to_the_agency_and_its_answer_back(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    reviewer, other = make_person(Role.REVIEWER), make_person(Role.REVIEWER)
    question = Question.objects.create(
        version=claim.version, text="Which?", asked_by=reviewer.user, due_on=date(2026, 1, 19)
    )
    page = inbox(browse, preparer)
    assert "Answer the reviewer" in page
    assert "Overdue" in page
    assert "Questions answered" not in inbox(browse, reviewer)
    Answer.objects.create(question=question, text="That.", author=preparer.user, side=Side.AGENCY)
    assert "Answer the reviewer" not in inbox(browse, preparer)
    assert "Questions answered: 1" in inbox(browse, reviewer)
    assert "Questions answered" not in inbox(browse, other)


def test_administrators_see_that_nobody_certifies_and_managers_too(browse):
    agency = make_agency()
    administrator = make_person(Role.ADMINISTRATOR, agency)
    manager = make_person(Role.PROGRAM_MANAGER)
    assert "Name a certifier" in inbox(browse, administrator)
    assert "Agencies without a certifier: 1" in inbox(browse, manager)
    certifier = make_person(Role.CERTIFIER, agency)
    assert "Name a certifier" not in inbox(browse, administrator)
    assert "Agencies without a certifier" not in inbox(browse, manager)
    User.objects.filter(pk=certifier.user.pk).update(is_active=False)
    assert "Name a certifier" in inbox(browse, administrator)
    assert "Agencies without a certifier: 1" in inbox(browse, manager)


def test_administrators_see_a_claim_nobody_can_sign_and_who_has_not_come(browse):
    preparer, claim = make_draft()
    administrator = make_person(Role.ADMINISTRATOR, claim.agency)
    act(preparer, claim, "ready")
    Membership.objects.create(
        user=preparer.user, agency=claim.agency, role=Role.CERTIFIER, side=Side.AGENCY
    )
    assert "nobody signs their own work" in inbox(browse, administrator)
    invite_person(
        actor=administrator,
        email="new@county.example",
        name="Nora New",
        role=Role.CERTIFIER,
        agency=claim.agency,
    )
    page = inbox(browse, administrator)
    assert "Nora New" in page
    assert "nobody signs their own work" not in page
    end_role(
        actor=administrator,
        membership=Membership.objects.get(user__email="new@county.example"),
    )
    assert "Nora New" not in inbox(browse, administrator)


def test_counts_wait_for_the_second_program_manager(browse):
    measure = propose(make_agency(), 4, 2)
    second = make_person(Role.PROGRAM_MANAGER)
    assert "Counts to confirm: 1" in inbox(browse, second)
    assert measure.reported_by != second.user


def test_there_is_an_inbox_for_those_who_have_something_to_do(browse):
    agency = make_agency()
    assert 'href="/claims/inbox/"' in text(browse(make_person(Role.PREPARER, agency)).get("/"))
    for idle in (make_person(Role.VIEWER, agency), make_person(Role.AUDITOR)):
        client = browse(idle)
        assert 'href="/claims/inbox/"' not in text(client.get("/"))
        assert "Nothing waits for you" in text(client.get("/claims/inbox/"))
    assert browse(make_person(Role.SYSTEM_ADMINISTRATOR)).get("/claims/inbox/").status_code == 403


def test_another_agencys_things_wait_for_nobody_else(browse):
    make_draft()
    stranger = make_person(Role.CERTIFIER, make_agency("Other County"))
    assert "Nothing waits for you" in inbox(browse, stranger)


def test_an_appeal_waits_for_a_reviewer_without_a_part_and_then_for_an_approver(browse):
    preparer, claim = make_draft()
    reviewer, other = make_person(Role.REVIEWER), make_person(Role.REVIEWER)
    approver, second = make_person(Role.PAYMENT_APPROVER), make_person(Role.PAYMENT_APPROVER)
    certifier = make_person(Role.CERTIFIER, claim.agency)
    act(preparer, claim, "ready")
    act(certifier, claim, "certify")
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    act(approver, claim, "deny")
    Appeal.objects.create(
        version=claim.version,
        officer_id="0042",
        category="regular",
        asked=100,
        grounds="It was worked.",
        filed_by=certifier.user,
    )
    assert "Appeals to look at: 1" in inbox(browse, other)
    assert "Appeals to look at" not in inbox(browse, reviewer)
    assert "Appeals to decide" not in inbox(browse, second)
    Appeal.objects.update(proposed=50, proposed_by=other.user, proposed_at="2026-01-20T15:00Z")
    assert "Appeals to look at" not in inbox(browse, other)
    assert "Appeals to decide: 1" in inbox(browse, second)
