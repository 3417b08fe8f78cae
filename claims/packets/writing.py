"""How days, instants and amounts are written in a packet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims.packets.faces import legible
from claims.packets.facts import PacketFacts
from portal.kernel.money import format_cents

NONE = "–"
LISTED = 200
"""Rows that a table of single entries prints: every one costs milliseconds, and all are in the JSON."""
PRINTED = 600
"""Characters of one text that are printed: a letter of pages in every row would never be set."""
PRINTED_LINES = 12
BEGINNING = 80
"""Characters by which a text that stands in an earlier row is known again."""
IN_ONE_TABLE = 30_000
"""Characters of texts after which a table prints only how each further one begins."""

_LINE = 40
"""Characters that a line of its own takes the room of."""
_ELSEWHERE = "(whole in the attached JSON)"
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")


def amount(cents: int) -> str:
    """Whole cents without the dollar sign, for columns that say so in their header: `1,234.50`."""
    return format_cents(cents).replace("$", "")


def change(cents: int) -> str:
    """An amount with its sign: `+10.00` is given back, `-10.00` taken."""
    return f"+{amount(cents)}" if cents > 0 else amount(cents)


def day(value: date | None) -> str:
    """`Jan 20, 2026`."""
    return NONE if value is None else f"{value:%b} {value.day}, {value.year}"


def short_day(value: date) -> str:
    """`01/20/2026`, for narrow columns."""
    return f"{value:%m/%d/%Y}"


def days(first: date, last: date | None) -> str:
    """A range of days with both ends; an open end is said in words."""
    return f"from {day(first)}" if last is None else f"{day(first)} to {day(last)}"


def instant(value: datetime, zone: ZoneInfo) -> str:
    """An instant in the agency's time zone, which is named: `Jan 20, 2026, 10:05:31 AM EST`."""
    local = value.astimezone(zone)
    return f"{day(local.date())}, {local.hour % 12 or 12}:{local:%M:%S %p %Z}"


def count(number: int, word: str) -> str:
    """`1 line`, `2,000 lines`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def whose(officer_id: str, facts: PacketFacts, names: Mapping[str, str]) -> str:
    """Whose line it is: without an id the agency's, else the officer's by name.

    One who is not in this calculation is known by the id; in the masked copy as an officer.
    """
    if not officer_id:
        return "the agency"
    unknown = "an officer" if facts.is_masked else f"officer {officer_id}"
    return names.get(officer_id, unknown)


def brief(text: str) -> str:
    """What is printed of a text that people wrote: no runs of blank lines, and a long one's beginning."""
    # What the faces lack is printed as its code point, which takes eight times the room.
    whole = _BLANK_LINES.sub("\n\n", legible(text)).strip(" \t\n")
    printed = "\n".join(whole.split("\n")[:PRINTED_LINES])[:PRINTED]
    return whole if printed == whole else f"{printed.rstrip()}… {_ELSEWHERE}"


class Texts:
    """The texts of one table, whose rows count from 1.

    One letter often answers for hundreds of lines: it is printed where it stands first.
    """

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._room = IN_ONE_TABLE

    def tell(self, text: str, row: int) -> str:
        """The text as it is printed in a row: brief, or by its beginning and the row that has it."""
        first, printed = self._rows.setdefault(text, row), brief(text)
        if len(printed) <= BEGINNING:
            return printed
        beginning = " ".join(printed[:BEGINNING].split())
        if first != row:
            return f"{beginning}… (as in row {first} of this table)"
        self._room -= len(printed) + printed.count("\n") * _LINE
        return printed if self._room > 0 else f"{beginning}… {_ELSEWHERE}"


def left_out(number: int, word: str) -> str:
    """How many of so many entries a table does not print, in a sentence; empty where it prints all."""
    if number <= LISTED:
        return ""
    return f"{count(number - LISTED, f'more {word}')} beside these {LISTED}: see the attached JSON."
