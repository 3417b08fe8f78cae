"""Claims after their decision: amendments, supplements, what follows in later quarters, the ledger."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Adjustment, Claim, LedgerEntry, PayrollBatch
from claims.pipeline.calculation import compute
from claims.pipeline.gathering import gather
from claims.selectors.claims import claims_for, current_versions
from claims.selectors.differences import difference_of
from claims.selectors.ledger import Balance, entries_for
from claims.selectors.lines import allowed_total
from claims.selectors.linked import base_of, claims_of, first_certified_at, settled_head
from claims.selectors.story import timeline
from claims.verification import _ledger as ledger_problems
from portal.accounts.roles import Role
from portal.kernel import clock
from portal.kernel.clock import clock_at
from portal.kernel.errors import BadInput, Refused
from tests.claims.linked import FIRST, SECOND, THIRD, TO_APPROVE, TO_DENY, Office, row
from tests.factories import act, load_roster, make_person, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_three_quarters():
    with clock_at(datetime(2026, 7, 20, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def decided(office):
    """The first quarter approved: 10,000.00 of regular pay and 9,000.00 of overtime."""
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    return office


def refused(code, step, *args, **options):
    with pytest.raises(Refused) as refusal:
        step(*args, **options)
    assert refusal.value.code == code
    assert refusal.value.fix
    return refusal.value


def test_an_approval_enters_what_is_due(decided):
    assert decided.entered(FIRST) == decided.balance == 19000_00
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.balance, entry.version) == (
        19000_00,
        19000_00,
        decided.claim(FIRST).version,
    )


def test_counts_that_come_after_the_decision_come_by_a_supplement(decided):
    refused("nothing_came_later", decided.walk, FIRST, "supplement")
    report(decided.agency, 10, 9)
    assert decided.claim(FIRST).version.state == "approved"
    assert decided.claim(FIRST).version.calculation.award_amount == 0
    version = decided.walk(FIRST, "supplement")
    assert version.claim.number == f"{decided.agency.number}-FY2026Q1-2"
    assert (version.claim.kind, version.claim.sequence) == ("supplement", 2)
    assert version.calculation.award_amount == 2000_00
    changes = difference_of(decided.preparer, version, base_of(version.claim))
    assert (changes.officers, changes.award.change, changes.total.change) == ((), 2000_00, 2000_00)
    decided.walk(FIRST, *TO_APPROVE)
    assert list(LedgerEntry.objects.values_list("amount", "balance")) == [
        (19000_00, 19000_00),
        (2000_00, 21000_00),
    ]
    assert not list(ledger_problems())


def test_a_line_that_waited_comes_by_a_supplement(office):
    office.send(FIRST, row(FIRST), row(FIRST, regular="0", paid_on=date(2026, 8, 1), overtime="50"))
    office.walk(FIRST, *TO_APPROVE)
    assert office.claim(FIRST).version.calculation.waiting_lines == 1
    refused("nothing_came_later", office.walk, FIRST, "supplement")
    with clock_at(datetime(2026, 8, 2, 15, tzinfo=UTC)):
        office.walk(FIRST, "supplement", *TO_APPROVE)
        assert office.entered(FIRST) == 19050_00


def test_a_straddling_line_of_the_next_quarters_file_comes_by_a_supplement(decided):
    straddling = "A-7,2025-12-21,2026-01-03,2026-01-08,72800.00,2800.00,0\n"
    decided.send(SECOND, row(SECOND), straddling)
    decided.walk(FIRST, "supplement", *TO_APPROVE)
    assert decided.entered(FIRST) == 19000_00 + 2200_00


def test_an_amended_claim_pays_the_difference_and_keeps_its_first_date(decided):
    original = decided.claim(FIRST)
    refused("claim_submitted", decided.send, FIRST, row(FIRST))
    with clock_at(datetime(2026, 7, 25, 15, tzinfo=UTC)):
        decided.walk(FIRST, "amend")
        batch = decided.replace(FIRST, row(FIRST, regular="10400.00"))
        assert batch.state == PayrollBatch.State.ACCEPTED
        version = decided.walk(FIRST, *TO_APPROVE)
    assert version.claim.follows == original
    assert version.state == "approved"
    assert decided.entered(FIRST) == decided.balance == 19400_00
    signed = original.version.certification.certified_at
    assert first_certified_at(version.claim) == signed < version.certification.certified_at
    original.refresh_from_db()
    assert original.version.calculation.total == 19000_00


def test_an_amendment_wants_a_reason(decided):
    with pytest.raises(BadInput):
        act(decided.preparer, decided.claim(FIRST), "amend", note="")


def test_a_correction_that_changes_nothing_is_refused(decided):
    decided.walk(FIRST, "amend")
    refused("nothing_changed", decided.walk, FIRST, "ready")


def test_a_returned_claim_that_comes_again_unchanged_is_refused(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "start_review", "return", "correct")
    refused("nothing_changed", office.walk, FIRST, "ready")
    office.replace(FIRST, row(FIRST, regular="9999.00"))
    assert office.walk(FIRST, "ready").state == "ready"


def test_a_withdrawn_claim_may_come_again_as_it_was(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "withdraw", "correct", *TO_APPROVE)
    assert office.entered(FIRST) == 19000_00


def test_one_correction_at_a_time(decided):
    original = decided.claim(FIRST)
    decided.walk(FIRST, "amend")
    refused("correction_open", act, decided.preparer, original, "amend")
    refused("correction_open", act, decided.preparer, original, "supplement")
    assert claims_of(decided.agency, FIRST).count() == 2


def test_what_was_given_up_can_be_amended_anew(decided):
    original = decided.claim(FIRST)
    version = decided.walk(FIRST, "amend", "drop")
    assert version.state == "withdrawn"
    refused("given_up", act, decided.preparer, version.claim, "correct")
    refused("claim_submitted", decided.send, FIRST, row(FIRST))
    act(decided.preparer, original, "amend")
    assert decided.claim(FIRST).sequence == 3
    assert decided.claim(FIRST).follows == version.claim
    assert decided.balance == 19000_00


def test_what_was_given_up_is_not_for_federal_eyes(decided):
    decided.walk(FIRST, "amend")
    assert claims_for(decided.reviewer).count() == 1
    assert claims_for(decided.preparer).count() == 2
    decided.walk(FIRST, "drop")
    assert [claim.kind for claim in claims_for(decided.reviewer)] == ["original"]
    assert [one.state for one in current_versions(decided.reviewer)] == ["approved"]


def test_a_denied_amendment_leaves_the_decision_before_it(decided):
    decided.walk(FIRST, "amend")
    decided.replace(FIRST, row(FIRST, regular="50000.00"))
    decided.walk(FIRST, *TO_DENY)
    assert decided.entered(FIRST) == 19000_00
    head = settled_head(claims_of(decided.agency, FIRST))
    assert head.kind == "original"
    act(decided.preparer, head, "amend")
    assert base_of(decided.claim(FIRST)) == head


def test_less_than_before_lowers_the_balance(decided):
    decided.walk(FIRST, "amend")
    decided.replace(FIRST, row(FIRST, regular="8000.00", overtime="0"))
    version = decided.walk(FIRST, *TO_APPROVE)
    assert version.ledger.get().amount == -11000_00
    assert decided.balance == 8000_00
    assert not list(ledger_problems())


def test_nobody_is_paid_less_than_nothing():
    assert (Balance(-500).due, Balance(-500).receivable) == (0, 500)
    assert (Balance(700).due, Balance(700).receivable) == (700, 0)


def test_a_raise_back_dated_over_two_decided_quarters(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.send(THIRD, row(THIRD))
    assert office.result(SECOND).overtime_allowed == 1000_00
    assert office.result(THIRD).overtime_allowed == 0
    for quarter in (FIRST, SECOND):
        office.walk(quarter, "amend")
        office.replace(quarter, row(quarter, salary="48000.00", regular="12000.00"))
        office.walk(quarter, *TO_APPROVE)
    for quarter in (FIRST, SECOND):
        whole = compute(gather(office.agency, quarter, clock.today(office.agency.time_zone)))
        assert office.claim(quarter).version.calculation.total == whole.result.total
    assert office.result(SECOND).overtime_allowed == 3000_00
    assert office.entered(FIRST) == 21000_00
    assert office.entered(SECOND) == 15000_00
    assert office.result(THIRD).overtime_used_before == 12000_00
    assert [claim.kind for claim in claims_of(office.agency, SECOND)] == ["original", "amendment"]


def test_a_decided_later_quarter_gets_a_linked_correction(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.send(THIRD, row(THIRD))
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    office.walk(FIRST, *TO_APPROVE)
    opened = office.claim(SECOND)
    assert (opened.kind, opened.sequence, opened.version.state) == ("amendment", 2, "draft")
    assert office.result(SECOND).overtime_used_before == 4000_00
    assert office.result(SECOND).overtime_allowed == 6000_00
    refused("correction_needed", office.walk, SECOND, "drop")
    office.walk(SECOND, *TO_APPROVE)
    assert office.entered(FIRST) + office.entered(SECOND) == 20000_00 + 4000_00 + 6000_00
    assert office.result(THIRD).overtime_used_before == 10000_00
    assert not list(ledger_problems())


def test_every_later_decided_quarter_follows_at_once_where_it_changes(office):
    for quarter in (FIRST, SECOND, THIRD):
        office.send(quarter, row(quarter, overtime="4000.00"))
        office.walk(quarter, *TO_APPROVE)
    assert office.result(THIRD).overtime_allowed == 2000_00
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="1000.00"))
    office.walk(FIRST, *TO_APPROVE)
    # The second quarter was under the cap and stays as it is.
    assert office.claim(SECOND).kind == "original"
    assert office.claim(THIRD).kind == "amendment"
    assert office.result(THIRD).overtime_allowed == 4000_00


def test_a_denied_correction_is_not_opened_again(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    office.walk(FIRST, *TO_APPROVE)
    office.walk(SECOND, *TO_DENY)
    assert office.claim(SECOND).sequence == 2
    assert office.entered(SECOND) == 11000_00


def test_what_a_reviewer_takes_from_overtime_frees_it_for_later_quarters(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
    office.walk(SECOND, *TO_APPROVE)
    office.send(THIRD, row(THIRD))
    office.walk(FIRST, "ready", "certify", "start_review")
    office.take(FIRST, 4000_00)
    office.walk(FIRST, "recommend", "approve_partly")
    assert office.entered(FIRST) == 15000_00
    assert office.claim(SECOND).kind == "amendment"
    assert office.result(SECOND).overtime_used_before == 5000_00
    assert office.result(SECOND).overtime_allowed == 5000_00
    assert office.result(THIRD).overtime_used_before == 10000_00


def test_a_quarter_in_review_is_looked_at_when_it_is_decided(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
    office.walk(SECOND, "ready", "certify", "start_review")
    office.walk(FIRST, *TO_DENY)
    assert office.claim(SECOND).kind == "original"
    office.walk(SECOND, "recommend", "approve")
    assert office.claim(SECOND).kind == "amendment"
    assert office.result(SECOND).overtime_allowed == 9000_00


def test_what_was_disallowed_stays_disallowed_in_a_correction(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "start_review")
    office.take(FIRST, 4000_00)
    office.walk(FIRST, "recommend", "approve_partly", "amend")
    office.replace(FIRST, row(FIRST, regular="10100.00", overtime="3000.00"))
    version = office.claim(FIRST).version
    changes = difference_of(office.preparer, version, base_of(version.claim))
    (changed,) = changes.officers
    assert (changed.regular.change, changed.overtime.before, changed.overtime.after) == (
        100_00,
        5000_00,
        0,
    )
    office.walk(FIRST, "ready", "certify", "start_review")
    carried = Adjustment.objects.get(version=version)
    assert (carried.amount, carried.reason) == (-3000_00, "carried")
    office.walk(FIRST, "recommend", "approve_partly")
    assert office.entered(FIRST) == 10100_00


def test_a_file_that_straddles_two_decided_quarters_wants_both_amended(office):
    straddling = "0042,2025-12-21,2026-01-03,2026-01-08,40000.00,{},0\n"
    office.send(FIRST, straddling.format("2800.00"))
    office.send(SECOND, row(SECOND, officer="A-7"))
    for quarter in (FIRST, SECOND):
        office.walk(quarter, *TO_APPROVE)
    office.walk(FIRST, "amend")
    with pytest.raises(Refused) as refusal:
        office.replace(FIRST, straddling.format("3500.00"))
    assert office.claim(SECOND).number in refusal.value.fix
    office.walk(SECOND, "amend")
    assert office.replace(FIRST, straddling.format("3500.00")).state == "accepted"
    for quarter in (FIRST, SECOND):
        office.walk(quarter, *TO_APPROVE)
    assert office.entered(FIRST) == 2750_00
    assert office.entered(SECOND) == 750_00 + 10000_00 + 9000_00


def test_a_signed_correction_that_is_withdrawn_goes_on_by_itself(decided):
    decided.walk(FIRST, "amend")
    decided.replace(FIRST, row(FIRST, regular="10400.00"))
    decided.walk(FIRST, "ready", "certify", "withdraw")
    assert decided.entered(FIRST) == 19000_00
    original = claims_of(decided.agency, FIRST).first()
    refused("correction_open", act, decided.preparer, original, "amend")
    decided.walk(FIRST, "correct", *TO_APPROVE)
    assert decided.entered(FIRST) == 19400_00


def test_who_confirmed_a_roster_after_the_signature_prepared_the_correction(decided):
    colleague = make_person(Role.PREPARER, decided.agency)
    load_roster(colleague)
    decided.walk(FIRST, "amend")
    decided.replace(FIRST, row(FIRST, regular="10400.00"))
    version = decided.walk(FIRST, "ready")
    assert version.participants.filter(user=colleague.user, part="preparer").exists()


@pytest.mark.parametrize("seed", range(3))
def test_the_entries_of_a_quarter_add_up_to_what_it_allows(seed):
    chance = random.Random(seed)
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "start_review")
    pay = 10000
    for _ in range(4):
        if chance.random() < 0.5:
            amount = allowed_lines_left(office)
            if amount:
                office.take(FIRST, chance.randint(1, amount), "regular")
        end = chance.choice(["approve", "approve", "deny"])
        if end == "approve" and Adjustment.objects.filter(version=office.claim(FIRST).version):
            end = "approve_partly"
        office.walk(FIRST, "recommend", end)
        head = settled_head(claims_of(office.agency, FIRST))
        assert office.entered(FIRST) == (allowed_total(head.version) if head else 0)
        assert office.balance == office.entered(FIRST)
        assert not list(ledger_problems())
        if head is None:
            break
        act(office.preparer, head, "amend")
        pay += chance.choice([-900, -500, 300, 700])
        office.replace(FIRST, row(FIRST, regular=f"{pay}.00"))
        office.walk(FIRST, "ready", "certify", "start_review")


def allowed_lines_left(office: Office) -> int:
    """What the reviewer may still take from the regular pay of officer 0042."""
    taken = Adjustment.objects.filter(version=office.claim(FIRST).version, category="regular")
    return office.result(FIRST).regular + sum(row.amount for row in taken)


def test_the_ledger_shows_an_agency_its_own_entries_only(decided):
    stranger = make_person(Role.PREPARER, Office().agency)
    assert entries_for(stranger).count() == 0
    assert entries_for(decided.certifier).count() == 1
    assert entries_for(decided.approver).count() == 1


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


LINK = """
INSERT INTO claims_claim (agency_id, quarter, number, kind, sequence, follows_id, version_id, opened_at)
SELECT agency_id, %s, number || '-x', 'amendment', %s, id, version_id, opened_at
FROM claims_claim WHERE id = %s
"""


def test_the_database_links_only_to_the_last_decided_claim(decided):
    claim = decided.claim(FIRST)
    with pytest.raises(DatabaseError, match="follows the last one"):
        sql(LINK, "FY2026Q1", 3, claim.pk)
    with pytest.raises(DatabaseError, match="follows the last one"):
        sql(LINK, "FY2026Q2", 2, claim.pk)
    decided.walk(FIRST, "amend")
    with pytest.raises(DatabaseError, match="not decided yet"):
        sql(LINK, "FY2026Q1", 3, decided.claim(FIRST).pk)


def test_the_database_keeps_what_a_claim_follows(decided):
    decided.walk(FIRST, "amend")
    with pytest.raises(DatabaseError, match="evidence"):
        Claim.objects.filter(pk=decided.claim(FIRST).pk).update(kind="supplement")


@pytest.mark.parametrize(
    ("amount", "balance", "match"), [(1, 19000_01, "add up"), (-19000_00, 0, "add up")]
)
def test_the_database_keeps_the_ledger_true(decided, amount, balance, match):
    version = decided.claim(FIRST).version
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        LedgerEntry.objects.create(
            agency=decided.agency, quarter=FIRST, version=version, amount=amount, balance=balance
        )


def test_linked_claims_of_the_portal_say_why_they_were_opened(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    office.walk(FIRST, *TO_APPROVE)
    opened = timeline(office.claim(SECOND)).get(action="claim.open_linked")
    assert opened.actor is None
    assert office.claim(FIRST).number in opened.content
