"""Payroll exports of any kind: matched, corrected, replaced and taken back; four eyes hold throughout."""

from __future__ import annotations

import json

import pytest

from claims.models import Claim, Participant, PayrollBatch, PayrollSummary
from claims.selectors.contributors import contributors
from claims.services.payroll import (
    answer_payroll_warnings,
    correct_payroll,
    match_payroll_columns,
    receive_payroll,
    withdraw_payroll,
)
from claims.verification import problems
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.intake.faulty import Faulty
from portal.intake.uploads import Upload
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping
from portal.kernel.tabular.patch import LEAVE_OUT, Edit
from portal.records import storage
from portal.records.models import AuditEvent
from tests.factories import (
    PAYROLL,
    QUARTER,
    ROSTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

LONG = """File #,Pay Date,Period Beginning,Period Ending,Annual,Earnings Code,Earnings Amt
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,REG,2780.00
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,O/T,640.00
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,RETRO,-50.63
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,DETAIL,500.00
"""
BY_CODE = Mapping(
    (
        ("File #", "officer_id"),
        ("Pay Date", "paid_on"),
        ("Period Beginning", "period_start"),
        ("Period Ending", "period_end"),
        ("Annual", "annual_salary"),
        ("Earnings Code", "pay_code"),
        ("Earnings Amt", "amount"),
    ),
    (
        ("REG", "regular_pay"),
        ("O/T", "overtime_pay"),
        ("RETRO", "overtime_pay"),
        ("DETAIL", "excluded:outside_detail"),
    ),
)
BY_NAME = """Employee,Pay Date,Period Beginning,Period Ending,Annual,Gross
"Reyes, Ana",10/30/2025,10/12/2025,10/25/2025,72280.00,2780.00
"""
NAMED = Mapping(
    (
        ("Employee", "officer_name"),
        ("Pay Date", "paid_on"),
        ("Period Beginning", "period_start"),
        ("Period Ending", "period_end"),
        ("Annual", "annual_salary"),
        ("Gross", "regular_pay"),
    )
)
ADVANCE = PAYROLL.replace("2025-10-30", "2025-10-10")
WRONG = PAYROLL.replace("2780.00,589.37", "27x80,589.37", 1)
RIGHT = Edit(2, "regular_pay", "27x80", "2780.00")


@pytest.fixture
def preparer():
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    return person


def read(batch):
    run_due()
    return PayrollBatch.objects.get(pk=batch.pk)


def parts(claim):
    return set(Participant.objects.filter(version=claim.version).values_list("user", flat=True))


def test_pay_codes_are_added_up_and_what_is_left_out_is_named(preparer):
    batch = load_payroll(preparer, LONG)
    assert (batch.state, batch.needs_columns) == ("proposed", True)
    assert not Claim.objects.exists()
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=BY_CODE))
    assert (batch.state, batch.rows) == ("accepted", 1)
    assert (batch.regular_pay, batch.overtime_pay) == (2780_00, 589_37)
    excluded = batch.findings.get(code="excluded_pay")
    assert "DETAIL" in excluded.message
    assert "500.00" in excluded.message
    line = batch.lines.get()
    assert json.loads(line.ext)["ext_rows"] == "2, 3, 4, 5"
    assert list(problems()) == []


def test_columns_matched_twice_by_a_double_click_are_matched_once(preparer):
    batch = load_payroll(preparer, LONG)
    for _ in range(2):
        again = match_payroll_columns(actor=preparer, batch=batch, mapping=BY_CODE)
        assert again == batch
    assert read(batch).mapping.number == 1
    assert PayrollBatch.objects.count() == 1


def test_an_error_in_an_added_up_row_shows_all_its_source_rows(preparer):
    batch = load_payroll(preparer, LONG.replace("0042", "0099"))
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=BY_CODE))
    assert batch.findings.filter(code="unknown_officer").exists()
    faulty = json.loads(batch.faulty)
    assert list(faulty["rows"]) == ["2", "3", "4", "5"]
    assert faulty["sources"]["overtime_pay"] == ["Earnings Amt"]
    assert (faulty["total"], faulty["groups"]) == (4, {"2": [2, 3, 4, 5]})


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (",RETRO,-50.63", ",RETRO,-900.00", "negative_result"),
        ("72280.00,O/T", "72281.00,O/T", "salary_differs"),
    ],
)
def test_rows_whose_sum_is_wrong_are_shown_together(preparer, before, after, code):
    batch = load_payroll(preparer, LONG.replace(before, after))
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=BY_CODE))
    assert batch.findings.filter(code=code, row=2).exists()
    faulty = Faulty.of_text(batch.faulty)
    assert faulty.rows_of(batch.findings.get(code=code)) == (2, 3, 4, 5)


