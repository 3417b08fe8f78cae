"""Workbooks as programs and people really write them, and some that nobody should."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.kernel.hostile.outcomes import HEADER, outcome, read

NAMES = HEADER.split(",")
ROW: list[object] = ["0042", date(2025, 10, 31), 2780.5, "Reyes"]
SHEET = "xl/worksheets/sheet1.xml"


def book(*rows: list[object], change: Callable[[Worksheet], object] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in rows or ([*NAMES], ROW):
        sheet.append(row)
    if change:
        change(sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def parts_changed(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def with_part(name: str, part: bytes) -> bytes:
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, part)
    return out.getvalue()


def with_value(column: int, value: object, number_format: str = "General") -> bytes:
    def change(sheet: Worksheet) -> None:
        cell = sheet.cell(2, column)
        cell.value = value
        cell.number_format = number_format

    return book(change=change)


def inline(_: str, part: bytes) -> bytes:
    """Text in the cells themselves, as many exporters write it."""
    return re.sub(
        rb'<c r="([A-Z]+\d+)" t="s"><v>(\d+)</v></c>',
        lambda m: b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (m[1], _STRINGS[int(m[2])]),
        part,
    )


_STRINGS = [name.encode() for name in (*NAMES, "0042", "Reyes")]
_STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def strict(_: str, part: bytes) -> bytes:
    for usual, other in _STRICT.items():
        part = part.replace(usual, other)
    return part


def iso_day(_: str, part: bytes) -> bytes:
    return re.sub(rb'<c r="B2"[^>]*><v>[^<]*</v>', b'<c r="B2" t="d"><v>2025-10-31</v>', part)


def absolute(name: str, part: bytes) -> bytes:
    return (
        part.replace(b'Target="worksheets', b'Target="/xl/worksheets') if ".rels" in name else part
    )


def merged(area: str) -> Callable[[Worksheet], object]:
    return lambda sheet: sheet.merge_cells(area)


def more_sheets(*names: str, filled: bool) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for name in names:
            other = sheet.parent.create_sheet(name)
            other["B7"] = "x" if filled else None

    return change


TITLE: list[object] = ["Sworn roster, October"]
ACCEPTED = {
    "plain": book(),
    "inline text": parts_changed(book(), inline),
    "strict": parts_changed(book(), strict),
    "days as text of the format": parts_changed(book(), iso_day),
    "absolute targets": parts_changed(book(), absolute),
    "text dates": with_value(2, "10/31/2025"),
    "numbers as text": with_value(3, "2780.50"),
    "whole number as id": with_value(1, 42),
    "float noise": with_value(3, 0.1 + 0.2),
    "date with a time format": with_value(2, datetime(2025, 10, 31), "yyyy-mm-dd"),  # noqa: DTZ001 - a cell
    "empty other sheets": book(change=more_sheets("Sheet2", "Sheet3", filled=False)),
    "our instructions": book(change=more_sheets("Instructions", filled=True)),
    "rich text": with_value(4, CellRichText("Re", TextBlock(InlineFont(b=True), "yes"))),
    "comment": book(change=lambda s: setattr(s["A1"], "comment", Comment("as paid", "clerk"))),
    "formula-like text": book([*NAMES], ["0042", date(2025, 10, 31), 5, "'=1+1"]),
    "blank rows between": book([*NAMES], [], ROW, [], []),
}
TOLD = {
    "merged title": (book(TITLE, [*NAMES], ROW, change=merged("A1:D1")), "title_rows_skipped"),
    "title and blank row": (book(TITLE, [], [*NAMES], ROW), "title_rows_skipped"),
    "total with formula": (
        book([*NAMES], ROW, ["Total", None, "=SUM(C2:C2)"]),
        "total_row_skipped",
    ),
    "merged total": (
        book([*NAMES], ROW, ["Total", None, 5], change=merged("A3:B3")),
        "total_row_skipped",
    ),
    "header at each page": (book([*NAMES], ROW, [*NAMES], ROW), "header_repeated"),
    "hidden row": (
        book(change=lambda s: setattr(s.row_dimensions[2], "hidden", True)),
        "hidden_rows",
    ),
    "value right of the header": (book([*NAMES], [*ROW, "note"]), "unknown_column"),
    "two columns of one name": (
        book([*NAMES, "Location", "Location"], [*ROW, "East", "5"]),
        "column_name_repeated",
    ),
    "column of birth dates": (
        book([*NAMES, "Date of Birth"], [*ROW, date(1990, 1, 1)]),
        "sensitive_column_dropped",
    ),
}
ROWS = {
    "formula": (with_value(3, "=1+1"), "formula_cell"),
    "error": (with_value(3, "#REF!"), "error_cell"),
    "boolean": (with_value(3, value=True), "wrong_cell"),
    "time of day": (with_value(3, time(8, 30), "hh:mm"), "wrong_cell"),
    "date as pay": (with_value(3, date(2025, 10, 31), "yyyy-mm-dd"), "bad_money"),
    "negative pay": (with_value(3, -5), "negative_money"),
    "part of a cent": (with_value(3, 10.005), "parts_of_a_cent"),
    "huge pay": (with_value(3, 1e15), "bad_money"),
    "serial as date": (with_value(2, 45961), "bad_date"),
    "day with time": (with_value(2, datetime(2025, 10, 31, 8)), "bad_date"),  # noqa: DTZ001 - a cell
    "29 February 1900": (with_value(2, 60, "yyyy-mm-dd"), "wrong_cell"),
    "negative day": (with_value(2, -5, "yyyy-mm-dd"), "wrong_cell"),
    "day beyond all calendars": (with_value(2, 1e12, "yyyy-mm-dd"), "bad_date"),
    "decimal id": (with_value(1, 101.5), "bad_id"),
    "date as id": (with_value(1, date(2025, 10, 31), "yyyy-mm-dd"), "bad_id"),
    "merged rows": (book([*NAMES], ROW, ROW, change=merged("A2:A3")), "merged_cells"),
    "social security number": (with_value(4, "123-45-6789"), "looks_like_ssn"),
    "number in the title": (book(["Clerk 123-45-6789"], [*NAMES], ROW), "looks_like_ssn"),
}
REFUSED = {
    "two sheets with data": (book(change=more_sheets("May", filled=True)), "two_sheets"),
    "nothing": (book([]), "file_empty"),
    "header only": (book([*NAMES]), "no_rows"),
    "stray cell": (book(change=lambda s: s.__setitem__("XFD1048576", "x")), "far_cell"),
    "merged header": (book(change=merged("A1:B1")), "merged_cells"),
    "macro": (with_part("xl/vbaProject.bin", b"x"), "file_unsafe"),
    "external link": (with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "file_unsafe"),
    "embedded file": (with_part("xl/embeddings/oleObject1.bin", b"x"), "file_unsafe"),
    "path outside": (with_part("xl/../../x", b"x"), "file_unsafe"),
    "entity": (
        parts_changed(
            book(),
            lambda n, p: b'<!DOCTYPE x SYSTEM "http://x/"><x/>' if n == SHEET else p,
        ),
        "file_unsafe",
    ),
    "bomb": (
        parts_changed(book(), lambda n, p: p + b" " * 210_000_000 if n == SHEET else p),
        "file_too_large",
    ),
    "cut off": (book()[:2000], "file_damaged"),
    "alien numbers": (book([*NAMES, "A-Number"], [*ROW, "x"]), "forbidden_column"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_without_a_word(name: str) -> None:
    result = outcome(ACCEPTED[name])
    assert result.word == "accepted", result.codes


@pytest.mark.parametrize("name", TOLD)
def test_accepted_and_told(name: str) -> None:
    content, code = TOLD[name]
    result = outcome(content)
    assert (result.word, code in result.codes) == ("told", True), result.codes


@pytest.mark.parametrize("name", ROWS)
def test_errors_of_their_rows(name: str) -> None:
    content, code = ROWS[name]
    result = outcome(content)
    assert (result.word, code in result.codes) == ("rows", True), result.codes


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_reason(name: str) -> None:
    content, code = REFUSED[name]
    result = outcome(content)
    assert (result.word, code in result.codes) == ("refused", True), result.codes


@pytest.mark.parametrize(
    "part", ["word/document.xml", "content.xml", "Index/Document.iwa", "a.csv"]
)
def test_other_packed_files_are_called_by_their_name(part: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "x")
    assert outcome(out.getvalue()).codes == {"wrong_file_type"}


def test_hidden_rows_count_and_a_title_keeps_the_rows_numbers() -> None:
    table = read(book(TITLE, [], [*NAMES], ROW)).table
    assert table is not None
    assert table.numbers == [4]
