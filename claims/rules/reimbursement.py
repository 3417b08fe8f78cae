"""The formulas of reimbursement over cents and day ordinals, one function per sentence of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from agreements.rules import Ranges, days_between
from claims.rules.facts import Allocation, CapPeriod, OfficerFacts, PayrollLine, ReimbursementRules
from portal.kernel.money import half_up
from portal.kernel.quarter import Quarter


class Window(NamedTuple):
    """A quarter, its fiscal year and the day of calculation as day ordinals, both ends included."""

    first: int
    last: int
    year_first: int
    year_last: int
    as_of: int | None

    @classmethod
    def of(cls, quarter: Quarter, as_of: date | None) -> Window:
        """The window of a quarter calculated on the day `as_of` (None: no line waits)."""
        return cls(
            first=quarter.start.toordinal(),
            last=quarter.end.toordinal(),
            year_first=quarter.year_start.toordinal(),
            year_last=quarter.year_end.toordinal(),
            as_of=None if as_of is None else as_of.toordinal(),
        )


class LineShare(NamedTuple):
    """What one payroll line gives to the quarter, in cents, with the days it was shared by.

    `line` is the line's place in `OfficerFacts.lines`; of its `days`, `before` payable ones lie
    before the quarter and `until` up to its end; `benefits` are in the order of the
    line's components.
    """

    line: int
    days: int
    before: int
    until: int
    regular: int
    benefits: tuple[int, ...]
    overtime: int


class SalarySegment(NamedTuple):
    """Days of the fiscal year with one annual salary in cents, known from line number `line`."""

    from_on: date
    to_on: date
    annual_salary: int
    line: int

    @property
    def days(self) -> int:
        """How many days the segment has."""
        return self.to_on.toordinal() - self.from_on.toordinal() + 1


class OfficerResult(NamedTuple):
    """One officer's quarter in cents, and the operands it was made of.

    `counted` says whether the officer is in the award's headcount; `waiting` are the places of
    lines that belong to the quarter but are not paid yet.
    """

    officer_id: str
    eligible_days: int
    regular: int
    benefits: int
    overtime_submitted: int
    overtime_cap: int
    overtime_used_before: int
    overtime_allowed: int
    counted: bool
    shares: tuple[LineShare, ...]
    salary: tuple[SalarySegment, ...]
    waiting: tuple[int, ...]

    @property
    def overtime_disallowed(self) -> int:
        """Overtime over the cap; it is not revived in a later quarter."""
        return self.overtime_submitted - self.overtime_allowed

    @property
    def total(self) -> int:
        """What is reimbursed for the officer."""
        return self.regular + self.benefits + self.overtime_allowed


def benefits_of(officer: OfficerFacts, outcome: OfficerResult) -> dict[str, int]:
    """What each component of an officer's benefits gives to the quarter, in cents."""
    return by_component(
        (officer.lines[share.line].benefits, share.benefits) for share in outcome.shares
    )


def by_component(
    lines: Iterable[tuple[Iterable[Sequence[Any]], Iterable[int]]],
) -> dict[str, int]:
    """The same, from each line's components, named first, and what they give in the same order."""
    sums: dict[str, int] = {}
    for components, shares in lines:
        for (name, *_), given in zip(components, shares, strict=True):
            sums[name] = sums.get(name, 0) + given
    return sums


def reimburse(
    officer: OfficerFacts,
    payable: Ranges,
    counted: bool,
    window: Window,
    rules: ReimbursementRules,
) -> OfficerResult:
    """One officer's quarter: regular pay and benefits in full, overtime up to the cap.

    Source: docs/calculation.md §§3-5.
    """
    paid, waiting = _paid_and_waiting(officer.lines, window, rules.allocation)
    shares = line_shares(officer.lines, paid, payable, window, rules.allocation)
    salary = salary_segments(officer.lines, paid, window)
    cap = overtime_cap(salary, window, rules)
    submitted = sum(share.overtime for share in shares)
    used = officer.overtime_used_before
    if rules.overtime_cap_period is CapPeriod.QUARTER:
        used = 0
    return OfficerResult(
        officer_id=officer.officer_id,
        eligible_days=days_between(payable, window.first, window.last),
        regular=sum(share.regular for share in shares),
        benefits=sum(sum(share.benefits) for share in shares),
        overtime_submitted=submitted,
        overtime_cap=cap,
        overtime_used_before=used,
        overtime_allowed=overtime_allowed(submitted, cap, used),
        counted=counted,
        shares=shares,
        salary=salary,
        waiting=waiting,
    )


