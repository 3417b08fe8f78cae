"""Of which day a list is. Its file name says so and is not always right; its content decides.

Candidates are the day the workbook was last saved and the day in the file's name. A list cannot
be older than what it lists, so a candidate is given up when agreements were signed after it (one
row in a hundred may be a slip of the pen). Of the others the earliest stands: a file may be named
for the next morning, or saved again years later. Without any, it is the day of the last signing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# ICE publishes from Washington; late in the evening the day in UTC is already the next one.
_ICE_ZONE = ZoneInfo("America/New_York")
_FIRST_AGREEMENT_YEAR = 2002
_AHEAD_DAYS = 31
_SLIPS_IN_A_HUNDRED = 1


class NamedDay(NamedTuple):
    """What a file's name says: a possible day, or only the digits that should be one."""

    day: date | None
    digits: str


def named_day(filename: str, today: date) -> NamedDay:
    """The day in a name such as `participatingAgencies11252025am.xlsx`.

    Known are MMDDYYYY, MMDDYY, YYYYMMDD, YYYYMMDDHHMMSS and the same with - _ or . between. A day
    before the first agreement, or more than a month after `today`, is a slip: `03113025`.
    """
    name = re.sub(r"287\s*\(?g\)?", "", filename, flags=re.IGNORECASE)
    name = re.sub(r"(?<=[0-9])[-_.](?=[0-9])", "", name)
    digits = next((run for run in re.findall(r"[0-9]+", name) if len(run) >= 6), "")
    for pattern in ("%Y%m%d", "%m%d%Y") if len(digits) >= 8 else ("%m%d%y",):
        day = _parsed(digits[: 8 if len(digits) >= 8 else 6], pattern)
        if day and day.year >= _FIRST_AGREEMENT_YEAR and day <= today + timedelta(days=_AHEAD_DAYS):
            return NamedDay(day, digits)
    return NamedDay(None, digits)


def _parsed(digits: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(digits, pattern).date()  # noqa: DTZ007 - a day, not an instant
    except ValueError:
        return None


def day_of(instant: datetime | None) -> date | None:
    """The day in Washington."""
    return instant.astimezone(_ICE_ZONE).date() if instant else None


def signed_after(day: date, signed: Sequence[date]) -> int:
    """How many agreements were signed after a day."""
    return sum(each > day for each in signed)


def list_day(
    named: date | None, saved_on: date | None, signed: Sequence[date], today: date
) -> date | None:
    """The day a list shows, from its name, its last saving and the signings in it."""
    possible = [
        day
        for day in (named, saved_on)
        if day and 100 * signed_after(day, signed) <= _SLIPS_IN_A_HUNDRED * len(signed)
    ]
    if possible:
        return min(possible)
    return max((day for day in signed if day <= today), default=named or saved_on)
