"""A file on its way to the template's columns: what was read so far, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, cast

from portal.kernel.findings import Finding, Severity
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping.catalogue import MAPPING_FINDINGS
from portal.kernel.tabular.mapping.cells import date_reader
from portal.kernel.tabular.mapping.codes import rows_by_code
from portal.kernel.tabular.mapping.model import Mapping, code_key, places_of
from portal.kernel.tabular.mapping.names import People
from portal.kernel.tabular.mapping.target import Target, code_roles_of
from portal.kernel.tabular.table import Cell, Table, is_blank, show
from portal.kernel.tabular.values import Problem, read_date

T = TypeVar("T")

ROWS = "ext_rows"
"""Of rows that were added up: the numbers of all of them in the file."""


class Draft:
    """Lists with one entry per row, by the template's column.

    `values` holds what stands for itself (None is blank), `amounts` what is added up, in cents or
    hundredths of hours; findings repeat `ext`. Rows in `spoiled` (counted from 0) have an error and
    are not used; those in `excluded` hold nothing but an excluded pay code.
    """

    def __init__(self, target: Target, mapping: Mapping, table: Table, people: People) -> None:
        self.target = target
        self.mapping = mapping
        self.people = people
        self.table = table
        self.numbers = list(table.numbers)
        self.places = places_of(mapping, table.header)
        self.ids = [""] * len(self.numbers)
        self.ext: list[dict[str, str]] = [{}] * len(self.numbers)
        self.values: dict[str, list[Any]] = {}
        self.amounts: dict[str, list[int | None]] = {}
        self.findings: list[Finding] = []
        self.spoiled: set[int] = set()
        self.excluded: set[int] = set()
        self._columns = list(zip(*table.rows, strict=True)) or [()] * len(table.header)
        self._read_date = date_reader(mapping.value("date_style"))

    def leave_out(self, rows: set[int]) -> None:
        """Go on without some rows (from 0), of which nothing but officers was read yet."""
        kept = [index for index in range(len(self.numbers)) if index not in rows]
        self.spoiled = {place for place, index in enumerate(kept) if index in self.spoiled}
        self.numbers = [self.numbers[index] for index in kept]
        self.ids = [self.ids[index] for index in kept]
        self.ext = [self.ext[index] for index in kept]
        table = Table(self.table.header, [self.table.rows[index] for index in kept], self.numbers)
        self._columns = list(zip(*table.rows, strict=True)) or [()] * len(table.header)
        self.table = table

    def cells(self, header: str) -> tuple[Cell, ...]:
        """The cells of a column of the file."""
        return self._columns[self.places[header]]

    def read(
        self,
        header: str,
        read: Callable[[Cell], T | Problem],
        expected: str,
        *,
        needed: bool = False,
    ) -> list[T | None]:
        """A column of the file, each distinct cell read once; blank is None."""
        cells = self.cells(header)
        on_blank = Problem("required_value") if needed else None
        known = {cell: on_blank if is_blank(cell) else read(cell) for cell in set(cells)}
        problems = {cell: value for cell, value in known.items() if isinstance(value, Problem)}
        if problems:
            for index, cell in enumerate(cells):
                if problem := problems.get(cell):
                    self.report(
                        problem.code,
                        index,
                        column=header,
                        value=show(cell),
                        expected=expected,
                        why=problem.why,
                    )
            known |= dict.fromkeys(problems, None)
        return [cast("T | None", known[cell]) for cell in cells]

    def dates(self, name: str) -> list[date | None] | None:
        """A column of dates from the file or typed for all of it; None when there is neither."""
        for header in self.mapping.headers(name):
            return self.read(header, self._read_date, Kind.DATE.value)
        if text := self.mapping.value(name):
            return [cast(date, read_date(text))] * len(self.numbers)
        return None

    def rows_with(self, role: str) -> set[int]:
        """The rows (from 0) whose code was sorted to a role."""
        roles = code_roles_of(self.mapping)
        found = rows_by_code(self.cells(self.mapping.headers(self.target.code_column)[0]))
        return {
            index
            for code, rows in found.items()
            if roles.get(code_key(code)) == role
            for index in rows
        }

    def report(self, code: str, index: int, **facts: Any) -> None:
        """Add a finding about row `index` (from 0); an error spoils the row."""
        finding = MAPPING_FINDINGS.finding(
            code,
            row=self.numbers[index],
            officer_id=self.ids[index],
            ext=self.ext[index],
            **facts,
        )
        self.findings.append(finding)
        if finding.severity is Severity.ERROR:
            self.spoiled.add(index)

    def note(self, code: str, **facts: Any) -> None:
        """Add a finding about the whole file."""
        self.findings.append(MAPPING_FINDINGS.finding(code, **facts))
