"""Cells as exports write them: amounts with a sign, rates, dates in a style the clerk chose.

A sign is read here, because corrections stand in exports as negative amounts; what is left after
adding up must not be negative.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from portal.kernel.tabular.patch import text_of
from portal.kernel.tabular.table import Cell, Odd
from portal.kernel.tabular.values import Problem, read_date, read_hours, read_money

_PLAIN_CENTS = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_IN_BRACKETS = re.compile(r"(\$?)\(([^()]+)\)")
_SIGN_FIRST = re.compile(r"(\$?)[-\u2212\u2013] ?([^-\u2212\u2013()]+)")
_SIGN_LAST = re.compile(r"()([^-\u2212\u2013()]+?) ?[-\u2212\u2013]")


def read_signed_money(cell: Cell) -> int | Problem:
    """Cents, with a sign: also `$-886.20`, `(380.71)`, `380.71-` and the minus of typesetters."""
    return _signed(cell, read_money)


def read_signed_hours(cell: Cell) -> int | Problem:
    """Hundredths of hours, with a sign."""
    return _signed(cell, _hundredths)


def _hundredths(cell: Cell) -> int | Problem:
    hours = read_hours(cell)
    return hours if isinstance(hours, Problem) else int(hours.scaleb(2))


def _signed(cell: Cell, read: Callable[[Cell], int | Problem]) -> int | Problem:
    if isinstance(cell, int | float):
        value = read(abs(cell))
        return -value if cell < 0 and not isinstance(value, Problem) else value
    if not isinstance(cell, str) or _PLAIN_CENTS.fullmatch(cell):
        return read(cell)
    # Cut first: a megabyte in one cell is no amount and must cost nothing.
    text = cell.strip(" ")[:80]
    for form in (_IN_BRACKETS, _SIGN_FIRST, _SIGN_LAST):
        if match := form.fullmatch(text):
            value = read("".join(match.groups()))
            break
    else:
        return read(cell)
    if not isinstance(value, Problem):
        return -value
    return Problem("bad_money") if value.code == "negative_money" else value


_RATE = re.compile(r"\$?([0-9]{1,6}|[0-9]{1,3},[0-9]{3})(\.[0-9]{1,6})?")


def read_rate(cell: Cell) -> Decimal | Problem:
    """Dollars an hour, up to six decimals: rates are not whole cents."""
    if isinstance(cell, str):
        text = cell.strip(" ")
        if _RATE.fullmatch(text):
            return Decimal(text.replace("$", "").replace(",", ""))
        return Problem("bad_money", ": it is no rate by the hour")
    if isinstance(cell, int | float) and 0 <= cell < 1_000_000:
        return round(Decimal(repr(cell)), 6)
    return Problem("bad_money", ": it is no rate by the hour")


DATE_STYLES = (
    ("day_first", "25/10/2025 (day first)"),
    ("compact", "20251025"),
    ("short_year", "10/25/25 (month first; 70 to 99 are 1970 to 1999)"),
    ("words", "Oct 25, 2025 or 25-Oct-2025"),
    ("with_time", "10/25/2025 12:00:00 AM or 2025-10-25T00:00:00"),
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{2})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")
_MONTH_SECOND = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[-, ] ?([0-9]{4})")
_MIDNIGHT = re.compile(r"(\S+)[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)", re.IGNORECASE)
_MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])


def date_reader(style: str) -> Callable[[Cell], date | Problem]:
    """The reader of one of `DATE_STYLES`; empty reads what the template reads.

    Real spreadsheet dates and `2025-10-31` are read in every style, for they have one meaning.
    """
    rewrite = _REWRITES.get(style)
    if rewrite is None:
        return read_date

    def read(cell: Cell) -> date | Problem:
        if isinstance(cell, datetime | Odd | float) or type(cell) is date:
            return read_date(cell)
        text = str(cell).strip(" ")[:40]
        return read_date(text if _ISO.fullmatch(text) else rewrite(text) or "")

    return read


def _day_first(text: str) -> str:
    match = _DAY_FIRST.fullmatch(text)
    return f"{match[2]}/{match[1]}/{match[3]}" if match else ""


def _compact(text: str) -> str:
    match = _COMPACT.fullmatch(text)
    return "-".join(match.groups()) if match else ""


def _short_year(text: str) -> str:
    match = _SHORT_YEAR.fullmatch(text)
    century = "19" if match and match[3] >= "70" else "20"
    return f"{match[1]}/{match[2]}/{century}{match[3]}" if match else ""


def _words(text: str) -> str:
    if match := _MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    elif match := _MONTH_SECOND.fullmatch(text):
        day, month, year = match.groups()
    else:
        return ""
    word = month.casefold()
    found = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)]
    # `Sept` is how many write it; no other month has a usual abbreviation of its own.
    return f"{found[0]}/{day}/{year}" if len(found) == 1 else ""


def _with_time(text: str) -> str:
    match = _MIDNIGHT.fullmatch(text)
    return match[1] if match else text


_REWRITES: dict[str, Callable[[str], str]] = {
    "day_first": _day_first,
    "compact": _compact,
    "short_year": _short_year,
    "words": _words,
    "with_time": _with_time,
}


def plain(cell: Cell) -> str:
    """A cell as the text a person would type: for names, titles and pay codes."""
    return " ".join(text_of(cell).split())