def test_a_column_of_the_agency_called_ext_rows_groups_nothing(preparer):
    header, row, *_ = PAYROLL.splitlines()
    batch = load_payroll(preparer, f'{header},ext_rows\n{row.replace("0042", "0099")},"2, 3"\n')
    assert Faulty.of_text(batch.faulty).groups == {}


def test_what_is_computed_is_corrected_where_it_comes_from(preparer):
    content = (
        "Employee Id,Check Date,Rate,Gross\n0042,10/30/2025,0.00,2780.00\n0099,10/30/2025,9,1.00\n"
    )
    mapping = Mapping(
        (
            ("Employee Id", "officer_id"),
            ("Check Date", "paid_on"),
            ("Rate", "hourly_rate"),
            ("Gross", "regular_pay"),
        ),
        fixed=(
            ("payday_after_days", "5"),
            ("frequency", "biweekly"),
            ("hours_a_year", "2080"),
        ),
    )
    batch = load_payroll(preparer, content)
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=mapping))
    sources = json.loads(batch.faulty)["sources"]
    assert sources["annual_salary"] == ["Rate"]
    assert sources["period_end"] == sources["period_start"] == ["Check Date"]


def test_a_salary_by_the_regular_pay_is_corrected_there(preparer):
    mapping = Mapping(
        (*(pair for pair in NAMED.columns if pair[0] != "Annual"), ("Annual", "")),
        fixed=(("periods_a_year", "26"),),
    )
    batch = load_payroll(preparer, BY_NAME.replace("2780.00", "0.00"))
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=mapping))
    assert json.loads(batch.faulty)["sources"]["annual_salary"] == ["Gross"]


def test_another_cell_of_a_row_with_a_very_long_one_is_corrected(preparer):
    header, first, *_ = WRONG.splitlines()
    long = f"{header},ext_note\n{first},{'x' * 199}{' ' * 600}\n"
    corrected = read(
        correct_payroll(actor=preparer, batch=load_payroll(preparer, long), edits=[RIGHT])
    )
    assert not corrected.findings.filter(code="patch_does_not_fit").exists()
    assert corrected.state == "accepted"


def answer(actor, batch, text="Paid in advance because of the holiday."):
    warnings = batch.findings.filter(severity="warning")
    return answer_payroll_warnings(actor=actor, batch=batch, findings=warnings, text=text)


def test_who_answered_a_warning_cannot_certify(preparer):
    batch = load_payroll(preparer, ADVANCE)
    claim = Claim.objects.get()
    colleague = make_person(Role.PREPARER, preparer.agency)
    assert answer(colleague, batch) == 1
    assert colleague.user.pk in parts(claim)
    assert AuditEvent.objects.get(action="warning.justify").thread == claim.thread
    act(preparer, claim, "ready")
    grant_role(actor=None, user=colleague.user, role=Role.CERTIFIER, agency=preparer.agency)
    with pytest.raises(NotAllowed) as refusal:
        act(actor_for(colleague.user, preparer.agency.pk), claim, "certify")
    assert refusal.value.code == "own_work"


def test_who_answered_before_there_was_a_claim_has_prepared_it_too(preparer):
    wrong = load_payroll(preparer, ADVANCE.replace("2780.00,589.37", "27x80,589.37", 1))
    assert (wrong.state, Claim.objects.count()) == ("rejected", 0)
    colleague = make_person(Role.PREPARER, preparer.agency)
    bystander = make_person(Role.PREPARER, preparer.agency)
    answer(colleague, wrong)
    load_payroll(preparer, ADVANCE)
    assert parts(Claim.objects.get()) == {preparer.user.pk, colleague.user.pk}
    assert bystander.user.pk not in parts(Claim.objects.get())


@pytest.mark.parametrize(
    "rows",
    [
        [{"officer_id": "0042", "other": {"deep": ["123-45-6789"]}}],
        [{"officer_id": "0042"}, "123-45-6789"],
        [{"officer_id": "0042", "see 123-45-6789": "x"}],
        [{"officer_id": "0042", "ext_A123456789": "x"}],
        [{"officer_id": "0042", "ext_note": "123-45-6789"}],
    ],
)
def test_json_with_a_personal_number_anywhere_is_not_kept(preparer, rows):
    upload = Upload.of_json(json.dumps({"rows": rows}).encode())
    assert_not_kept(preparer, upload)


