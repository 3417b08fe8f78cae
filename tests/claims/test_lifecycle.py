"""A claim's life, walked by people: who may do what, when, and what stops them."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Certification, ClaimVersion, Decision, Participant
from claims.pipeline.calculation import replays
from claims.rules.lifecycle import ACTIONS, LIFECYCLE, State
from claims.services.claims import perform
from portal.accounts.models import Membership
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.factories import act, load_payroll, make_agency, make_draft, make_person, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def office():
    preparer, claim = make_draft()
    return {
        "claim": claim,
        "preparer": preparer,
        "certifier": make_person(Role.CERTIFIER, claim.agency),
        "reviewer": make_person(Role.REVIEWER),
        "approver": make_person(Role.PAYMENT_APPROVER),
    }


def walk(office, *codes):
    who = {
        "ready": "preparer",
        "unready": "preparer",
        "correct": "preparer",
        "certify": "certifier",
        "withdraw": "certifier",
        "start_review": "reviewer",
        "recommend": "reviewer",
        "return": "reviewer",
        "approve": "approver",
        "deny": "approver",
        "return_recommended": "approver",
    }
    for code in codes:
        act(office[who[code]], office["claim"], code)
    office["claim"].refresh_from_db()
    return office["claim"].version


TO_RECOMMENDED = ("ready", "certify", "start_review", "recommend")


def test_four_people_bring_a_claim_to_approval(office):
    version = walk(office, *TO_RECOMMENDED, "approve")
    assert version.state == State.APPROVED
    assert version.certification.sha256 == version.calculation.sha256
    assert {p.part for p in version.participants.all()} == {
        "preparer",
        "certifier",
        "reviewer",
        "approver",
    }
    assert replays(version.calculation)


def test_every_step_leaves_an_event_in_the_claims_thread(office):
    walk(office, *TO_RECOMMENDED, "approve")
    actions = list(
        AuditEvent.objects.filter(thread=office["claim"].thread)
        .order_by("id")
        .values_list("action", flat=True)
    )
    assert actions == [
        "payroll.receive",
        "claim.open",
        "payroll.accept",
        "claim.calculate",
        "claim.ready",
        "claim.certify",
        "claim.start_review",
        "claim.recommend",
        "claim.approve",
        "claim.enter",
    ]


def test_a_returned_claim_comes_back_as_a_new_version_and_the_old_one_stays(office):
    first = walk(office, "ready", "certify", "start_review", "return")
    assert first.state == State.RETURNED
    second = walk(office, "correct")
    assert (second.number, second.state) == (2, State.DRAFT)
    assert second.calculation is not None
    load_payroll(
        office["preparer"],
        "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay\n"
        "A-7,2025-12-21,2025-12-31,2026-01-08,68400.00,1900.00\n",
    )
    walk(office, *TO_RECOMMENDED, "approve")
    first.refresh_from_db()
    assert first.state == State.RETURNED
    assert office["claim"].version.state == State.APPROVED


def test_a_correction_opened_twice_is_one_new_version(office):
    returned = walk(office, "ready", "certify", "start_review", "return")
    walk(office, "correct")
    returned.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        perform(actor=office["preparer"], version=returned, code="correct")
    assert refusal.value.code == "not_current"
    assert office["claim"].versions.count() == 2


def test_payroll_sent_for_a_returned_claim_opens_the_next_version(office):
    walk(office, "ready", "certify", "start_review", "return")
    load_payroll(
        office["preparer"],
        "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay\n"
        "A-7,2025-12-21,2025-12-31,2026-01-08,68400.00,1900.00\n",
    )
    office["claim"].refresh_from_db()
    assert office["claim"].version.number == 2
    assert office["claim"].version.state == State.DRAFT


def test_who_prepared_cannot_certify_even_with_the_role(office):
    preparer = office["preparer"]
    grant_role(actor=None, user=preparer.user, role=Role.CERTIFIER, agency=preparer.agency)
    walk(office, "ready")
    with pytest.raises(NotAllowed) as refusal:
        act(actor_for(preparer.user, preparer.agency.pk), office["claim"], "certify")
    assert refusal.value.code == "own_work"
    assert not Certification.objects.exists()


def test_who_sent_payroll_counts_as_preparer_although_another_readied(office):
    other = make_person(Role.PREPARER, office["claim"].agency)
    act(other, office["claim"], "ready")
    sender = office["preparer"].user
    assert Participant.objects.get(version=office["claim"].version, user=sender).part == "preparer"


def test_a_reviewer_cannot_approve_what_they_reviewed(office):
    reviewer = office["reviewer"]
    grant_role(actor=None, user=reviewer.user, role=Role.PAYMENT_APPROVER, agency=None)
    walk(office, *TO_RECOMMENDED)
    with pytest.raises(NotAllowed) as refusal:
        act(actor_for(reviewer.user), office["claim"], "approve")
    assert refusal.value.code == "own_work"


def test_amounts_that_changed_since_they_were_shown_are_not_signed(office):
    claim = office["claim"]
    shown = claim.version
    stale = shown.calculation.sha256
    report(claim.agency, 10, 10)
    with pytest.raises(Refused) as refusal:
        perform(actor=office["preparer"], version=shown, code="ready", shown_sha256=stale)
    assert refusal.value.code == "amounts_changed"
    claim.refresh_from_db()
    assert claim.version.state == State.DRAFT


def test_new_facts_take_a_ready_claim_back_to_draft(office):
    walk(office, "ready")
    report(office["claim"].agency, 10, 10)
    office["claim"].refresh_from_db()
    assert office["claim"].version.state == State.DRAFT
    assert office["claim"].version.calculation.award_amount == 2 * 100_000


def test_counts_after_certification_leave_the_signed_amounts_alone(office):
    version = walk(office, "ready", "certify")
    report(office["claim"].agency, 10, 10)
    version.refresh_from_db()
    assert version.state == State.SUBMITTED
    assert version.calculation.award_status == "not_reported"


def test_payroll_for_a_submitted_claim_is_refused(office):
    walk(office, "ready", "certify")
    with pytest.raises(Refused) as refusal:
        load_payroll(office["preparer"])
    assert refusal.value.code == "claim_submitted"


def test_a_note_is_required_to_return(office):
    walk(office, "ready", "certify", "start_review")
    with pytest.raises(BadInput) as refusal:
        act(office["reviewer"], office["claim"], "return", note="  ")
    assert refusal.value.code == "note_required"


def test_withdrawing_is_possible_until_review_starts(office):
    walk(office, "ready", "certify", "start_review")
    with pytest.raises(Refused) as refusal:
        act(office["certifier"], office["claim"], "withdraw")
    assert refusal.value.code == "wrong_state"


def test_another_agencys_people_are_told_it_does_not_exist(office):
    stranger = make_person(Role.PREPARER, make_agency("Elsewhere Police"))
    with pytest.raises(NotFound):
        act(stranger, office["claim"], "ready")


def test_doing_the_same_step_twice_is_refused_the_second_time(office):
    walk(office, "ready", "certify")
    with pytest.raises(Refused) as refusal:
        act(office["certifier"], office["claim"], "certify")
    assert refusal.value.code == "wrong_state"


def test_the_database_knows_exactly_the_arrows_of_the_table():
    table = {
        (state.value, action.to.value)
        for action in LIFECYCLE
        if not action.stays
        for state in action.frm - {action.to}
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'claims_guard_version'")
        source = cursor.fetchone()[0]
    states = [state.value for state in State]
    in_database = {(a, b) for a in states for b in states if f"'{a}>{b}'" in source}
    assert in_database == table


def test_the_database_refuses_a_state_without_its_people(office):
    version = walk(office, *TO_RECOMMENDED)
    for state in ("approved", "draft", "paid", "submitted"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ClaimVersion.objects.filter(pk=version.pk).update(state=state)


@pytest.mark.parametrize("part", ["preparer", "certifier", "reviewer"])
def test_the_database_refuses_an_approval_by_anyone_with_another_part(office, part):
    version = walk(office, *TO_RECOMMENDED)
    user = version.participants.get(part=part).user
    Membership.objects.filter(user=user).update(ended_at="2026-01-01T00:00Z")
    grant_role(actor=None, user=user, role=Role.PAYMENT_APPROVER, agency=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.create(
            version=version, user=user, action="approve", sha256=version.calculation.sha256
        )


def test_the_database_refuses_a_signature_of_the_preparer(office):
    version = walk(office, "ready")
    preparer = office["preparer"]
    grant_role(actor=None, user=preparer.user, role=Role.CERTIFIER, agency=preparer.agency)
    with pytest.raises(DatabaseError, match="participant_one_part"), transaction.atomic():
        Certification.objects.create(
            version=version,
            user=preparer.user,
            name="A",
            title="B",
            wording_version="1",
            wording="C",
            sha256=version.calculation.sha256,
        )


NEW_VERSION = (
    "INSERT INTO claims_claimversion (claim_id, number, state, nil, opened_at, changed_at)"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_claim SET agency_id = (SELECT max(id) FROM accounts_agency)",
        "UPDATE claims_claim SET number = 'A99999-FY2026Q1'",
        "DELETE FROM claims_claim",
        f"{NEW_VERSION} SELECT id, 2, 'draft', false, now(), now() FROM claims_claim WHERE number = %s",
        f"{NEW_VERSION} SELECT id, 7, 'draft', false, now(), now() FROM claims_claim WHERE number = %s",
        """UPDATE claims_claimversion SET calculation_id = (SELECT max(id) FROM claims_calculation)
            WHERE claim_id = (SELECT id FROM claims_claim WHERE number = %s)""",
        "UPDATE claims_payrollbatch SET uploaded_by_id = (SELECT max(id) FROM accounts_user)",
        "UPDATE claims_payrollbatch SET document_id = gen_random_uuid()",
        "DELETE FROM claims_payrollbatch",
        "DELETE FROM accounts_membership",
        "UPDATE accounts_membership SET role = 'certifier' WHERE role = 'preparer'",
    ],
)
def test_the_applications_role_cannot_rewrite_whose_work_it_is(office, statement):
    make_draft(make_agency("Elsewhere Police"))
    parameters = [office["claim"].number] if "%s" in statement else None
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_a_version_made_by_hand_carries_its_preparers(office):
    walk(office, "ready", "certify", "withdraw")
    with connection.cursor() as cursor:
        cursor.execute(
            f"{NEW_VERSION} VALUES (%s, 2, 'draft', false, now(), now())",
            [office["claim"].pk],
        )
    preparers = Participant.objects.filter(version__number=2).values_list("user_id", "part")
    assert list(preparers) == [(office["preparer"].user.pk, "preparer")]


def test_every_action_has_words_for_what_it_does():
    assert all(action.label and action.effect.endswith(".") for action in ACTIONS.values())
