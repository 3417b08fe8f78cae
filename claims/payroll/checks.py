"""Checks of payroll rows: within the file, against the roster, against lines already accepted.

Pure functions from rows to findings. They say what a person has to look at; what a row is worth is
the calculation's business.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.parse import PayrollRow
from portal.kernel import money
from portal.kernel.collector import collector_paused
from portal.kernel.findings import Finding
from portal.kernel.quarter import Quarter

MAX_PERIOD_DAYS = 366
MAX_OVERTIME_HOURS_A_DAY = 16
VERY_HIGH_SALARY = 1_000_000_00


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """What the checks need to know of one agency's roster.

    `employments` gives each officer's employment ranges, an open end None. `payable_days` counts an
    officer's payable days from a first to a last day, both included.
    """

    employments: Mapping[str, Sequence[tuple[date, date | None]]]
    payable_days: Callable[[str, date, date], int]


class AcceptedRow(NamedTuple):
    """A row that counts already, and the reference of the batch it came with."""

    batch: str
    row: PayrollRow


@collector_paused()
def check_file(rows: Sequence[PayrollRow], quarter: Quarter | None = None) -> list[Finding]:
    """The checks that need nothing but the file, and the quarter it was sent for."""
    return [
        finding
        for check in (_check_rows(rows, quarter), _check_duplicates(rows), _check_overlaps(rows))
        for finding in check
    ]


def check_against_roster(
    rows: Iterable[PayrollRow], roster: RosterIndex, today: date | None = None
) -> list[Finding]:
    """Officers must be on the agency's own roster; what counts for nothing or waits is a notice.

    An unknown officer is one error, whatever the number of rows, and the same whether or not
    another agency knows the id.
    """
    findings: list[Finding] = []
    unknown: dict[str, PayrollRow] = {}
    count: Counter[str] = Counter()
    for row in rows:
        employments = roster.employments.get(row.officer_id)
        if employments is None:
            unknown.setdefault(row.officer_id, row)
            count[row.officer_id] += 1
            continue
        if today is not None and row.paid_on > today:
            findings.append(_about("not_yet_paid", row, "paid_on", paid_on=row.paid_on))
        if not any(
            hired_on <= row.period_end
            and (separated_on is None or row.period_start <= separated_on)
            for hired_on, separated_on in employments
        ):
            findings.append(_about("not_employed", row, "period_start"))
        elif not roster.payable_days(row.officer_id, row.period_start, row.period_end):
            findings.append(_about("no_payable_day", row, "period_start"))
    for officer_id, row in unknown.items():
        many = f"{count[officer_id]:,} rows" if count[officer_id] > 1 else "one row"
        findings.append(
            _about(
                "unknown_officer",
                row,
                "officer_id",
                value=officer_id,
                count=many,
                hint=_with_zeros(officer_id, roster),
            )
        )
    return findings


def _with_zeros(officer_id: str, roster: RosterIndex) -> str:
    """The officer meant, when a spreadsheet has dropped the zeros in front of an id."""
    near = [known for known in roster.employments if known.lstrip("0") == officer_id.lstrip("0")]
    return f" Is it {near[0]}? Spreadsheets drop leading zeros." if len(near) == 1 else ""


def check_against_accepted(
    rows: Iterable[PayrollRow], accepted: Mapping[str, Sequence[AcceptedRow]]
) -> list[Finding]:
    """The same line sent again counts once; other regular pay for its days is an error.

    `accepted` holds the rows of the agency's accepted batches by officer, without those of a batch
    that this file replaces.
    """
    findings = []
    for row in rows:
        for batch, other in accepted.get(row.officer_id, ()):
            if row.line == other.line:
                findings.append(_about("counted_once", row, "", batch=batch, other=other.row))
                break
            if row.regular_pay and other.regular_pay and _overlap(row, other):
                findings.append(_differs(row, batch, other))
                break
    return findings


def _check_rows(rows: Sequence[PayrollRow], quarter: Quarter | None) -> Iterator[Finding]:
    if quarter and len(rows) > 1 and not any(quarter.overlaps(*row.period) for row in rows):
        yield PAYROLL_FINDINGS.finding(
            "wrong_quarter",
            count=f"{len(rows):,}",
            found=Quarter.of(rows[0].period_start),
            quarter=quarter,
        )
        quarter = None
    # Read once: a quarter works its days out anew each time it is asked.
    first, last = (quarter.start, quarter.end) if quarter else (date.min, date.max)
    for row in rows:
        days = row.days
        if days < 1:
            yield _about("period_reversed", row, "period_end", value=str(row.period_end))
            continue
        if days > MAX_PERIOD_DAYS:
            yield _about("period_too_long", row, "period_end", value=str(row.period_end))
        if row.period_start > last or row.period_end < first:
            yield _about(
                "outside_quarter",
                row,
                "period_start",
                value=str(row.period_start),
                quarter=quarter,
                first=first,
                last=last,
            )
        if row.paid_on < row.period_start:
            yield _about("paid_before_period", row, "paid_on", paid_on=row.paid_on)
        if row.overtime_paid_by_others > row.overtime_pay:
            yield _about(
                "others_paid_more",
                row,
                "overtime_paid_by_others",
                others=money.format_cents(row.overtime_paid_by_others),
                overtime=money.format_cents(row.overtime_pay),
                dollars=money.text(row.overtime_paid_by_others - row.overtime_pay),
            )
        # 1.5 times the salary of these days, without fractions: 3 · salary · days / (2 · 365).
        if row.regular_pay * 730 > 3 * row.annual_salary * days and row.annual_salary:
            usual = money.half_up(row.annual_salary * days, 365)
            yield _about(
                "pay_above_salary",
                row,
                "regular_pay",
                value=money.text(row.regular_pay),
                regular=money.format_cents(row.regular_pay),
                days=days,
                salary=money.format_cents(row.annual_salary),
                usual=money.format_cents(usual),
                dollars=money.text(row.regular_pay - usual),
            )
        if row.annual_salary == 0:
            yield _about("salary_zero", row, "annual_salary", value="0.00")
        elif row.annual_salary > VERY_HIGH_SALARY:
            yield _about(
                "salary_very_high",
                row,
                "annual_salary",
                value=money.text(row.annual_salary),
                salary=money.format_cents(row.annual_salary),
            )
        if row.overtime_hours and row.overtime_hours > MAX_OVERTIME_HOURS_A_DAY * days:
            yield _about(
                "overtime_hours_very_high",
                row,
                "overtime_hours",
                value=str(row.overtime_hours),
                hours=row.overtime_hours,
                days=days,
            )


def _check_duplicates(rows: Sequence[PayrollRow]) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        other = first.setdefault(row.identity, row.row)
        if other != row.row:
            yield _about("duplicate_row", row, "", other=other, dollars=money.text(row.submitted))


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
    return _about(
        "regular_pay_overlap",
        row,
        "period_start",
        value=str(row.period_start),
        other=other.row,
        other_start=other.period_start,
        other_end=other.period_end,
        days=(last - first).days + 1,
        dollars=money.text(row.regular_pay),
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
    return _about(
        "other_amounts",
        row,
        "regular_pay" if "regular_pay" in differs else differs[0],
        batch=batch,
        other=other.row,
        other_start=other.period_start,
        other_end=other.period_end,
        differs=", ".join(differs),
        difference=money.format_cents(difference),
        dollars=money.text(difference),
    )


def _overlap(one: PayrollRow, other: PayrollRow) -> bool:
    return one.period_start <= other.period_end and other.period_start <= one.period_end


def _about(code: str, row: PayrollRow, column: str, **facts: Any) -> Finding:
    return PAYROLL_FINDINGS.finding(
        code,
        row=row.row,
        column=column,
        officer_id=row.officer_id,
        ext=row.ext,
        start=row.period_start,
        end=row.period_end,
        **facts,
    )
