"""What the rows of one file say by themselves and of each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.checks.about import about_row, named
from claims.payroll.checks.disjoint import are_disjoint
from claims.payroll.parse import PayrollRow
from portal.kernel import money
from portal.kernel.collector import collector_paused
from portal.kernel.counting import counted
from portal.kernel.findings import Finding
from portal.kernel.quarter import Quarter

MAX_PERIOD_DAYS = 366
MAX_DAYS_TO_PAYDAY = 60
MAX_OVERTIME_HOURS_A_DAY = 16
VERY_LOW_SALARY = 10_000_00
VERY_HIGH_SALARY = 1_000_000_00
HOURS_A_YEAR = 2080
MANY_OFFICERS = 5


@collector_paused()
def check_file(rows: Sequence[PayrollRow], quarter: Quarter | None = None) -> list[Finding]:
    """The checks that need nothing but the file, and the quarter it was sent for."""
    findings = list(_check_rows(rows, quarter))
    if not are_disjoint(rows):
        findings += [*_check_duplicates(rows), *_check_overlaps(rows)]
    return [*findings, *_check_overtime(rows)]


def quarter_of(rows: Iterable[PayrollRow]) -> Quarter | None:
    """The quarter that most rows have days in, the earlier of two; None without rows."""
    periods = Counter(row.period for row in rows if row.days > 0)
    count: Counter[Quarter] = Counter()
    for (first, last), rows_of_period in periods.items():
        quarter = Quarter.of(first)
        while quarter.start <= last:
            count[quarter] += rows_of_period
            quarter = quarter.next
    return min(count, key=lambda quarter: (-count[quarter], quarter)) if count else None


def is_plausible(salary: int) -> bool:
    """Whether a yearly salary can be one, so that it is worth comparing anything with it."""
    return VERY_LOW_SALARY <= salary <= VERY_HIGH_SALARY


def is_above_salary(row: PayrollRow, days: int) -> bool:
    """Whether regular pay is more than one and a half times the salary of the period's days."""
    # Without fractions: 3 · salary · days / (2 · 365).
    return row.regular_pay * 730 > 3 * row.annual_salary * days


def _check_rows(rows: Sequence[PayrollRow], quarter: Quarter | None) -> Iterator[Finding]:
    if quarter and len(rows) > 1 and not any(quarter.overlaps(*row.period) for row in rows):
        found = quarter_of(rows) or Quarter.of(rows[0].period_start)
        yield PAYROLL_FINDINGS.finding(
            "wrong_quarter",
            value=str(found),
            expected=str(quarter),
            count=f"{len(rows):,}",
            found=found,
            quarter=quarter,
        )
        quarter = None
    # Read once: a quarter works its days out anew each time it is asked.
    first, last = (quarter.start, quarter.end) if quarter else (date.min, date.max)
    # The days of periods with their payday of which there is nothing to say: a file has few of them.
    usual: dict[tuple[object, ...], int] = {}
    for row in rows:
        dates = row[2:5]
        days = usual.get(dates, 0)
        if not days:
            findings = list(_check_dates(row, quarter, first, last))
            yield from findings
            days = row.days
            if days < 1:
                continue
            if not findings:
                usual[dates] = days
        salary = row.annual_salary
        if not VERY_LOW_SALARY <= salary <= VERY_HIGH_SALARY:
            yield _odd_salary(row)
        if salary >= VERY_LOW_SALARY and is_above_salary(row, days):
            yield _above_salary(row, days)
        if row.overtime_paid_by_others > row.overtime_pay:
            yield _others_paid_more(row)
        if row.overtime_hours:
            yield from _check_hours(row, row.overtime_hours, days)


def _check_dates(
    row: PayrollRow, quarter: Quarter | None, first: date, last: date
) -> Iterator[Finding]:
    days = row.days
    if days < 1:
        yield about_row("period_reversed", row, "period_end", value=str(row.period_end))
        return
    if days > MAX_PERIOD_DAYS:
        yield about_row("period_too_long", row, "period_end", value=str(row.period_end))
    if row.period_start > last or row.period_end < first:
        yield about_row(
            "outside_quarter",
            row,
            "period_start",
            value=str(row.period_start),
            quarter=quarter,
            first=first,
            last=last,
        )
    if row.paid_on < row.period_start:
        yield about_row("paid_before_period", row, "paid_on", paid_on=row.paid_on)
    elif (row.paid_on - row.period_end).days > MAX_DAYS_TO_PAYDAY:
        yield about_row(
            "paid_late",
            row,
            "paid_on",
            paid_on=row.paid_on,
            days=(row.paid_on - row.period_end).days,
        )


def _odd_salary(row: PayrollRow) -> Finding:
    level = (
        "zero" if row.annual_salary == 0
        else "very_low" if row.annual_salary < VERY_LOW_SALARY
        else "very_high"
    )  # fmt: skip
    return about_row(
        f"salary_{level}",
        row,
        "annual_salary",
        value=money.text(row.annual_salary),
        salary=money.format_cents(row.annual_salary),
    )


