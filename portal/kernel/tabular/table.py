"""The table every reader makes, whatever the file was: a header, rows of cells, row numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.kernel.findings import Finding

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 150_000
MAX_COLUMNS = 200

SHOWN_CHARACTERS = 60

# What stands between the parts of a number: hyphens of all kinds, dots and blanks; one twice.
NUMBER_MARKS = "-. \u00a0\u2010\u2011\u2012\u2013\u2014\u2212"
SOCIAL_SECURITY_NUMBER = re.compile(
    rf"(?<![0-9])[0-9]{{3}}(?P<mark>[{re.escape(NUMBER_MARKS)}])[0-9]{{2}}(?P=mark)[0-9]{{4}}(?![0-9])"
)
ALIEN_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[Aa][ \-#]{0,2}(?:[0-9]{9}|0?[0-9]{2,3}(?P<sign>[- ])[0-9]{3}(?P=sign)[0-9]{3})"
    r"(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell without a value of its own; `what` is `formula`, `error` or words for a person."""

    what: str


Cell = str | int | float | date | datetime | Odd

# How many cells of a row are names of columns that somebody knows.
Recognise = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, all of its length; `numbers` are the rows' numbers in the file.

    Numbers count from 1 with the file's first line; in JSON from 1 with the first object.
    """

    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class Found:
    """A table, the row of its header, what was found on the way, and text that is not in it.

    `outside` are rows by their numbers: above the header, of another length, passed over.
    """

    table: Table
    header_row: int
    findings: list[Finding]
    outside: dict[int, list[str]]


class FileRefused(Exception):
    """Carries the finding for which a whole file is refused; never leaves this package."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def is_blank(cell: Cell) -> bool:
    """Whether a person looking at the cell sees nothing in it."""
    return type(cell) is str and not cell.strip()


def show(cell: Cell) -> str:
    """A cell as a finding may repeat it: short, one line, numbers of persons covered."""
    if isinstance(cell, Odd):
        return ""
    # A value is cut before it is searched, so that a megabyte in one cell costs nothing.
    text = str(cell)[: 4 * SHOWN_CHARACTERS]
    text = SOCIAL_SECURITY_NUMBER.sub("***-**-****", text)
    text = ALIEN_NUMBER.sub("A*********", text)
    text = "".join("\N{REPLACEMENT CHARACTER}" if is_control(mark) else mark for mark in text)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def is_control(mark: str) -> bool:
    """Whether a character is invisible, steers the text around it, or is no character at all."""
    return unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def column_name(number: int) -> str:
    """A column's letters as a spreadsheet shows them; 1 is `A`."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name
