"""Pay calendars: told from periods that were sent, and continued without gap or overlap."""

from __future__ import annotations

import enum
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple


class Frequency(enum.StrEnum):
    """How often an agency pays."""

    BIWEEKLY = "biweekly"
    WEEKLY = "weekly"
    SEMIMONTHLY = "semimonthly"
    MONTHLY = "monthly"
    FOUR_WEEKLY = "four_weekly"

    @property
    def label(self) -> str:
        """As people say it."""
        return _LABELS[self]


_LABELS = {
    Frequency.BIWEEKLY: "every two weeks",
    Frequency.WEEKLY: "every week",
    Frequency.SEMIMONTHLY: "twice a month",
    Frequency.MONTHLY: "every month",
    Frequency.FOUR_WEEKLY: "every four weeks",
}
_LENGTHS = {Frequency.WEEKLY: 7, Frequency.BIWEEKLY: 14, Frequency.FOUR_WEEKLY: 28}
_HALF_MONTH = 15
_RECENT = 6
"""Of an officer's periods, those that tell the calendar: an agency may have changed it earlier."""


class Period(NamedTuple):
    """A pay period, both ends included."""

    start: date
    end: date

    @property
    def parts(self) -> tuple[str, str]:
        """The period in two words that may stand below each other: `Oct 12–` and `25`."""
        last = f"{self.end.day}"
        if self.end.month != self.start.month:
            last = f"{self.end:%b} {last}"
        return f"{self.start:%b} {self.start.day}–", last

    def __str__(self) -> str:
        return "".join(self.parts)


class Calendar(NamedTuple):
    """All pay periods of one frequency, for ever in both directions.

    `phase` says where a period starts: for weeks the first day's ordinal modulo the length, for
    months the day of the month (the last day in shorter months); of half months the first start.
    """

    frequency: Frequency
    phase: int

    @classmethod
    def starting(cls, frequency: Frequency, on: date) -> Calendar:
        """The calendar one of whose periods starts on a day."""
        if length := _LENGTHS.get(frequency):
            return cls(frequency, on.toordinal() % length)
        if frequency is Frequency.SEMIMONTHLY:
            return cls(frequency, (on.day - 1) % _HALF_MONTH + 1)
        return cls(frequency, on.day)

    def periods(self, first: date, last: date) -> list[Period]:
        """The periods with a day from `first` to `last`, in order."""
        return list(_periods(self, first, last))

    def has(self, period: Period) -> bool:
        """Whether the period is one of the calendar's."""
        return self.periods(period.start, period.start) == [period]


# Whole agencies are paid by one calendar: it is worked out once, not for every officer.
@lru_cache(maxsize=1024)
def _periods(calendar: Calendar, first: date, last: date) -> tuple[Period, ...]:
    starts = _starts(calendar, first, last)
    found = [Period(one, other - timedelta(days=1)) for one, other in pairwise(starts)]
    return tuple(period for period in found if period.end >= first and period.start <= last)


def _starts(calendar: Calendar, first: date, last: date) -> Iterator[date]:
    """First days of periods, from one not after `first` to one after `last`."""
    frequency, phase = calendar
    if length := _LENGTHS.get(frequency):
        begin = first.toordinal()
        begin -= (begin - phase) % length
        for ordinal in range(begin, last.toordinal() + length + 1, length):
            yield date.fromordinal(ordinal)
        return
    half = frequency is Frequency.SEMIMONTHLY
    days = (phase, phase + _HALF_MONTH) if half else (phase,)
    for month in range(first.year * 12 + first.month - 2, last.year * 12 + last.month + 1):
        year, number = month // 12, month % 12 + 1
        for day in days:
            yield date(year, number, min(day, monthrange(year, number)[1]))


def calendar_of(periods: Iterable[Period]) -> Calendar | None:
    """The calendar that at least half of the latest periods belong to; None if there is none."""
    latest = sorted(set(periods))[-_RECENT:]
    fits = Counter(
        calendar
        for period in reversed(latest)
        for frequency in Frequency
        if (calendar := Calendar.starting(frequency, period.start)).has(period)
    )
    # Of two that fit equally well the one of the latest period, then the more usual one.
    best = fits.most_common(1)
    return best[0][0] if best and 2 * best[0][1] >= len(latest) else None


class PayPlan(NamedTuple):
    """A calendar, and how many days after a period's end its payday is (before it: negative)."""

    calendar: Calendar
    payday_days: int

    def paid_on(self, period: Period) -> date:
        """The payday of a period."""
        return period.end + timedelta(days=self.payday_days)


@lru_cache(maxsize=1024)
def plan_of(paid: tuple[tuple[Period, date], ...]) -> PayPlan | None:
    """The plan behind periods and their paydays; the payday as in the latest period of the calendar."""
    calendar = calendar_of(period for period, _ in paid)
    if calendar is None:
        return None
    delays = [(period, paid_on) for period, paid_on in sorted(paid) if calendar.has(period)]
    period, paid_on = delays[-1]
    return PayPlan(calendar, (paid_on - period.end).days)


def most_common(plans: Iterable[PayPlan]) -> PayPlan | None:
    """The plan that occurs most often; of equally common ones always the same. None without any."""
    known = Counter(plans)
    return min(known, key=lambda plan: (-known[plan], plan)) if known else None
