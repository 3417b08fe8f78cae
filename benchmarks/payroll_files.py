"""A made-up payroll of one quarter and its roster, the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from claims.payroll.layout import PAYROLL
from portal.kernel import money
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import write_csv, write_xlsx

ALL = tuple(PAYROLL.template_header())
FEW = (*ALL[:8], "benefit_total")
"""The columns of most files, as the goals have them: 135,000 rows are some 8 MB."""
QUARTER = Quarter(2026, 1)
PERIODS = 7
_FIRST_PERIOD = date(2025, 9, 28)
_ROSTER_HEADER = (
    "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from,authorized_to"
)


def payroll_csv(rows: int, columns: Sequence[str] = FEW) -> bytes:
    """A file without anything to find: each officer with seven periods of two weeks."""
    return write_csv(columns, ([line[name] for name in columns] for line in _lines(rows)))


def payroll_xlsx(rows: int, columns: Sequence[str] = FEW) -> bytes:
    """The same as a workbook, dates as dates and amounts as numbers."""
    return write_xlsx(
        PAYROLL.title,
        columns,
        ([_typed(name, line[name]) for name in columns] for line in _lines(rows)),
    )


def roster_csv(rows: int) -> bytes:
    """The roster of the officers in a payroll of so many rows."""
    officers = -(-rows // PERIODS)
    lines = (
        f"{number:06d},Officer,No {number},2015-01-05,TFM,2025-06-13,2025-06-20,2027-06-19"
        for number in range(officers)
    )
    return "\n".join([_ROSTER_HEADER, *lines]).encode()


def _typed(name: str, text: str) -> str | date | Decimal | None:
    if name == "officer_id":
        return text
    if name.startswith(("period", "paid_on")):
        return date.fromisoformat(text)
    return Decimal(text) if text else None


def _lines(rows: int) -> Iterator[dict[str, str]]:
    draw = random.Random(287)  # noqa: S311 - the same file in every run
    for number in range(rows):
        officer, period = divmod(number, PERIODS)
        if period == 0:
            salary = draw.randrange(45_000, 110_000) * 100
            health, pension = draw.randrange(200_00, 600_00), salary // 26 // 7
        start = _FIRST_PERIOD + timedelta(14 * period)
        end = start + timedelta(13)
        # Most periods are worked in full, one in three is short of some hours.
        worked = 80 if draw.random() < 2 / 3 else draw.randrange(64_00, 80_00) / 100
        hours = draw.randrange(1, 80) / 4 if draw.random() < 0.5 else 0
        yield {
            "officer_id": f"{officer:06d}",
            "period_start": str(start),
            "period_end": str(end),
            "paid_on": str(end + timedelta(5)),
            "annual_salary": money.text(salary),
            "regular_pay": money.text(int(salary / 2080 * worked)),
            "overtime_hours": f"{hours:.2f}" if hours else "",
            "overtime_pay": money.text(int(salary / 2080 * 1.5 * hours)) if hours else "",
            "overtime_paid_by_others": "",
            "benefit_health": money.text(health),
            "benefit_pension": money.text(pension),
            "benefit_total": money.text(health + pension),
        }
