"""A quarter's payroll filled in from the quarter before: what goes on as it was, and what does not."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from agreements.rules import days_between
from claims.calendars import PayPlan, Period, most_common
from claims.coverage import OfficerPay
from claims.payroll.layout import PAYROLL
from claims.rules.facts import TOTAL, PayrollLine
from portal.kernel.money import dollars
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.export import Out


class Change(enum.StrEnum):
    """What is not as it was in the last quarter."""

    JOINED = "joined"
    LEFT = "left"
    STARTS = "starts"
    ENDS = "ends"
    SALARY = "salary"


class Difference(NamedTuple):
    """One change to confirm. `on` is its day; a salary, in cents, also has `before` and `after`."""

    change: Change
    officer_id: str
    name: str
    on: date | None = None
    before: int = 0
    after: int = 0


class PrefilledRow(NamedTuple):
    """One row of the payroll to come; amounts in cents, None where nothing is known."""

    officer_id: str
    name: str
    period: Period
    paid_on: date
    annual_salary: int | None
    regular_pay: int | None
    benefits: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a quarter begins with.

    `last` is the quarter it was taken from, None without any. `plans` says how many officers are
    paid by each plan; `undecided` are the payable officers for whom nobody knows the pay calendar.
    """

    quarter: Quarter
    last: Quarter | None
    rows: tuple[PrefilledRow, ...]
    differences: tuple[Difference, ...]
    plans: tuple[tuple[PayPlan, int], ...]
    undecided: tuple[OfficerPay, ...]

    @property
    def officers(self) -> int:
        """How many officers the rows are of."""
        return len({row.officer_id for row in self.rows})

    @property
    def benefit_names(self) -> tuple[str, ...]:
        """The benefits there were, by name; `total` if nothing is known of them."""
        names = {name for row in self.rows for name, _ in row.benefits}
        return tuple(sorted(names)) or (TOTAL,)


def fill(
    quarter: Quarter, officers: Iterable[OfficerPay], chosen: PayPlan | None = None
) -> Prefill:
    """The rows of a quarter that are not accepted yet, for officers with a payable day in the period.

    The lines of `officers` reach back over the last quarter with any. Every officer's calendar goes
    on; those without take the most common one, and where nobody has one, `chosen`.
    """
    everyone = list(officers)
    last = _last_quarter(quarter, everyone)
    plans = {one.officer_id: plan for one in everyone if (plan := one.plan)}
    common = most_common(plans.values()) or chosen
    rows: list[PrefilledRow] = []
    used: Counter[PayPlan] = Counter()
    undecided = []
    for one in sorted(everyone, key=lambda officer: (officer.name, officer.officer_id)):
        if not _payable_in(one, quarter.start, quarter.end):
            continue
        plan = plans.get(one.officer_id, common)
        if plan is None:
            undecided.append(one)
            continue
        used[plan] += 1
        rows += _rows(one, quarter, plan)
    return Prefill(
        quarter,
        last,
        tuple(rows),
        tuple(_differences(quarter, last, everyone)) if last else (),
        tuple(sorted(used.items(), key=lambda item: (-item[1], item[0]))),
        tuple(undecided),
    )


def table_of(prefill: Prefill) -> tuple[list[str], list[list[Out]]]:
    """Header and rows of a payroll file in the template's columns, with the benefits there were."""
    fixed = [column.name for column in PAYROLL.columns if column.in_template and not column.group]
    names = prefill.benefit_names
    rows: list[list[Out]] = []
    for row in prefill.rows:
        known: dict[str, Out] = {
            "officer_id": row.officer_id,
            "period_start": row.period.start,
            "period_end": row.period.end,
            "paid_on": row.paid_on,
            "annual_salary": _dollars(row.annual_salary),
            "regular_pay": _dollars(row.regular_pay),
        }
        benefits = dict(row.benefits)
        rows.append(
            [known.get(name) for name in fixed] + [_dollars(benefits.get(name)) for name in names]
        )
    return [*fixed, *(f"benefit_{name}" for name in names)], rows


def _rows(officer: OfficerPay, quarter: Quarter, plan: PayPlan) -> Iterable[PrefilledRow]:
    latest = max(officer.lines, key=lambda line: line.period_start, default=None)
    for period in plan.calendar.periods(quarter.start, quarter.end):
        first, last = max(period.start, quarter.start), min(period.end, quarter.end)
        if not _payable_in(officer, first, last) or _is_covered(officer.lines, period):
            continue
        yield PrefilledRow(
            officer.officer_id,
            officer.name,
            period,
            plan.paid_on(period),
            latest.annual_salary if latest else None,
            latest.regular_pay if latest else None,
            latest.benefits if latest else (),
        )


def _differences(
    quarter: Quarter, last: Quarter, officers: Sequence[OfficerPay]
) -> Iterable[Difference]:
    for one in sorted(officers, key=lambda officer: (officer.name, officer.officer_id)):
        named = (one.officer_id, one.name)
        before = [line for line in one.lines if last.overlaps(line.period_start, line.period_end)]
        days = [
            (max(begin, quarter.start.toordinal()), min(end, quarter.end.toordinal()))
            for begin, end in one.payable
            if begin <= quarter.end.toordinal() and end >= quarter.start.toordinal()
        ]
        if not days:
            if before:
                yield Difference(Change.LEFT, *named, on=_last_payable(one, quarter))
            continue
        first_on, last_on = date.fromordinal(days[0][0]), date.fromordinal(days[-1][1])
        if not before:
            yield Difference(Change.JOINED, *named, on=first_on)
        elif first_on > quarter.start:
            yield Difference(Change.STARTS, *named, on=first_on)
        if last_on < quarter.end:
            yield Difference(Change.ENDS, *named, on=last_on)
        before.sort(key=lambda line: line.period_start)
        if before and before[0].annual_salary != before[-1].annual_salary:
            now = before[-1].annual_salary
            since = next(line.period_start for line in before if line.annual_salary == now)
            yield Difference(Change.SALARY, *named, since, before[0].annual_salary, now)


def _last_quarter(quarter: Quarter, officers: Iterable[OfficerPay]) -> Quarter | None:
    starts = [line.period_start for one in officers for line in one.lines]
    latest = max((start for start in starts if start < quarter.start), default=None)
    return Quarter.of(latest) if latest else None


def _last_payable(officer: OfficerPay, quarter: Quarter) -> date | None:
    ended = [end for _, end in officer.payable if end < quarter.start.toordinal()]
    return date.fromordinal(ended[-1]) if ended else None


def _payable_in(officer: OfficerPay, first: date, last: date) -> bool:
    return days_between(officer.payable, first.toordinal(), last.toordinal()) > 0


def _is_covered(lines: Iterable[PayrollLine], period: Period) -> bool:
    return any(
        line.period_start <= period.end and line.period_end >= period.start for line in lines
    )


def _dollars(cents: int | None) -> Out:
    return None if cents is None else dollars(cents)
