"""What each payroll row gives to the quarter: regular pay, benefits by component, overtime."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

from claims.rules.explain.periods import Calendar
from claims.rules.explain.shapes import Operand, Operation, Row, Section, Step, Unit
from claims.rules.explain.words import component_in_words, count, file_row
from claims.rules.facts import Allocation, ClaimInput, OfficerFacts, PayrollLine
from claims.rules.reimbursement import LineShare, OfficerResult
from portal.kernel.money import format_cents, half_up

BY_DAYS = (
    "Each row counts by its calendar days: its amount times the payable days from its first day to the "
    "end of the quarter, divided by all days of its pay period, less the same for the payable days "
    "before the quarter. Each product is rounded to the cent, half a cent up; the sum is not rounded again."
)
BY_PAYDAY = (
    "Each row counts whole in the quarter in which it was paid: its amount times the payable days of its "
    "pay period, divided by all its days, rounded to the cent, half a cent up; the sum is not rounded again."
)


class Part(NamedTuple):
    """One amount of one row: as it reads, in cents, what of it falls in the quarter, its operands."""

    shown: str
    amount: int
    share: int
    operands: tuple[Operand, ...]


PartOf = Callable[[PayrollLine, LineShare], Part]


class Pay:
    """The sections of one officer whose steps are payroll rows; without `by_row` the sums of these."""

    def __init__(
        self,
        claim: ClaimInput,
        facts: OfficerFacts,
        result: OfficerResult,
        calendar: Calendar,
        *,
        by_row: bool = True,
    ) -> None:
        self._claim = claim
        self._facts = facts
        self._shares = result.shares
        self._calendar = calendar
        self._by_row = by_row

    def regular(self) -> Section:
        """Regular pay."""
        return self._section("regular", "Regular pay", _regular)

    def benefits(self) -> Iterator[Section]:
        """One section for each component of benefits, in the order of the rows."""
        names: dict[str, None] = {}
        for share in self._shares:
            lines = self._facts.lines[share.line]
            names.update(dict.fromkeys(name for name, _ in lines.benefits))
        for name in names:
            part_of = functools.partial(_component, name)
            yield self._section(f"benefit_{name}", component_in_words(name), part_of)

    def overtime(self) -> Section:
        """Overtime submitted."""
        return self._section("overtime", "Overtime submitted", _overtime)

    def _section(self, key: str, title: str, part_of: PartOf) -> Section:
        steps = tuple(self._steps(part_of) if self._by_row else self._sum(part_of))
        by_payday = self._claim.rules.allocation is Allocation.PAY_DATE
        note = BY_PAYDAY if by_payday else BY_DAYS
        amount = sum(step.amount or 0 for step in steps)
        return Section(key, title, steps, amount, note if steps else "")

    def _sum(self, part_of: PartOf) -> Iterator[Step]:
        """One step for all rows: thousands would be longer than anybody can attach or read."""
        parts = (part_of(self._facts.lines[share.line], share) for share in self._shares)
        if amount := sum(part.share for part in parts):
            yield Step(
                label=count(len(self._shares), "payroll row"),
                formula="the sum of their shares",
                amount=amount,
                rule="allocation",
                operation=Operation.GIVEN,
                operands=(Operand("amount", amount, Unit.MONEY),),
            )

    def _steps(self, part_of: PartOf) -> Iterator[Step]:
        for share in self._shares:
            line = self._facts.lines[share.line]
            part = part_of(line, share)
            if part.amount or part.operands:
                source = row_of(line)
                yield Step(
                    label=str(source),
                    formula=_fraction(part, share),
                    amount=part.share,
                    rule="allocation",
                    operation=Operation.SHARE,
                    operands=(*part.operands, *_operands(part, share)),
                    source=source,
                    days=self._calendar.of_line(line),
                )


def row_of(line: PayrollLine) -> Row:
    """Where a payroll line stands."""
    return Row(line.batch, line.row, line.period_start, line.period_end, line.paid_on)


def named(line: PayrollLine) -> str:
    """The file and row of a line, in short."""
    return file_row(line.batch, line.row)


def _regular(line: PayrollLine, share: LineShare) -> Part:
    return Part(format_cents(line.regular_pay), line.regular_pay, share.regular, ())


def _overtime(line: PayrollLine, share: LineShare) -> Part:
    paid, by_others = line.overtime_pay, line.overtime_paid_by_others
    net = paid - by_others
    if not by_others:
        return Part(format_cents(net), net, share.overtime, ())
    shown = (
        f"({format_cents(paid)} − {format_cents(by_others)} paid by others = {format_cents(net)})"
    )
    operands = (
        Operand("overtime_pay", paid, Unit.MONEY),
        Operand("overtime_paid_by_others", by_others, Unit.MONEY),
    )
    return Part(shown, net, share.overtime, operands)


def _component(name: str, line: PayrollLine, share: LineShare) -> Part:
    for (each, amount), given in zip(line.benefits, share.benefits, strict=True):
        if each == name:
            return Part(format_cents(amount), amount, given, ())
    return Part("", 0, 0, ())


def _fraction(part: Part, share: LineShare) -> str:
    """`$2,780.00 × 14/14 = $2,780.00, less $2,780.00 × 3/14 = $595.71 of earlier quarters`."""
    if share.before == share.until:
        return f"{part.shown}: none of the {count(share.days, 'day')} is payable in this quarter"
    until, before = _rounded(part, share)
    formula = f"{part.shown} × {share.until}/{share.days} = {format_cents(until)}"
    if share.before:
        earlier = f"{format_cents(part.amount)} × {share.before}/{share.days}"
        formula += f", less {earlier} = {format_cents(before)} of earlier quarters"
    return formula


def _operands(part: Part, share: LineShare) -> tuple[Operand, ...]:
    until, before = _rounded(part, share)
    return (
        Operand("amount", part.amount, Unit.MONEY),
        Operand("until_days", share.until, Unit.DAYS),
        Operand("before_days", share.before, Unit.DAYS),
        Operand("period_days", share.days, Unit.DAYS),
        Operand("until_amount", until, Unit.MONEY),
        Operand("before_amount", before, Unit.MONEY),
    )


def _rounded(part: Part, share: LineShare) -> tuple[int, int]:
    """Both products of a share, rounded: up to the quarter's end, and of earlier quarters."""
    return (
        half_up(part.amount * share.until, share.days),
        half_up(part.amount * share.before, share.days),
    )
