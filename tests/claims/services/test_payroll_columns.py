"""An export of any kind counts once its columns are matched; what was added up or looked up is told."""

from __future__ import annotations

import json

import pytest

from claims.models import Claim, PayrollBatch
from claims.services.payroll import match_payroll_columns, withdraw_payroll
from claims.verification import problems
from portal.intake.faulty import Faulty
from portal.kernel.errors import Refused
from portal.kernel.tabular.mapping import Mapping
from tests.claims.exports import BY_CODE, BY_NAME, LONG, NAMED, read
from tests.factories import PAYROLL, load_payroll, load_roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


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
