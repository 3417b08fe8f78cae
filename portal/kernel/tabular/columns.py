"""Column readers: each distinct value of a column is read once, problems become findings by row.

That one idea makes reading fast (a quarter has few dates, salaries and ids, whatever its rows) and
keeps one path: there is no fast reading that a slow explanation would have to agree with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import compress
from typing import Any, TypeVar, cast

from portal.kernel.findings import Catalogue, Finding, Severity
from portal.kernel.tabular.by_column import ByColumn, by_column
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.layout import Column, Kind, MatchedTable, choices_of
from portal.kernel.tabular.table import Cell, is_blank, show
from portal.kernel.tabular.values import (
    Problem,
    plain_ids,
    plain_money,
    read_choice,
    read_date,
    read_hours,
    read_id,
    read_money,
    read_text,
)

T = TypeVar("T")
EXPLAINED = 10_000
"""Findings of one file that are put into words; unreadable cells beyond them are only counted."""
_TOTALS = frozenset({"total", "totals", "grand total", "subtotal", "sub total", "sub-total", "sum"})
# Readers with a way to read many cells at once.
_PLAIN: Mapping[object, Callable[[list[str]], Iterable[object] | None]] = {
    read_id: plain_ids,
    read_money: plain_money,
}
_NO_EXT: Mapping[str, str] = {}


class ColumnReader:
    """Reads a matched table column by column, collecting findings and the rows they spoil.

    Every method returns one entry per row. In a row of `spoiled` (counted from 0) entries may be
    missing: such a row must not be used. `unexplained` counts unreadable cells without a finding of
    their own, by code and column.
    """

    def __init__(self, matched: MatchedTable) -> None:
        self.layout = matched.layout
        self.spoiled: set[int] = set()
        self._matched = matched
        self._cells, self.numbers, self.findings = _without_totals(matched)
        self.unexplained: Counter[tuple[str, str]] = Counter()
        self.ids: list[str] = [""] * len(self.numbers)
        self.ext: Sequence[Mapping[str, str]] = [_NO_EXT] * len(self.numbers)
        # First, so that later findings can name the officer and repeat the agency's columns.
        ids = self._column(self.layout.column(self.layout.id_column), read_id, None)
        self.ids = [i if isinstance(i, str) else "" for i in ids] if self.spoiled else ids
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
        cells, distinct = self._cells.columns[position], self._cells.distinct(position)
        values: Mapping[Cell, T | Problem] | None = _all_plain(read, distinct, on_blank)
        if values is None:
            values = {cell: on_blank if is_blank(cell) else read(cell) for cell in distinct}
            problems = {cell: v for cell, v in values.items() if isinstance(v, Problem)}
            if problems:
                self._explain(name, expected, cells, problems)
        return list(map(cast(Mapping[Cell, T], values).__getitem__, cells))

    def _explain(
        self,
        name: str,
        expected: str,
        cells: Sequence[Cell],
        problems: Mapping[Cell, Problem],
    ) -> None:
        bad = [index for index, cell in enumerate(cells) if cell in problems]
        # Every column that has any is heard, however many there were before.
        room = max(EXPLAINED - len(self.findings), 1)
        for index in bad[:room]:
            problem = problems[cells[index]]
            self.report(
                FILE_FINDINGS,
                problem.code,
                index,
                column=name,
                value=show(cells[index]),
                expected=expected,
                why=problem.why,
            )
        self.spoiled.update(bad[room:])
        self.unexplained.update((problems[cells[index]].code, name) for index in bad[room:])


def _all_plain(
    read: Callable[[Cell], T | Problem], cells: Collection[Cell], on_blank: T | Problem
) -> dict[Cell, T] | None:
    """What `read` makes of the cells, if all are written as nearly every system does; else None.

    All are looked at with one expression: one call for each takes four times as long.
    """
    plain = _PLAIN.get(read)
    texts = [cell for cell in cells if cell != ""]
    if plain is None or (len(texts) < len(cells) and isinstance(on_blank, Problem)):
        return None
    try:
        values = plain(cast(list[str], texts))
    except TypeError:  # not all are text
        return None
    if values is None:
        return None
    return {**dict(zip(texts, cast(Iterable[T], values), strict=True)), "": cast(T, on_blank)}


def _without_totals(matched: MatchedTable) -> tuple[ByColumn, list[int], list[Finding]]:
    """The rows and their numbers without total rows: one finding each, whatever else they lack."""
    cells, numbers = by_column(matched.table), matched.table.numbers
    position = matched.positions[matched.layout.id_column]
    totals = {
        cell
        for cell in cells.distinct(position)
        if isinstance(cell, str) and cell.strip(" :").casefold() in _TOTALS
    }
    if not totals:
        return cells, numbers, []
    kept = [cell not in totals for cell in cells.columns[position]]
    findings = [
        FILE_FINDINGS.finding("total_row", row=number)
        for number, is_kept in zip(numbers, kept, strict=True)
        if not is_kept
    ]
    columns = [list(compress(column, kept)) for column in cells.columns]
    return ByColumn(columns), list(compress(numbers, kept)), findings
