"""What stands in the demonstration's files: officers and their pay, the same for one agency each time."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from claims.demo_plans import FIRST_NAMES, LAST_NAMES, QUARTER, Plan

Row = dict[str, Any]

_PERIOD_DAYS = 14
_FIRST_START = date(2025, 9, 28)
_QUARTER_DAYS = 7 * _PERIOD_DAYS


def files_of(plan: Plan) -> tuple[list[Row], list[Row]]:
    """The rows of an agency's roster and of its payroll of the quarter, in the templates' columns."""
    draw = random.Random(plan.slug)  # noqa: S311  (made-up data, not a secret)
    officers = list(_officers(plan, draw))
    return officers, list(_payroll(officers, draw))


def as_csv(rows: list[Row], delimiter: str = ",") -> str:
    """Rows as text, under the names of their columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def quarter_before(rows: Iterable[Row]) -> list[Row]:
    """The same pay one quarter earlier, without overtime; every 15th officer has earned a fifth less."""
    earlier = []
    for row in rows:
        share = 80 if number_of(row) % 15 == 0 else 100
        moved = {
            name: row[name] - timedelta(days=_QUARTER_DAYS)
            for name in ("period_start", "period_end", "paid_on")
        }
        less = {
            name: dollars(cents(row[name]) * share // 100)
            for name in ("annual_salary", "regular_pay")
        }
        none = {"overtime_hours": 0, "overtime_pay": "0.00", "overtime_paid_by_others": ""}
        earlier.append({**row, **moved, **less, **none})
    return earlier


def with_loose_ends(rows: Iterable[Row]) -> list[Row]:
    """The same pay as it often arrives: a period forgotten, one to be paid later, and some doubtful cells."""
    changes: dict[tuple[int, int], Row] = {
        (1, 3): {"paid_on": date(2025, 10, 9)},
        (4, 4): {"overtime_hours": 6, "overtime_pay": "1480.00"},
        (9, 7): {"paid_on": date(2026, 2, 6)},
        (12, 5): {"benefit_health": "4950.00"},
    }
    forgotten = (6, 4)
    places = ((row, (number_of(row), period_of(row))) for row in rows)
    return [{**row, **changes.get(place, {})} for row, place in places if place != forgotten]


def with_raise(rows: Iterable[Row], percent: int, period: int) -> list[Row]:
    """The same pay after a raise from a pay period on: what hangs on the salary rises with it."""
    return [_raised(row, percent) if period_of(row) >= period else row for row in rows]


def number_of(row: Row) -> int:
    """Which officer of the agency a row is about, counted from 1."""
    return int(row["officer_id"]) - 1000


def period_of(row: Row) -> int:
    """Which pay period of the quarter a row is of, counted from 1."""
    return int((row["period_start"] - _FIRST_START).days) // _PERIOD_DAYS + 1


def dollars(amount: int) -> str:
    """Cents as files write them."""
    return f"{amount // 100}.{amount % 100:02d}"


def cents(text: str) -> int:
    """The other way round; blank is none."""
    return int(text.replace(".", "") or 0)


def _raised(row: Row, percent: int) -> Row:
    names = ("annual_salary", "regular_pay", "benefit_pension", "benefit_medicare")
    return {
        **row,
        **{name: dollars(cents(row[name]) * (100 + percent) // 100) for name in names},
    }


def _officers(plan: Plan, draw: random.Random) -> Iterator[Row]:
    for number in range(1, plan.officers + 1):
        trained = draw.choice((date(2025, 6, 2), date(2025, 6, 2), date(2025, 11, 17)))
        training = number % 8 == 0
        yield {
            "officer_id": f"{1000 + number:06d}" if draw.random() < 0.5 else str(1000 + number),
            "last_name": draw.choice(LAST_NAMES),
            "first_name": draw.choice(FIRST_NAMES),
            "title": draw.choice(("Deputy", "Deputy", "Corporal", "Sergeant")),
            "hired_on": date(draw.randint(2004, 2023), draw.randint(1, 12), 15),
            "separated_on": date(2025, 12, 12) if number % 11 == 5 else "",
            "separation_reason": "federal_hire" if number % 11 == 5 else "",
            "model": plan.model,
            "trained_on": "" if training else trained,
            "authorized_from": "" if training else trained,
            "authorized_to": "" if training else trained + timedelta(days=729),
            "credential_number": "" if training else f"TF-{plan.slug[:3].upper()}-{number:04d}",
        }


def _payroll(officers: list[Row], draw: random.Random) -> Iterator[Row]:
    for officer in officers:
        salary = draw.randrange(48_000_00, 96_000_00, 1_000)
        overtime_share = draw.choice((0, 0, 5, 9, 14, 30, 130))
        start = _FIRST_START
        while start <= QUARTER.end:
            if officer["separated_on"] and start > officer["separated_on"]:
                break
            pay = salary * _PERIOD_DAYS // 365
            overtime = pay * overtime_share // 100
            yield {
                "officer_id": officer["officer_id"],
                "period_start": start,
                "period_end": start + timedelta(days=_PERIOD_DAYS - 1),
                "paid_on": start + timedelta(days=_PERIOD_DAYS + 4),
                "annual_salary": dollars(salary),
                "regular_pay": dollars(pay),
                "overtime_hours": round(overtime * 80 * 2 / pay / 3) if pay else 0,
                "overtime_pay": dollars(overtime),
                "overtime_paid_by_others": dollars(overtime // 4) if overtime_share == 14 else "",
                "benefit_health": "412.50",
                "benefit_pension": dollars(pay * 223 // 1000),
                "benefit_medicare": dollars(pay * 145 // 10000),
            }
            start += timedelta(days=_PERIOD_DAYS)
