"""An Excel workbook into a table. Calamine reads the cells; what it hides is found in the XML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from xml.etree import ElementTree

import python_calamine as calamine

from portal.kernel.counting import counted
from portal.kernel.findings import Finding
from portal.kernel.tabular.archive import pack, read_parts
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.header import ROWS_SEARCHED, about_title, header_at, is_total
from portal.kernel.tabular.looks import in_that_look, social_security_looks
from portal.kernel.tabular.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    FileRefused,
    Found,
    Odd,
    Recognise,
    Table,
    column_name,
    is_blank,
    show,
)

# The template explains itself on a second sheet of this name; it is never read.
HELP_SHEET = "Instructions"

_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)([0-9]+)[\"']")
# The same as programs write it, found five times as fast; and what shows other writing.
_PLAIN_REFERENCE = re.compile(rb'r="([A-Za-z]+)([0-9]+)"')
_ODD_SPELLINGS = (
    b"r='",
    *(b"r" + b for b in (b" =", b"\t=", b"\n=", b"\r=")),
    *(b"r=" + b for b in (b" ", b"\t", b"\n", b"\r")),
)
# A cell that does not say where it is. Nearly all begin with their address; the rest is looked at.
_UNPLACED = re.compile(
    rb"<(?:\w+:)?c(?! r=\")(?=[\s/>])"
    rb"(?!(?:\s+[\w:]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*?\s+r\s*=\s*[\"'])"
)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>\s*(<(?:\w+:)?f[\s>/])?")
# A cell that only carries a format. Its reference is somewhere in the attributes.
_EMPTY_CELL = re.compile(
    rb"<(?:\w+:)?c((?:\s+[\w:]+=\"[^<>\"]*\")+)\s*"
    rb"(?:/>|>\s*(?:<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>)"
)
_STYLE = re.compile(rb"\bs\s*=\s*[\"']([0-9]{1,9})[\"']")
_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*")
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"']([0-9]{1,7})[\"']")

# A sheet is held as a full rectangle, and a program that wants too much memory is simply ended:
# values in two far corners must be found out before.
_ALWAYS_FINE_AREA = 5_000_000
_CELLS_TO_AREA = 20
_LARGEST_AREA = 15_000_000
# So many cells beyond a limit are a table that is too large, fewer are strays.
_CLEARLY_DATA = 1_000
# Excel believes in a 29 February 1900; days before March of that year are ambiguous.
_FIRST_SURE_DAY = date(1900, 3, 1)


# The first and the last cell of an area as (row, column), from 0.
Area = tuple[tuple[int, int], tuple[int, int]]


class Sheet(NamedTuple):
    """One worksheet that holds data: its name, its part in the file, its XML, its cells.

    `looks` are the styles that show a number as a social security number.
    """

    name: str
    part: str
    xml: bytes
    cells: calamine.CalamineSheet
    looks: frozenset[bytes]


def read_workbook(content: bytes, recognise: Recognise | None = None) -> Found:
    """The table of the one sheet that holds data; raises FileRefused."""
    return read_sheet(only_sheet(read_parts(content)), recognise)


def only_sheet(parts: dict[str, bytes]) -> Sheet:
    """The one sheet that holds data; raises FileRefused."""
    sheets = filled_sheets(parts)
    if len(sheets) > 1:
        names = ", ".join(f"“{show(sheet.name[:31])}”" for sheet in sheets)
        raise FileRefused(FILE_FINDINGS.finding("two_sheets", sheets=names))
    return sheets[0]


def filled_sheets(parts: dict[str, bytes]) -> list[Sheet]:
    """The sheets that hold data, at least one, in order; raises FileRefused."""
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = _within_limits(parts[name])
    named = [
        (name, part)
        for name, part in _sheet_parts(parts)
        if name.casefold() != HELP_SHEET.casefold()
    ]
    looks = social_security_looks(parts)
    try:
        book = calamine.CalamineWorkbook.from_filelike(pack(parts))
        sheets = [
            Sheet(name, part, parts[part], cells, looks)
            for name, part in named
            if (cells := book.get_sheet_by_name(name)).end is not None
        ]
    except (calamine.CalamineError, ValueError, KeyError, OverflowError) as error:
        raise _unreadable() from error
    if not sheets:
        raise FileRefused(FILE_FINDINGS.finding("file_empty"))
    return sheets


def read_sheet(sheet: Sheet, recognise: Recognise | None = None) -> Found:
    """The table of a sheet; raises FileRefused."""
    cells, merged = cells_of(sheet)
    found = _table(cells, recognise)
    if recognise and merged:
        # Titles and totals may be merged; what is merged among the data is doubtful.
        rows = zip(found.table.numbers, found.table.rows, strict=True)
        data = {found.header_row, *(number for number, row in rows if not is_total(row))}
        merged = [
            area for area in merged if not data.isdisjoint(range(area[0][0] + 1, area[1][0] + 2))
        ]
    found.findings.extend(_about_sheet(sheet, merged))
    return found


def cells_of(sheet: Sheet) -> tuple[list[list[Cell]], list[Area]]:
    """All cells of a sheet from A1 on, and which areas are merged; raises FileRefused."""
    try:
        merged = sheet.cells.merged_cell_ranges or []
        cells = sheet.cells.to_python(skip_empty_area=False)
    except (calamine.CalamineError, ValueError, KeyError, OverflowError) as error:
        raise _unreadable() from error
    rows: list[list[Cell]] = [
        [value if type(value) is str else _cell(value) for value in row] for row in cells
    ]
    for (row, column), what in _odd_cells(sheet.xml).items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = what
    # A number that is shown as a social security number is read as what it is.
    for row, column in _places_in(sheet.looks, sheet.xml):
        if row <= len(rows) and column <= len(rows[row - 1]):
            number = rows[row - 1][column - 1]
            if type(number) is int and (shown := in_that_look(number)):
                rows[row - 1][column - 1] = shown
    return rows, merged


def hidden_rows(xml: bytes) -> list[int]:
    """The numbers of the rows that Excel does not show; 0 for one that does not say its number."""
    rows = _HIDDEN_ROW.findall(xml) if b"hidden" in xml else []
    numbers = (_ROW_NUMBER.search(row) for row in rows)
    return [int(number[1]) if number else 0 for number in numbers]


def _unreadable() -> FileRefused:
    return FileRefused(FILE_FINDINGS.finding("file_damaged", why="its sheets cannot be read"))


def _sheet_parts(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    """The worksheets in order: name and part."""
    try:
        workbook = element(parts["xl/workbook.xml"])
        relations = element(parts["xl/_rels/workbook.xml.rels"])
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
                    if part not in parts:
                        raise KeyError(part)
                    found.append((node.get("name", ""), part))
    except (ElementTree.ParseError, KeyError, StopIteration) as error:
        raise FileRefused(
            FILE_FINDINGS.finding("file_damaged", why="it does not say which sheets it has")
        ) from error
    return found


def element(xml: bytes) -> ElementTree.Element:
    """The root of a part that `read_parts` let through; raises ParseError."""
    # `read_parts` has refused every DOCTYPE, without which there is nothing to expand.
    return ElementTree.fromstring(xml)  # noqa: S314 - see above


def _within_limits(xml: bytes) -> bytes:
    """The sheet's XML without empty cells beyond the limits; refused when one holds something.

    Only what has been taken out of the bytes is believed to be empty: how a program would read
    unusual XML is not guessed.
    """
    if _UNPLACED.search(xml):
        raise FileRefused(
            FILE_FINDINGS.finding("file_damaged", why="it does not say where its cells are")
        )
    if not _beyond(places_of(xml)):
        return xml
    xml = _EMPTY_CELL.sub(lambda cell: b"" if _beyond(places_of(cell[1] + b" ")) else cell[0], xml)
    if not (beyond := _beyond(spots := places_of(xml))):
        return xml
    if sum(column > MAX_COLUMNS for column, _ in spots) > _CLEARLY_DATA:
        raise FileRefused(FILE_FINDINGS.finding("too_many_columns"))
    if sum(row > MAX_ROWS + 1 for _, row in spots) > _CLEARLY_DATA:
        raise FileRefused(FILE_FINDINGS.finding("too_many_rows"))
    column, row = beyond
    raise FileRefused(FILE_FINDINGS.finding("far_cell", cell=f"{column_name(column)}{row}"))


def places_of(xml: bytes) -> list[tuple[int, int]]:
    """The (column, row) of every cell reference, from 1; what is far off may come out less."""
    odd_spelling = any(spelling in xml for spelling in _ODD_SPELLINGS)
    references = (_REFERENCE if odd_spelling else _PLAIN_REFERENCE).findall(xml)
    columns = {name: _column_number(name[:4]) for name in {name for name, _ in references}}
    rows = {n: int(n.lstrip(b"0")[:8] or b"0") for n in {number for _, number in references}}
    return [(columns[name], rows[number]) for name, number in references]


def _beyond(spots: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The furthest cell, when cells are beyond the limits or the sheet is nearly all gap."""
    width = max((column for column, _ in spots), default=0)
    height = max((row for _, row in spots), default=0)
    area = min(max(_ALWAYS_FINE_AREA, _CELLS_TO_AREA * len(spots)), _LARGEST_AREA)
    if width <= MAX_COLUMNS and height <= MAX_ROWS + 1 and width * height <= area:
        return None
    return max(spots, key=lambda spot: spot[0] * spot[1])


