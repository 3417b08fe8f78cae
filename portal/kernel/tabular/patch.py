"""Corrections of a table that was sent: each says what stood in a cell and what stands there now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.kernel.findings import Finding
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.sensitive import personal_number_code
from portal.kernel.tabular.table import Cell, Odd, Table, show

LEAVE_OUT = "(row)"
"""In the place of a column: the whole row is left out."""

LONGEST_SHOWN = 500
MAX_EDITS, MAX_TEXT = 10_000, 500
"""Corrections a file takes in all, and characters of one."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One correction: the cell by row number and name of the column, and its text before and after."""

    row: int
    column: str
    was: str
    now: str


def text_of(cell: Cell) -> str:
    """A cell as a person would type it: dates as 2025-10-31, numbers in plain digits; Odd is blank."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Odd):
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return format(Decimal(repr(cell)), "f")


def shown(cell: Cell) -> str:
    """As much of a cell as a person is given to correct."""
    return text_of(cell)[:LONGEST_SHOWN]


def apply_patch(table: Table, edits: Iterable[Edit]) -> tuple[Table, list[Finding]]:
    """The table with the corrections made, in their order; new values are text.

    A correction that does not fit is an error and is not made.
    """
    edits = list(edits)
    if not edits:
        return table, []
    columns = {name: place for place, name in enumerate(table.header)}
    places = {number: place for place, number in enumerate(table.numbers)}
    changed: dict[int, list[Cell]] = {}
    left_out: set[int] = set()
    findings = []
    for edit in edits:
        place = places.get(edit.row, -1)
        if place < 0 or place in left_out:
            findings.append(_misfit(edit, "there is no such row"))
        elif edit.column == LEAVE_OUT:
            left_out.add(place)
        elif (column := columns.get(edit.column, -1)) < 0:
            findings.append(_misfit(edit, "there is no such column"))
        elif shown(changed.get(place, table.rows[place])[column]) != edit.was[:LONGEST_SHOWN]:
            findings.append(_misfit(edit, "the cell holds something else than was corrected"))
        elif code := personal_number_code(edit.now):
            findings.append(FILE_FINDINGS.finding(code, row=edit.row, column=show(edit.column)))
        else:
            changed.setdefault(place, list(table.rows[place]))[column] = edit.now
    kept = [place for place in range(len(table.rows)) if place not in left_out]
    rows = [changed.get(place, table.rows[place]) for place in kept]
    return Table(table.header, rows, [table.numbers[place] for place in kept]), findings


def _misfit(edit: Edit, why: str) -> Finding:
    column = "" if edit.column == LEAVE_OUT else show(edit.column)
    place = f"row {edit.row}" + (f", column {column}" if column else "")
    return FILE_FINDINGS.finding(
        "patch_does_not_fit", row=edit.row, column=column, place=place, why=why
    )
