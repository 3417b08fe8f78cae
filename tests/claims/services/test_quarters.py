"""Quarters depend on each other: overtime used, lines that straddle, files that reach into two."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from claims.models import Claim, Packet, PacketFile, PayrollBatch
from claims.services.payroll import withdraw_payroll
from claims.verification import problems
from portal.accounts.roles import Role
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.clock import clock_at
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter
from tests.factories import act, load_payroll, load_roster, make_agency, make_person

pytestmark = pytest.mark.django_db

FIRST, SECOND = Quarter(2026, 1), Quarter(2026, 2)
HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay\n"


@pytest.fixture(autouse=True)
def after_both_quarters():
    with clock_at(datetime(2026, 4, 20, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def preparer():
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    return person


def claim(preparer, quarter):
    return Claim.objects.get(agency=preparer.agency, quarter=quarter)


def result(preparer, quarter):
    return claim(preparer, quarter).version.calculation.results.get(officer_id="0042")


def overtime(quarter_days: str) -> str:
    return f"{HEADER}0042,{quarter_days},40000.00,10000.00,9000.00\n"


FIRST_OVERTIME = overtime("2025-10-01,2025-12-31,2026-01-05")
SECOND_OVERTIME = overtime("2026-01-01,2026-03-31,2026-04-05")
STRADDLING = HEADER + "0042,2025-12-21,2026-01-03,2026-01-08,72800.00,2800.00,0\n"


def sign(preparer, quarter, *codes):
    people = {
        "ready": preparer,
        "certify": make_person(Role.CERTIFIER, preparer.agency),
        "start_review": make_person(Role.REVIEWER),
        "deny": make_person(Role.PAYMENT_APPROVER),
    }
    people |= {"recommend": people["start_review"], "withdraw": people["certify"]}
    for code in codes:
        act(people[code], claim(preparer, quarter), code)
    run_due()


@pytest.mark.parametrize(
    "codes",
    [
        ("ready", "certify", "start_review", "recommend", "deny"),
        ("ready", "certify", "withdraw"),
    ],
)
def test_overtime_of_a_claim_that_pays_nothing_is_free_again(preparer, codes):
    load_payroll(preparer, FIRST_OVERTIME)
    load_payroll(preparer, SECOND_OVERTIME, quarter=SECOND)
    assert result(preparer, SECOND).overtime_allowed == 1000_00
    sign(preparer, FIRST, *codes)
    assert result(preparer, SECOND).overtime_used_before == 0
    assert result(preparer, SECOND).overtime_allowed == 9000_00


def test_a_straddling_line_sent_with_the_later_quarter_reaches_the_earlier_one(preparer):
    load_payroll(preparer, HEADER + "0042,2025-12-07,2025-12-20,2025-12-25,72800.00,2800.00,0\n")
    assert result(preparer, FIRST).regular == 2800_00
    load_payroll(preparer, STRADDLING, quarter=SECOND)
    assert result(preparer, FIRST).regular == 2800_00 + 2200_00
    assert result(preparer, SECOND).regular == 600_00


def test_a_file_that_a_signed_claim_counts_is_neither_taken_back_nor_replaced(preparer):
    batch = load_payroll(preparer, STRADDLING, quarter=SECOND)
    load_payroll(preparer, HEADER + "0042,2025-12-07,2025-12-20,2025-12-25,72800.00,2800.00,0\n")
    sign(preparer, FIRST, "ready", "certify")
    with pytest.raises(Refused, match="FY2026Q1") as refusal:
        withdraw_payroll(actor=preparer, batch=batch, reason="Typing error")
    assert refusal.value.code == "claim_submitted"
    with pytest.raises(Refused):
        load_payroll(preparer, STRADDLING, quarter=SECOND, replaces=batch)
    assert PayrollBatch.objects.get(pk=batch.pk).state == "accepted"


def test_a_quarter_that_has_not_begun_takes_no_payroll(preparer):
    with pytest.raises(Refused) as refusal:
        load_payroll(preparer, SECOND_OVERTIME, quarter=Quarter(2027, 1))
    assert refusal.value.code == "quarter_not_begun"


def test_who_confirmed_a_roster_while_the_claim_was_open_cannot_certify_it(preparer):
    load_payroll(preparer, FIRST_OVERTIME)
    colleague = make_person(Role.PREPARER, preparer.agency)
    load_roster(colleague)
    sign(preparer, FIRST, "ready")
    parts = claim(preparer, FIRST).version.participants
    assert set(parts.values_list("user_id", "part")) == {
        (preparer.user.pk, "preparer"),
        (colleague.user.pk, "preparer"),
    }


def test_the_preparers_of_a_returned_version_are_those_of_the_next(preparer):
    load_payroll(preparer, FIRST_OVERTIME)
    colleague = make_person(Role.PREPARER, preparer.agency)
    sign(preparer, FIRST, "ready", "certify", "withdraw")
    act(colleague, claim(preparer, FIRST), "correct")
    parts = claim(preparer, FIRST).version.participants
    assert set(parts.values_list("user_id", flat=True)) == {preparer.user.pk, colleague.user.pk}


def test_nothing_is_added_to_a_packet_that_was_made(preparer):
    batch = load_payroll(preparer, FIRST_OVERTIME)
    sign(preparer, FIRST, "ready", "certify")
    packet = Packet.objects.get()
    with pytest.raises(IntegrityError, match="takes no further file"), transaction.atomic():
        PacketFile.objects.create(
            packet=packet, copy="full", part="volume", number=1, document=batch.document
        )
    with pytest.raises(IntegrityError, match="when its files are there"), transaction.atomic():
        Packet.objects.create(
            version=packet.version, edition="decided", appeals=7, made_at=clock.now()
        )


@pytest.mark.django_db(transaction=True)
def test_a_file_slipped_into_a_packet_is_noticed(preparer, owner_cursor):
    batch = load_payroll(preparer, FIRST_OVERTIME)
    sign(preparer, FIRST, "ready", "certify")
    assert list(problems()) == []
    owner_cursor.execute("ALTER TABLE claims_packetfile DISABLE TRIGGER USER")
    PacketFile.objects.create(
        packet=Packet.objects.get(), copy="full", part="volume", number=1, document=batch.document
    )
    owner_cursor.execute("ALTER TABLE claims_packetfile ENABLE TRIGGER USER")
    found = list(problems())
    assert any("is not the one that was made" in problem for problem in found)
    assert any("lacks a file in its masked copy" in problem for problem in found)


def test_a_packet_that_nobody_made_is_noticed(preparer):
    load_payroll(preparer, FIRST_OVERTIME)
    act(make_person(Role.PREPARER, preparer.agency), claim(preparer, FIRST), "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim(preparer, FIRST), "certify")
    packet = Packet.objects.get()
    Job.objects.filter(pk=packet.job_id).update(state=Job.State.FAILED)
    Packet.objects.update(reason="too_long")
    assert any("was never made (too_long)" in problem for problem in problems())


def test_who_takes_a_file_back_has_worked_on_the_claim(preparer):
    batch = load_payroll(preparer, FIRST_OVERTIME)
    load_payroll(preparer, HEADER + "0042,2025-12-07,2025-12-20,2025-12-25,72800.00,0,50.00\n")
    colleague = make_person(Role.PREPARER, preparer.agency)
    withdraw_payroll(actor=colleague, batch=batch, reason="Typing error")
    parts = claim(preparer, FIRST).version.participants
    assert parts.filter(user=colleague.user, part="preparer").exists()


def test_amounts_that_the_facts_no_longer_give_are_not_signed(preparer):
    batch = load_payroll(preparer, FIRST_OVERTIME)
    load_payroll(preparer, HEADER + "A-7,2025-12-07,2025-12-20,2025-12-25,72800.00,2800.00,0\n")
    sign(preparer, FIRST, "ready")
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    # The job that follows has not run yet.
    withdraw_payroll(actor=preparer, batch=batch, reason="Paid by somebody else")
    with pytest.raises(Refused) as refusal:
        act(certifier, claim(preparer, FIRST), "certify")
    assert refusal.value.code == "amounts_changed"
    version = claim(preparer, FIRST).version
    assert (version.state, version.calculation.overtime_allowed) == ("draft", 0)


def test_a_repeat_of_last_years_line_does_not_change_the_salary(preparer):
    first = "0042,2025-09-14,2025-09-27,2025-10-02,50000.00,1900.00,0\n"
    second = "0042,2025-09-14,2025-09-14,2025-10-02,60000.00,0,0.01\n"
    load_payroll(preparer, HEADER + first + second, quarter=Quarter(2025, 4))
    load_payroll(preparer, FIRST_OVERTIME)
    before = result(preparer, FIRST).overtime_cap
    load_payroll(preparer, HEADER + first, quarter=Quarter(2025, 4))
    assert result(preparer, FIRST).overtime_cap == before
