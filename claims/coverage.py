"""Which payable days of a quarter are covered by regular pay, by officer and pay period."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from agreements.rules import Ranges
from claims.calendars import Calendar, Frequency, PayPlan, Period, most_common, plan_of
from claims.rules.facts import PayrollLine
from portal.kernel.quarter import Quarter


class OfficerPay(NamedTuple):
    """An officer's payable days, and the accepted lines with regular pay, each line once."""

    officer_id: str
    name: str
    payable: Ranges
    lines: tuple[PayrollLine, ...]

    @property
    def plan(self) -> PayPlan | None:
        """How the officer is paid, going by the lines; None if these show no calendar."""
        return plan_of(
            tuple((Period(line.period_start, line.period_end), line.paid_on) for line in self.lines)
        )


class CellState(enum.StrEnum):
    """What a cell of the grid says first; the order is that of urgency."""

    OVERLAP = "overlap"
    GAP = "gap"
    WAITING = "waiting"
    TO_COME = "to_come"
    PAID = "paid"
    NOT_PAYABLE = "not_payable"


class Cell(NamedTuple):
    """The payable days of an officer in a period, by what covers them. A day stands in one of the five."""

    overlap: int = 0
    gap: int = 0
    waiting: int = 0
    to_come: int = 0
    paid: int = 0

    @property
    def payable(self) -> int:
        """All payable days."""
        return sum(self)

    @property
    def state(self) -> CellState:
        """The most urgent kind of day there is."""
        named = zip(CellState, self, strict=False)
        return next((state for state, days in named if days), CellState.NOT_PAYABLE)

    @property
    def days(self) -> int:
        """The days of that kind."""
        return next(filter(None, self), 0)


@dataclass(frozen=True, slots=True)
class OfficerCoverage:
    """One officer's row of the grid; a cell for each of the calendar's periods."""

    officer_id: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def gap_days(self) -> int:
        """Payable days that are due and have no regular pay."""
        return sum(cell.gap for cell in self.cells)

    @property
    def overlap_days(self) -> int:
        """Payable days with regular pay from two lines."""
        return sum(cell.overlap for cell in self.cells)

    @property
    def needs_attention(self) -> bool:
        """Whether a person has to look."""
        return bool(self.gap_days or self.overlap_days)


@dataclass(frozen=True, slots=True)
class CalendarCoverage:
    """The officers paid by one calendar; `periods` are its periods that touch the quarter."""

    calendar: Calendar
    periods: tuple[Period, ...]
    officers: tuple[OfficerCoverage, ...]


@dataclass(frozen=True)
class Coverage:
    """A quarter's grid: a table for each pay calendar, the most common first."""

    quarter: Quarter
    today: date
    calendars: tuple[CalendarCoverage, ...]
    waiting_lines: int
    without_payable_days: int

    @cached_property
    def officers(self) -> list[OfficerCoverage]:
        """Every officer of every calendar."""
        return [officer for one in self.calendars for officer in one.officers]

    @cached_property
    def with_gaps(self) -> list[OfficerCoverage]:
        """The officers who lack pay for days that are due."""
        return [officer for officer in self.officers if officer.gap_days]

    @cached_property
    def with_overlaps(self) -> list[OfficerCoverage]:
        """The officers with days paid twice."""
        return [officer for officer in self.officers if officer.overlap_days]


def cover(quarter: Quarter, today: date, officers: Iterable[OfficerPay]) -> Coverage:
    """The grid of a quarter on the day `today`.

    Officers whose lines show no calendar go by the most common one, without any by months. Officers
    with neither a payable day nor a line in the quarter are only counted.
    """
    first, last = quarter.start.toordinal(), quarter.end.toordinal()
    everyone = list(officers)
    shown = [one for one in everyone if one.lines or _touches(one.payable, first, last)]
    plans = [one.plan for one in shown]
    common = most_common(filter(None, plans)) or PayPlan(
        Calendar.starting(Frequency.MONTHLY, quarter.start), 0
    )
    by_calendar: dict[Calendar, list[tuple[OfficerPay, int]]] = defaultdict(list)
    for one, plan in zip(shown, plans, strict=True):
        calendar, payday_days = plan or common
        by_calendar[calendar].append((one, payday_days))
    calendars = sorted(by_calendar.items(), key=lambda item: (-len(item[1]), item[0]))
    return Coverage(
        quarter,
        today,
        tuple(_table(quarter, today, calendar, paid) for calendar, paid in calendars),
        sum(line.paid_on > today for one in shown for line in one.lines),
        len(everyone) - len(shown),
    )


def _table(
    quarter: Quarter, today: date, calendar: Calendar, officers: Sequence[tuple[OfficerPay, int]]
) -> CalendarCoverage:
    periods = tuple(calendar.periods(quarter.start, quarter.end))
    # What most of the officers' payrolls show; one late correction must not make a whole period late.
    payday_days = Counter(days for _, days in officers).most_common(1)[0][0]
    due = [_due_on(period, payday_days) <= today for period in periods]
    cells = _Cells(quarter, today, periods, due)
    rows = (OfficerCoverage(one.officer_id, one.name, cells.of(one)) for one, _ in officers)
    return CalendarCoverage(
        calendar, periods, tuple(sorted(rows, key=lambda row: (row.name, row.officer_id)))
    )


def _due_on(period: Period, payday_days: int) -> date:
    """The first day on which a period without pay is a gap: its payday, and never before its end."""
    return period.end + timedelta(days=max(payday_days, 1))


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one table. Most officers of an agency work and are paid on the same days: told once."""

    quarter: Quarter
    today: date
    periods: Sequence[Period]
    due: Sequence[bool]
    known: dict[tuple[object, ...], tuple[Cell, ...]] = field(default_factory=dict)

    def of(self, officer: OfficerPay) -> tuple[Cell, ...]:
        """The cells of one officer."""
        paid = tuple(
            (line.period_start, line.period_end, line.paid_on > self.today)
            for line in officer.lines
        )
        key = (officer.payable, paid)
        if key not in self.known:
            self.known[key] = self._told(officer.payable, paid)
        return self.known[key]

    def _told(
        self, payable_days: Ranges, paid_lines: Iterable[tuple[date, date, bool]]
    ) -> tuple[Cell, ...]:
        first, last = self.quarter.start.toordinal(), self.quarter.end.toordinal()
        lines = [0] * (last - first + 1)
        waits = [False] * len(lines)
        payable = [False] * len(lines)
        for start, end, is_waiting in paid_lines:
            for day in _days(start.toordinal(), end.toordinal(), first, last):
                lines[day] += 1
                waits[day] = waits[day] or is_waiting
        for begin, stop in payable_days:
            for day in _days(begin, stop, first, last):
                payable[day] = True
        cells = []
        for period, is_due in zip(self.periods, self.due, strict=True):
            overlap = gap = waiting = to_come = paid = 0
            for day in _days(period.start.toordinal(), period.end.toordinal(), first, last):
                if not payable[day]:
                    continue
                if lines[day] > 1:
                    overlap += 1
                elif not lines[day]:
                    gap += is_due
                    to_come += not is_due
                elif waits[day]:
                    waiting += 1
                else:
                    paid += 1
            cells.append(Cell(overlap, gap, waiting, to_come, paid))
        return tuple(cells)


def _days(begin: int, end: int, first: int, last: int) -> range:
    """The days from `begin` to `end` that lie in the quarter, counted from its first."""
    return range(max(begin, first) - first, min(end, last) - first + 1)


def _touches(ranges: Ranges, first: int, last: int) -> bool:
    return any(begin <= last and end >= first for begin, end in ranges)
