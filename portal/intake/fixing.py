"""Fix in place: the faulty cells of a file as fields of a page, and what was typed as edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from django.http import QueryDict

from portal.intake.faulty import Faulty
from portal.intake.models import BatchFinding, Justification
from portal.intake.queue import Queue, cents_of
from portal.kernel.findings import Severity
from portal.kernel.tabular.patch import LEAVE_OUT, Edit
from portal.kernel.tabular.sensitive import personal_number_code
from portal.kernel.tabular.table import is_control

LONGEST = 500
_CELL = re.compile(r"cell-([0-9]{1,9})-([0-9]{1,4})", re.ASCII)
_OUT = re.compile(r"out-([0-9]{1,9})", re.ASCII)
_DAY = re.compile(r"(?<![“\w-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![\w-])", re.ASCII)
_PERSONAL_NUMBERS = {
    "looks_like_ssn": "a social security",
    "looks_like_alien_number": "an alien registration",
}


class Typed(NamedTuple):
    """What came with the fix form: edits, the fields as they were filled in, and what is wrong by field."""

    edits: list[Edit]
    fields: Mapping[str, str]
    wrong: Mapping[str, str]


NOTHING_TYPED = Typed([], {}, {})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the file as a field. `is_part`: its row was added up with others, so its number matters."""

    name: str
    row: int
    column: str
    was: str
    value: str
    expected: str = ""
    wrong: str = ""
    is_part: bool = False

    @property
    def described_by(self) -> str:
        """The id of what says how to fill the field."""
        if self.wrong:
            return f"{self.name}-error"
        return f"{self.name}-hint" if self.expected else ""

    @property
    def is_changed(self) -> bool:
        """Whether something else was typed than stands in the file."""
        return self.value.strip() != self.was.strip()

    @property
    def is_long(self) -> bool:
        """Whether it wants more than one short line."""
        return len(self.value) > 40


@dataclass(frozen=True, slots=True)
class Case:
    """One finding on the page, with what can be done about it there.

    `elsewhere` names a field above, where the same cell was given already; `out` the tick that leaves
    the row out; `rows` all rows that were added up to the finding's.
    """

    finding: BatchFinding
    answer: Justification | None = None
    cells: Sequence[Cell] = ()
    elsewhere: str = ""
    out: str = ""
    is_out: bool = False
    has_row: bool = False
    rows: Sequence[int] = ()

    @property
    def message(self) -> str:
        """What was found, its days in the words of the portal; what is quoted stays as it was read."""
        return _DAY.sub(_in_words, self.finding.message)

    @property
    def place(self) -> str:
        """The id of the finding on the page."""
        return f"finding-{self.finding.number}"

    @property
    def cents(self) -> int | None:
        """What the finding is about."""
        return cents_of([self.finding])

    @property
    def is_changed(self) -> bool:
        """Whether something was typed into its fields."""
        return self.is_out or any(cell.is_changed for cell in self.cells)


