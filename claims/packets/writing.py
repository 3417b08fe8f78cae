"""How days, instants and amounts are written in a packet."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.kernel.money import format_cents

NONE = "–"
LISTED = 500
"""Rows that a table of single entries prints: every one costs milliseconds, and all are in the JSON."""


def amount(cents: int) -> str:
    """Whole cents without the dollar sign, for columns that say so in their header: `1,234.50`."""
    return format_cents(cents).replace("$", "")


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


def left_out(number: int, word: str) -> str:
    """How many of so many entries a table does not print, in a sentence; empty where it prints all."""
    if number <= LISTED:
        return ""
    return f"{count(number - LISTED, f'more {word}')} beside these {LISTED}: see the attached JSON."
