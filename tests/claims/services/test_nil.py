"""“Nothing to claim”: said with a reason, signed by somebody else, and never over an amount."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from claims.certification import NIL_WORDING, NIL_WORDING_VERSION, WORDING_VERSION
from claims.models import Claim, ClaimVersion, PayrollBatch
from claims.nil import statement_of
from claims.rules.lifecycle import State
from claims.services.nil import declare_nil, take_back_nil
from claims.services.payroll import withdraw_payroll
from claims.verification import problems
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent
from tests.factories import (
    QUARTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
    report,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

REASON = "None of our officers worked under the agreement."


def say(preparer, quarter: Quarter = QUARTER, reason: str = REASON) -> Claim:
    return declare_nil(actor=preparer, agency=preparer.agency, quarter=quarter, reason=reason)


@pytest.fixture
def preparer():
    return make_person(Role.PREPARER, make_agency())


def events(claim: Claim) -> list[str]:
    thread = AuditEvent.objects.filter(thread=claim.thread).order_by("id")
    return list(thread.values_list("action", flat=True))


def test_it_opens_the_claim_with_its_reason_and_a_zero_calculation(preparer):
    claim = say(preparer)
    version = claim.version
    assert (version.state, version.nil) == (State.DRAFT, True)
    assert version.calculation.total == 0
    assert events(claim) == ["claim.open", "claim.nil", "claim.calculate"]
    statement = statement_of(version)
    assert (statement.reason, statement.name) == (REASON, preparer.user.name)
    assert version.participants.get().user == preparer.user


def test_it_goes_the_way_of_every_claim_under_words_of_its_own(preparer):
    claim = say(preparer)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    version = act(make_person(Role.PAYMENT_APPROVER), claim, "approve")
    assert (version.state, version.nil) == (State.APPROVED, True)
    signed = version.certification
    assert (signed.wording, signed.wording_version) == (NIL_WORDING, NIL_WORDING_VERSION)
    run_due()
    assert all(packet.is_made for packet in version.packets.all())
    assert list(problems()) == []


def test_who_said_it_cannot_sign_it(preparer):
    claim = say(preparer)
    grant_role(actor=None, user=preparer.user, role=Role.CERTIFIER, agency=preparer.agency)
    act(preparer, claim, "ready")
    with pytest.raises(NotAllowed) as refusal:
        act(actor_for(preparer.user, preparer.agency.pk), claim, "certify")
    assert refusal.value.code == "own_work"


def test_said_twice_it_is_said_once(preparer):
    say(preparer)
    claim = say(preparer)
    assert events(claim).count("claim.nil") == 1


def test_it_needs_a_reason(preparer):
    with pytest.raises(BadInput) as refusal:
        say(preparer, reason="  ")
    assert refusal.value.code == "reason_required"
    assert not Claim.objects.exists()


def test_no_personal_number_is_taken_down_with_it(preparer):
    with pytest.raises(BadInput) as refusal:
        say(preparer, reason="Deputy 123-45-6789 left.")
    assert refusal.value.code == "reason_not_kept"
    assert "6789" not in refusal.value.message


def test_taken_back_it_is_an_ordinary_draft(preparer):
    claim = say(preparer)
    colleague = make_person(Role.PREPARER, preparer.agency)
    for _ in range(2):
        take_back_nil(actor=colleague, version=claim.version)
    claim.refresh_from_db()
    assert not claim.version.nil
    assert statement_of(claim.version) is None
    assert events(claim).count("claim.nil_take_back") == 1
    assert claim.version.participants.count() == 2


def test_once_ready_it_is_taken_back_only_through_draft(preparer):
    claim = say(preparer)
    act(preparer, claim, "ready")
    claim.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        take_back_nil(actor=preparer, version=claim.version)
    assert refusal.value.code == "wrong_state"
    assert "back to draft" in refusal.value.fix


def test_payroll_that_counts_stands_against_it_until_it_is_taken_back():
    preparer, _ = make_draft()
    with pytest.raises(Refused) as refusal:
        say(preparer)
    assert refusal.value.code == "payroll_counts"
    assert "FY2026Q1-1" in refusal.value.message
    withdraw_payroll(actor=preparer, batch=PayrollBatch.objects.get(), reason="Wrong quarter.")
    run_due()
    assert say(preparer).version.nil


def test_an_award_stands_against_it(preparer):
    load_roster(preparer)
    report(preparer.agency, 10, 10)
    with pytest.raises(Refused) as refusal:
        say(preparer)
    assert refusal.value.code == "amount_due"
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("quarter", "code"),
    [
        (Quarter(2026, 2), "quarter_not_over"),
        (Quarter(2027, 1), "quarter_not_over"),
        (Quarter(2025, 4), "before_program"),
    ],
)
def test_it_is_said_only_of_quarters_that_are_over_and_in_the_program(preparer, quarter, code):
    with pytest.raises(Refused) as refusal:
        say(preparer, quarter)
    assert refusal.value.code == code
    assert not Claim.objects.exists()


def test_an_agency_without_agreement_may_say_it():
    assert say(make_person(Role.PREPARER, make_agency(agreement=""))).version.nil


@pytest.mark.parametrize(
    "role", [Role.VIEWER, Role.CERTIFIER, Role.ADMINISTRATOR, Role.REVIEWER, Role.AUDITOR]
)
def test_only_preparers_say_it_and_take_it_back(preparer, role):
    claim = say(preparer)
    agency = preparer.agency
    somebody = make_person(role, agency if role.side == "agency" else None)
    with pytest.raises(NotAllowed):
        declare_nil(actor=somebody, agency=agency, quarter=QUARTER, reason=REASON)
    with pytest.raises(NotAllowed):
        take_back_nil(actor=somebody, version=claim.version)


def test_for_strangers_the_agency_does_not_exist(preparer):
    claim = say(preparer)
    stranger = make_person(Role.PREPARER, make_agency("Elsewhere Police"))
    with pytest.raises(NotFound):
        declare_nil(actor=stranger, agency=preparer.agency, quarter=QUARTER, reason=REASON)
    with pytest.raises(NotFound):
        take_back_nil(actor=stranger, version=claim.version)


@pytest.mark.parametrize("ready", [False, True], ids=["draft", "ready"])
def test_payroll_accepted_for_the_quarter_ends_it(preparer, ready):
    load_roster(preparer)
    claim = say(preparer)
    if ready:
        act(preparer, claim, "ready")
    load_payroll(preparer)
    claim.refresh_from_db()
    assert (claim.version.nil, claim.version.state) == (False, State.DRAFT)
    assert claim.version.calculation.total > 0
    assert "claim.nil_end" in events(claim)


def test_a_line_that_straddles_in_ends_it(preparer):
    load_roster(preparer)
    claim = say(preparer)
    straddling = (
        "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay\n"
        "0042,2025-12-21,2026-01-03,2026-01-08,72280.00,2780.00\n"
    )
    load_payroll(preparer, straddling, quarter=Quarter(2026, 2))
    claim.refresh_from_db()
    assert not claim.version.nil


def test_an_award_confirmed_later_ends_it(preparer):
    load_roster(preparer)
    claim = say(preparer)
    report(preparer.agency, 10, 10)
    claim.refresh_from_db()
    assert not claim.version.nil
    assert claim.version.calculation.total > 0


def test_a_rejected_file_leaves_it(preparer):
    load_roster(preparer)
    claim = say(preparer)
    load_payroll(preparer, "officer_id\n0042\n")
    claim.refresh_from_db()
    assert claim.version.nil


def test_a_correction_begins_without_it(preparer):
    claim = say(preparer)
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    act(preparer, claim, "ready")
    act(certifier, claim, "certify")
    with pytest.raises(Refused) as refusal:
        say(preparer)
    assert refusal.value.code == "wrong_state"
    act(certifier, claim, "withdraw")
    assert not act(preparer, claim, "correct").nil
    claim = say(preparer, reason="Said again.")
    assert statement_of(claim.version).reason == "Said again."
    assert statement_of(claim.versions.get(number=1)).reason == REASON
    act(preparer, claim, "ready")
    assert act(certifier, claim, "certify").certification.wording == NIL_WORDING


def test_a_claim_with_amounts_keeps_its_words():
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    version = act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    assert version.certification.wording_version == WORDING_VERSION


def set_by_hand(claim: Claim, **columns: object) -> None:
    with transaction.atomic():
        ClaimVersion.objects.filter(claim=claim).update(**columns)


@pytest.mark.parametrize("code", ["ready", "certify"])
def test_the_database_lets_only_a_draft_change_its_mind(preparer, code):
    claim = say(preparer)
    act(preparer, claim, "ready")
    if code == "certify":
        act(make_person(Role.CERTIFIER, preparer.agency), claim, code)
    with pytest.raises(DatabaseError, match="only a draft"):
        set_by_hand(claim, nil=False)


def test_the_database_readies_no_nil_claim_with_an_amount():
    _, claim = make_draft()
    set_by_hand(claim, nil=True)
    with pytest.raises(DatabaseError, match="has no amount"):
        set_by_hand(claim, state="ready")