def line_shares(
    lines: tuple[PayrollLine, ...],
    paid: Iterable[int],
    payable: Ranges,
    window: Window,
    allocation: Allocation,
) -> tuple[LineShare, ...]:
    """What each paid line that belongs to the quarter gives to it, amount by amount.

    Source: docs/calculation.md §2.
    """
    by_pay_date = allocation is Allocation.PAY_DATE
    shares = []
    for place in paid:
        line = lines[place]
        start, end = line.period_start.toordinal(), line.period_end.toordinal()
        if by_pay_date:
            if not window.first <= line.paid_on.toordinal() <= window.last:
                continue
            before, until = 0, days_between(payable, start, end)
        else:
            if start > window.last or end < window.first:
                continue
            before = days_between(payable, start, window.first - 1) if start < window.first else 0
            until = before + days_between(payable, max(start, window.first), min(end, window.last))
        days = end - start + 1
        overtime = line.overtime_pay - line.overtime_paid_by_others
        shares.append(
            LineShare(
                place,
                days,
                before,
                until,
                share(line.regular_pay, before, until, days),
                tuple([share(amount, before, until, days) for _, amount in line.benefits]),
                share(overtime, before, until, days),
            )
        )
    return tuple(shares)


def share(amount: int, before: int, until: int, days: int) -> int:
    """The part of `amount` for its payable days after the first `before`, up to the first `until`.

    A difference of two rounded amounts, so that the parts over all quarters add up to the cent.
    Source: docs/calculation.md §2.
    """
    if before == until or not amount:
        return 0
    if not before:
        return amount if until == days else half_up(amount * until, days)
    return half_up(amount * until, days) - half_up(amount * before, days)


def salary_segments(
    lines: tuple[PayrollLine, ...], paid: Iterable[int], window: Window
) -> tuple[SalarySegment, ...]:
    """The annual salary of every day of the fiscal year, as far as the quarter's end can know it.

    A day has the salary of the last line that starts on or before it, days before the first line
    have the first line's. Lines of one start stand in order of receipt, then of rows.
    Source: docs/calculation.md §4.2.
    """
    known = sorted(
        (start, place)
        for place in paid
        if (start := lines[place].period_start.toordinal()) <= window.last
    )
    if not known:
        return ()
    segments = []
    begin, source = window.year_first, known[0][1]
    for start, place in known:
        if lines[place].annual_salary == lines[source].annual_salary:
            continue
        if start > begin:
            segments.append(_segment(begin, start - 1, lines, source))
            begin = start
        source = place
    segments.append(_segment(begin, window.year_last, lines, source))
    return tuple(segments)


def annual_salary(salary: Iterable[SalarySegment], window: Window) -> Fraction:
    """The day-weighted annual salary in cents, exact; 0 when no line is known.

    Source: docs/calculation.md §4.2.
    """
    return Fraction(_salary_days(salary), window.year_last - window.year_first + 1)


def overtime_cap(
    salary: tuple[SalarySegment, ...], window: Window, rules: ReimbursementRules
) -> int:
    """The overtime cap in cents, cut to the cent: a share of annual salary, never of overtime.

    Source: docs/calculation.md §4.3.
    """
    parts, of = rules.overtime_share_percent.as_integer_ratio()
    periods = 4 if rules.overtime_cap_period is CapPeriod.QUARTER else 1
    year_days = window.year_last - window.year_first + 1
    return _salary_days(salary) * parts // (year_days * of * 100 * periods)


def overtime_allowed(submitted: int, cap: int, used_before: int) -> int:
    """Overtime within what the cap leaves; a cap that fell under what was used claws nothing back.

    Source: docs/calculation.md §4.5.
    """
    return min(submitted, max(cap - used_before, 0))


def _paid_and_waiting(
    lines: tuple[PayrollLine, ...], window: Window, allocation: Allocation
) -> tuple[Iterable[int], tuple[int, ...]]:
    """Places of the lines paid by the day of calculation, and of the quarter's lines that wait."""
    if window.as_of is None:
        return range(len(lines)), ()
    paid: list[int] = []
    waiting: list[int] = []
    for place, line in enumerate(lines):
        paid_on = line.paid_on.toordinal()
        if paid_on <= window.as_of:
            paid.append(place)
        elif allocation is Allocation.PAY_DATE:
            if window.first <= paid_on <= window.last:
                waiting.append(place)
        elif (
            line.period_start.toordinal() <= window.last
            and line.period_end.toordinal() >= window.first
        ):
            waiting.append(place)
    return paid, tuple(waiting)


def _salary_days(salary: Iterable[SalarySegment]) -> int:
    return sum(segment.annual_salary * segment.days for segment in salary)


def _segment(first: int, last: int, lines: tuple[PayrollLine, ...], place: int) -> SalarySegment:
    return SalarySegment(
        date.fromordinal(first), date.fromordinal(last), lines[place].annual_salary, place
    )
