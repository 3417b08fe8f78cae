"""Where a list has its columns. Lists differ in age; some have a title above the header."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from portal.kernel.tabular import Cell, Table
from portal.kernel.tabular.layout import normal

STATE = "STATE"
AGENCY = "LAW ENFORCEMENT AGENCY"
TYPE = "TYPE"
COUNTY = "COUNTY"
SUPPORT_TYPE = "SUPPORT TYPE"
SIGNED = "SIGNED"
MOA = "MOA"
ADDENDUM = "ADDENDUM"

REQUIRED = (STATE, AGENCY, SUPPORT_TYPE)
# Only lists of signed agreements have these.
OF_SIGNED = (SIGNED, MOA, ADDENDUM)
_ROWS_SEARCHED = 20

_NAMES = {
    STATE: ("state", "stateterritory", "stateorterritory"),
    AGENCY: ("lawenforcementagency", "agency", "agencyname", "lea", "lawenforcementagencylea"),
    TYPE: ("type", "agencytype", "typeofagency"),
    COUNTY: ("county", "countyparish", "countyorparish"),
    SUPPORT_TYPE: ("supporttype", "model", "modeltype", "programmodel", "typeofsupport"),
    SIGNED: ("signed", "datesigned", "signeddate", "dateofsignature", "moasigned"),
    MOA: ("moa", "moalink", "linktomoa"),
    ADDENDUM: ("addendum", "addenda", "addendumlink", "moaaddendum"),
}
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names}


class ListTable(NamedTuple):
    """A list's columns by name, with their position, and the rows below its header."""

    columns: Mapping[str, int]
    header_row: int
    rows: Sequence[tuple[int, Sequence[Cell]]]


def find_list(table: Table) -> ListTable | None:
    """The list in a sheet, None when no row among the first holds the required columns."""
    rows = list(zip(table.numbers, table.rows, strict=True))
    if columns := _columns(table.header):
        return ListTable(columns, 1, rows)
    for index, (number, row) in enumerate(rows[:_ROWS_SEARCHED]):
        if columns := _columns(row):
            return ListTable(columns, number, rows[index + 1 :])
    return None


def nearest_header(table: Table) -> tuple[str, ...]:
    """Which required columns are missing in the row that holds most of them."""
    candidates = [table.header, *table.rows[:_ROWS_SEARCHED]]
    found = max((set(dict(_named(row))) for row in candidates), key=len)
    return tuple(column for column in REQUIRED if column not in found)


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    columns = dict(_named(row))
    return columns if all(column in columns for column in REQUIRED) else {}


def _named(row: Sequence[Cell]) -> Iterator[tuple[str, int]]:
    """The columns a row names, last first, so that of two with one name the first stands."""
    for position in reversed(range(len(row))):
        if column := _COLUMNS.get(normal(str(row[position]))):
            yield column, position
