"""What is kept of a file: never what is sensitive, always what is needed to read it again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.tabular import read_table, table_from_rows, write_xlsx
from portal.kernel.tabular.sensitive import NEVER_KEPT, reduced_rows, sensitive_columns
from tests.kernel.hostile.outcomes import HEADER, ROW, read, text
from tests.kernel.hostile.test_workbooks import book, merged

SENSITIVE = [
    *("SSN", "Employee SSN", "EmployeeSSN", "SS_N SSN", "Social Security #", "ext_ssn", "Tax ID"),
    *("Date of Birth", "DOB", "Birthdate", "Age", "Date of Birth Age", "Race", "Gender", "SEX"),
    *("Ethnic Group", "Military Status", "Disabled", "Union", "Unions All", "Religion", "EEO4"),
    *("Home Address", "Street1", "Street 2", "Zip", "ZIP Code", "Postal", "Email", "Cell Phone"),
    *(
        "Bank Account No",
        "Routing Number",
        "IBAN",
        "Checking Acct",
        "Marital Status",
        "Spouse Name",
    ),
]
HARMLESS = [
    *("Class Name", "Business Name", "Banked Hours", "GL Account Number", "Sick Leave Bank"),
    *(
        "Street Crimes Pay",
        "Military Leave Pay",
        "Disability Insurance Premium",
        "Union Leave Hours",
    ),
    *("City", "State", "Location", "Language Pay", "Page", "Wage", "Agency", "Grace Period Pay"),
    *("Detainee Transport OT Pay", "Coverage", "Stage", "Essex Unit", "Phone Allowance", "Trace"),
    *(*HEADER.split(","), "first_name", "benefit_health", "annual_salary", "credential_number"),
]


@pytest.mark.parametrize("name", SENSITIVE)
def test_sensitive_columns_are_dropped_or_refused(name: str) -> None:
    content = text(HEADER + "," + name, ROW + ",secret")
    reading = read(content)
    assert reading.table is not None
    assert name not in reading.table.header
    assert "secret" not in str(reading)
    assert [f.code for f in reading.findings] == ["sensitive_column_dropped"]
    refused = read_table(content)
    assert refused.table is None
    assert {f.code for f in refused.findings} == {"sensitive_column"} <= NEVER_KEPT


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_columns_stay(name: str) -> None:
    assert sensitive_columns([name]) == {}


def test_a_town_beside_a_street_is_an_address() -> None:
    assert set(sensitive_columns(["Street1", "City", "State", "Rank"])) == {0, 1, 2}


FILES = {
    "plain": text(HEADER + ",SSN", ROW + ",1"),
    "first column": text("SSN," + HEADER, "1," + ROW),
    "several": text("SSN," + HEADER + ",Race,Zip", "1," + ROW + ",x,02000"),
    "title, blank rows, totals": text(
        "Payroll, x", "", "Zip," + HEADER, "1," + ROW, "", "Total,,,5,", "1," + ROW
    ),
    "semicolons": b"sep=;\n" + text(HEADER + ",DOB", ROW + ",1").replace(b",", b";"),
    "utf-16": text(HEADER + ",DOB", ROW + "ñ,1").decode().encode("utf-16"),
    "line breaks": text(HEADER + ",DOB", ROW.replace("Reyes", '"Re\nyes"') + ",1", ROW + ",1"),
    "rows of another length": text(HEADER + ",DOB", ROW + ",1", "secret,2", ROW + ",secret,3,4"),
    "trailing columns": text(HEADER + ",DOB,,", ROW + ",1,,", ROW + ",2", ROW + ",3,"),
    "no name": text("," + HEADER + ",DOB", "x," + ROW + ",1"),
    "two of one name": text("a,a,DOB," + HEADER, "1,2,3," + ROW),
    "workbook": book(
        ["Roster"],
        [],
        ["DOB", *HEADER.split(","), "a", "a", None],
        [1, "0042", date(2025, 10, 31), 2780.5, "=1", True, "=1+1", "x"],
        [2, 42, datetime(2025, 1, 2, 8, 30), 1, "_x0041_ <&>", time(8), "#REF!", None],  # noqa: DTZ001 - a cell
        ["Total", None, None, 5],
        change=merged("C5:D5"),
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_the_reduced_file_read_again_is_the_same_table(name: str) -> None:
    reading = read(FILES[name])
    assert reading.reduced is not None
    again = read(reading.reduced)
    assert again.reduced is None
    assert again.table == reading.table
    assert b"secret" not in reading.reduced
    silent = {"sensitive_column_dropped", "other_delimiter", "other_encoding"}
    told = [(f.code, f.row) for f in reading.findings if f.code not in silent]
    assert [(f.code, f.row) for f in again.findings] == told


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.text("ab \",;\n\r\t=é'", max_size=6)] * 3), min_size=1, max_size=6))
def test_any_text_survives_in_the_reduced_file(rows: Sequence[tuple[str, ...]]) -> None:
    content = write_xlsx("x", ["a", "DOB", "b", "c"], [(r[0], "1", *r[1:]) for r in rows])
    reading = read_table(content, drop_sensitive=True, may_be_empty=True)
    if reading.reduced is not None:
        again = read_table(reading.reduced, drop_sensitive=True, may_be_empty=True)
        assert again.table == reading.table


def test_the_reduced_file_is_the_same_on_every_day() -> None:
    assert read(FILES["workbook"]).reduced == read(FILES["workbook"]).reduced


def test_nothing_is_rewritten_where_nothing_is_dropped() -> None:
    assert read(text(HEADER, ROW)).reduced is None


def test_json_rows_lose_the_same_columns() -> None:
    rows = [{"a": "1", "Date of Birth": "x"}, {"SSN": "y", "b": "2"}, "text"]
    assert reduced_rows(rows) == [{"a": "1"}, {"b": "2"}, "text"]
    reading = table_from_rows(rows[:2], drop_sensitive=True)
    assert reading.table == table_from_rows(reduced_rows(rows[:2])).table
    assert table_from_rows(rows[:2]).table is None


@pytest.mark.parametrize(
    "content",
    [
        text(HEADER, ROW, "Prepared by 123-45-6789"),
        text("By 123-45-6789", HEADER, ROW),
        text(HEADER + ",123-45-6789", ROW + ",x"),
        text(HEADER, ROW, "Total A123456789,,5,"),
        text(HEADER + ",note", ROW + ",A 123-456-789 held"),
    ],
)
def test_personal_numbers_are_found_wherever_they_stand_and_never_repeated(content: bytes) -> None:
    reading = read(content)
    assert NEVER_KEPT & {finding.code for finding in reading.findings}
    assert not re.search("6789|456-789", str(reading.findings))


@pytest.mark.parametrize(
    "value", ["555-1234", "2025-10-31", "10-31-2025", "1234-56-7890", "123-456-7890", "A12345678"]
)
def test_other_numbers_are_no_personal_numbers(value: str) -> None:
    assert read(text(HEADER + ",note", f"{ROW},{value}")).findings == []
