"""Column readers: each distinct value of a column is read once, problems become findings by row.

That one idea makes reading fast (a quarter has few dates, salaries and ids, whatever its rows) and
keeps one path: there is no fast reading that a slow explanation would have to agree with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar, cast

from portal.kernel.findings import Catalogue, Finding, Severity
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.layout import Column, Kind, MatchedTable, choices_of
from portal.kernel.tabular.table import Cell, is_blank, show
from portal.kernel.tabular.values import (
    Problem,
    read_choice,
    read_date,
    read_hours,
    read_id,
    read_money,
    read_text,
    read_unused,
)

T = TypeVar("T")
_TOTALS = frozenset({"total", "totals", "grand total", "subtotal", "sub total", "sub-total", "sum"})
_NO_EXT: Mapping[str, str] = {}


class ColumnReader:
    """Reads a matched table column by column, collecting findings and the rows they spoil.

    Every method returns one entry per row. In a row of `spoiled` (counted from 0) entries may be
    missing: such a row must not be used.
    """

    def __init__(self, matched: MatchedTable) -> None:
        self.layout = matched.layout
        self.spoiled: set[int] = set()
        self._matched = matched
        rows, self.numbers, self.findings = _without_totals(matched)
        self._columns: list[tuple[Cell, ...]] = list(zip(*rows, strict=True))
        self.ids: list[str] = [""] * len(self.numbers)
        self.ext: Sequence[Mapping[str, str]] = [_NO_EXT] * len(self.numbers)
        # First, so that later findings can name the officer and repeat the agency's columns.
        ids = self._column(self.layout.column(self.layout.id_column), read_id, None)
        self.ids = [officer_id if isinstance(officer_id, str) else "" for officer_id in ids]
        self.ext = self._read_ext()

    def dates(self, name: str) -> list[date]:
        """A column of dates that must be filled in."""
        return self._column(self.layout.column(name), read_date, None)

    def optional_dates(self, name: str) -> list[date | None]:
        """A column of dates; blank is None."""
        return self._column(self.layout.column(name), read_date, None, optional=True)

    def money(self, name: str) -> list[int]:
        """A column of amounts in cents; blank is zero where the layout lets it be blank."""
        return self._column(self.layout.column(name), read_money, 0)

    def hours(self, name: str) -> list[Decimal | None]:
        """A column of hours; blank is None."""
        return self._column(self.layout.column(name), read_hours, None, optional=True)

    def texts(self, name: str) -> list[str]:
        """A column of text; blank is an empty text where the layout lets it be blank."""
        return self._column(self.layout.column(name), read_text, "")

    def choices(self, name: str) -> list[str]:
        """A column of one of the layout's choices, in the layout's spelling; blank is empty."""
        column = self.layout.column(name)
        return self._column(column, partial(read_choice, choices=choices_of(column)), "")

    def money_group(self, name: str) -> dict[str, list[int]]:
        """The columns of a group of amounts, by their names without the prefix; blank is zero."""
        column = self.layout.column(name)
        word = column.prefix.rstrip("_")
        return {
            header.removeprefix(word).strip("_"): self._read(
                header, column.format, position, read_money, 0
            )
            for header, position in self._matched.groups.get(name, {}).items()
        }

    def scan_ignored(self) -> None:
        """Look for numbers that identify persons in the columns nobody reads."""
        for name, position in self._matched.ignored.items():
            self._read(name, "", position, read_unused, "")

    def report(self, catalogue: Catalogue, code: str, index: int, **facts: Any) -> None:
        """Add a finding about row `index` (from 0); an error spoils the row."""
        finding = catalogue.finding(
            code,
            row=self.numbers[index],
            officer_id=self.ids[index],
            ext=self.ext[index],
            **facts,
        )
        self.findings.append(finding)
        if finding.severity is Severity.ERROR:
            self.spoiled.add(index)

    def _read_ext(self) -> Sequence[Mapping[str, str]]:
        columns = {
            name: self._read(name, Kind.TEXT.value, position, read_text, "")
            for name, position in self._matched.ext.items()
        }
        if not columns:
            return self.ext
        return [
            {n: v for n, v in zip(columns, row, strict=True) if isinstance(v, str) and v}
            for row in zip(*columns.values(), strict=True)
        ]

    def _column(
        self,
        column: Column,
        read: Callable[[Cell], T | Problem],
        blank: T | None,
        *,
        optional: bool = False,
    ) -> list[T]:
        position = self._matched.positions.get(column.name)
        if position is None:
            return [cast(T, blank)] * len(self.numbers)
        needed = column.required == "yes" and not optional
        on_blank = Problem("required_value") if needed else cast(T, blank)
        return self._read(column.name, column.format, position, read, on_blank)

    def _read(
        self,
        name: str,
        expected: str,
        position: int,
        read: Callable[[Cell], T | Problem],
        on_blank: T | Problem,
    ) -> list[T]:
        cells = self._columns[position] if self._columns else ()
        values = {cell: on_blank if is_blank(cell) else read(cell) for cell in set(cells)}
        problems = {cell: v for cell, v in values.items() if isinstance(v, Problem)}
        if problems:
            for index, cell in enumerate(cells):
                if cell in problems:
                    self.report(
                        FILE_FINDINGS,
                        problems[cell].code,
                        index,
                        column=name,
                        value=show(cell),
                        expected=expected,
                        why=problems[cell].why,
                    )
        return [cast(T, values[cell]) for cell in cells]


def _without_totals(
    matched: MatchedTable,
) -> tuple[Sequence[Sequence[Cell]], list[int], list[Finding]]:
    """The rows and their numbers without total rows: one finding each, whatever else they lack."""
    rows, numbers = matched.table.rows, matched.table.numbers
    position = matched.positions[matched.layout.id_column]
    totals = {
        index
        for index, row in enumerate(rows)
        if isinstance(cell := row[position], str) and cell.strip(" :").casefold() in _TOTALS
    }
    if not totals:
        return rows, numbers, []
    kept = [index for index in range(len(rows)) if index not in totals]
    findings = [FILE_FINDINGS.finding("total_row", row=numbers[index]) for index in sorted(totals)]
    return [rows[index] for index in kept], [numbers[index] for index in kept], findings
