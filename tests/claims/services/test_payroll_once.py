"""Pay counts once and for its own dates, whichever way a file takes; who takes rows away is known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from claims.models import Claim, Participant, PayrollBatch
from claims.payroll.roles import PAYROLL_TARGET
from claims.pipeline.intake import gave_up
from claims.services.payroll import (
    correct_payroll,
    match_payroll_columns,
    receive_payroll,
    withdraw_payroll,
)
from claims.verification import problems
from portal.accounts.roles import Role
from portal.accounts.services import create_key
from portal.intake.desk import may_fix
from portal.intake.matching import Matching
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.kernel.clock import clock_at
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping
from portal.kernel.tabular.patch import LEAVE_OUT, Edit
from tests.factories import QUARTER, load_payroll, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay\n"
RIGHT = HEADER + "0042,2025-10-12,2025-10-25,2025-10-30,72280.00,2780.00,100.00\n"
WRONG = RIGHT.replace("100.00", "1x0.00")
AT_THE_EDGE = HEADER + "0042,2025-12-28,2026-01-10,2026-01-15,72280.00,2780.00,0\n"
AFTER = HEADER + "0042,2026-01-11,2026-01-24,2026-01-29,72280.00,2780.00,0\n"
NO_DATES = "Empl,Yearly,Base,OT\n0042,72280.00,2780.00,100.00\n"
COLUMNS = (
    ("Empl", "officer_id"),
    ("Yearly", "annual_salary"),
    ("Base", "regular_pay"),
    ("OT", "overtime_pay"),
)
DATES = {"period_start": "2025-10-12", "period_end": "2025-10-25", "paid_on": "2025-10-30"}
TYPED = Mapping(COLUMNS, fixed=tuple(DATES.items()))


def read(batch):
    run_due()
    return PayrollBatch.objects.get(pk=batch.pk)


def to(now, was="1x0.00"):
    return [Edit(2, "overtime_pay", was, now)]


def preparers(quarter):
    version = Claim.objects.get(quarter=quarter).version
    return set(Participant.objects.filter(version=version).values_list("user", flat=True))


def test_dates_typed_for_one_file_are_typed_again_for_the_next(preparer):
    first = read(
        match_payroll_columns(actor=preparer, batch=load_payroll(preparer, NO_DATES), mapping=TYPED)
    )
    assert first.state == "accepted"
    later = load_payroll(preparer, NO_DATES.replace("100.00", "250.00"))
    assert (later.state, later.needs_columns, later.mapping) == ("proposed", True, None)
    page = Matching(PAYROLL_TARGET, json.loads(later.sample))
    assert page.mapping == Mapping(COLUMNS)
    assert {gap.missing for gap in page.gaps} == set(DATES)
    dates = {"period_start": "2025-10-26", "period_end": "2025-11-08", "paid_on": "2025-11-13"}
    second = Mapping(COLUMNS, fixed=tuple(dates.items()))
    later = read(match_payroll_columns(actor=preparer, batch=later, mapping=second))
    assert later.state == "accepted"
    assert str(later.lines.get().period_start) == "2025-10-26"
    corrected = read(
        correct_payroll(actor=preparer, batch=later, edits=[Edit(2, "OT", "250.00", "260.00")])
    )
    assert (corrected.state, corrected.mapping) == ("accepted", later.mapping)
    assert list(problems()) == []


def test_what_is_typed_for_every_file_is_not_asked_again(preparer):
    content = "Empl,Start,End,Rate,Base\n0042,2025-10-12,2025-10-25,34.75,2780.00\n"
    mapping = Mapping(
        (
            ("Empl", "officer_id"),
            ("Start", "period_start"),
            ("End", "period_end"),
            ("Rate", "hourly_rate"),
            ("Base", "regular_pay"),
        ),
        fixed=(("hours_a_year", "2080"), ("payday_after_days", "5")),
    )
    batch = load_payroll(preparer, content)
    read(match_payroll_columns(actor=preparer, batch=batch, mapping=mapping))
    later = content.replace("10-12", "10-26").replace("10-25", "11-08")
    assert load_payroll(preparer, later).state == "accepted"


def test_a_program_is_told_that_dates_are_typed_for_each_file(preparer):
    batch = load_payroll(preparer, NO_DATES)
    read(match_payroll_columns(actor=preparer, batch=batch, mapping=TYPED))
    key, _ = create_key(
        actor=make_person(Role.ADMINISTRATOR, preparer.agency),
        agency=preparer.agency,
        owner=preparer.user,
        name="Payroll",
        scopes="payroll:write",
    )
    sent = load_payroll(replace(preparer, key=key), NO_DATES)
    assert (sent.state, sent.rows) == ("rejected", 0)
    assert "typed for an earlier file" in sent.findings.get(code="columns_not_matched").message


def test_an_old_link_of_a_chain_of_corrections_is_not_corrected_again(preparer):
    first = load_payroll(preparer, WRONG)
    second = read(correct_payroll(actor=preparer, batch=first, edits=to("100.00")))
    third = read(correct_payroll(actor=preparer, batch=second, edits=to("120.00", was="100.00")))
    assert third.state == "accepted"
    with pytest.raises(Refused) as refusal:
        correct_payroll(actor=preparer, batch=first, edits=to("110.00"))
    assert refusal.value.code == "being_corrected"
    assert third.reference in str(refusal.value.message)
    assert not may_fix(preparer, PayrollBatch.objects.get(pk=first.pk))
    assert may_fix(preparer, third)


def test_nor_when_another_file_took_the_place_of_its_correction(preparer):
    first = load_payroll(preparer, WRONG)
    second = read(correct_payroll(actor=preparer, batch=first, edits=to("100.00")))
    instead = load_payroll(preparer, RIGHT.replace("100.00", "130.00"), replaces=second)
    assert instead.state == "accepted"
    with pytest.raises(Refused, match=instead.reference):
        correct_payroll(actor=preparer, batch=first, edits=to("110.00"))
    withdraw_payroll(actor=preparer, batch=instead, reason="Wrong file")
    again = read(correct_payroll(actor=preparer, batch=first, edits=to("110.00")))
    assert again.state == "accepted"


def test_of_two_corrections_of_a_file_one_counts(preparer):
    first = load_payroll(preparer, WRONG)
    still_wrong = read(correct_payroll(actor=preparer, batch=first, edits=to("1y0.00")))
    right = read(correct_payroll(actor=preparer, batch=first, edits=to("100.00")))
    assert (still_wrong.state, right.state) == ("rejected", "accepted")
    with pytest.raises(Refused, match=right.reference):
        correct_payroll(actor=preparer, batch=still_wrong, edits=to("110.00", was="1y0.00"))


def test_a_failed_correction_of_a_file_that_counts_is_corrected_and_takes_its_place(preparer):
    first = load_payroll(preparer, RIGHT)
    failed = read(correct_payroll(actor=preparer, batch=first, edits=to("1x0.00", was="100.00")))
    right = read(correct_payroll(actor=preparer, batch=failed, edits=to("110.00")))
    first.refresh_from_db()
    assert (first.state, failed.state, right.state) == ("superseded", "rejected", "accepted")


def test_a_correction_that_leaves_nothing_takes_nobodys_place(preparer):
    batch = load_payroll(preparer, RIGHT)
    empty = read(
        correct_payroll(actor=preparer, batch=batch, edits=[Edit(2, LEAVE_OUT, "", "yes")])
    )
    batch.refresh_from_db()
    assert (empty.state, batch.state) == ("rejected", "accepted")
    assert empty.reason == ""
    assert "take the earlier file back" in empty.findings.get(code="nothing_left").fix


def test_columns_that_leave_nothing_are_an_error_too(preparer):
    names = HEADER.strip().split(",")[:5]
    content = (
        f"{','.join(names)},Code,Amount\n"
        "0042,2025-10-12,2025-10-25,2025-10-30,72280.00,DETAIL,5.00\n"
    )
    columns = (*((name, name) for name in names), ("Code", "pay_code"), ("Amount", "amount"))
    mapping = Mapping(columns, (("DETAIL", "excluded:outside_detail"),))
    batch = load_payroll(preparer, content)
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=mapping))
    assert batch.state == "rejected"
    assert batch.findings.filter(code="nothing_left").exists()


@pytest.mark.parametrize("way", ["withdraw", "correct", "replace"])
def test_who_takes_lines_out_of_a_neighbour_quarter_has_prepared_it_too(preparer, way):
    edge = load_payroll(preparer, AT_THE_EDGE)
    with clock_at(datetime(2026, 4, 10, tzinfo=UTC)):
        load_payroll(preparer, AFTER, quarter=Quarter(2026, 2))
    colleague = make_person(Role.PREPARER, preparer.agency)
    assert colleague.user.pk not in preparers(Quarter(2026, 2))
    if way == "withdraw":
        withdraw_payroll(actor=colleague, batch=edge, reason="Sent too early")
    elif way == "correct":
        edits = [Edit(2, "period_end", "2026-01-10", "2025-12-31")]
        assert read(correct_payroll(actor=colleague, batch=edge, edits=edits)).state == "accepted"
    else:
        assert load_payroll(colleague, RIGHT, replaces=edge).state == "accepted"
    assert colleague.user.pk in preparers(QUARTER)
    assert colleague.user.pk in preparers(Quarter(2026, 2))


def test_a_file_whose_job_is_given_up_after_it_was_read_stays_as_it_is(preparer):
    batch = load_payroll(preparer, RIGHT)
    gave_up(str(batch.pk), "MemoryError")
    assert PayrollBatch.objects.get(pk=batch.pk).state == "accepted"
    waiting = receive_payroll(
        actor=preparer,
        agency=preparer.agency,
        quarter=QUARTER,
        upload=Upload("payroll.csv", "text/csv", [RIGHT.encode()]),
    )
    gave_up(str(waiting.pk), "MemoryError")
    waiting.refresh_from_db()
    assert (waiting.state, bool(waiting.reason)) == ("rejected", True)
