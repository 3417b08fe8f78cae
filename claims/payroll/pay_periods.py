"""How often an agency pays, and the first day of a pay period by its last."""

from __future__ import annotations

from datetime import date, timedelta

FREQUENCIES = (
    ("weekly", "every week"),
    ("biweekly", "every two weeks"),
    ("semimonthly", "twice a month, to the 15th and to the last day"),
    ("monthly", "once a month"),
    ("yearly", "a whole year in one row"),
)


def first_day_of(frequency: str, end: date) -> date | None:
    """The first day of the period that ends on `end`; None if none of that frequency ends there."""
    is_last_day = (end + timedelta(1)).day == 1
    if frequency == "weekly":
        return end - timedelta(6)
    if frequency == "biweekly":
        return end - timedelta(13)
    if frequency == "semimonthly":
        return end.replace(day=16 if is_last_day else 1) if is_last_day or end.day == 15 else None
    if frequency == "monthly":
        # A month that ends on the 25th began on the 26th; one to the 29th to 31st has no such day.
        before = end.replace(day=1) - timedelta(1)
        if is_last_day:
            return end.replace(day=1)
        return before.replace(day=end.day + 1) if end.day < 28 else None
    following = end + timedelta(1)
    try:
        return following.replace(year=following.year - 1)
    except ValueError:
        return None
