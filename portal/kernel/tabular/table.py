"""The table every reader makes, whatever the file was: a header, rows of cells, row numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.kernel.findings import Finding

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 150_000
MAX_COLUMNS = 200

SHOWN_CHARACTERS = 60

SOCIAL_SECURITY_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9])")
ALIEN_NUMBER = re.compile(
    r"(?<![0-9A-Z])A[ \-#]?(?:[0-9]{9}|[0-9]{3}-[0-9]{3}-[0-9]{3})(?![0-9A-Z])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell without a value of its own; `what` is `formula`, `error` or words for a person."""

    what: str


Cell = str | int | float | date | datetime | Odd


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, all of its length; `numbers` are the rows' numbers in the file.

    Numbers count from 1 with the file's first line; in JSON from 1 with the first object.
    """

    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    numbers: list[int]


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
