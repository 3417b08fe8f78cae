"""Value readers: one cell in, one value or one `Problem` out. What cannot be read is never zero.

No reader is asked about a blank cell; what blank means stands in the layout.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from portal.kernel.tabular.table import Cell, Odd, is_control

MAX_ID_CHARACTERS = 40
MAX_TEXT_CHARACTERS = 200


class Problem(NamedTuple):
    """Why a cell has no value: a code of the catalogue and, where it helps, the reason in words."""

    code: str
    why: str = ""


_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_US_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def read_date(cell: Cell) -> date | Problem:
    """`2025-10-31`, `10/31/2025` or a spreadsheet date without time of day; years 1900 to 2100."""
    if isinstance(cell, str):
        return _date_from_text(cell.strip(" "))
    if isinstance(cell, datetime):
        return Problem("bad_date", ": it has a time of day")
    if isinstance(cell, date):
        return _in_years(cell)
    if isinstance(cell, Odd):
        return _odd(cell)
    return Problem("bad_date", ": it is a plain number; format the column as a date")


def _date_from_text(text: str) -> date | Problem:
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = match.groups()
    elif match := _US_DATE.fullmatch(text):
        month, day, year = match.groups()
    elif _SHORT_YEAR.fullmatch(text):
        return Problem("bad_date", ": the year must have four digits")
    else:
        return Problem("bad_date")
    try:
        return _in_years(date(int(year), int(month), int(day)))
    except ValueError:
        return Problem("bad_date", ": there is no such day")


def _in_years(day: date) -> date | Problem:
    if _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return day
    return Problem("bad_date", f": the year must be {_FIRST_YEAR} to {_LAST_YEAR}")


_PLAIN_CENTS = re.compile(r"[0-9]{1,9}\.[0-9]{2}")
_MONEY = re.compile(r"\$?([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2}))?")
_NEGATIVE = re.compile(r"\$? ?[-−–(].*|.*[-−)]", re.DOTALL)
_PARTS_OF_A_CENT = re.compile(r"\$?[0-9][0-9,]{0,11}\.[0-9]{3,30}")
_MAX_DOLLARS = 1_000_000_000
# Spreadsheets add 0.1 and 0.2 to 0.30000000000000004: far below this. Parts of a cent are above.
_NOISE = Decimal("0.000001")


def read_money(cell: Cell) -> int | Problem:
    """Whole cents of `1234.5` or `$1,234.50`: no sign, up to two decimals, under a billion."""
    if isinstance(cell, str):
        # First the form that nearly every system writes: it decides how fast a file is read.
        if _PLAIN_CENTS.fullmatch(cell):
            return int(cell[:-3] + cell[-2:])
        return _money_from_text(cell.strip(" "))
    if isinstance(cell, date):
        return Problem("bad_money", ": it is a date")
    if isinstance(cell, Odd):
        return _odd(cell)
    if cell < 0:
        return Problem("negative_money")
    if not cell < _MAX_DOLLARS:
        return Problem("bad_money", ": it is too large")
    if (cents := round(cell * 100)) / 100 == cell:
        return cents
    exact = Decimal(repr(cell))
    amount = round(exact, 2)
    if abs(exact - amount) > _NOISE:
        return Problem("parts_of_a_cent")
    return int(amount.scaleb(2))


def _money_from_text(text: str) -> int | Problem:
    if match := _MONEY.fullmatch(text):
        whole, part = match.groups()
        return int(whole.replace(",", "") + (part or "").ljust(2, "0"))
    if _NEGATIVE.fullmatch(text):
        return Problem("negative_money")
    if _PARTS_OF_A_CENT.fullmatch(text):
        return Problem("parts_of_a_cent")
    return Problem("bad_money")


_PLAIN_AMOUNTS = re.compile(r"(?:[0-9]{1,9}\.[0-9]{2}\n)*+")


def plain_money(cells: list[str]) -> list[int] | None:
    """What `read_money` makes of cells that are all written like `1234.50`; None if one is not."""
    text = "\n".join([*cells, ""])
    if text.count("\n") != len(cells) or not _PLAIN_AMOUNTS.fullmatch(text):
        return None
    return list(map(int, text.replace(".", "").split()))


_HOURS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,2})?")


def read_hours(cell: Cell) -> Decimal | Problem:
    """Hours as an exact decimal, under 10,000, with at most two decimals."""
    if isinstance(cell, Odd):
        return _odd(cell)
    if isinstance(cell, date):
        return Problem("bad_hours", ": it is a date")
    if isinstance(cell, str):
        if _HOURS.fullmatch(text := cell.strip(" ")):
            return Decimal(text)
        return Problem("bad_hours")
    exact = Decimal(repr(cell))
    if not 0 <= exact < 10_000:
        return Problem("bad_hours")
    hours = round(exact, 2)
    if abs(exact - hours) > _NOISE:
        return Problem("bad_hours", ": it has more than two decimals")
    return hours


_ID = re.compile(r"[!-~]+(?: [!-~]+)*")
_SPREADSHEET_NUMBER = re.compile(r"[0-9]+\.0+|[0-9]+(?:\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_SPREADSHEET_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)", re.I)


def read_id(cell: Cell) -> str | Problem:
    """An identifier as text, leading zeros kept: up to 40 printable ASCII characters.

    A spreadsheet's whole number becomes its digits. `1.01E+02` and `101.0` are refused: they are
    what a spreadsheet made of an identifier, and nobody can tell which.
    """
    if isinstance(cell, Odd):
        return _odd(cell)
    if isinstance(cell, date):
        return Problem("bad_id", ": a spreadsheet made a date of it")
    if isinstance(cell, float):
        return Problem("bad_id", ": a spreadsheet made a decimal number of it")
    text = str(cell).strip(" ")
    if len(text) > MAX_ID_CHARACTERS:
        return Problem("bad_id", f": it is longer than {MAX_ID_CHARACTERS} characters")
    if not _ID.fullmatch(text):
        return Problem("bad_id", ": it has letters or signs outside A to Z, 0 to 9 and - / . _")
    if text[0] in "=+@" or (text[0] == "-" and len(text) > 1) or _SPREADSHEET_ERROR.fullmatch(text):
        return Problem("bad_id", ": it reads like a spreadsheet formula or error")
    if _SPREADSHEET_NUMBER.fullmatch(text):
        return Problem("bad_id", ": a spreadsheet made a number of it")
    return text


# Too short for any number that identifies a person, and without a sign that needs a second look.
_PLAIN_IDS = re.compile(r"(?:[0-9A-Za-z]{1,8}\n)*+")


def plain_ids(cells: list[str]) -> list[str] | None:
    """What `read_id` makes of cells that are all a few letters and digits; None if one is not."""
    text = "\n".join([*cells, ""])
    is_plain = text.count("\n") == len(cells) and _PLAIN_IDS.fullmatch(text)
    return cells if is_plain else None


def read_choice(cell: Cell, choices: Mapping[str, str]) -> str | Problem:
    """One of `choices` (case folded to canonical), whatever the case of its letters."""
    if isinstance(cell, Odd):
        return _odd(cell)
    return choices.get(str(cell).strip(" ").casefold(), Problem("bad_choice"))


def read_text(cell: Cell, longest: int = MAX_TEXT_CHARACTERS) -> str | Problem:
    """Text in Unicode's composed form (NFC), one line, without invisible characters."""
    if isinstance(cell, Odd):
        return _odd(cell)
    text = unicodedata.normalize("NFC", str(cell).strip()) if len(str(cell)) <= 8 * longest else ""
    if not text or len(text) > longest:
        return Problem("bad_text", f": it is longer than {longest} characters")
    if not (text.isascii() and text.isprintable()) and any(is_control(mark) for mark in text):
        return Problem("bad_text", ": it has a line break or an invisible character")
    return text


def _odd(cell: Odd) -> Problem:
    if cell.what in ("formula", "error"):
        return Problem(f"{cell.what}_cell")
    return Problem("wrong_cell", cell.what)
