"""An Excel workbook into a table. Calamine reads the cells; what it hides is found in the XML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from xml.etree import ElementTree

import python_calamine as calamine

from portal.kernel.findings import Finding
from portal.kernel.tabular.archive import pack, read_parts
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    FileRefused,
    Odd,
    Table,
    is_blank,
)

# The template explains itself on a second sheet of this name; it is never read.
HELP_SHEET = "Instructions"

_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")
# The same as programs write it, found five times as fast; and what shows other writing.
_PLAIN_REFERENCE = re.compile(rb'r="([A-Za-z]{1,3})([0-9]{1,7})"')
_ODD_SPELLINGS = (
    b"r='",
    *(b"r" + b for b in (b" =", b"\t=", b"\n=", b"\r=")),
    *(b"r=" + b for b in (b" ", b"\t", b"\n", b"\r")),
)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>\s*(<(?:\w+:)?f[\s>/])?")
_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"']")

# A sheet is held as a full rectangle: values in two far corners must not fill the memory.
_ALWAYS_FINE_AREA = 5_000_000
_CELLS_TO_AREA = 20
# So many cells beyond a limit are a table that is too large, fewer are strays.
_CLEARLY_DATA = 1_000
# Excel believes in a 29 February 1900; days before March of that year are ambiguous.
_FIRST_SURE_DAY = date(1900, 3, 1)


class Sheet(NamedTuple):
    """One worksheet: its name and its XML."""

    name: str
    xml: bytes


def read_workbook(content: bytes) -> tuple[Table, list[Finding]]:
    """The table of the one sheet that holds data; raises FileRefused."""
    parts = read_parts(content)
    sheets = [sheet for sheet in _sheets(parts) if sheet.name.casefold() != HELP_SHEET.casefold()]
    for sheet in sheets:
        _check_extent(sheet.xml)
    try:
        book = calamine.CalamineWorkbook.from_filelike(pack(parts))
        filled = [
            (sheet, read)
            for sheet in sheets
            if (read := book.get_sheet_by_name(sheet.name)).end is not None
        ]
        if len(filled) > 1:
            names = ", ".join(f"“{sheet.name[:31]}”" for sheet, _ in filled)
            raise FileRefused(FILE_FINDINGS.finding("two_sheets", sheets=names))
        if not filled:
            raise FileRefused(FILE_FINDINGS.finding("file_empty"))
        (sheet, read) = filled[0]
        merged = read.merged_cell_ranges or []
        cells = read.to_python(skip_empty_area=False)
    except (calamine.CalamineError, ValueError, KeyError, OverflowError) as error:
        raise FileRefused(
            FILE_FINDINGS.finding("file_damaged", why="its sheets cannot be read")
        ) from error
    odd = _odd_cells(sheet.xml)
    rows: list[list[Cell]] = [
        [value if type(value) is str else _cell(value) for value in row] for row in cells
    ]
    for (row, column), what in odd.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = what
    return _table(rows), list(_about_sheet(sheet, merged))


def _sheets(parts: dict[str, bytes]) -> list[Sheet]:
    """The worksheets in order."""
    try:
        workbook = _element(parts["xl/workbook.xml"])
        relations = _element(parts["xl/_rels/workbook.xml.rels"])
        targets = {
            node.get("Id"): posixpath.normpath(posixpath.join("/xl", node.get("Target", "")))[1:]
            for node in relations
        }
        found = []
        for node in workbook.iter():
            if node.tag.rpartition("}")[2] == "sheet":
                ids = (v for k, v in node.items() if k.rpartition("}")[2] == "id")
                part = targets[next(ids)]
                if part.startswith("xl/worksheets/"):
                    found.append(Sheet(node.get("name", ""), parts[part]))
    except (ElementTree.ParseError, KeyError, StopIteration) as error:
        raise FileRefused(
            FILE_FINDINGS.finding("file_damaged", why="it does not say which sheets it has")
        ) from error
    return found


def _element(xml: bytes) -> ElementTree.Element:
    # `read_parts` has refused every DOCTYPE, without which there is nothing to expand.
    return ElementTree.fromstring(xml)  # noqa: S314 - see above


def _check_extent(xml: bytes) -> None:
    """Refuse cells beyond the limits and sheets nearly all gap, before they are unfolded."""
    odd_spelling = any(spelling in xml for spelling in _ODD_SPELLINGS)
    references = (_REFERENCE if odd_spelling else _PLAIN_REFERENCE).findall(xml)
    if not references:
        return
    columns = {name: _column_number(name) for name in {name for name, _ in references}}
    rows = {int(number) for _, number in references}
    width, height = max(columns.values()), max(rows)
    within = width <= MAX_COLUMNS and height <= MAX_ROWS + 1
    if within and width * height <= max(_ALWAYS_FINE_AREA, _CELLS_TO_AREA * len(references)):
        return
    corners = [(cell.column, cell.row) for cell in _filled_cells(xml) if cell.row]
    width = max((column for column, _ in corners), default=0)
    height = max((row for _, row in corners), default=0)
    if sum(column > MAX_COLUMNS for column, _ in corners) > _CLEARLY_DATA:
        raise FileRefused(FILE_FINDINGS.finding("too_many_columns"))
    if sum(row > MAX_ROWS + 1 for _, row in corners) > _CLEARLY_DATA:
        raise FileRefused(FILE_FINDINGS.finding("too_many_rows"))
    within = width <= MAX_COLUMNS and height <= MAX_ROWS + 1
    if not within or width * height > max(_ALWAYS_FINE_AREA, _CELLS_TO_AREA * len(corners)):
        column, row = max(corners, key=lambda corner: corner[0] * corner[1])
        raise FileRefused(FILE_FINDINGS.finding("far_cell", cell=f"{_column_name(column)}{row}"))


class FilledCell(NamedTuple):
    """What a cell's XML says of it; `row` and `column` count from 1, 0 is no address."""

    row: int
    column: int
    is_formula: bool
    is_error: bool


