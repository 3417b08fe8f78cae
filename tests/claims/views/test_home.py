"""Home says what to do next, to each in their own role."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.services.claims import open_claim
from portal.accounts.models import User
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from portal.kernel.money import format_cents
from tests.factories import (
    PAYROLL,
    QUARTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
    report,
)

pytestmark = pytest.mark.django_db


def page(client) -> str:
    """The home page's text."""
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_preparer_is_led_from_roster_to_payroll_to_ready(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    client = browse(preparer)
    assert "Upload your roster" in page(client)
    load_roster(preparer)
    assert "Upload the payroll of FY2026Q1" in page(client)
    load_payroll(preparer)
    assert "Check the claim of FY2026Q1 and mark it ready" in page(client)


def test_a_ready_claim_waits_for_the_certifier_who_is_told_to_sign(browse):
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    act(preparer, claim, "ready")
    assert "Waiting for your certifier" in page(browse(preparer))
    home = page(browse(certifier))
    assert "Sign the claim of FY2026Q1" in home
    assert f"/claims/{claim.number}/versions/1/certify/" in home


def test_after_submission_the_next_quarter_is_the_next_step(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    assert "Upload the payroll of FY2026Q2" in page(browse(preparer))


def test_a_returned_claim_comes_before_everything_else(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return")
    assert "Correct the claim of FY2026Q1" in page(browse(preparer))


def test_a_viewer_reads_what_the_quarter_waits_for_but_gets_no_button(browse):
    preparer, _ = make_draft()
    home = page(browse(make_person(Role.VIEWER, preparer.agency)))
    assert "The claim of FY2026Q1 is being prepared" in home
    assert "Waiting for your preparer" in home
    assert "Your next step" not in home


def test_counts_that_are_missing_are_waited_for_and_those_reported_are_shown(browse):
    agency = make_agency()
    client = browse(make_person(Role.VIEWER, agency))
    assert "salaries do not wait for it" in page(client)
    report(agency, 20, 15)
    assert "15 located of 20 referred." in page(client)


def test_an_agency_without_agreement_is_told_who_enters_it(browse):
    home = page(browse(make_person(Role.PREPARER, make_agency(agreement=""))))
    assert "The program office enters it." in home


def test_the_reviewer_gets_the_claim_that_waits_longest(browse):
    reviewer = make_person(Role.REVIEWER)
    assert "Nothing waits for you" in page(browse(reviewer))
    for name in ("Ash County Sheriff's Office", "Birch County Sheriff's Office"):
        preparer, claim = make_draft(make_agency(name))
        act(preparer, claim, "ready")
        act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    home = page(browse(reviewer))
    assert "Next claim: Ash County Sheriff&#x27;s Office, FY2026Q1" in home
    assert "Waiting for review: 2" in home


def test_the_payment_approver_gets_recommended_claims(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    home = page(browse(make_person(Role.PAYMENT_APPROVER)))
    assert "Waiting for your decision: 1" in home
    assert claim.number in home


def test_the_program_manager_sees_what_agencies_lack(browse):
    manager = make_person(Role.PROGRAM_MANAGER)
    make_agency("Agency without agreement", agreement="")
    make_agency("Agency without roster")
    home = page(browse(manager))
    assert "No active agreement: 1" in home
    assert "No roster yet: 1" in home
    assert "Counts of FY2026Q1 missing: 1" in home


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_those_without_a_queue_get_useful_links(browse, role):
    assert 'href="/help/"' in page(browse(make_person(role)))


def test_somebody_without_a_role_is_told_whom_to_ask(browse):
    user = User.objects.create_user("new@test.example", "correct-horse-battery", name="New")
    assert "You have no role yet" in page(browse(actor_for(user)))


def test_strangers_are_sent_to_sign_in(client):
    response = client.get("/")
    assert response.status_code == 302
    assert response.url == "/account/login/?next=/"


@pytest.mark.parametrize("role", [Role.PREPARER, Role.REVIEWER, Role.PROGRAM_MANAGER])
def test_home_asks_the_database_equally_often_however_much_there_is(
    browse, role, django_assert_max_num_queries
):
    agency = make_agency()
    agency_side = role is Role.PREPARER
    preparer, _ = make_draft(agency)
    for name in ("Ash Police", "Birch Police", "Cottonwood Police"):
        other, claim = make_draft(make_agency(name))
        act(other, claim, "ready")
        act(make_person(Role.CERTIFIER, other.agency), claim, "certify")
    client = browse(preparer if agency_side else make_person(role))
    with django_assert_max_num_queries(16):
        page(client)


def test_a_claim_started_without_payroll_is_not_forgotten(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    open_claim(actor=preparer, agency=preparer.agency, quarter=QUARTER)
    assert "Upload the payroll of FY2026Q1" in page(browse(preparer))


def test_a_file_that_waits_for_its_columns_is_told_to_those_who_can_match_them(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    _, _, lines = PAYROLL.partition("\n")
    batch = load_payroll(preparer, f"File #,Begins,Ends,Check Dt,Yearly,Earned\n{lines}")
    home = page(browse(preparer))
    assert "A file waits for you" in home
    assert f"/payroll/{batch.pk}/columns/" in home
    assert "A file waits" not in page(browse(make_person(Role.VIEWER, preparer.agency)))


def test_warnings_nobody_has_answered_are_counted(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    load_payroll(preparer, PAYROLL.replace("72280.00,2780.00", "0,2780.00", 1))
    home = page(browse(preparer))
    assert "without an answer" in home
    assert f"/claims/{preparer.agency.number}-FY2026Q1/versions/1/warnings/" in home


def test_a_quarters_coverage_is_a_click_away(browse):
    preparer, claim = make_draft()
    assert f"/claims/{claim.number}/coverage/" in page(browse(preparer))


def test_a_rejected_file_is_the_next_step_and_keeps_the_payroll_open(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    batch = load_payroll(preparer, PAYROLL.replace("2780.00", "much", 1))
    home = page(browse(preparer))
    assert "Correct your payroll of FY2026Q1" in home
    assert f"/payroll/{batch.pk}/" in home
    assert "was rejected; nothing of it counts." in home
    load_payroll(preparer)
    assert "Correct your payroll" not in page(browse(preparer))


def test_a_file_with_unknown_columns_is_the_next_step(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    _, _, lines = PAYROLL.partition("\n")
    load_payroll(preparer, f"File #,Begins,Ends,Check Dt,Yearly,Earned\n{lines}")
    home = page(browse(preparer))
    assert "Say what the columns of your payroll of FY2026Q1 mean" in home
    assert "waits for its columns to be matched." in home


def test_a_withdrawn_claim_did_not_come_back(browse):
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    act(preparer, claim, "ready")
    act(certifier, claim, "certify")
    act(certifier, claim, "withdraw")
    home = page(browse(preparer))
    assert "Your agency withdrew it." in home
    assert "Came back" not in home


def test_a_quarter_says_when_it_is_due_what_it_comes_to_and_for_whom_it_waits(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    home = " ".join(page(client).split())
    assert "in 10 days" in home
    assert "Estimate so far" in home
    assert "Waiting for your preparer since today" in home
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    with clock_at(datetime(2026, 1, 25, 15, tzinfo=UTC)):
        home = " ".join(page(client).split())
    assert "Waiting for a federal reviewer for 5 days" in home


def test_an_overdue_quarter_says_for_how_long(browse):
    preparer, _ = make_draft()
    client = browse(preparer)
    with clock_at(datetime(2026, 2, 4, 15, tzinfo=UTC)):
        home = page(client)
    assert "5 days ago" in home


def test_what_was_decided_last_is_told_in_money(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    assert "Decided last" not in page(browse(preparer))
    act(make_person(Role.PAYMENT_APPROVER), claim, "approve")
    home = " ".join(page(browse(preparer)).split())
    assert "Decided last" in home
    total = format_cents(claim.version.calculation.total)
    amounts = f"/claims/{claim.number}/versions/1/amounts/#sum-total"
    assert f'<a class="why" href="{amounts}">{total}</a> are allowed.' in home
    assert f'<a class="why" href="/claims/ledger/">{total}</a> due to your agency' in home
    assert "Waiting for" not in home.partition("FY2026Q2")[0]