@dataclass(slots=True)
class Sheet:
    """The fields of one page: every cell and every row is given once."""

    faulty: Faulty
    typed: Typed = NOTHING_TYPED
    given: set[str] = field(default_factory=set)

    def case(self, finding: BatchFinding, answer: Justification | None = None) -> Case:
        """A finding with the fields for its cells, as far as its row is at hand."""
        row = finding.row
        if row is None or row not in self.faulty.rows or finding.severity == Severity.NOTICE:
            return Case(finding, answer)
        rows = self.faulty.rows_of(finding)
        is_group = len(rows) > 1
        columns = self.faulty.columns_of(finding)
        cells = [
            replace(self._cell(row, column, finding.expected), is_part=is_group)
            for row in rows
            for column in columns
        ]
        new = [cell for cell in cells if cell.name not in self.given]
        self.given.update(cell.name for cell in new)
        # Of rows that were added up, which one is too many is seen in the whole rows.
        out = "" if is_group or f"out-{row}" in self.given else f"out-{row}"
        self.given.add(f"out-{row}")
        elsewhere = cells[0].name if cells and not new else ""
        return Case(
            finding,
            answer,
            new,
            elsewhere,
            out,
            is_out=out in self.typed.fields,
            has_row=True,
            rows=rows,
        )

    def row(self, row: int) -> list[Cell]:
        """All cells of a row."""
        return [self._cell(row, column) for column in self.faulty.header]

    @property
    def rest(self) -> list[Cell]:
        """Cells that were changed and have no field on the page, once it is laid out."""
        cells = (
            self._cell(int(match[1]), self.faulty.header[int(match[2])])
            for name in self.typed.fields
            if name not in self.given and (match := _CELL.fullmatch(name))
        )
        return [cell for cell in cells if cell.is_changed]

    def _cell(self, row: int, column: str, expected: str = "") -> Cell:
        name = f"cell-{row}-{self.faulty.header.index(column)}"
        was = self.faulty.cell(row, column)
        value = self.typed.fields.get(name, was)
        return Cell(name, row, column, was, value, expected, self.typed.wrong.get(name, ""))


def lay_out(queue: Queue, sheet: Sheet) -> None:
    """Give each group of the page its cases."""
    for group in queue.rows:
        group.cases = [
            sheet.case(finding, queue.answers.get(finding.fingerprint)) for finding in group.shown
        ]


def read_typed(post: QueryDict, faulty: Faulty) -> Typed:
    """What somebody typed into the fields of a page. Fields that are none of the file's are ignored."""
    fields: dict[str, str] = {}
    wrong: dict[str, str] = {}
    left_out = sorted(_rows_left_out(post, faulty))
    edits = [Edit(row, LEAVE_OUT, "", "yes") for row in left_out]
    fields.update((f"out-{row}", "yes") for row in left_out)
    for name, row, column in sorted(_cells(post, faulty), key=lambda cell: cell[1:]):
        was = faulty.rows[row][column]
        # The whole row, opened below, holds cells that stand above too: the changed one counts.
        texts = [text.strip() for text in post.getlist(name)]
        now = next((text for text in texts if _on_one_line(text) != _on_one_line(was)), was)
        fields[name] = now
        if now == was or row in left_out:
            continue
        if complaint := _complaint(now):
            wrong[name] = complaint
            # Such a number is not even shown back to the person who typed it.
            fields[name] = "" if personal_number_code(now) else now
        else:
            edits.append(Edit(row, faulty.header[column], was, now))
    return Typed(edits, fields, wrong)


def _rows_left_out(post: Iterable[str], faulty: Faulty) -> Iterator[int]:
    for name in post:
        if (match := _OUT.fullmatch(name)) and int(match[1]) in faulty.rows:
            yield int(match[1])


def _cells(post: Iterable[str], faulty: Faulty) -> Iterator[tuple[str, int, int]]:
    for name in post:
        if match := _CELL.fullmatch(name):
            row, column = int(match[1]), int(match[2])
            if row in faulty.rows and column < len(faulty.header):
                yield name, row, column


def _on_one_line(text: str) -> str:
    """A text to be compared: a browser sends line breaks of its own kind back, or none."""
    return text.replace("\r", "").replace("\n", "").strip()


def _in_words(found: re.Match[str]) -> str:
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        return found[0]
    return f"{day:%b} {day.day}, {day.year}"


def _complaint(text: str) -> str:
    """Why a text cannot be taken, before any rule of the file is asked."""
    if code := personal_number_code(text):
        what = _PERSONAL_NUMBERS[code]
        return (
            f"This looks like {what} number. The portal must never receive one. Type another value."
        )
    if any(is_control(mark) for mark in text):
        return "This has invisible characters. Type it again."
    if len(text) > LONGEST:
        return f"This is too long; the limit is {LONGEST} characters."
    return ""
