"""Where a table begins in a file that is not our template, and which of its rows are no data.

Only for readers that know names of columns: they find the header under titles, and pass over
headers repeated at each page and over totals. Each row passed over is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress

from portal.kernel.counting import counted
from portal.kernel.findings import Finding
from portal.kernel.tabular.by_column import by_column
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.table import Cell, Found, Recognise, Table, column_name, is_blank

ROWS_SEARCHED = 20
TOLD_ONE_BY_ONE = 20
_FEWEST_KNOWN = 2
# An officer may be called Total or Sum: `Sum, Vireak` is no total.
_TOTAL = re.compile(
    r"(?:grand[ -]?|sub[ -]?|report |page )?totals?\b(?!\s*,)|sums?(?:\s+of\b|[\s:]*$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-(]?\$?[0-9]")


def header_at(rows: Sequence[Sequence[Cell]], recognise: Recognise) -> int:
    """The place of the header among the first rows that are not blank.

    It is the row with most known names, at least two; else the first row of two or more names,
    none of which begins like a number; else the first row.
    """
    names = [names_of(row) for row in rows[:ROWS_SEARCHED]]
    # Where every cell of the first row is known, no row can have more that is not longer.
    if names and len(names[0]) > 1 and recognise(names[0]) == len(names[0]) == max(map(len, names)):
        return 0
    known = [recognise(row) for row in names]
    if known and max(known) >= _FEWEST_KNOWN:
        return known.index(max(known))
    return next((place for place, row in enumerate(names) if _like_names(row)), 0)


def names_of(row: Sequence[Cell]) -> list[str]:
    """A row's cells as names of columns."""
    return [str(cell).strip(" \t\r\n\ufeff") if isinstance(cell, str | int) else "" for cell in row]


def is_total(row: Sequence[Cell]) -> bool:
    """Whether a row's first filled cell says that it is a total; a row without a gap is none."""
    filled = [cell for cell in row if not is_blank(cell)]
    first = filled[0] if filled else ""
    if not isinstance(first, str) or not _TOTAL.match(first.strip()):
        return False
    return len(filled) < len(row) or first.strip(" :").isalpha()


def about_title(header_row: int, count: int) -> list[Finding]:
    """The notice about rows above the header, when there are any."""
    if not count:
        return []
    rows = counted(
        count, "row above it holds no data and was", "rows above it hold no data and were"
    )
    return [FILE_FINDINGS.finding("title_rows_skipped", row=header_row, rows=rows)]


def tidied(found: Found) -> Found:
    """The table with every column named once, without repeated headers and without totals."""
    table, findings, outside = _only_data(found)
    table = _without_blank_columns(table)
    header, repeated = _unique(table.header)
    findings += [
        FILE_FINDINGS.finding(
            "column_name_repeated", row=found.header_row, column=name, value=name, given=given
        )
        for name, given in repeated
    ]
    table = Table(header, table.rows, table.numbers)
    return Found(table, found.header_row, found.findings + findings, found.outside | outside)


def _only_data(found: Found) -> tuple[Table, list[Finding], dict[int, list[str]]]:
    table = found.table
    header = list(table.header)
    first = header[0]
    findings = []
    totals: list[int] = []
    outside = {}
    data = [True] * len(table.rows)
    # The first cell decides nearly always; each distinct one is looked at once.
    suspects = {
        cell
        for cell in by_column(table).distinct(0)
        if isinstance(cell, str)
        and (not cell.strip() or cell.strip(" \t\r\n\ufeff") == first or _TOTAL.match(cell.strip()))
    }
    for place, row in enumerate(table.rows if suspects else ()):
        if row[0] not in suspects:
            continue
        code = "header_repeated" if names_of(row) == header else ""
        if code or (is_total(row) and (code := "total_row_skipped")):
            number = table.numbers[place]
            if code == "header_repeated":
                findings.append(FILE_FINDINGS.finding(code, row=number))
            else:
                totals.append(number)
            outside[number] = names_of(row)
            data[place] = False
    findings += about_totals(totals)
    if findings:
        rows = list(compress(table.rows, data))
        table = Table(table.header, rows, list(compress(table.numbers, data)))
    return table, findings, outside


def about_totals(numbers: Sequence[int]) -> list[Finding]:
    """A notice for each total; of many, one for all with the first of them."""
    if len(numbers) > TOLD_ONE_BY_ONE:
        first = ", ".join(map(str, numbers[:5]))
        which = f"{len(numbers):,} rows are totals or subtotals (the first: rows {first}) and were"
        return [FILE_FINDINGS.finding("total_row_skipped", which=which)]
    return [
        FILE_FINDINGS.finding(
            "total_row_skipped", row=number, which=f"Row {number} is a total or subtotal and was"
        )
        for number in numbers
    ]


def _without_blank_columns(table: Table) -> Table:
    """Without columns that have no name and no value; the others without a name get one."""
    unnamed = [place for place, name in enumerate(table.header) if not name]
    if not unnamed:
        return table
    blank = {place for place in unnamed if all(is_blank(row[place]) for row in table.rows)}
    header = [name or f"Column {column_name(n)}" for n, name in enumerate(table.header, start=1)]
    kept = [place not in blank for place in range(len(header))]
    rows = [list(compress(row, kept)) for row in table.rows] if blank else table.rows
    return Table(tuple(compress(header, kept)), rows, table.numbers)


def _unique(header: Sequence[str]) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """The names with a count after each that stood before, and those as (name, given name)."""
    taken = {name.casefold() for name in header}
    seen: set[str] = set()
    unique = []
    repeated = []
    for name in header:
        given, count = name, 1
        while given.casefold() in seen or (count > 1 and given.casefold() in taken):
            count += 1
            given = f"{name} ({count})"
        if given != name:
            repeated.append((name, given))
        seen.add(given.casefold())
        unique.append(given)
    return tuple(unique), repeated


def _like_names(row: Sequence[str]) -> bool:
    filled = [name for name in row if name]
    return len(filled) > 1 and not any(_NUMBER.match(name) for name in filled)
