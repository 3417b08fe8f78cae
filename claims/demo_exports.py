"""The demonstration's payroll as payroll systems export it: other columns, titles, totals, too much data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from claims.demo_files import Row, cents, dollars, number_of, period_of

_LONGEVITY = 45_00
_TOTALS = ("Regular Earnings", "Longevity Pay", "O/T Earnings", "Gross Pay")


def pay_columns(agency: str, officers: Iterable[Row], rows: Iterable[Row]) -> str:
    """One row per officer and period, a column per kind of pay; with titles and a grand total.

    It also holds what must not be kept (tax ids) and what is not reimbursed (payouts, paid details).
    """
    names = _names(officers)
    lines = []
    for row in rows:
        number = number_of(row)
        regular, overtime = cents(row["regular_pay"]), cents(row["overtime_pay"])
        payout = 640_00 if (number % 5, period_of(row)) == (3, 6) else 0
        detail = 220_00 if (number + period_of(row)) % 9 == 0 else 0
        lines.append(
            {
                "Co Code": "7QX",
                "File #": row["officer_id"],
                "Payroll Name": names[row["officer_id"]],
                # No such number was ever given out.
                "Tax ID (SSN)": f"000-00-{number:04d}",
                "Period Beginning": _american(row["period_start"]),
                "Period Ending": _american(row["period_end"]),
                "Pay Date": _american(row["paid_on"]),
                "Home Department": "4100 Patrol",
                "Annual Salary": _grouped(cents(row["annual_salary"])),
                "Regular Earnings": _grouped(regular - _LONGEVITY),
                "Longevity Pay": _grouped(_LONGEVITY),
                "O/T Hours": row["overtime_hours"],
                "O/T Earnings": _grouped(overtime),
                "Grant Overtime": _grouped(cents(row["overtime_paid_by_others"])),
                "Vacation Payout": _grouped(payout),
                "Off Duty Detail": _grouped(detail),
                "Employer Health": row["benefit_health"],
                "Employer Pension": row["benefit_pension"],
                "Employer Medicare": row["benefit_medicare"],
                "Gross Pay": _grouped(regular + overtime + payout + detail),
            }
        )
    header = list(lines[0])
    total = [
        _grouped(sum(cents(line[name].replace(",", "")) for line in lines))
        if name in _TOTALS
        else ""
        for name in header
    ]
    return _text(
        [
            (agency,),
            ("Payroll register, all officers", "", "", "Printed 01/09/2026"),
            (),
            header,
            *(line.values() for line in lines),
            ("Grand Total", *total[1:]),
        ]
    )


def pay_codes(officers: Iterable[Row], rows: Iterable[Row]) -> str:
    """One row per officer, period and pay code, benefits among them."""
    names = _names(officers)

    def lines() -> Iterator[Iterable[Any]]:
        yield (
            "Employee Number", "Employee Name", "Pay Period Begin Date", "Pay Period End Date",
            "Check Date", "Annual Base Salary", "Pay Code", "Hours", "Amount", "Cost Center",
        )  # fmt: skip
        for row in rows:
            for code, hours, amount in _codes(row):
                yield (
                    row["officer_id"],
                    names[row["officer_id"]],
                    row["period_start"],
                    row["period_end"],
                    row["paid_on"],
                    row["annual_salary"],
                    code,
                    hours,
                    dollars(amount) if amount >= 0 else f"({dollars(-amount)})",
                    "LAW-287",
                )

    return _text(lines())


def paychecks(officers: Iterable[Row], rows: Iterable[Row]) -> str:
    """One row per paycheck as cities publish them: names and no ids, only the period's last day."""
    names = _names(officers)

    def lines() -> Iterator[Iterable[Any]]:
        yield (
            "Calendar Year", "Employee Name", "Department", "Job Title", "Pay Period End Date",
            "Check Date", "Base Salary", "Base Pay", "Overtime Pay", "Bonus", "Total Benefits",
            "Total Gross",
        )  # fmt: skip
        for row in rows:
            bonus = 500_00 if period_of(row) == 6 else 0
            benefits = sum(cents(amount) for name, amount in row.items() if name[:8] == "benefit_")
            pay = cents(row["regular_pay"]) + cents(row["overtime_pay"]) + bonus
            yield (
                row["paid_on"].year,
                names[row["officer_id"]].upper(),
                "Sheriff",
                "Deputy",
                f"{_american(row['period_end'])} 12:00:00 AM",
                f"{_american(row['paid_on'])} 12:00:00 AM",
                f"${_grouped(cents(row['annual_salary']))}",
                f"${_grouped(cents(row['regular_pay']))}",
                f"${_grouped(cents(row['overtime_pay']))}",
                f"${_grouped(bonus)}",
                f"${_grouped(benefits)}",
                f"${_grouped(pay)}",
            )

    return _text(lines())


def printed_pages(agency: str, rows: Iterable[Row]) -> str:
    """The template's own columns with semicolons, printed by period: each page its titles and subtotal."""
    by_period = sorted(rows, key=lambda row: (period_of(row), row["officer_id"]))
    header = list(by_period[0])

    def lines() -> Iterator[Iterable[Any]]:
        yield (agency, "Payroll 287(g), first quarter")
        yield ("Produced by", "County Finance")
        for page, (_, group) in enumerate(groupby(by_period, key=period_of)):
            own = list(group)
            if page:
                yield ()
            yield header
            yield from (row.values() for row in own)
            subtotal = dollars(sum(cents(row["regular_pay"]) for row in own))
            place = header.index("regular_pay")
            yield (
                "Subtotal",
                *(subtotal if place == at else "" for at in range(1, len(header))),
            )

    return _text(lines(), ";")


def _codes(row: Row) -> Iterator[tuple[str, Any, int]]:
    """A row's amounts by pay code; the last period nets a correction, the seventh has holidays."""
    regular, overtime = cents(row["regular_pay"]), cents(row["overtime_pay"])
    holiday = regular // 10 if period_of(row) in (2, 5, 7) else 0
    yield "REG", 72 if holiday else 80, regular - holiday
    if holiday:
        yield "HOL", 8, holiday
    if period_of(row) == 3:
        # Booked twice and taken back: only the net was paid.
        yield "K9", 2, 60_00
        yield "K9", -2, -60_00
    if overtime:
        yield "OT", row["overtime_hours"], overtime
    if (number_of(row) % 4, period_of(row)) == (1, 6):
        yield "LEAVE PAYOUT", 16, 540_00
    for name in ("health", "pension", "medicare"):
        yield f"ER-{name[:3].upper()}", "", cents(row[f"benefit_{name}"])


def _names(officers: Iterable[Row]) -> dict[str, str]:
    return {one["officer_id"]: f"{one['last_name']}, {one['first_name']}" for one in officers}


def _american(day: Any) -> str:
    return f"{day:%m/%d/%Y}"


def _grouped(amount: int) -> str:
    return f"{amount // 100:,}.{amount % 100:02d}"


def _text(lines: Iterable[Iterable[Any]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return text.getvalue()