def test_a_json_value_behind_another_of_its_name_is_not_kept(preparer):
    twice = b'{"rows": [{"officer_id": "123\\u002d45-6789", "officer_id": "0042"}]}'
    assert_not_kept(preparer, Upload.of_json(twice))


def test_the_name_of_a_file_is_kept_without_a_personal_number(preparer):
    upload = Upload("Reyes 123-45-6789 A123456789.csv", "text/csv", [PAYROLL.encode()])
    batch = receive_payroll(actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=upload)
    assert batch.sent_name == "Reyes number number.csv"
    assert read(batch).document.filename == batch.sent_name


def assert_not_kept(preparer, upload):
    batch = read(
        receive_payroll(actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=upload)
    )
    assert (batch.state, batch.document, batch.faulty) == ("rejected", None, "")
    assert "6789" not in str([vars(found) for found in batch.findings.all()])


def test_a_colleague_who_matches_the_columns_has_prepared_the_claim_too(preparer):
    batch = load_payroll(preparer, LONG)
    colleague = make_person(Role.PREPARER, preparer.agency)
    read(match_payroll_columns(actor=colleague, batch=batch, mapping=BY_CODE))
    assert parts(Claim.objects.get()) >= {preparer.user.pk, colleague.user.pk}


def test_columns_matched_long_ago_make_nobody_a_preparer(preparer):
    colleague = make_person(Role.PREPARER, preparer.agency)
    first = load_payroll(colleague, LONG, dry_run=True)
    read(match_payroll_columns(actor=colleague, batch=first, mapping=BY_CODE))
    assert load_payroll(preparer, LONG).state == "accepted"
    assert colleague.user.pk not in parts(Claim.objects.get())


def test_names_are_found_on_the_roster_and_read_the_same_after_it_changed(preparer):
    batch = load_payroll(preparer, BY_NAME)
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=NAMED))
    assert batch.lines.get().officer_id == "0042"
    load_roster(
        preparer,
        "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from\n"
        "0043,Reyes,Ana,2020-01-01,TFM,2025-06-01,2025-06-01\n",
    )
    assert list(problems()) == []


def test_hundreds_of_names_nobody_knows_are_told_and_counted(preparer):
    header, row = BY_NAME.splitlines()
    rows = [row.replace("Reyes, Ana", f"Stranger{n}, Ana") for n in range(600)]
    batch = load_payroll(preparer, "\n".join([header, *rows]) + "\n")
    batch = read(match_payroll_columns(actor=preparer, batch=batch, mapping=NAMED))
    assert batch.state == "rejected"
    assert batch.findings.filter(code="name_not_on_roster").count() == 500
    assert "100" in batch.findings.get(code="more_of_the_same").message


def test_a_file_that_waits_for_its_columns_can_be_dropped(preparer):
    batch = load_payroll(preparer, LONG)
    withdraw_payroll(actor=preparer, batch=batch, reason="Wrong export")
    batch.refresh_from_db()
    assert (batch.state, batch.reason) == ("withdrawn", "Wrong export")
    with pytest.raises(Refused) as refusal:
        match_payroll_columns(actor=preparer, batch=batch, mapping=BY_CODE)
    assert refusal.value.fix
    assert list(problems()) == []


def test_a_corrected_cell_lets_the_file_count(preparer):
    batch = load_payroll(preparer, WRONG)
    colleague = make_person(Role.PREPARER, preparer.agency)
    corrected = read(correct_payroll(actor=colleague, batch=batch, edits=[RIGHT]))
    assert (corrected.state, corrected.rows, corrected.replaces) == ("accepted", 3, None)
    assert storage.read(corrected.document) == WRONG.encode()
    claim = Claim.objects.get()
    assert parts(claim) >= {preparer.user.pk, colleague.user.pk}
    assert set(contributors(claim.version)) >= {preparer.user, colleague.user}
    assert list(problems()) == []


def test_a_correction_of_an_accepted_file_takes_its_place(preparer):
    batch = load_payroll(preparer)
    edits = [Edit(2, "regular_pay", "2780.00", "2900.00"), Edit(4, LEAVE_OUT, "", "yes")]
    corrected = read(correct_payroll(actor=preparer, batch=batch, edits=edits))
    batch.refresh_from_db()
    assert (corrected.state, corrected.replaces, batch.state) == ("accepted", batch, "superseded")
    assert corrected.lines.count() == 2
    with pytest.raises(Refused) as refusal:
        correct_payroll(actor=preparer, batch=batch, edits=edits)
    assert refusal.value.code == "not_correctable"
    assert list(problems()) == []


