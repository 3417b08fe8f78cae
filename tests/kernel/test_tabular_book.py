"""Workbooks sheet by sheet: hidden rows, links and the day of saving come with the table."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from portal.kernel.tabular import read_book, read_table


def book(change: Callable[[Workbook], None] | None = None) -> bytes:
    workbook = openpyxl.Workbook()
    for row in (["name", "link"], ["a", "here"], ["b", "there"], ["c", ""]):
        workbook.active.append(row)
    if change:
        change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_the_table_is_the_one_that_read_table_gives() -> None:
    (sheet,) = read_book(book()).sheets
    assert sheet.table == read_table(book()).table
    assert (sheet.name, sheet.hidden, sheet.links, sheet.findings) == ("Sheet", frozenset(), {}, ())


def test_a_workbook_says_when_it_was_saved() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    saved_at = read_book(book()).saved_at
    assert saved_at is not None
    assert before <= saved_at <= datetime.now(UTC)


def test_hidden_rows_and_links_are_found_by_row_and_column() -> None:
    def change(workbook: Workbook) -> None:
        workbook.active.row_dimensions[3].hidden = True
        workbook.active["B2"].hyperlink = "https://example.gov/a?b=1&c=2"

    (sheet,) = read_book(book(change)).sheets
    assert sheet.hidden == {3}
    assert sheet.links == {(2, 1): "https://example.gov/a?b=1&c=2"}
    assert [finding.code for finding in sheet.findings] == ["hidden_rows"]


def test_a_link_over_several_cells_counts_for_each_of_them() -> None:
    def change(workbook: Workbook) -> None:
        workbook.active["B2"].hyperlink = "https://example.gov/"
        workbook.active["B2"].hyperlink.ref = "B2:B4"

    (sheet,) = read_book(book(change)).sheets
    assert set(sheet.links) == {(2, 1), (3, 1), (4, 1)}


def test_every_sheet_with_data_is_read() -> None:
    def change(workbook: Workbook) -> None:
        workbook.create_sheet("Notes").append(["see the other sheet"])
        workbook.create_sheet("Empty")

    assert [sheet.name for sheet in read_book(book(change)).sheets] == ["Sheet", "Notes"]


def test_a_csv_file_is_one_sheet_and_may_have_only_a_header() -> None:
    read = read_book(b"name,link\n")
    assert [sheet.table.header for sheet in read.sheets] == [("name", "link")]
    assert read.saved_at is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"%PDF-1.7"])
def test_what_is_no_table_is_refused_with_one_finding(content: bytes) -> None:
    read = read_book(content)
    assert read.sheets == ()
    assert len(read.findings) == 1
