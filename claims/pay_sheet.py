"""A quarter's payroll as a table to fill in on a page: what was typed is never lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from claims.calendars import Calendar, Frequency, PayPlan
from claims.prefill import Prefill, PrefilledRow
from portal.kernel.money import text as money_text
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import FILE_FINDINGS
from portal.kernel.tabular.sensitive import personal_number_code
from portal.kernel.tabular.values import Problem, read_date, read_money

MAX_ROWS = 150
"""Longer payrolls go by file."""
MAX_BENEFITS = 5
"""With more, a table no longer fits a page, nor its fields one request."""
_BENEFIT = re.compile(r"[a-z0-9_]{1,60}")


class SheetColumn(NamedTuple):
    """A column to type into; `read` turns text into a value or a problem."""

    name: str
    label: str
    read: Callable[[str], Any]
    expected: str
    required: bool = False


_FIXED = (
    SheetColumn("paid_on", "Paid on", read_date, "date, such as 2025-10-30", required=True),
    SheetColumn("annual_salary", "Annual salary", read_money, "dollars, such as 72280.00", True),
    SheetColumn("regular_pay", "Regular pay", read_money, "dollars, such as 2780.00", True),
)
_OVERTIME = (
    SheetColumn("overtime_pay", "Overtime pay", read_money, "dollars, such as 589.37"),
    SheetColumn(
        "overtime_paid_by_others", "Of it paid by others", read_money, "dollars, such as 150.00"
    ),
)


class SheetCell(NamedTuple):
    """One field: its name and column, what stands in it, and what is wrong with it."""

    field: str
    column: SheetColumn
    text: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """An officer's pay of one period; only paid rows are sent."""

    number: int
    officer_id: str
    name: str
    start: str
    end: str
    is_paid: bool
    cells: tuple[SheetCell, ...]

    @property
    def key(self) -> str:
        """What the row is about, as it travels with the form."""
        return f"{self.start}|{self.end}|{self.officer_id}"

    @property
    def label(self) -> str:
        """The row in words."""
        return f"{self.name or self.officer_id}, {self.start} to {self.end}"


