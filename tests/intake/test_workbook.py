"""The error workbook: no formula in it, and what comes back is told apart from what went out."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from portal.intake.return_sheet import FILE, OUT, RETURN_SHEET, ROW
from portal.intake.workbook import edits_of, error_workbook, name_of, read_returned
from portal.kernel.findings import Catalogue, Kind, Severity
from portal.kernel.tabular.apart import Limits, read_sheet_apart
from portal.kernel.tabular.export import write_csv
from portal.kernel.tabular.patch import LEAVE_OUT, MAX_TEXT, Edit
from portal.kernel.tabular.table import Table

HEADER = ("Emp No", "Pay", "Note")
ROWS = {"3": ["0042", "27x0", "=1+1"], "7": ["A-7", "", "late"]}
CATALOGUE = Catalogue(
    [
        Kind("bad_money", Severity.ERROR, "Amount that cannot be read", "{value}", "Write 1.50."),
        Kind("salary_zero", Severity.WARNING, "Salary of zero", "Zero.", "Fill it in."),
    ]
)


class Findings:
    """A batch as far as its workbook goes."""

    verbose_name = "payroll batch"


def batch(groups=None, rows=ROWS, **facts):
    faulty = {
        "header": HEADER,
        "sources": {"regular_pay": ["Pay"]},
        "rows": rows,
        "total": 9,
        "groups": groups or {},
    }
    return SimpleNamespace(
        agency=SimpleNamespace(number="A00042"),
        reference="FY2026Q1-1",
        sent_name="october.csv",
        _meta=Findings,
        faulty=json.dumps(faulty),
        **facts,
    )


def finding(number, code, row, **facts):
    found = CATALOGUE.finding(code, row=row, **facts)
    return SimpleNamespace(
        number=number,
        fingerprint="",
        **{name: getattr(found, name) for name in found.__slots__ if name != "about"},
    )


FOUND = [
    finding(1, "bad_money", 3, column="regular_pay", value="27x0", officer_id="0042"),
    finding(2, "salary_zero", 7, column="regular_pay", officer_id="A-7", dollars="12.50"),
    finding(3, "salary_zero", None, officer_id="+1"),
]


@pytest.fixture
def sheets():
    content = error_workbook(batch(), FOUND, CATALOGUE.kinds)
    return load_workbook(io.BytesIO(content))


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def returned(book):
    reading = read_returned(saved(book))
    assert reading.table is not None, reading.findings
    return edits_of(reading.table, batch())


def test_the_four_sheets_are_there_and_hold_no_formula(sheets):
    assert sheets.sheetnames == ["Read me", "By officer", "By rule", RETURN_SHEET]
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


def test_faulty_cells_are_coloured_and_say_what_is_wrong(sheets):
    sheet = sheets[RETURN_SHEET]
    assert [cell.value for cell in sheet[1]] == [FILE, ROW, "What to fix", OUT, *HEADER]
    wrong, doubtful, fine = sheet["F2"], sheet["F3"], sheet["E2"]
    assert "Write 1.50." in wrong.comment.text
    assert wrong.fill.fgColor.rgb != doubtful.fill.fgColor.rgb
    assert fine.comment is None
    assert (fine.value, fine.number_format) == ("0042", "@")


def test_every_row_that_was_added_up_says_what_to_fix():
    content = error_workbook(batch({"3": [3, 7]}), FOUND[:1], CATALOGUE.kinds)
    sheet = load_workbook(io.BytesIO(content))[RETURN_SHEET]
    assert sheet["C2"].value.startswith("Error: 27x0")
    assert sheet["C3"].value.startswith("Part of row 3: Error: 27x0")
    assert sheet["F2"].comment.text == sheet["F3"].comment.text


def test_what_a_workbook_cannot_show_is_no_correction():
    sent_out = batch(rows={"3": ["0042", "27\x07x0", "a\u200bb\r\nc" + "x" * 490]})
    book = load_workbook(io.BytesIO(error_workbook(sent_out, FOUND[:1], CATALOGUE.kinds)))
    book[RETURN_SHEET]["E2"] = "0043"
    edits, findings = edits_of(read_returned(saved(book)).table, sent_out)
    assert (edits, findings) == ([Edit(3, "Emp No", "0042", "0043")], [])


def test_a_correction_that_is_too_long_is_refused(sheets):
    sheets[RETURN_SHEET]["F2"] = "7" * (MAX_TEXT + 1)
    _, findings = returned(sheets)
    (finding,) = findings
    assert (finding.code, finding.row, finding.column) == ("returned_value_too_long", 2, "Pay")
    assert "501 characters" in finding.message


def test_a_sheet_that_costs_too_much_to_read_is_refused(sheets):
    reading = read_sheet_apart(saved(sheets), RETURN_SHEET, Limits(wall_seconds=0))
    assert [finding.code for finding in reading.findings] == ["file_too_costly"]


def test_nothing_changed_is_refused(sheets):
    edits, findings = returned(sheets)
    assert edits == []
    assert [finding.code for finding in findings] == ["returned_unchanged"]


def test_what_was_typed_becomes_edits_and_a_tick_leaves_the_row_out(sheets):
    sheet = sheets[RETURN_SHEET]
    sheet["F2"] = 2780.5
    sheet["D3"] = "Yes"
    sheet["G3"] = "a row that is left out is not corrected too"
    edits, findings = returned(sheets)
    assert findings == []
    assert edits == [Edit(3, "Pay", "27x0", "2780.5"), Edit(7, LEAVE_OUT, "", "yes")]


def test_rows_may_be_deleted_before_it_goes_back(sheets):
    sheet = sheets[RETURN_SHEET]
    sheet["F3"] = "10.00"
    sheet.delete_rows(2)
    edits, findings = returned(sheets)
    assert (edits, findings) == ([Edit(7, "Pay", "", "10.00")], [])


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("A2", "A00042 payroll batch FY2026Q1-2", "returned_to_other_file"),
        ("B2", 4, "returned_row_unknown"),
        ("B2", "three", "returned_row_unknown"),
        ("B2", 7, "returned_row_twice"),
        ("F1", "Payment", "returned_column_unknown"),
        ("D2", "perhaps", "returned_leave_out_unclear"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_else_matters(sheets, cell, value, code):
    sheets[RETURN_SHEET][cell] = value
    _, findings = returned(sheets)
    assert [finding.code for finding in findings] == [code]


def test_another_workbook_is_refused():
    content = write_csv(["officer_id", "regular_pay"], [["0042", "1.00"]])
    reading = read_returned(content)
    assert reading.table is None
    assert [finding.code for finding in reading.findings] == ["not_the_returned_rows"]
    table = Table(("officer_id",), [["0042"]], [2])
    assert edits_of(table, batch())[1][0].code == "not_the_returned_rows"


def test_the_sheet_saved_as_csv_comes_back_just_as_well():
    content = write_csv(
        [FILE, ROW, "What to fix", OUT, *HEADER],
        [[name_of(batch()), 3, "", "", "0042", "2780.00", "=1+1"]],
    )
    reading = read_returned(content)
    assert edits_of(reading.table, batch()) == ([Edit(3, "Pay", "27x0", "2780.00")], [])
