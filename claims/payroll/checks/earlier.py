"""What a payroll file says beside the lines that count already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from claims.payroll.checks.about import about_row
from claims.payroll.checks.in_file import MAX_PERIOD_DAYS, is_above_salary, is_plausible
from claims.payroll.checks.roster import RosterIndex
from claims.payroll.parse import PayrollRow
from portal.kernel import money
from portal.kernel.findings import Finding

SALARY_PERCENT = 15

_regular_pay = attrgetter("regular_pay")


class AcceptedRow(NamedTuple):
    """A row that counts already, and the reference of the batch it came with."""

    batch: str
    row: PayrollRow


class Before(NamedTuple):
    """What an officer was paid before a file: the last salary and its batch, and pay over some days.

    `days` are those of the lines with regular pay, `benefit_days` of those among them with benefits.
    Amounts in cents.
    """

    batch: str
    annual_salary: int
    regular_pay: int = 0
    days: int = 0
    benefits: int = 0
    benefit_days: int = 0


def check_against_accepted(
    rows: Iterable[PayrollRow], accepted: Mapping[str, Sequence[AcceptedRow]]
) -> list[Finding]:
    """The same line sent again counts once; other regular pay for its days is an error.

    `accepted` holds the rows of the agency's accepted batches by officer, without those of a batch
    that this file replaces. Two lines with nothing but benefits for one period both count, since benefits
    are often paid in parts; when the amounts differ a person is asked, for one may correct the other.
    """
    findings = []
    for row in rows:
        for batch, other in accepted.get(row.officer_id, ()):
            if row.line == other.line:
                findings.append(about_row("counted_once", row, "", batch=batch, other=other.row))
                break
            if row.regular_pay and other.regular_pay and _overlap(row, other):
                findings.append(_differs(row, batch, other))
                break
            if row.period == other.period and _only_benefits(row) and _only_benefits(other):
                findings.append(_benefits_again(row, batch, other))
                break
    return findings


def check_against_before(
    rows: Iterable[PayrollRow], before: Mapping[str, Before], roster: RosterIndex
) -> Iterator[Finding]:
    """Salary, pay and benefits per day against what the officer had before.

    Earlier rows of the file count as before too. A period in which the officer came or left is left out.
    """
    by_officer: dict[str, list[PayrollRow]] = defaultdict(list)
    for row in rows:
        by_officer[row.officer_id].append(row)
    nothing = Before("", 0)
    for officer_id, own in by_officer.items():
        known = before.get(officer_id, nothing)
        if known.annual_salary:
            yield from _salary_changes(own, known)
        lengths = [row.days for row in own]
        pay = known.regular_pay, known.days
        if not _is_level(map(_regular_pay, own), lengths, *pay):
            for row, *usual in _jumps(_steady(own, roster), _regular_pay, *pay):
                yield _unlike("pay_unlike_before", row, "regular_pay", row.regular_pay, *usual)
        pay = known.benefits, known.benefit_days
        if not _is_level(map(_benefits, own), lengths, *pay):
            for row, *usual in _jumps(_steady(own, roster), _benefits, *pay):
                yield _unlike("benefits_unlike_before", row, "", _benefits(row), *usual)


def _salary_changes(own: Iterable[PayrollRow], before: Before) -> Iterator[Finding]:
    """One finding for each other salary, not for each row that has it."""
    then = before.annual_salary
    told = {then}
    for row in own:
        now = row.annual_salary
        if now in told:
            continue
        told.add(now)
        if is_plausible(now) and abs(now - then) * 100 > SALARY_PERCENT * then:
            yield about_row(
                "salary_changed",
                row,
                "annual_salary",
                value=money.text(now),
                expected=money.text(then),
                batch=before.batch,
                before=money.format_cents(then),
                now=money.format_cents(now),
                percent=money.half_up(abs(now - then) * 100, then),
                direction="more" if now > then else "less",
            )


def _is_level(amounts: Iterable[int], lengths: Iterable[int], paid: int, days: int) -> bool:
    """Whether all amounts per day are so near each other that none can be a jump: the quick way out.

    An average lies between them, so it is enough that the highest is not above 1.5 times the lowest.
    """
    # In thousandths of a cent, rounded down; hence the one more.
    rates = [
        1000 * one // length
        for one, length in zip(amounts, lengths, strict=True)
        if one and length > 0
    ]
    if days:
        rates.append(1000 * paid // days)
    return not rates or 2 * (max(rates) + 1) <= 3 * min(rates)


def _steady(own: Iterable[PayrollRow], roster: RosterIndex) -> list[PayrollRow]:
    """The rows whose pay can be compared, in order of time: employed throughout, not odd in itself."""
    rows = [
        row
        for row in own
        if row.regular_pay
        and 0 < row.days <= MAX_PERIOD_DAYS
        and not is_above_salary(row, row.days)
        and roster.is_employed_throughout(row.officer_id, *row.period)
    ]
    return sorted(rows, key=attrgetter("period_start"))


def _jumps(
    rows: Iterable[PayrollRow], amount_of: Callable[[PayrollRow], int], paid: int, days: int
) -> Iterator[tuple[PayrollRow, int, int]]:
    """Rows whose amount per day is unlike the average until then, with that average's cents and days.

    Of rows in sequence that are unlike it in the same way the first is told: it is the new usual.
    """
    told: tuple[int, int] | None = None
    for row in rows:
        amount, length = amount_of(row), row.days
        if not amount:
            continue
        if not days or _alike(amount, length, paid, days):
            paid, days, told = paid + amount, days + length, None
        elif told is None or not _alike(amount, length, *told):
            yield row, paid, days
            told = amount, length


def _alike(amount: int, days: int, other: int, other_days: int) -> bool:
    """Whether two amounts per day differ by no more than half of the other one."""
    return 2 * abs(amount * other_days - other * days) <= other * days


def _unlike(code: str, row: PayrollRow, column: str, now: int, paid: int, days: int) -> Finding:
    usual = money.half_up(paid * row.days, days)
    return about_row(
        code,
        row,
        column,
        value=money.text(now),
        expected=money.text(usual),
        dollars=now - usual,
        now=money.format_cents(now),
        days=row.days,
        now_a_day=money.format_cents(money.half_up(now, row.days)),
        before_a_day=money.format_cents(money.half_up(paid, days)),
    )


# What a person compares.
_COMPARED = (
    "period_start",
    "period_end",
    "paid_on",
    "annual_salary",
    "regular_pay",
    "benefits",
    "overtime_hours",
    "overtime_pay",
    "overtime_paid_by_others",
)


def _differs(row: PayrollRow, batch: str, other: PayrollRow) -> Finding:
    differs = [name for name in _COMPARED if getattr(row, name) != getattr(other, name)]
    difference = row.submitted - other.submitted
    return about_row(
        "other_amounts",
        row,
        "regular_pay" if "regular_pay" in differs else differs[0],
        batch=batch,
        other=other.row,
        other_start=other.period_start,
        other_end=other.period_end,
        differs=", ".join(differs),
        difference=money.format_cents(difference),
        dollars=difference,
    )


def _benefits_again(row: PayrollRow, batch: str, other: PayrollRow) -> Finding:
    return about_row(
        "benefits_again",
        row,
        "",
        batch=batch,
        other=other.row,
        before=money.format_cents(_benefits(other)),
        now=money.format_cents(_benefits(row)),
    )


def _only_benefits(row: PayrollRow) -> bool:
    return bool(row.benefits) and not row.regular_pay and not row.overtime_pay


def _benefits(row: PayrollRow) -> int:
    return sum(amount for _, amount in row.benefits)


def _overlap(one: PayrollRow, other: PayrollRow) -> bool:
    return one.period_start <= other.period_end and other.period_start <= one.period_end