def _above_salary(row: PayrollRow, days: int) -> Finding:
    usual = money.half_up(row.annual_salary * days, 365)
    return about_row(
        "pay_above_salary",
        row,
        "regular_pay",
        value=money.text(row.regular_pay),
        regular=money.format_cents(row.regular_pay),
        days=days,
        salary=money.format_cents(row.annual_salary),
        usual=money.format_cents(usual),
        dollars=row.regular_pay - usual,
    )


def _others_paid_more(row: PayrollRow) -> Finding:
    return about_row(
        "others_paid_more",
        row,
        "overtime_paid_by_others",
        value=money.text(row.overtime_paid_by_others),
        others=money.format_cents(row.overtime_paid_by_others),
        overtime=money.format_cents(row.overtime_pay),
        dollars=row.overtime_paid_by_others - row.overtime_pay,
    )


def _check_hours(row: PayrollRow, hours: Decimal, days: int) -> Iterator[Finding]:
    pay = row.overtime_pay
    if hours > MAX_OVERTIME_HOURS_A_DAY * days:
        yield about_row(
            "overtime_hours_very_high",
            row,
            "overtime_hours",
            value=str(hours),
            hours=hours,
            days=days,
        )
    elif pay and is_plausible(row.annual_salary):
        # Both sides hold pay per hour times 2080 hours, times hours in hundredths, times ten.
        hundredths = int(hours * 100)
        paid, usual = 1000 * pay * HOURS_A_YEAR, row.annual_salary * hundredths
        if not 8 * usual <= paid <= 30 * usual:
            yield about_row(
                "overtime_rate_odd",
                row,
                "overtime_pay",
                value=money.text(pay),
                overtime=money.format_cents(pay),
                hours=hours,
                rate=money.format_cents(money.half_up(100 * pay, hundredths)),
                salary=money.format_cents(row.annual_salary),
                usual=money.format_cents(money.half_up(row.annual_salary, HOURS_A_YEAR)),
                dollars=pay,
            )


def _check_duplicates(rows: Sequence[PayrollRow]) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        other = first.setdefault(row.identity, row.row)
        if other != row.row:
            yield about_row("duplicate_row", row, "", other=other)


def _check_overlaps(rows: Iterable[PayrollRow]) -> Iterator[Finding]:
    """Rows with regular pay, in order of their start: each against the one that reaches furthest.

    Exact repeats are left out; `_check_duplicates` has said so.
    """
    by_officer: dict[str, list[tuple[date, date, int, PayrollRow]]] = defaultdict(list)
    for row in rows:
        if row.regular_pay and row.period_start <= row.period_end:
            by_officer[row.officer_id].append((row.period_start, row.period_end, row.row, row))
    for officer_rows in by_officer.values():
        officer_rows.sort(key=lambda entry: entry[:3])
        furthest = officer_rows[0][3]
        for start, end, _, row in officer_rows[1:]:
            if start <= furthest.period_end and row.identity != furthest.identity:
                earlier, later = sorted((furthest, row), key=lambda one: one.row)
                yield _overlapping(later, earlier)
            if end > furthest.period_end:
                furthest = row


def _overlapping(row: PayrollRow, other: PayrollRow) -> Finding:
    first = max(row.period_start, other.period_start)
    last = min(row.period_end, other.period_end)
    return about_row(
        "regular_pay_overlap",
        row,
        "period_start",
        value=str(row.period_start),
        other=other.row,
        other_start=other.period_start,
        other_end=other.period_end,
        days=(last - first).days + 1,
        dollars=row.regular_pay,
    )


def _check_overtime(rows: Iterable[PayrollRow]) -> Iterator[Finding]:
    """What the file's overtime looks like as a whole."""
    paid = [row for row in rows if row.overtime_pay]
    without = [row for row in paid if not row.overtime_hours]
    if without:
        yield PAYROLL_FINDINGS.finding(
            "overtime_without_hours",
            row=without[0].row,
            column="overtime_hours",
            count=counted(len(without), "row has", "rows have"),
            dollars=money.text(sum(row.overtime_pay for row in without)),
        )
    alike: dict[tuple[date, date, int], list[PayrollRow]] = defaultdict(list)
    for row in paid:
        alike[row.period_start, row.period_end, row.overtime_pay].append(row)
    for (start, end, pay), group in alike.items():
        officers = {row.officer_id for row in group} if len(group) >= MANY_OFFICERS else ()
        if len(officers) >= MANY_OFFICERS:
            yield PAYROLL_FINDINGS.finding(
                "same_overtime_amount",
                row=group[0].row,
                column="overtime_pay",
                value=money.text(pay),
                dollars=money.text(pay * len(group)),
                start=start,
                end=end,
                count=f"{len(officers):,}",
                overtime=money.format_cents(pay),
                officers=named(officers),
                ids=" ".join(sorted(officers)),
            )
