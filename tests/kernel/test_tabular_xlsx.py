"""Excel workbooks: what people see in them is what is read; what only looks like one is refused."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from portal.kernel.tabular import Reading, read_table
from portal.kernel.tabular.table import Odd

Change = Callable[[Worksheet], None]
HEADER = ["officer_id", "paid_on", "pay"]
SHEET = "xl/worksheets/sheet1.xml"


def book(*rows: list[object], change: Change | None = None, epoch: datetime | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    if epoch:
        workbook.epoch = epoch
    sheet = workbook.active
    for row in [HEADER, *rows]:
        sheet.append(row)
    if change:
        change(sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def edited(content: bytes, edits: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with some parts changed, or added when they are new."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        names = old.namelist()
        for name in [*names, *(set(edits) - set(names))]:
            part = old.read(name) if name in names else b""
            new.writestr(name, edits[name](part) if name in edits else part)
    return out.getvalue()


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def cells(content: bytes) -> list[list[object]]:
    reading = read_table(content)
    assert reading.table is not None, reading.findings
    return [list(row) for row in reading.table.rows]


GOOD = book(["0042", date(2025, 10, 31), 2780.5])


def test_text_dates_and_numbers_are_read_as_what_they_are() -> None:
    content = book(["0042", date(2025, 10, 31), 2780.5], [42, datetime(2025, 1, 2, 8), 0.1 + 0.2])  # noqa: DTZ001 - a cell
    reading = read_table(content)
    assert reading.findings == []
    assert reading.table is not None
    assert reading.table.header == tuple(HEADER)
    assert reading.table.numbers == [2, 3]
    assert cells(content)[0] == ["0042", date(2025, 10, 31), 2780.5]
    assert cells(content)[1][:2] == [42, datetime(2025, 1, 2, 8)]  # noqa: DTZ001 - what a spreadsheet holds


def test_dates_of_a_workbook_that_counts_from_1904_are_the_same_days() -> None:
    assert cells(book(["1", date(2025, 10, 31), 1], epoch=CALENDAR_MAC_1904))[0][1] == date(
        2025, 10, 31
    )


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        ("=1+1", "General"),
        (True, "General"),
        (time(8, 30), "hh:mm"),
        (60, "yyyy-mm-dd"),
        (-5, "yyyy-mm-dd"),
        (1, "yyyy-mm-dd"),
    ],
)
def test_cells_without_a_value_of_their_own_are_marked(value: object, number_format: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"].number_format = number_format

    assert isinstance(cells(book(["1", value, 1], change=change))[0][1], Odd)


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="C2"><f>A1</f><v>2780.5</v></c>',
        b"<c r='C2'><f>A1</f></c>",
        b'<c r = "C2" s="1">\n<f t="shared" si="0"/><v>1</v></c>',
        b'<c r="C2" t="e"><v>#REF!</v></c>',
    ],
)
def test_formulas_and_errors_are_seen_whatever_value_was_stored(cell: bytes) -> None:
    content = edited(GOOD, {SHEET: lambda xml: re.sub(rb'<c r="C2".*?</c>', cell, xml)})
    value = cells(content)[0][2]
    assert value in (Odd("formula"), Odd("error"))


def test_hidden_rows_are_read_and_counted() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    reading = read_table(book(["1", "x", 1], ["2", "y", 2], change=change))
    assert codes(reading) == ["hidden_rows"]
    assert reading.table is not None
    assert len(reading.table.rows) == 2


@pytest.mark.parametrize("merged", ["A1:B1", "A2:A3"])
def test_merged_cells_are_an_error_that_names_them(merged: str) -> None:
    reading = read_table(book(["1", "x", 1], ["2", "y", 2], change=lambda s: s.merge_cells(merged)))
    assert codes(reading) == ["merged_cells"]
    assert merged.replace(":", " to ") in reading.findings[0].message


def test_two_sheets_with_data_are_refused_and_empty_ones_passed_over() -> None:
    def add(title: str, value: object) -> bytes:
        def change(sheet: Worksheet) -> None:
            other = sheet.parent.create_sheet(title, 0)
            other["A1"] = value
            other.sheet_state = "hidden"

        return book(["1", "x", 1], change=change)

    assert codes(read_table(add("More", "x"))) == ["two_sheets"]
    assert cells(add("More", None)) == cells(add("Instructions", "x")) == [["1", "x", 1]]


def test_a_lying_dimension_hides_no_row() -> None:
    content = edited(
        book(*[[str(n), "x", n] for n in range(50)]),
        {SHEET: lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', xml)},
    )
    assert len(cells(content)) == 50


def test_a_stray_format_far_away_costs_nothing() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["XFD1048576"].number_format = "0.00"

    assert cells(book(["1", "x", 1], change=change)) == [["1", "x", 1]]


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD3", "GR149999", "GS2"])
@pytest.mark.parametrize("spelling", [b'r="%s"', b"r='%s'", b'r = "%s"'])
def test_a_stray_value_far_away_is_refused_without_filling_the_memory(
    place: str, spelling: bytes
) -> None:
    content = book(["1", "x", 1], change=lambda sheet: sheet.__setitem__(place, "stray"))
    content = edited(
        content,
        {SHEET: lambda xml: xml.replace(b'r="%s"' % place.encode(), spelling % place.encode())},
    )
    tracemalloc.start()
    reading = read_table(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert codes(reading) == ["far_cell"]
    assert place in reading.findings[0].message
    assert peak < 50_000_000


def test_values_right_of_the_header_are_not_lost_silently() -> None:
    reading = read_table(book(["1", "x", 1, "more"]))
    assert reading.table is not None
    assert reading.table.header == (*HEADER, "")


STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"%s/>'


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/sharedStrings.xml", lambda _: STRINGS % b' count="1" uniqueCount="4000000000"'),
        ("xl/styles.xml", lambda xml: xml.replace(b'cellXfs count="', b'cellXfs count="400000000')),
        (SHEET, lambda xml: xml.replace(b'dimension ref="A1:C2"', b'dimension ref="A1:XFD9999"')),
    ],
)
def test_announced_numbers_are_not_believed(part: str, change: Callable[[bytes], bytes]) -> None:
    assert cells(edited(GOOD, {part: change})) == cells(GOOD)


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD1048576" s="1"/>',
        b'<c r="XFD1048576" s="1"><v/></c>',
        b'<c r="XFD1048576" t="str"><v></v></c>',
    ],
)
def test_empty_cells_far_away_are_taken_out(cell: bytes) -> None:
    assert cells(_with_cell(cell)) == cells(GOOD)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<c r="xfd1048576"><v>1</v></c>', "far_cell"),
        (b'<x:c xmlns:x="x" r="XFD1048576"><v>1</v></x:c>', "far_cell"),
        (b'<c a=">" r="XFD1048576"><v>1</v></c>', "far_cell"),
        (b'<c r="A1" r="XFD1048576"><v>1</v></c>', "far_cell"),
        (b'<c r="A99999999999"><v>1</v></c>', "far_cell"),
        (b'<c r="AAAAAAAA1"><v>1</v></c>', "far_cell"),
        (b'<c r="XFD1048576" t="inlineStr"><is><t></t></is></c>', "far_cell"),
        (b"<c><v>1</v></c>", "file_damaged"),
        (b'<c t="n" j="r=" z:r="A1"><v>1</v></c>', "file_damaged"),
        (b'<c r="A&#49;048576"><v>1</v></c>', "file_damaged"),
        (b'<c r="A0"><v>1</v></c>', "file_damaged"),
        (b'<c r="A5" t="s"><v>99999</v></c>', "file_damaged"),
    ],
)
def test_cells_in_impossible_places_are_refused_before_they_are_unfolded(
    cell: bytes, code: str
) -> None:
    assert codes(read_table(_with_cell(cell))) == [code]


def _with_cell(cell: bytes) -> bytes:
    row = b'<row r="1048576">' + cell + b"</row></sheetData>"
    return edited(GOOD, {SHEET: lambda xml: xml.replace(b"</sheetData>", row)})


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ({SHEET: lambda _: LAUGHS}, "file_unsafe"),
        ({"xl/workbook.xml": lambda xml: xml.decode().encode("utf-16")}, "file_unsafe"),
        ({SHEET: lambda _: b'<?xml version="1.0" encoding="utf-7"?><x/>'}, "file_unsafe"),
        ({SHEET: lambda _: b" " * 50_000_000}, "file_unsafe"),
        ({"xl/sharedStrings.xml": lambda _: b"<si/>" * 10_000_000}, "file_unsafe"),
        ({"xl/../../etc/passwd": lambda _: b"x"}, "file_unsafe"),
        ({"/etc/passwd": lambda _: b"x"}, "file_unsafe"),
        ({"xl/vbaProject.bin": lambda _: b"x"}, "file_unsafe"),
        (
            {
                "[Content_Types].xml": lambda xml: xml.replace(
                    b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"
                )
            },
            "file_unsafe",
        ),
        ({"xl/externalLinks/externalLink1.xml": lambda _: b"<x/>"}, "file_unsafe"),
        ({f"xl/x{n}.xml": lambda _: b"" for n in range(3000)}, "file_unsafe"),
        ({"XL/WORKBOOK.XML": lambda _: b"<x/>"}, "file_unsafe"),
        ({SHEET: lambda xml: xml[: len(xml) // 2]}, "file_damaged"),
        ({SHEET: lambda _: b""}, "file_damaged"),
        ({"xl/workbook.xml": lambda _: b"<nothing"}, "file_damaged"),
        ({"xl/_rels/workbook.xml.rels": lambda _: b"<x/>"}, "file_damaged"),
        ({"xl/workbook.xml": lambda _: b"<x/>"}, "file_damaged"),
    ],
)
def test_workbooks_with_hostile_parts_are_refused_with_one_finding(
    edits: dict[str, Callable[[bytes], bytes]], code: str
) -> None:
    reading = read_table(edited(GOOD, edits))
    assert reading.table is None
    assert codes(reading) == [code]


def test_a_part_given_twice_is_refused() -> None:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<x/>")
    assert codes(read_table(out.getvalue())) == ["file_unsafe"]


def test_truncated_and_changed_files_are_refused_and_never_raise() -> None:
    for cut in range(4, len(GOOD), 97):
        assert read_table(GOOD[:cut]).table is None
    for place in range(0, len(GOOD), 31):
        changed = bytearray(GOOD)
        changed[place] ^= 0xFF
        read_table(bytes(changed))


def test_a_size_that_lies_is_found_out() -> None:
    """The archive says of its sheet that it unpacks to ten bytes."""
    content = bytearray(GOOD)
    entry = GOOD.index(SHEET.encode(), GOOD.index(b"PK\x01\x02"))
    content[entry - 46 + 24 : entry - 46 + 28] = (10).to_bytes(4, "little")
    assert codes(read_table(bytes(content))) == ["file_damaged"]


def test_an_encrypted_archive_asks_for_the_password_to_be_removed() -> None:
    content = bytearray(GOOD)
    for match in re.finditer(b"PK\x01\x02", GOOD):
        content[match.start() + 8] |= 1
    assert codes(read_table(bytes(content))) == ["file_has_password"]
