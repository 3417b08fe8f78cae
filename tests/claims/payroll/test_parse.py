"""Payroll files into rows: every amount exact, blanks as the layout says, doubts as findings."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.payroll.layout import PAYROLL
from claims.payroll.parse import ParsedPayroll, PayrollRow, parse_payroll
from portal.kernel import money
from portal.kernel.tabular import read_table, table_from_rows, write_csv, write_xlsx

HEADER = (
    "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_hours,"
    "overtime_pay,overtime_paid_by_others"
)
ROW = "0042,2025-10-12,2025-10-25,2025-10-30,72280.00,2780.00,12.25,589.37,"


def parse(*rows: str, header: str = HEADER) -> ParsedPayroll:
    return parse_payroll(read_table("\n".join([header, *rows]).encode()))


def found(parsed: ParsedPayroll) -> list[tuple[str, int | None, str]]:
    return [(finding.code, finding.row, finding.column) for finding in parsed.findings]


def test_a_row_is_read_to_the_cent() -> None:
    parsed = parse(ROW)
    assert parsed.findings == []
    assert parsed.rows == [
        PayrollRow(
            row=2,
            officer_id="0042",
            period_start=date(2025, 10, 12),
            period_end=date(2025, 10, 25),
            paid_on=date(2025, 10, 30),
            annual_salary=7228000,
            regular_pay=278000,
            overtime_hours=Decimal("12.25"),
            overtime_pay=58937,
            overtime_paid_by_others=0,
            benefits=(),
            ext={},
        )
    ]
    assert parsed.rows[0].days == 14
    assert parsed.rows[0].submitted == 278000 + 58937


def test_benefits_are_kept_by_component_without_those_of_zero() -> None:
    parsed = parse(
        ROW + ",100.00,0,",
        ROW + ",,25.50,",
        ROW + ",,,1322.21",
        header=HEADER + ",benefit_health,Benefit Workers Comp,benefit_total",
    )
    assert parsed.findings == []
    assert [row.benefits for row in parsed.rows] == [
        (("health", 10000),),
        (("workers_comp", 2550),),
        (("total", 132221),),
    ]


def test_a_total_of_benefits_beside_its_parts_is_an_error_of_that_row() -> None:
    parsed = parse(
        ROW + ",100.00,100.00", ROW + ",100.00,", header=HEADER + ",benefit_health,benefit_total"
    )
    assert found(parsed) == [("benefits_twice", 2, "benefit_total")]
    assert [row.row for row in parsed.rows] == [3]


def test_the_agencys_own_columns_are_kept() -> None:
    parsed = parse(ROW + ",East", ROW + ",", header=HEADER + ",ext_Unit")
    assert [row.ext for row in parsed.rows] == [{"ext_unit": "East"}, {}]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (ROW.replace("0042", ""), "required_value", "officer_id"),
        (ROW.replace("0042", "1.01E+02"), "bad_id", "officer_id"),
        (ROW.replace("2025-10-12", "10/12/25"), "bad_date", "period_start"),
        (ROW.replace("2025-10-25", ""), "required_value", "period_end"),
        (ROW.replace("2025-10-30", "2025-02-30"), "bad_date", "paid_on"),
        (ROW.replace("72280.00", "72280.005"), "parts_of_a_cent", "annual_salary"),
        (ROW.replace("2780.00", ""), "required_value", "regular_pay"),
        (ROW.replace("2780.00", "-2780.00"), "negative_money", "regular_pay"),
        (ROW.replace("12.25", "12:15"), "bad_hours", "overtime_hours"),
        (ROW.replace("589.37", "1_000"), "bad_money", "overtime_pay"),
        (ROW + "N/A", "bad_money", "overtime_paid_by_others"),
    ],
)
def test_what_cannot_be_read_is_a_finding_with_row_and_column_and_never_zero(
    row: str, code: str, column: str
) -> None:
    parsed = parse(ROW, row, ROW)
    assert found(parsed) == [(code, 3, column)]
    assert [row.row for row in parsed.rows] == [2, 4]


def test_an_unquoted_thousands_separator_is_a_row_of_another_length() -> None:
    assert found(parse(ROW.replace("2780.00", "2,780.00"))) == [("row_length", 2, "")]
    assert parse(ROW.replace("2780.00", '"$2,780.00"')).rows == parse(ROW).rows


def test_a_file_with_a_forbidden_column_gives_no_rows_at_all() -> None:
    parsed = parse(ROW + ",123-45-6789", header=HEADER + ",SSN")
    assert parsed.rows == []
    assert [code for code, *_ in found(parsed)] == ["sensitive_column"]
    assert "6789" not in str(parsed.findings)


def test_a_refused_file_keeps_its_one_finding() -> None:
    parsed = parse_payroll(read_table(b"%PDF-1.7"))
    assert parsed.rows == []
    assert [code for code, *_ in found(parsed)] == ["wrong_file_type"]


def test_json_rows_are_read_like_a_file() -> None:
    names = HEADER.split(",")
    sent: dict[str, object] = dict(zip(names, ROW.split(","), strict=True))
    expected = parse(ROW).rows[0]._replace(row=1)
    assert parse_payroll(table_from_rows([sent])).rows == [expected]
    sent |= {"regular_pay": 2780, "overtime_paid_by_others": None}
    assert parse_payroll(table_from_rows([sent])).rows == [expected]
    parsed = parse_payroll(table_from_rows([sent | {"regular_pay": 2780.0}]))
    assert found(parsed) == [("wrong_cell", 1, "regular_pay")]


dates = st.dates(date(1950, 1, 1), date(2100, 12, 31))
cents = st.integers(0, 10**11 - 1)
rows_written = st.lists(st.tuples(dates, dates, dates, cents, cents, cents, cents), min_size=1)


@settings(deadline=None)
@given(rows_written)
def test_csv_and_workbook_give_back_what_was_written(
    written: list[tuple[date, date, date, int, int, int, int]],
) -> None:
    header = [*PAYROLL.template_header()[:6], "overtime_pay", "benefit_health"]
    lines = [
        [f"{n:04d}", *days, *map(money.dollars, amounts)]
        for n, (*days, _, _, _, _) in enumerate(written)
        for amounts in [written[n][3:]]
    ]
    for content in (write_csv(header, lines), write_xlsx("Payroll", header, lines)):
        parsed = parse_payroll(read_table(content))
        assert parsed.findings == []
        assert [
            (*row[2:7], row.overtime_pay, dict(row.benefits).get("health", 0))
            for row in parsed.rows
        ] == written


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode))
def test_no_content_makes_the_reader_raise(content: bytes) -> None:
    parse_payroll(read_table(content))
    parse_payroll(read_table(HEADER.encode() + b"\n" + content))
    parse_payroll(read_table(b"PK\x03\x04" + content))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)
json_rows = st.lists(
    st.dictionaries(
        st.sampled_from([*HEADER.split(","), "ext_x", "benefit_y"]) | st.text(), json_values
    )
    | json_values,
    max_size=5,
)


@settings(deadline=None)
@given(json_rows)
def test_no_json_makes_the_reader_raise(rows: list[object]) -> None:
    parsed = parse_payroll(table_from_rows(rows))
    for finding in parsed.findings:
        f"{finding.message}{finding.value}".encode()


def test_a_workbook_of_the_template_is_read() -> None:
    header = PAYROLL.template_header()
    example = [column.example for _, column in PAYROLL.template_columns()]
    parsed = parse_payroll(read_table(io.BytesIO(write_xlsx("Payroll", header, [example])).read()))
    assert parsed.findings == []
    assert len(parsed.rows) == 1
