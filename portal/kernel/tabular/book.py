"""A workbook sheet by sheet, with what a table leaves out: hidden rows, links, when it was saved."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from portal.kernel.findings import Finding
from portal.kernel.tabular.archive import PROPERTIES, read_parts
from portal.kernel.tabular.reading import Reading, content_of, is_workbook, read_table
from portal.kernel.tabular.sensitive import personal_numbers
from portal.kernel.tabular.table import FileRefused, Table
from portal.kernel.tabular.workbook import (
    Sheet,
    element,
    filled_sheets,
    hidden_rows,
    places_of,
    read_sheet,
)

_ATTRIBUTES = rb"((?:\s+[\w:]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*/?>"
_LINK = re.compile(rb"<(?:\w+:)?hyperlink" + _ATTRIBUTES)
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
# A link over more cells than this is no link of a row.
_CELLS_OF_A_LINK = 1_000


class SheetReading(NamedTuple):
    """One sheet with data.

    `hidden` are the numbers of rows that Excel does not show. `links` are addresses by row number
    and by column, counted from 0 like the cells of the table's rows.
    """

    name: str
    table: Table
    hidden: frozenset[int]
    links: Mapping[tuple[int, int], str]
    findings: tuple[Finding, ...]


class Book(NamedTuple):
    """The sheets of a file, none when it is refused; `saved_at` is what the workbook says of it."""

    sheets: tuple[SheetReading, ...]
    saved_at: datetime | None
    findings: tuple[Finding, ...]


def read_book(source: bytes | Path) -> Book:
    """Read every sheet of a workbook; a CSV file is one sheet. Never raises on its content."""
    try:
        content = content_of(source)
        if not is_workbook(content):
            return _one_sheet(content)
        parts = read_parts(content)
        sheets = tuple(_read(sheet, parts) for sheet in filled_sheets(parts))
        return Book(sheets, _saved_at(parts), ())
    except FileRefused as refusal:
        return Book((), None, (refusal.finding,))


def read_sheet_named(source: bytes | Path, name: str) -> Reading:
    """The sheet of a workbook with this name, or the first one there is; of a CSV file the one it is."""
    book = read_book(source)
    sheets = [sheet for sheet in book.sheets if sheet.name == name] or list(book.sheets)
    if not sheets:
        return Reading(None, list(book.findings))
    return Reading(sheets[0].table, list(sheets[0].findings))


def _one_sheet(content: bytes) -> Book:
    reading = read_table(content, may_be_empty=True)
    if reading.table is None:
        return Book((), None, tuple(reading.findings))
    sheet = SheetReading("", reading.table, frozenset(), {}, tuple(reading.findings))
    return Book((sheet,), None, ())


def _read(sheet: Sheet, parts: Mapping[str, bytes]) -> SheetReading:
    found = read_sheet(sheet)
    return SheetReading(
        sheet.name,
        found.table,
        frozenset(hidden_rows(sheet.xml)) - {0},
        dict(_links(sheet, parts)),
        (*found.findings, *personal_numbers(found.table)),
    )


def _links(sheet: Sheet, parts: Mapping[str, bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    if b"hyperlink" not in sheet.xml:
        return
    folder, name = posixpath.split(sheet.part)
    targets = _targets(parts.get(f"{folder}/_rels/{name}.rels", b""))
    for match in _LINK.finditer(sheet.xml):
        link = _attributes(match[1])
        ids = (value for key, value in link.items() if key.rpartition(":")[2] == "id")
        if address := targets.get(next(ids, "")):
            for place in _places(link.get("ref", "")):
                yield place, address


def _targets(rels: bytes) -> dict[str, str]:
    """Addresses outside the workbook by their id; a part that cannot be read has none."""
    try:
        relations = element(rels)
    except ElementTree.ParseError:
        return {}
    return {
        node.get("Id", ""): node.get("Target", "")
        for node in relations
        if node.get("TargetMode") == "External"
    }


def _places(reference: str) -> Iterator[tuple[int, int]]:
    """The cells of `G2` or `G2:H4`."""
    corners = places_of(b"".join(b' r="%s"' % corner.encode() for corner in reference.split(":")))
    if not corners:
        return
    (left, top), (right, bottom) = corners[0], corners[-1]
    if (right - left + 1) * (bottom - top + 1) <= _CELLS_OF_A_LINK:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield row, column - 1


def _attributes(text: bytes) -> dict[str, str]:
    return {
        name.decode(): html.unescape((quoted or other).decode(errors="replace"))
        for name, quoted, other in _ATTRIBUTE.findall(text)
    }


def _saved_at(parts: Mapping[str, bytes]) -> datetime | None:
    try:
        for node in element(parts.get(PROPERTIES, b"")):
            if node.tag.rpartition("}")[2] == "modified" and node.text:
                saved_at = datetime.fromisoformat(node.text.strip())
                return saved_at if saved_at.tzinfo else saved_at.replace(tzinfo=UTC)
    except (ElementTree.ParseError, ValueError):
        pass
    return None
