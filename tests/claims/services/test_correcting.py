"""Amendments and supplements: when a decided claim is corrected, by whom, and what the federal side sees."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Adjustment, Claim, LedgerEntry, PayrollBatch
from claims.selectors.claims import claims_for, current_versions
from claims.selectors.differences import difference_of
from claims.selectors.linked import base_of, claim_in_force, claims_of, first_certified_at
from claims.services.adjusting import reverse
from claims.verification import _ledger as ledger_problems
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from portal.kernel.errors import BadInput, Refused
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, TO_DENY, refused, row
from tests.factories import act, load_roster, make_person, report, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_three_quarters")]


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
    head = claim_in_force(claims_of(decided.agency, FIRST))
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


def disallowed(office):
    """An amendment of a claim from whose overtime 4,000.00 of 9,000.00 were disallowed."""
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "start_review")
    office.take(FIRST, 4000_00)
    office.walk(FIRST, "recommend", "approve_partly", "amend")


def test_what_was_disallowed_stays_disallowed_in_a_correction(office):
    disallowed(office)
    office.replace(FIRST, row(FIRST, regular="10100.00", overtime="7000.00"))
    version = office.claim(FIRST).version
    changes = difference_of(office.preparer, version, base_of(version.claim))
    (changed,) = changes.officers
    assert (changed.regular.change, changed.overtime.before, changed.overtime.after) == (
        100_00,
        5000_00,
        5000_00,
    )
    office.walk(FIRST, "ready", "certify", "start_review")
    carried = Adjustment.objects.get(version=version)
    assert (carried.amount, carried.reason) == (-2000_00, "carried")
    office.walk(FIRST, "recommend", "approve_partly")
    assert office.entered(FIRST) == 10100_00 + 5000_00


@pytest.mark.parametrize(("overtime", "allowed"), [("3000.00", 3000_00), ("9500.00", 5500_00)])
def test_a_correction_takes_no_more_than_was_disallowed_and_nothing_that_is_gone(
    office, overtime, allowed
):
    disallowed(office)
    office.replace(FIRST, row(FIRST, overtime=overtime))
    version = office.walk(FIRST, "ready", "certify", "start_review")
    assert version.adjustments.count() == (allowed != 3000_00)
    office.walk(FIRST, "recommend", "approve_partly" if version.adjustments.exists() else "approve")
    assert office.entered(FIRST) == 10000_00 + allowed
    assert not list(ledger_problems())


def test_the_reviewer_gives_back_what_was_carried_over(office):
    disallowed(office)
    office.replace(FIRST, row(FIRST, regular="10100.00"))
    version = office.walk(FIRST, "ready", "certify", "start_review")
    reverse(actor=office.reviewer, adjustment=version.adjustments.get(), note="It came.")
    office.walk(FIRST, "recommend", "approve")
    assert office.entered(FIRST) == 19100_00


def test_what_a_reviewer_took_before_a_return_counts_in_later_quarters_at_once(office):
    office.send(FIRST, row(FIRST))
    office.send(SECOND, row(SECOND))
    office.walk(FIRST, "ready", "certify", "start_review")
    office.take(FIRST, 4000_00)
    settle()
    assert office.result(SECOND).overtime_used_before == 9000_00
    office.walk(FIRST, "return")
    assert office.result(SECOND).overtime_used_before == 5000_00


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