def _odd_cells(xml: bytes) -> dict[tuple[int, int], Odd]:
    """Formula and error cells by (row, column) from 1.

    Calamine shows both as blank, or as the value a program once stored; neither is what a person
    would see and sign.
    """
    if not any(trace in xml for trace in (b"<f", b":f", b'"e"', b"'e'")):
        return {}
    odd = {}
    for attributes, formula in _CELL.findall(xml):
        if formula or _ERROR.search(attributes):
            if not (spots := places_of(b" " + attributes)):
                raise FileRefused(
                    FILE_FINDINGS.finding("file_damaged", why="a formula in it has no place")
                )
            column, row = spots[0]
            odd[row, column] = Odd("formula" if formula else "error")
    return odd


def _places_in(looks: frozenset[bytes], xml: bytes) -> Iterator[tuple[int, int]]:
    """The (row, column) of every cell in one of the styles, from 1."""
    if not looks:
        return
    for attributes, _ in _CELL.findall(xml):
        style = _STYLE.search(attributes)
        if style and style[1] in looks:
            for column, row in places_of(b" " + attributes):
                yield row, column


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


def _about_sheet(sheet: Sheet, merged: Iterable[Area]) -> Iterable[Finding]:
    if hidden := hidden_rows(sheet.xml):
        yield FILE_FINDINGS.finding(
            "hidden_rows", rows=counted(len(hidden), "hidden row was", "hidden rows were")
        )
    for (top, left), (bottom, right) in merged:
        first, last = f"{column_name(left + 1)}{top + 1}", f"{column_name(right + 1)}{bottom + 1}"
        yield FILE_FINDINGS.finding("merged_cells", row=top + 1, cells=f"{first} to {last}")


