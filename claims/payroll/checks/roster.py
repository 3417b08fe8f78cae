"""What a payroll file says beside the agency's roster and agreements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.checks.about import about_row, named
from claims.payroll.parse import PayrollRow
from portal.kernel import money
from portal.kernel.findings import Finding
from portal.kernel.quarter import Quarter

_START, _END, _PAID = map(attrgetter, ("period_start", "period_end", "paid_on"))


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """What the checks need to know of one agency's roster.

    `employments` gives each officer's employment ranges, an open end None. `payable_days` counts an
    officer's payable days from a first to a last day, both included. `agreements` are the days covered by
    agreements whose pay is reimbursed; None when nobody knows.
    """

    employments: Mapping[str, Sequence[tuple[date, date | None]]]
    payable_days: Callable[[str, date, date], int]
    agreements: Sequence[tuple[date, date | None]] | None = None

    def is_covered(self, first: date, last: date) -> bool:
        """Whether an agreement covers any of these days, as far as is known."""
        return self.agreements is None or _any_shared(self.agreements, first, last)

    def is_employed_throughout(self, officer_id: str, first: date, last: date) -> bool:
        """Whether one employment of the officer holds all of these days."""
        return any(
            hired_on <= first and (separated_on is None or last <= separated_on)
            for hired_on, separated_on in self.employments.get(officer_id, ())
        )


def check_against_roster(
    rows: Sequence[PayrollRow], roster: RosterIndex, today: date | None = None
) -> list[Finding]:
    """Officers must be on the agency's own roster; what counts for nothing or waits is a notice.

    An unknown officer is one error, whatever the number of rows, and the same whether or not
    another agency knows the id. A file that no agreement covers is one warning, not one notice a row.
    """
    findings: list[Finding] = []
    unknown: dict[str, list[PayrollRow]] = defaultdict(list)
    days = _days_of(rows)
    is_covered = days is None or roster.is_covered(*days)
    if days and not is_covered:
        total = money.text(sum(row.submitted for row in rows))
        findings.append(
            PAYROLL_FINDINGS.finding("no_agreement", start=days[0], end=days[1], dollars=total)
        )
    if days and is_covered and (today is None or max(map(_PAID, rows)) <= today):
        rows = _without_usual(rows, roster)
    for row in rows:
        employments = roster.employments.get(row.officer_id)
        if employments is None:
            unknown[row.officer_id].append(row)
            continue
        if today is not None and row.paid_on > today:
            findings.append(about_row("not_yet_paid", row, "paid_on", paid_on=row.paid_on))
        if not _any_shared(employments, row.period_start, row.period_end):
            findings.append(about_row("not_employed", row, "period_start"))
        elif (
            is_covered
            and row.days > 0
            and not roster.payable_days(row.officer_id, row.period_start, row.period_end)
        ):
            findings.append(about_row("no_payable_day", row, "period_start"))
    return findings + [_unknown(own, roster) for own in unknown.values()]


def check_missing(
    rows: Sequence[PayrollRow],
    roster: RosterIndex,
    accepted: Collection[str],
    quarter: Quarter | None = None,
) -> Iterator[Finding]:
    """One notice of the officers with payable days in the file's periods and no line for them.

    `accepted` are the officers with accepted lines in these periods. Only periods with regular pay
    count: who worked no overtime misses nothing in a file of overtime.
    """
    days = _days_of([row for row in rows if row.regular_pay])
    if days is None:
        return
    first, last = days
    if quarter is not None:
        first, last = max(first, quarter.start), min(last, quarter.end)
    told = {row.officer_id for row in rows}
    missing = [
        officer_id
        for officer_id in roster.employments
        if officer_id not in told
        and officer_id not in accepted
        and roster.payable_days(officer_id, first, last)
    ]
    if missing:
        yield PAYROLL_FINDINGS.finding(
            "officer_missing",
            start=first,
            end=last,
            count=f"{len(missing):,} officers" if len(missing) > 1 else "One officer",
            officers=named(missing),
        )


def _without_usual(rows: Sequence[PayrollRow], roster: RosterIndex) -> list[PayrollRow]:
    """The rows worth a look each: not of officers whose days in the middle of the file are all payable.

    Nearly all officers are such, and are looked up once. The middle shares a day with every row.
    """
    first, last = sorted((min(map(_END, rows)), max(map(_START, rows))))
    length = (last - first).days + 1
    usual = {
        officer_id
        for officer_id in {row.officer_id for row in rows}
        if roster.is_employed_throughout(officer_id, first, last)
        and roster.payable_days(officer_id, first, last) == length
    }
    return [row for row in rows if row.officer_id not in usual]


def _unknown(rows: Sequence[PayrollRow], roster: RosterIndex) -> Finding:
    row = rows[0]
    return about_row(
        "unknown_officer",
        row,
        "officer_id",
        value=row.officer_id,
        count=f"{len(rows):,} rows" if len(rows) > 1 else "one row",
        hint=_with_zeros(row.officer_id, roster),
        dollars=sum(one.submitted for one in rows),
    )


def _with_zeros(officer_id: str, roster: RosterIndex) -> str:
    """The officer meant, when a spreadsheet has dropped the zeros in front of an id."""
    near = [known for known in roster.employments if known.lstrip("0") == officer_id.lstrip("0")]
    return f" Is it {near[0]}? Spreadsheets drop leading zeros." if len(near) == 1 else ""


def _days_of(rows: Sequence[PayrollRow]) -> tuple[date, date] | None:
    """First and last day of the rows."""
    if not rows:
        return None
    return min(map(_START, rows)), max(map(_END, rows))


def _any_shared(ranges: Iterable[tuple[date, date | None]], first: date, last: date) -> bool:
    for begin, end in ranges:  # noqa: SIM110  (asked for every row: half the time of `any`)
        if begin <= last and (end is None or first <= end):
            return True
    return False
