"""Tables out: nothing a spreadsheet would calculate, numbers still numbers; and templates."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.roster_layout import ROSTER
from claims.payroll.layout import PAYROLL
from portal.kernel.tabular import Layout, read_table, template_csv, template_xlsx
from portal.kernel.tabular.export import inert, write_csv, write_xlsx

HOSTILE = ["=1+1", "+1+1", "@SUM(A1)", "-2+3", "\t=1", "\r=1", " =1", "＝1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", HOSTILE)
def test_formulas_are_inert_in_rows_and_headers(text: str) -> None:
    (header, row) = csv.reader(io.StringIO(write_csv([text], [[text]]).decode(), newline=""))
    assert header == row == ["'" + text]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx("Any", [text], [[text]]))).active
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


@given(st.text())
def test_no_written_text_starts_like_a_formula(text: str) -> None:
    shown = inert(text).lstrip()
    assert not shown or shown[0] not in "=@" or text[:1] not in "=@"
    assert inert(text).endswith(text)


def test_numbers_stay_numbers() -> None:
    row = ["-12.50", "0042", Decimal("-1.50"), 7, date(2025, 10, 31), None]
    content = write_csv([*"abcdef"], [row]).decode()
    assert content.splitlines()[1] == "-12.50,0042,-1.50,7,2025-10-31,"
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx("Any", [*"abcdef"], [row]))).active
    values = [cell.value for cell in sheet[2]]
    assert values[:4] == ["-12.50", "0042", -1.5, 7]
    assert values[4].date() == date(2025, 10, 31)


def test_text_that_xml_cannot_hold_is_written_without_it() -> None:
    content = write_xlsx("Any", ["a"], [["x\x00\x1b\ud800y"]])
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value == "xy"


@pytest.mark.parametrize("layout", [PAYROLL, ROSTER])
@pytest.mark.parametrize("template", [template_csv, template_xlsx])
def test_an_empty_template_is_read_and_wants_rows(layout: Layout, template: object) -> None:
    content = template(layout)  # type: ignore[operator]  # it is a function
    assert [finding.code for finding in read_table(content).findings] == ["no_rows"]
    table = read_table(content, may_be_empty=True).table
    assert table is not None
    matched, findings = layout.match(table)
    assert findings == []
    assert not matched.ignored


@pytest.mark.parametrize("layout", [PAYROLL, ROSTER])
def test_a_template_filled_in_with_the_examples_is_read(layout: Layout) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(layout)))
    book.worksheets[0].append([column.example for _, column in layout.template_columns()])
    filled = io.BytesIO()
    book.save(filled)
    reading = read_table(filled.getvalue())
    assert reading.findings == []
    assert reading.table is not None
    assert len(reading.table.rows) == 1


@pytest.mark.parametrize("layout", [PAYROLL, ROSTER])
def test_the_printed_page_has_every_column(layout: Layout) -> None:
    lines = layout.documentation()
    assert [line.column for line in lines] == [column.name for column in layout.columns]
    assert all(all(line) for line in lines)
