"""One officer's quarter in plain words, for a sheet of paper: told from the explanation alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from claims.rules.explain.claim import BENEFIT
from claims.rules.explain.shapes import Belongs, Explanation, Row, Section, Step
from claims.rules.explain.words import count
from portal.kernel.money import format_cents

BY_COMPONENT = "Benefits: each component is divided and rounded by itself, then they are added."


class Paid(NamedTuple):
    """What a row paid of one kind, what others paid of that, and what counts in the quarter, in cents."""

    amount: int = 0
    by_others: int = 0
    counted: int = 0

    def __add__(self, other: Paid) -> Paid:  # type: ignore[override]  # not a longer tuple
        return Paid(
            self.amount + other.amount,
            self.by_others + other.by_others,
            self.counted + other.counted,
        )


class SheetRow(NamedTuple):
    """One payroll row on the sheet; of its `period_days`, `days` are payable in the quarter."""

    source: Row
    days: int
    period_days: int
    regular: Paid
    benefits: Paid
    overtime: Paid


class OvertimeInWords(NamedTuple):
    """What became of the overtime: what was paid, how the cap came about, and what it leaves.

    `cap` are sums, one to a line, with the `rule` and the `note` they go by; `left` may be empty.
    """

    paid: str
    rule: str
    cap: list[str]
    note: str
    left: str


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
            of_row[kind] = of_row.get(kind, Paid()) + _paid(step)
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


def pay_in_words(explanation: Explanation) -> str:
    """How what a row paid is divided by days; empty where no row counts."""
    notes = dict.fromkeys(
        section.note for section in explanation.sections if any(step.days for step in section.steps)
    )
    return " ".join([*notes, BY_COMPONENT]) if notes else ""


def overtime_in_words(explanation: Explanation) -> OvertimeInWords:
    """What became of the overtime."""
    cap = explanation.section("cap")
    percent = next(rule for rule in explanation.rules if rule.name == "overtime_share_percent")
    quarterly = _operand(_named(cap, "cap"), "periods") > 1
    return OvertimeInWords(
        paid=" ".join(_overtime_paid(explanation)),
        rule=(
            f"The most that is paid in a {'quarter' if quarterly else 'fiscal year'} is {percent.value}% of "
            f"the annual salary on average over the fiscal year{', divided by 4' if quarterly else ''}."
        ),
        cap=[_sum(step) for step in cap.steps],
        note=cap.note,
        left=" ".join(_left(explanation)),
    )


def days_in_words(explanation: Explanation) -> str:
    """How many days of the quarter are payable, in a sentence."""
    payable = sum(stretch.days for stretch in explanation.days if stretch.reason is None)
    total = sum(stretch.days for stretch in explanation.days)
    if payable == total:
        return f"All {count(total, 'day')} of the quarter are payable."
    verb = "is" if payable == 1 else "are"
    return f"Of the {count(total, 'day')} of the quarter, {payable} {verb} payable."


def _overtime_paid(explanation: Explanation) -> Iterator[str]:
    paid = sum((row.overtime for row in sheet_rows(explanation)), Paid())
    own = paid.amount - paid.by_others
    if not paid.amount:
        yield "No payroll row of this quarter has overtime."
        return
    yield f"The payroll rows above paid {format_cents(paid.amount)} of overtime."
    if not own:
        yield "Others paid all of it, so that nothing is submitted."
        return
    it = "it"
    if paid.by_others:
        yield (
            f"Others paid {format_cents(paid.by_others)} of it, so {format_cents(own)} is the agency’s own."
        )
        it = "that"
    part = "All" if paid.counted == own else format_cents(paid.counted)
    if paid.counted:
        yield f"{part} of {it} counts for payable days of this quarter: it is submitted."
    else:
        yield f"None of {it} is for payable days of this quarter: nothing is submitted."


def _left(explanation: Explanation) -> Iterator[str]:
    section = explanation.section("overtime_allowed")
    submitted = explanation.section("overtime").amount
    used, room = _amount(section, "used_before"), _amount(section, "room")
    if used:
        yield (
            f"Earlier quarters of the fiscal year used {format_cents(used)} of the cap: "
            f"{format_cents(room) if room else 'nothing'} is left."
        )
    over = _amount(section, "disallowed")
    if not over:
        if submitted:
            yield f"All of the {format_cents(submitted)} submitted is allowed."
        return
    allowed = format_cents(section.amount) if section.amount else "None"
    yield (
        f"{allowed} of the {format_cents(submitted)} submitted is allowed. {format_cents(over)} is over the "
        "cap: it is not paid, and it does not come back in a later quarter."
    )


def _sum(step: Step) -> str:
    """A step, and what came out where its own words do not end with it."""
    said = f"{step.label}: {step.formula}"
    if step.amount is None or said.endswith(f" = {format_cents(step.amount)}"):
        return said
    return f"{said}: {format_cents(step.amount)}"


def _paid(step: Step) -> Paid:
    operands = {operand.name: int(operand.value) for operand in step.operands}
    paid = operands.get("overtime_pay", operands["amount"])
    return Paid(paid, operands.get("overtime_paid_by_others", 0), step.amount or 0)


def _days(step: Step) -> tuple[int, int]:
    here = (one for one in step.days if one.belongs is Belongs.HERE and one.reason is None)
    return sum(one.days for one in here), sum(one.days for one in step.days)


def _named(section: Section, key: str) -> Step:
    return next(step for step in section.steps if step.key == key)


def _amount(section: Section, key: str) -> int:
    return _named(section, key).amount or 0


def _operand(step: Step, name: str) -> int:
    return next(int(operand.value) for operand in step.operands if operand.name == name)