def _table(rows: list[list[Cell]], recognise: Recognise | None) -> Found:
    filled = [number for number, row in enumerate(rows) if not all(map(is_blank, row))]
    if not filled:
        raise FileRefused(FILE_FINDINGS.finding("file_empty"))
    place = 0
    if recognise:
        place = header_at([rows[number] for number in filled[:ROWS_SEARCHED]], recognise)
    first, *others = filled[place:]
    header = [str(cell).strip() if not isinstance(cell, Odd) else "" for cell in rows[first]]
    width = len(header)
    while width and not header[width - 1]:
        width -= 1
    # Cells right of the header belong to no column; a value there must not vanish.
    used = max((len(row) for row in rows), default=0)
    while used > width and all(is_blank(rows[number][used - 1]) for number in filled[place:]):
        used -= 1
    if used > MAX_COLUMNS:
        raise FileRefused(FILE_FINDINGS.finding("too_many_columns"))
    if len(others) > MAX_ROWS:
        raise FileRefused(FILE_FINDINGS.finding("too_many_rows"))
    table = Table(
        tuple(header[:used]), [rows[number][:used] for number in others], [n + 1 for n in others]
    )
    outside = {
        number + 1: [str(cell) for cell in rows[number] if cell] for number in filled[:place]
    }
    return Found(table, first + 1, about_title(first + 1, place), outside)


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number