def _filled_cells(xml: bytes) -> Iterator[FilledCell]:
    """The cells that hold something. Cells that only carry a format are closed at once: no such."""
    for attributes, formula in _CELL.findall(xml):
        spot = _REFERENCE.search(attributes)
        row, column = (int(spot[2]), _column_number(spot[1])) if spot else (0, 0)
        yield FilledCell(row, column, bool(formula), bool(_ERROR.search(attributes)))


def _odd_cells(xml: bytes) -> dict[tuple[int, int], Odd]:
    """Formula and error cells by (row, column) from 1.

    Calamine shows both as blank, or as the value a program once stored; neither is what a person
    would see and sign.
    """
    if not any(trace in xml for trace in (b"<f", b":f", b'"e"', b"'e'")):
        return {}
    odd = {}
    for cell in _filled_cells(xml):
        if cell.is_formula or cell.is_error:
            if not cell.row:
                raise FileRefused(
                    FILE_FINDINGS.finding("file_damaged", why="a formula in it has no place")
                )
            odd[cell.row, cell.column] = Odd("formula" if cell.is_formula else "error")
    return odd


def _cell(value: object) -> Cell:
    """Calamine's value as a table's cell: whole numbers whole, what is no value in words."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return Odd("a true/false value")
    if isinstance(value, float):
        # Excel itself keeps fifteen digits; a longer number has lost some.
        return int(value) if value.is_integer() and abs(value) < 10**15 else value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return value if value >= _FIRST_SURE_DAY else Odd("a day before March 1900")
    if isinstance(value, time | timedelta):
        return Odd("a time of day")
    return int(value) if isinstance(value, int) else Odd("something else")


def _about_sheet(
    sheet: Sheet, merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterable[Finding]:
    if hidden := b"hidden" in sheet.xml and len(_HIDDEN_ROW.findall(sheet.xml)):
        yield FILE_FINDINGS.finding("hidden_rows", count=f"{hidden:,}")
    for (top, left), (bottom, right) in merged:
        first, last = f"{_column_name(left + 1)}{top + 1}", f"{_column_name(right + 1)}{bottom + 1}"
        yield FILE_FINDINGS.finding("merged_cells", row=top + 1, cells=f"{first} to {last}")


def _table(rows: list[list[Cell]]) -> Table:
    filled = [number for number, row in enumerate(rows) if not all(map(is_blank, row))]
    if not filled:
        raise FileRefused(FILE_FINDINGS.finding("file_empty"))
    first, *others = filled
    header = [str(cell).strip() if not isinstance(cell, Odd) else "" for cell in rows[first]]
    width = len(header)
    while width and not header[width - 1]:
        width -= 1
    # Cells right of the header belong to no column; a value there must not vanish.
    used = max((len(row) for row in rows), default=0)
    while used > width and all(is_blank(rows[number][used - 1]) for number in filled):
        used -= 1
    if used > MAX_COLUMNS:
        raise FileRefused(FILE_FINDINGS.finding("too_many_columns"))
    if len(others) > MAX_ROWS:
        raise FileRefused(FILE_FINDINGS.finding("too_many_rows"))
    return Table(
        tuple(header[:used]), [rows[number][:used] for number in others], [n + 1 for n in others]
    )


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _column_name(number: int) -> str:
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name