def test_a_correction_that_does_not_fit_changes_nothing(preparer):
    batch = load_payroll(preparer)
    edit = Edit(2, "regular_pay", "1.00", "2900.00")
    corrected = read(correct_payroll(actor=preparer, batch=batch, edits=[edit]))
    batch.refresh_from_db()
    assert (corrected.state, batch.state) == ("rejected", "accepted")
    assert corrected.findings.filter(code="patch_does_not_fit").exists()


def test_a_file_is_sent_for_another_quarter_without_sending_it_again(preparer):
    first_row = "".join(PAYROLL.splitlines(keepends=True)[2:3])
    header = PAYROLL.splitlines(keepends=True)[0]
    batch = load_payroll(preparer, header + first_row, quarter=Quarter(2025, 4))
    assert batch.state == "rejected"
    moved = read(correct_payroll(actor=preparer, batch=batch, edits=[], quarter=QUARTER))
    assert (moved.state, moved.reference) == ("accepted", "FY2026Q1-1")
    assert moved.document == batch.document


def test_an_accepted_file_is_not_moved_to_another_quarter(preparer):
    batch = load_payroll(preparer)
    with pytest.raises(Refused) as refusal:
        correct_payroll(actor=preparer, batch=batch, edits=[], quarter=Quarter(2025, 4))
    assert refusal.value.code == "not_replaceable"


def test_a_correction_needs_something_to_correct(preparer):
    batch = load_payroll(preparer, WRONG)
    with pytest.raises(BadInput) as refusal:
        correct_payroll(actor=preparer, batch=batch, edits=[])
    assert refusal.value.code == "nothing_corrected"


def test_nothing_is_corrected_in_a_submitted_claim(preparer):
    batch = load_payroll(preparer)
    claim = Claim.objects.get()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    with pytest.raises(Refused) as refusal:
        correct_payroll(
            actor=preparer, batch=batch, edits=[Edit(2, "regular_pay", "2780.00", "1.00")]
        )
    assert refusal.value.code == "claim_submitted"


def test_a_trial_run_is_corrected_as_a_trial_run(preparer):
    batch = load_payroll(preparer, WRONG, dry_run=True)
    corrected = read(correct_payroll(actor=preparer, batch=batch, edits=[RIGHT]))
    assert (corrected.state, corrected.dry_run) == ("accepted", True)
    assert not Claim.objects.exists()


def test_the_same_file_sent_again_is_named(preparer):
    load_payroll(preparer)
    again = load_payroll(preparer)
    assert "same file as FY2026Q1-1" in again.reason


@pytest.mark.parametrize("content", [PAYROLL, WRONG])
@pytest.mark.parametrize("dry_run", [False, True])
def test_every_checked_file_is_summed_up_by_officer(preparer, content, dry_run):
    batch = load_payroll(preparer, content, dry_run=dry_run)
    summary = PayrollSummary.objects.get(batch=batch, officer_id="A-7")
    assert (summary.rows, summary.regular_pay, summary.benefits, summary.overtime_pay) == (
        1,
        2630_77,
        301_10,
        0,
    )


@pytest.mark.parametrize("content", [LONG, WRONG, PAYROLL])
def test_a_worker_that_dies_begins_again_with_the_same_result(preparer, content):
    batch = load_payroll(preparer, content)
    before = (batch.state, batch.document, batch.findings.count(), batch.sample, batch.faulty)
    Job.objects.filter(pk=batch.job_id).update(state="queued", attempts=0)
    batch = read(batch)
    assert (
        batch.state,
        batch.document,
        batch.findings.count(),
        batch.sample,
        batch.faulty,
    ) == before


def test_a_roster_sent_as_payroll_is_named_and_not_kept(preparer):
    batch = load_payroll(preparer, ROSTER)
    assert (batch.state, batch.needs_columns, batch.document) == ("rejected", False, None)
    assert batch.findings.get(severity="error").code == "wrong_kind_of_file"


def test_json_rows_of_a_form_are_read_like_a_file(preparer):
    names, *rows = [line.split(",") for line in PAYROLL.splitlines()]
    body = json.dumps({"rows": [dict(zip(names, row, strict=True)) for row in rows]}).encode()
    batch = receive_payroll(
        actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=Upload.of_json(body)
    )
    assert read(batch).state == "accepted"


def test_json_rows_have_the_names_of_the_template(preparer):
    body = json.dumps({"rows": [{"File #": "0042", "Gross": "1.00"}]}).encode()
    batch = read(
        receive_payroll(
            actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=Upload.of_json(body)
        )
    )
    assert (batch.state, batch.needs_columns) == ("rejected", False)
    assert batch.findings.filter(code="missing_column", column="officer_id").exists()
