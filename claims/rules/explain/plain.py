"""One officer's quarter in plain words, for a sheet of paper: told from the explanation alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from claims.rules.explain.claim import BENEFIT
from claims.rules.explain.shapes import Belongs, Explanation, Row, Section, Step
from claims.rules.explain.words import count, exact
from portal.kernel.money import format_cents


class Paid(NamedTuple):
    """What a row paid of one kind, and what of it counts in the quarter, in cents."""

    amount: int = 0
    counted: int = 0

    def __add__(self, other: Paid) -> Paid:  # type: ignore[override]  # not a longer tuple
        return Paid(self.amount + other.amount, self.counted + other.counted)


class SheetRow(NamedTuple):
    """One payroll row on the sheet; of its `period_days`, `days` are payable in the quarter."""

    source: Row
    days: int
    period_days: int
    regular: Paid
    benefits: Paid
    overtime: Paid


def sheet_rows(explanation: Explanation) -> list[SheetRow]:
    """The payroll rows of the quarter with what they paid and what counts, in their order."""
    steps: dict[Row, dict[str, Paid]] = {}
    days: dict[Row, tuple[int, int]] = {}
    for section in explanation.sections:
        kind = "benefits" if section.key.startswith(BENEFIT) else section.key
        for step in section.steps:
            if step.source is None or not step.days:
                continue
            days[step.source] = _days(step)
            of_row = steps.setdefault(step.source, {})
            of_row[kind] = of_row.get(kind, Paid()) + Paid(
                _operand(step, "amount"), step.amount or 0
            )
    none = Paid()
    rows = [
        SheetRow(
            source,
            *days[source],
            *(of_row.get(kind, none) for kind in ("regular", "benefits", "overtime")),
        )
        for source, of_row in steps.items()
    ]
    return sorted(rows, key=lambda row: (row.source.period_start, row.source.file, row.source.row))


def overtime_in_words(explanation: Explanation) -> list[str]:
    """What became of the overtime, in sentences."""
    return list(_overtime(explanation))


def _overtime(explanation: Explanation) -> Iterator[str]:
    cap, allowed = explanation.section("cap"), explanation.section("overtime_allowed")
    submitted = explanation.section("overtime").amount
    percent = next(rule for rule in explanation.rules if rule.name == "overtime_share_percent")
    yield (
        f"{format_cents(submitted)} of overtime was paid for payable days of this quarter."
        if submitted
        else "No overtime was submitted for payable days of this quarter."
    )
    salary = _named(cap, "annual_salary")
    yearly = Fraction(_operand(salary, "salary_days"), _operand(salary, "year_days"))
    quarterly = _operand(_named(cap, "cap"), "periods") > 1
    period = "quarter" if quarterly else "fiscal year"
    yield (
        f"The most that is paid in a {period} is {percent.value}% of the annual salary"
        f"{', divided by 4' if quarterly else ''}. The annual salary is {exact(yearly)}, so the cap is "
        f"{format_cents(cap.amount)}."
    )
    used, room = _amount(allowed, "used_before"), _amount(allowed, "room")
    if used:
        yield (
            f"Earlier quarters of the fiscal year used {format_cents(used)} of it; "
            f"{format_cents(room)} is left."
        )
    over = _amount(allowed, "disallowed")
    if over:
        yield (
            f"{format_cents(allowed.amount)} is allowed. {format_cents(over)} is over the cap: it is not "
            "paid, and it does not come back in a later quarter."
        )
    elif submitted:
        yield "All of it is allowed."


def days_in_words(explanation: Explanation) -> str:
    """How many days of the quarter are payable, in a sentence."""
    payable = sum(stretch.days for stretch in explanation.days if stretch.reason is None)
    total = sum(stretch.days for stretch in explanation.days)
    if payable == total:
        return f"All {count(total, 'day')} of the quarter are payable."
    verb = "is" if payable == 1 else "are"
    return f"Of the {count(total, 'day')} of the quarter, {payable} {verb} payable."


def _days(step: Step) -> tuple[int, int]:
    here = (one for one in step.days if one.belongs is Belongs.HERE and one.reason is None)
    return sum(one.days for one in here), sum(one.days for one in step.days)


def _named(section: Section, key: str) -> Step:
    return next(step for step in section.steps if step.key == key)


def _amount(section: Section, key: str) -> int:
    return _named(section, key).amount or 0


def _operand(step: Step, name: str) -> int:
    return next(int(operand.value) for operand in step.operands if operand.name == name)