@dataclass(frozen=True)
class PaySheet:
    """The table as it is shown or was sent; `benefits` are the names of its benefit columns."""

    benefits: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    problems: list[str] = field(default_factory=list)

    @property
    def columns(self) -> tuple[SheetColumn, ...]:
        """What can be typed into."""
        return _columns(self.benefits)

    @property
    def errors(self) -> list[tuple[SheetRow, SheetCell]]:
        """The fields to correct."""
        return [(row, cell) for row in self.rows for cell in row.cells if cell.error]

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be sent yet."""
        return bool(self.errors or self.problems)

    def body(self, quarter: Quarter) -> bytes:
        """The paid rows as the JSON body a payroll system would send."""
        rows = [
            {
                "officer_id": row.officer_id,
                "period_start": row.start,
                "period_end": row.end,
                **{cell.column.name: cell.text for cell in row.cells if cell.text},
            }
            for row in self.rows
            if row.is_paid
        ]
        return json.dumps({"quarter": str(quarter), "rows": rows}).encode()


def fits_a_page(prefill: Prefill) -> bool:
    """Whether the rows can be typed on one page."""
    return (
        0 < len(prefill.rows) <= MAX_ROWS
        and not prefill.undecided
        and len(prefill.benefit_names) <= MAX_BENEFITS
    )


def sheet_of(prefill: Prefill, today: date) -> PaySheet:
    """The table filled in; rows whose payday is still to come start unpaid."""
    columns = _columns(prefill.benefit_names)
    rows = []
    for number, row in enumerate(prefill.rows):
        known = _known(row)
        cells = tuple(
            SheetCell(f"{column.name}-{number}", column, known.get(column.name, ""))
            for column in columns
        )
        start, end = (day.isoformat() for day in row.period)
        is_paid = row.paid_on <= today
        rows.append(SheetRow(number, row.officer_id, row.name, start, end, is_paid, cells))
    return PaySheet(prefill.benefit_names, tuple(rows))


def sheet_sent(sent: QueryDict, prefill: Prefill) -> PaySheet:
    """The table as a person sent it, with what is wrong in the rows they ticked as paid."""
    keys = [sent.get(f"row-{number}", "") for number in range(MAX_ROWS)]
    if any(personal_number_code(key) for key in keys):
        # The portal wrote these fields; somebody changed one, so none of the rows is believed.
        return PaySheet(
            (), (), ["A row is for a number the portal must not hold. Open this page again."]
        )
    names = {row.officer_id: row.name for row in prefill.rows}
    benefits = tuple(name for name in sent.getlist("benefit") if _BENEFIT.fullmatch(name))
    columns = _columns(benefits[:MAX_BENEFITS])
    rows = tuple(_rows_sent(sent, columns, names))
    problems = []
    if not any(row.is_paid for row in rows):
        problems.append("No row is ticked as paid. Tick those that were paid.")
    return PaySheet(benefits[:MAX_BENEFITS], rows, problems)


def _rows_sent(
    sent: QueryDict, columns: Sequence[SheetColumn], names: dict[str, str]
) -> Iterable[SheetRow]:
    for number in range(MAX_ROWS):
        start, _, rest = sent.get(f"row-{number}", "").partition("|")
        end, _, officer_id = rest.partition("|")
        if not officer_id:
            return
        is_paid = f"paid-{number}" in sent
        cells = tuple(
            _cell(f"{column.name}-{number}", column, sent, is_checked=is_paid) for column in columns
        )
        name = names.get(officer_id, "")
        yield SheetRow(number, officer_id, name, start, end, is_paid, cells)


def _cell(name: str, column: SheetColumn, sent: QueryDict, *, is_checked: bool) -> SheetCell:
    text = sent.get(name, "").strip()
    if code := personal_number_code(text):
        # Such a number is not even shown back to the person who typed it.
        return SheetCell(name, column, "", _words(Problem(code), column, ""))
    if not is_checked:
        return SheetCell(name, column, text)
    if not text:
        return SheetCell(name, column, text, "Fill it in." if column.required else "")
    value = column.read(text)
    return SheetCell(
        name, column, text, _words(value, column, text) if isinstance(value, Problem) else ""
    )


def _words(problem: Problem, column: SheetColumn, text: str) -> str:
    finding = FILE_FINDINGS.finding(
        problem.code,
        column=column.label,
        value=text,
        expected=column.expected,
        why=problem.why,
    )
    return f"{finding.message} {finding.fix}"


def _known(row: PrefilledRow) -> dict[str, str]:
    amounts = {
        "annual_salary": row.annual_salary,
        "regular_pay": row.regular_pay,
        **{f"benefit_{name}": amount for name, amount in row.benefits},
    }
    typed = {name: money_text(cents) for name, cents in amounts.items() if cents is not None}
    return {"paid_on": row.paid_on.isoformat(), **typed}


def _columns(benefits: Iterable[str]) -> tuple[SheetColumn, ...]:
    named = (
        SheetColumn(
            f"benefit_{name}",
            "Benefits" if name == "total" else f"Benefit: {name.replace('_', ' ')}",
            read_money,
            "dollars, such as 392.31",
        )
        for name in benefits
    )
    return (*_FIXED, *named, *_OVERTIME)


class PayCalendarForm(forms.Form):
    """How an agency pays whose payroll the portal has never seen."""

    frequency = forms.ChoiceField(
        label="How often are your officers paid?",
        choices=[(one.value, one.label.capitalize()) for one in Frequency],
    )
    first = forms.DateField(
        label="First day of a pay period",
        help_text="Of any period you know, such as 2025-10-12.",
        error_messages={"invalid": "Write a day like 2025-10-12."},
    )
    payday_days = forms.IntegerField(
        label="Days from the end of a period to its payday",
        min_value=-31,
        max_value=62,
        help_text="Such as 5. With a minus sign if you pay before the period ends.",
    )

    @property
    def plan(self) -> PayPlan:
        """The plan that was filled in; only after `is_valid`."""
        data = self.cleaned_data
        calendar = Calendar.starting(Frequency(data["frequency"]), data["first"])
        return PayPlan(calendar, data["payday_days"])
