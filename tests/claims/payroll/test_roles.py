"""Exports of other payroll systems: suggested, matched, and read to the cent."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.payroll.parse import ParsedPayroll, parse_payroll
from claims.payroll.pay_periods import FREQUENCIES, first_day_of
from claims.payroll.roles import PAYROLL_TARGET
from portal.kernel.tabular import Reading, Table, read_table
from portal.kernel.tabular.mapping import (
    Mapping,
    People,
    apply_mapping,
    fits,
    problems_of,
    recognise,
    suggest,
)
from portal.kernel.tabular.mapping.model import header_key
from portal.kernel.tabular.mapping.names import split_name

REAL = Path(__file__).parents[4] / "shared" / "data" / "payroll"


def read(text: str) -> Table:
    table = read_table(text.encode(), recognise=recognise(PAYROLL_TARGET)).table
    assert table is not None
    return table


def completed(table: Table, changes: AnyMapping[str, str], fixed: AnyMapping[str, str]) -> Mapping:
    """What is suggested, with what the clerk changed and typed."""
    suggested = suggest(PAYROLL_TARGET, table)
    columns = tuple((header, changes.get(header, role)) for header, role in suggested.columns)
    codes = {**dict(suggested.codes), **{k[1:]: v for k, v in changes.items() if k[:1] == "#"}}
    return Mapping(columns, tuple(codes.items()), tuple({**dict(suggested.fixed), **fixed}.items()))


def take(
    text: str,
    people: People | None = None,
    changes: AnyMapping[str, str] | None = None,
    **fixed: str,
) -> ParsedPayroll:
    table = read(text)
    mapping = completed(table, changes or {}, fixed)
    assert problems_of(PAYROLL_TARGET, mapping, table) == []
    return parse_payroll(Reading(*apply_mapping(PAYROLL_TARGET, mapping, table, people)))


def errors(parsed: ParsedPayroll) -> list[tuple[str, int | None, str]]:
    return [(f.code, f.row, f.column) for f in parsed.findings if f.severity == "error"]


def test_the_template_fits_and_every_role_of_an_alias_exists() -> None:
    assert fits(PAYROLL_TARGET, PAYROLL_TARGET.layout.template_header())
    for role, _ in PAYROLL_TARGET.aliases.columns.values():
        assert not role or PAYROLL_TARGET.role(role), role
    for role in (*dict(PAYROLL_TARGET.aliases.patterns).values(),):
        assert PAYROLL_TARGET.role(role), role
    for role in PAYROLL_TARGET.aliases.codes.values():
        assert PAYROLL_TARGET.code_role(role), role


def test_yearly_earnings_by_name_are_read_with_their_signs() -> None:
    people = People([("7", "Kovar", "Karo Y"), ("8", "Wevin", "Mip D")])
    parsed = take(
        "NAME,TITLE,REGULAR,RETRO,OVERTIME,DETAIL,QUINN,TOTAL EARNINGS\n"
        '"Kovar,Karo Y",Officer,$82684.48,$13504.25,$18172.27,$54367.00,$-1673.96,$167054.04\n'
        '"Wevin,Mip D",Officer,"83,466.17",,"36,429.75",,"-1,696.85","118,199.07"\n',
        people,
        period_start="2025-10-01",
        period_end="2025-12-31",
        paid_on="2025-12-31",
        periods_a_year="4",
    )
    assert errors(parsed) == []
    first, second = parsed.rows
    assert (first.officer_id, first.regular_pay, first.overtime_pay) == ("7", 8101052, 1817227)
    assert first.annual_salary == 4 * 8101052
    assert (second.officer_id, second.regular_pay) == ("8", 8176932)
    told = {(f.code, f.column): f.message for f in parsed.findings}
    assert "$13,504.25 in 1 row" in told["excluded_pay", "RETRO"]
    assert "$54,367.00" in told["excluded_pay", "DETAIL"]
    assert ("computed_column", "annual_salary") in told


def test_a_register_with_pay_codes_becomes_a_row_for_each_period() -> None:
    parsed = take(
        "Company: City of X\n"
        "CompanyNumber,EmployeeNumber,LastName,FirstName,Pay Date,Pay Period End Date,CategoryCode,"
        "Hours,Dollars,Hourly Rate\n"
        "1,00417,Garza,Dana,10/30/2025,10/25/2025,REG,80,2780.00,34.75\n"
        "1,00417,Garza,Dana,10/30/2025,10/25/2025,OT,12.25,638.53,52.125\n"
        "1,00417,Garza,Dana,10/30/2025,10/25/2025,REG,-8,-278.00,34.75\n"
        "1,00417,Garza,Dana,10/30/2025,10/25/2025,HLTH ER,,392.31,0\n"
        "1,00417,Garza,Dana,10/30/2025,10/25/2025,DETAIL,6,400.00,0\n"
        "1,00418,Chan,Lee,10/30/2025,10/25/2025,LUMP SUM,,9000.00,0\n",
        changes={"#HLTH ER": "benefit:health"},
        frequency="biweekly",
        hours_a_year="2080",
    )
    assert errors(parsed) == []
    (row,) = parsed.rows
    assert row.row == 3
    assert row.officer_id == "00417"
    assert row.period == (date(2025, 10, 12), date(2025, 10, 25))
    assert (row.regular_pay, row.overtime_pay, row.overtime_hours) == (
        250200,
        63853,
        Decimal("12.25"),
    )
    assert row.annual_salary == 7228000
    assert row.benefits == (("health", 39231),)
    assert row.ext == {"ext_rows": "3, 4, 5, 6, 7"}


def test_a_file_of_nothing_but_overtime_codes_has_no_regular_pay() -> None:
    parsed = take(
        "Employee ID,Period End,Pay Date,Annual Salary,Pay Code,Amount\n"
        "1,2025-10-25,2025-10-30,52000.00,OT,5.00\n",
        frequency="biweekly",
    )
    assert errors(parsed) == []
    (row,) = parsed.rows
    assert (row.regular_pay, row.overtime_pay, row.annual_salary) == (0, 500, 5200000)
    assert "blank_taken_as_none" in {f.code for f in parsed.findings}


def test_a_row_without_regular_pay_has_the_salary_of_the_officers_row_before() -> None:
    parsed = take(
        "Employee ID,Period End,Pay Date,Pay Code,Amount\n"
        "1,2025-11-22,2025-11-26,OT,5.00\n"
        "1,2025-10-25,2025-10-30,REG,2000.00\n"
        "1,2025-12-06,2025-12-11,REG,3000.00\n"
        "2,2025-10-25,2025-10-30,OT,6.00\n"
        "2,2025-11-08,2025-11-13,REG,1000.00\n",
        frequency="biweekly",
        periods_a_year="26",
    )
    assert errors(parsed) == []
    salaries = {(row.officer_id, row.overtime_pay): row.annual_salary for row in parsed.rows}
    assert salaries["1", 500] == 26 * 200000
    assert salaries["2", 600] == 26 * 100000


def test_a_salary_nothing_gives_is_asked_for_and_never_zero() -> None:
    parsed = take(
        "Employee ID,Period End,Pay Date,Pay Code,Amount\n1,2025-10-25,2025-10-30,OT,5.00\n",
        frequency="biweekly",
        periods_a_year="26",
    )
    assert errors(parsed) == [("salary_not_known", 2, "annual_salary")]
    assert parsed.rows == []


def test_a_wide_register_of_many_columns_is_suggested_as_it_is_meant() -> None:
    table = read(
        "CO.,Payroll Name,FILE#,PAY DATE,Period End Date,Annual Salary,Regular Earnings Total,"
        "Overtime Earnings Total,D_Double Time_Additional Earnings,V_Vacation Payout_Additional Earnings,"
        "DBLTIME HRS,Gross Pay\n"
        'X,"Garza, Dana",000417,10/30/2025,10/25/2025,72280.00,2780.00,100.00,50.00,10.00,2,2940\n'
    )
    roles = {header: role for header, role in suggest(PAYROLL_TARGET, table).columns if role}
    assert roles == {
        "FILE#": "officer_id",
        "PAY DATE": "paid_on",
        "Period End Date": "period_end",
        "Annual Salary": "annual_salary",
        "Regular Earnings Total": "regular_pay",
        "Overtime Earnings Total": "overtime_pay",
        "D_Double Time_Additional Earnings": "overtime_pay",
        "V_Vacation Payout_Additional Earnings": "excluded:leave_payout",
        "DBLTIME HRS": "overtime_hours",
    }


@pytest.mark.parametrize(
    "header",
    [
        "Employee ID-Entity ID,Payroll End Date,Pay Code,Hours,Amount,Department",
        "Employee,Earning/Deduction,Check Date,Amount",
        "EmployeeID,Code,PeriodStartDate,PeriodEndDate,CheckDate,NetWages",
        "name,department,job title,check number,check date,total pay,base pay,overtime pay,other pay",
        "File #,First Name,Last Name,Reg Hours,Reg Earnings,O/T Hours,O/T Earnings,Home Dept",
    ],
)
def test_headers_of_other_systems_are_recognised_and_data_is_not(header: str) -> None:
    known = recognise(PAYROLL_TARGET)
    assert known(header.split(",")) >= 4
    assert known(["000417", "Garza, Dana", "08/24/2024", "8.99", "12 Main", "Patrol"]) == 0


def test_benefits_in_columns_are_kept_by_name() -> None:
    parsed = take(
        "Employee ID,Period Start,Period End,Pay Date,Salary,Regular Pay,HealthDentalVision,"
        "DefinedBenefitPlanContribution,TotalRetirementAndHealthContribution\n"
        "1,2025-10-12,2025-10-25,2025-10-30,72280,2780,100.50,200,300.50\n"
    )
    assert parsed.rows[0].benefits == (("health", 10050), ("pension", 20000))
    assert errors(parsed) == []


def test_a_payday_can_be_counted_from_the_end_of_the_period_and_back() -> None:
    for column, day in (("Period End", "2025-10-25"), ("Check Date", "2025-10-30")):
        parsed = take(
            f"Employee ID,{column},Salary,Regular Pay\n1,{day},72280,2780\n",
            frequency="biweekly",
            payday_after_days="5",
        )
        assert errors(parsed) == []
        assert parsed.rows[0].period == (date(2025, 10, 12), date(2025, 10, 25))
        assert parsed.rows[0].paid_on == date(2025, 10, 30)


def test_a_period_that_fits_no_frequency_is_an_error() -> None:
    parsed = take(
        "Employee ID,Period End,Pay Date,Salary,Regular Pay\n"
        "1,2025-10-15,2025-10-20,72280,2780\n1,2025-10-25,2025-10-30,72280,2780\n",
        frequency="semimonthly",
    )
    assert errors(parsed) == [("period_not_regular", 3, "period_end")]


COMPLETE = {
    "Id": "officer_id",
    "Start": "period_start",
    "End": "period_end",
    "Paid": "paid_on",
    "Salary": "annual_salary",
    "Reg": "regular_pay",
}


@pytest.mark.parametrize(
    ("changes", "fixed", "words"),
    [
        ({}, {}, ""),
        ({"Start": ""}, {}, "Nothing says when the pay periods begin"),
        ({"Start": ""}, {"frequency": "weekly"}, ""),
        ({}, {"frequency": "weekly"}, "also to be counted back"),
        ({"Paid": ""}, {"payday_after_days": "5"}, ""),
        ({}, {"payday_after_days": "5"}, "are both given"),
        ({"Paid": "", "End": ""}, {"payday_after_days": "5"}, "Nothing says when"),
        ({"Salary": ""}, {}, "The annual salary is missing"),
        ({"Salary": "hourly_rate"}, {}, "belong together"),
        ({"Salary": "hourly_rate"}, {"hours_a_year": "2080"}, ""),
        ({"Salary": "hourly_rate"}, {"hours_a_year": "2080.5"}, "is not a whole number"),
        ({}, {"periods_a_year": "26"}, "in more than one way"),
        ({"Reg": ""}, {}, "No column holds the regular pay"),
        ({"Reg": "amount"}, {}, "belong together"),
        ({"Reg": "amount", "More": "pay_code"}, {}, ""),
        ({"Reg": "amount", "More": "pay_code", "Last": "benefit:x"}, {}, "count in every row"),
        ({"More": "benefit:health", "Last": "benefit_total"}, {}, "would count twice"),
        ({"More": "hours"}, {}, "belong together"),
    ],
)
def test_what_is_missing_or_contradictory_is_said(
    changes: dict[str, str], fixed: dict[str, str], words: str
) -> None:
    mapping = Mapping(tuple({**COMPLETE, **changes}.items()), fixed=tuple(fixed.items()))
    gaps = problems_of(PAYROLL_TARGET, mapping)
    assert [gap for gap in gaps if words not in gap.text] == ([] if words else gaps)
    assert bool(gaps) == bool(words)


@pytest.mark.parametrize(
    ("frequency", "end", "start"),
    [
        ("weekly", date(2025, 10, 4), date(2025, 9, 28)),
        ("biweekly", date(2025, 10, 4), date(2025, 9, 21)),
        ("semimonthly", date(2025, 10, 15), date(2025, 10, 1)),
        ("semimonthly", date(2024, 2, 29), date(2024, 2, 16)),
        ("semimonthly", date(2025, 10, 16), None),
        ("monthly", date(2025, 11, 30), date(2025, 11, 1)),
        ("monthly", date(2025, 3, 25), date(2025, 2, 26)),
        ("monthly", date(2025, 3, 30), None),
        ("yearly", date(2025, 12, 31), date(2025, 1, 1)),
        ("yearly", date(2024, 2, 28), None),
    ],
)
def test_the_first_day_follows_from_the_last(frequency: str, end: date, start: date | None) -> None:
    assert first_day_of(frequency, end) == start


@given(
    st.sampled_from([code for code, _ in FREQUENCIES]),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_a_period_begins_before_it_ends_and_within_a_year(frequency: str, end: date) -> None:
    start = first_day_of(frequency, end)
    assert start is None or 6 <= (end - start).days <= 365


@pytest.mark.parametrize(
    "name",
    ["format_sample_2014.csv", "format_sample_2022.csv", "riverhead_ny_police_2018_2023.csv"],
)
def test_real_earnings_add_up_to_the_cent(name: str) -> None:
    if not (path := REAL / name).exists():
        pytest.skip("the folder with real payroll files is not here")
    reading = read_table(path, recognise=recognise(PAYROLL_TARGET), drop_sensitive=True)
    table = reading.table
    assert table is not None
    fixed = {"period_start": "2025-10-01", "period_end": "2025-12-31", "paid_on": "2025-12-31"}
    mapping = completed(table, {}, {**fixed, "periods_a_year": "1"})
    assert problems_of(PAYROLL_TARGET, mapping, table) == []
    place = [header_key(header) for header in table.header].index("name")
    names = dict.fromkeys(split_name(str(row[place])) for row in table.rows)
    people = People((str(n), name.last, name.first) for n, name in enumerate(names))
    result, findings = apply_mapping(PAYROLL_TARGET, mapping, table, people)
    bad = {f.row for f in findings if f.severity == "error"}
    assert len(result.rows) == len(table.rows) - len(bad)
    columns = [n for n, (_, role) in enumerate(mapping.columns) if role == "overtime_pay"]
    sent = sum(
        Decimal(str(row[column]).replace("$", "").replace(",", "") or 0)
        for number, row in zip(table.numbers, table.rows, strict=True)
        for column in columns
        if number not in bad
    )
    got = result.header.index("overtime_pay")
    assert sum(Decimal(str(row[got]) or 0) for row in result.rows) == sent
