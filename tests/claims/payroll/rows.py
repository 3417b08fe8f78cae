"""Payroll rows for the checks: a plausible one, changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from claims.payroll.parse import PayrollRow
from portal.kernel.findings import Finding
from portal.kernel.quarter import Quarter

Q1 = Quarter(2026, 1)
START = date(2025, 10, 12)


def row(number: int = 2, officer_id: str = "0042", **changes: Any) -> PayrollRow:
    """A plausible two-week row, changed."""
    plain = PayrollRow(
        row=number,
        officer_id=officer_id,
        period_start=START,
        period_end=START + timedelta(13),
        paid_on=START + timedelta(18),
        annual_salary=7228000,
        regular_pay=278000,
        overtime_hours=None,
        overtime_pay=0,
        overtime_paid_by_others=0,
        benefits=(),
        ext={},
    )
    return plain._replace(**changes)


def overtime(number: int, day: date, pay: int = 5000, **changes: Any) -> PayrollRow:
    """A row of one day that is only an hour of overtime."""
    plain = row(number, period_start=day, period_end=day, regular_pay=0, overtime_pay=pay)
    return plain._replace(**{"overtime_hours": Decimal(1), **changes})


def later(number: int, weeks: int, **changes: Any) -> PayrollRow:
    """The plausible row, some weeks later."""
    days = timedelta(7 * weeks)
    moved = row(number)
    return moved._replace(
        period_start=moved.period_start + days,
        period_end=moved.period_end + days,
        paid_on=moved.paid_on + days,
        **changes,
    )


def found(findings: list[Finding]) -> list[tuple[str, int | None]]:
    """Code and row of each finding."""
    return [(finding.code, finding.row) for finding in findings]


def codes(findings: list[Finding]) -> list[str]:
    """The code of each finding."""
    return [finding.code for finding in findings]
