"""Payroll files on their way in: all of a file counts or nothing, once, and only while it may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.models import Claim, PayrollBatch, PayrollLine
from claims.rules.lifecycle import State
from claims.services.claims import open_claim
from claims.services.payroll import receive_payroll, withdraw_payroll
from portal.accounts.roles import Role
from portal.intake import quarantine
from portal.intake.uploads import Upload
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.kernel.quarter import Quarter
from portal.records import storage
from portal.records.models import AuditEvent
from tests.factories import (
    PAYROLL,
    QUARTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay\n"


def claim_of(preparer, quarter=QUARTER):
    return Claim.objects.get(agency=preparer.agency, quarter=quarter)


def test_an_accepted_file_becomes_lines_and_a_calculated_draft(preparer):
    batch = load_payroll(preparer)
    assert batch.state == "accepted"
    assert (batch.rows, batch.lines.count()) == (3, 3)
    assert batch.regular_pay == 2780_00 * 2 + 2630_77
    version = claim_of(preparer).version
    assert version.state == State.DRAFT
    assert version.calculation.regular > 0


def test_a_file_with_one_wrong_cell_changes_nothing(preparer):
    batch = load_payroll(preparer, PAYROLL.replace("2780.00,589.37", "27x80,589.37", 1))
    assert batch.state == "rejected"
    assert not PayrollLine.objects.exists()
    assert not Claim.objects.exists()
    finding = batch.findings.get(severity="error")
    assert (finding.row, finding.column) == (2, "regular_pay")
    assert finding.fix


def test_a_machine_that_dies_while_reading_leaves_one_result(preparer):
    batch = receive(preparer)
    job = Job.objects.get(pk=batch.job_id)
    run_due()
    Job.objects.filter(pk=job.pk).update(state="queued", attempts=0)
    run_due()
    batch.refresh_from_db()
    assert (batch.state, batch.lines.count()) == ("accepted", 3)
    assert AuditEvent.objects.filter(action="payroll.accept").count() == 1


def receive(preparer, **options):
    return receive_payroll(
        actor=preparer,
        agency=preparer.agency,
        upload=Upload("payroll.csv", "text/csv", [PAYROLL.encode()]),
        **{"quarter": QUARTER, **options},
    )


def test_a_file_that_cannot_be_read_at_all_ends_with_a_reason(preparer, monkeypatch):
    batch = receive(preparer)
    quarantine.drop(batch.pk)
    run_due()
    batch.refresh_from_db()
    assert batch.state == "rejected"
    assert "could not read" in batch.reason


def test_the_same_rows_sent_again_count_once(preparer):
    load_payroll(preparer)
    before = claim_of(preparer).version.calculation.total
    again = load_payroll(preparer)
    assert again.state == "accepted"
    assert again.findings.filter(code="counted_once").count() == 3
    assert claim_of(preparer).version.calculation.total == before


def test_other_amounts_for_days_already_paid_are_refused_unless_they_replace(preparer):
    first = load_payroll(preparer)
    other = PAYROLL.replace("2780.00", "2900.00")
    refused = load_payroll(preparer, other)
    assert refused.state == "rejected"
    finding = refused.findings.filter(code="other_amounts").first()
    assert "FY2026Q1-1" in finding.message
    accepted = load_payroll(preparer, other, replaces=first)
    first.refresh_from_db()
    assert (accepted.state, first.state) == ("accepted", "superseded")
    version = claim_of(preparer).version
    assert "2900" in version.calculation.results.get(officer_id="0042").detail.replace(
        "290000", "2900"
    )


def test_a_file_can_be_taken_back_with_a_reason(preparer):
    batch = load_payroll(preparer)
    with pytest.raises(BadInput):
        withdraw_payroll(actor=preparer, batch=batch, reason=" ")
    withdraw_payroll(actor=preparer, batch=batch, reason="Wrong month")
    run_due()
    assert claim_of(preparer).version.calculation.regular == 0
    assert batch.lines.count() == 3
    with pytest.raises(Refused) as refusal:
        withdraw_payroll(actor=preparer, batch=batch, reason="Again")
    assert refusal.value.code == "not_accepted"


def test_a_file_is_not_taken_back_from_a_submitted_claim():
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    with pytest.raises(Refused) as refusal:
        withdraw_payroll(actor=preparer, batch=PayrollBatch.objects.get(), reason="Too late")
    assert refusal.value.code == "claim_submitted"


def test_a_trial_run_finds_the_same_and_keeps_nothing(preparer):
    batch = load_payroll(preparer, dry_run=True)
    assert (batch.state, batch.rows) == ("accepted", 3)
    assert not batch.lines.exists()
    assert not Claim.objects.exists()


def test_an_unknown_officer_is_named_without_saying_where_else_they_work(preparer):
    elsewhere = make_person(Role.PREPARER, make_agency("Elsewhere Police"))
    load_roster(elsewhere, roster_of("777"))
    known_elsewhere = load_payroll(preparer, PAYROLL + row_of("777"))
    known_nowhere = load_payroll(preparer, PAYROLL + row_of("888"))
    messages = [
        batch.findings.get(code="unknown_officer").message.replace("777", "#").replace("888", "#")
        for batch in (known_elsewhere, known_nowhere)
    ]
    assert messages[0] == messages[1]


def roster_of(officer_id):
    return (
        "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from\n"
        f"{officer_id},Vance,Tara,2015-01-01,TFM,2025-06-01,2025-06-01\n"
    )


def row_of(officer_id):
    return f"{officer_id},2025-10-12,2025-10-25,2025-10-30,60000,2300.00,0,0\n"


def test_a_file_with_social_security_numbers_where_they_cannot_be_dropped_is_not_kept(preparer):
    batch = load_payroll(preparer, PAYROLL + row_of("123-45-6789"))
    assert (batch.state, batch.document) == ("rejected", None)
    assert not any("6789" in str(vars(finding)) for finding in batch.findings.all())
    assert not quarantine.holds(batch.pk)
    assert batch.sent_sha256


def test_a_column_of_social_security_numbers_is_dropped_before_anything_is_kept(preparer):
    header, *rows = PAYROLL.splitlines()
    lines = [f"{header},ssn", *(f"{row},123-45-6789" for row in rows)]
    batch = load_payroll(preparer, "\n".join(lines) + "\n")
    assert (batch.state, batch.rows) == ("accepted", 3)
    assert batch.findings.filter(code="sensitive_column_dropped").count() == 1
    assert b"6789" not in storage.read(batch.document)
    assert batch.document.sha256 != batch.sent_sha256


def test_payroll_of_before_the_program_informs_but_opens_no_claim(preparer):
    batch = load_payroll(preparer, quarter=Quarter(2025, 4))
    assert batch.state == "rejected", "two of the rows lie in the next quarter"
    first_row = "".join(PAYROLL.splitlines(keepends=True)[:2])
    assert load_payroll(preparer, first_row, quarter=Quarter(2025, 4)).state == "accepted"
    assert not Claim.objects.exists()


def test_a_claim_of_before_the_program_cannot_be_readied(preparer):
    claim = open_claim(actor=preparer, agency=preparer.agency, quarter=Quarter(2025, 4))
    with pytest.raises(Refused) as refusal:
        act(preparer, claim, "ready")
    assert refusal.value.code == "before_program"


def test_a_claim_cannot_be_readied_before_its_quarter_has_ended(preparer):
    claim = open_claim(actor=preparer, agency=preparer.agency, quarter=Quarter(2026, 2))
    with pytest.raises(Refused) as refusal:
        act(preparer, claim, "ready")
    assert refusal.value.code == "quarter_not_over"


def test_lines_paid_in_the_future_wait(preparer):
    load_payroll(preparer, HEADER + "0042,2025-12-21,2025-12-31,2026-02-05,72280.00,2780.00,0\n")
    calculation = claim_of(preparer).version.calculation
    assert (calculation.waiting_lines, calculation.regular) == (1, 0)


@pytest.mark.parametrize("role", [Role.CERTIFIER, Role.VIEWER, Role.ADMINISTRATOR])
def test_only_preparers_send_payroll(preparer, role):
    colleague = make_person(role, preparer.agency)
    with pytest.raises(NotAllowed):
        load_payroll(colleague)


def test_nobody_sends_payroll_for_another_agency(preparer):
    with pytest.raises(NotFound):
        receive_payroll(
            actor=preparer,
            agency=make_agency("Elsewhere Police"),
            quarter=QUARTER,
            upload=Upload("payroll.csv", "text/csv", [PAYROLL.encode()]),
        )


def test_a_key_that_may_only_read_cannot_send(preparer):
    reading = replace(preparer, limit=frozenset())
    with pytest.raises((NotAllowed, NotFound)):
        load_payroll(reading)


def test_overtime_of_earlier_quarters_lowers_the_room_of_later_ones(preparer):
    load_payroll(
        preparer, HEADER + "0042,2025-10-01,2025-12-31,2026-01-05,40000.00,10000.00,9000.00\n"
    )
    from datetime import UTC, datetime

    from portal.kernel.clock import clock_at

    with clock_at(datetime(2026, 4, 20, tzinfo=UTC)):
        load_payroll(
            preparer,
            HEADER + "0042,2026-01-01,2026-03-31,2026-04-05,40000.00,10000.00,9000.00\n",
            quarter=Quarter(2026, 2),
        )
        second = claim_of(preparer, Quarter(2026, 2)).version.calculation.results.get(
            officer_id="0042"
        )
        assert (second.overtime_used_before, second.overtime_allowed) == (9000_00, 1000_00)
        # A correction of the first quarter is followed by the second.
        withdraw_payroll(
            actor=preparer,
            batch=PayrollBatch.objects.get(quarter=QUARTER),
            reason="Counted elsewhere",
        )
        run_due()
        second = claim_of(preparer, Quarter(2026, 2)).version.calculation.results.get(
            officer_id="0042"
        )
        assert (second.overtime_used_before, second.overtime_allowed) == (0, 9000_00)
