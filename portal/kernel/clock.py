"""The one clock. Deadlines, waiting payments and events ask it; demo, commands and tests may set it.

Leases, sessions and tokens run on real time: they are about the machine, not about the program.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_shift = timedelta(seconds=int(os.environ.get("PORTAL_CLOCK_SHIFT", "0")))


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC) + _shift


def today(zone: str = "UTC") -> date:
    """The calendar day it is now in the time zone `zone` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def set_clock(instant: datetime) -> None:
    """Let the clock of this process run on from `instant`."""
    global _shift
    _shift = instant - datetime.now(UTC)


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """Run a block with the clock set to `instant`; afterwards it is as it was."""
    global _shift
    before = _shift
    set_clock(instant)
    try:
        yield
    finally:
        _shift = before
