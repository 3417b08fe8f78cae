"""From a table to payroll rows and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import repeat
from typing import NamedTuple, cast

from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.layout import PAYROLL
from portal.kernel import money
from portal.kernel.collector import collector_paused
from portal.kernel.findings import Finding
from portal.kernel.tabular import ColumnReader, Reading, limit_findings

TOTAL = "total"


class PayrollRow(NamedTuple):
    """One row of a payroll file; amounts in cents.

    `benefits` holds the components that are not zero, in order of their names; `benefit_total` is
    called `total`.
    """

    row: int
    officer_id: str
    period_start: date
    period_end: date
    paid_on: date
    annual_salary: int
    regular_pay: int
    overtime_hours: Decimal | None
    overtime_pay: int
    overtime_paid_by_others: int
    benefits: tuple[tuple[str, int], ...]
    ext: Mapping[str, str]

    @property
    def period(self) -> tuple[date, date]:
        """First and last day."""
        return self.period_start, self.period_end

    @property
    def days(self) -> int:
        """Days of the period."""
        return self.period_end.toordinal() - self.period_start.toordinal() + 1

    @property
    def submitted(self) -> int:
        """What the row asks for before any rule, in cents."""
        benefits = sum(amount for _, amount in self.benefits)
        return self.regular_pay + benefits + self.overtime_pay - self.overtime_paid_by_others

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two rows of one file the same: all but row number and the agency's columns."""
        return (*self[1:10], tuple(sorted(self.benefits)))

    @property
    def line(self) -> tuple[object, ...]:
        """What makes a row of a later file the same line: officer, period and amounts.

        `claims.pipeline.gathering` counts such a line once.
        """
        return (*self[1:4], *self[5:7], *self[8:10], tuple(sorted(self.benefits)))


class ParsedPayroll(NamedTuple):
    """The rows that could be read, in file order, and what was found."""

    rows: list[PayrollRow]
    findings: list[Finding]


@collector_paused()
def parse_payroll(reading: Reading) -> ParsedPayroll:
    """The payroll rows of a table; a row with an unreadable value is left out, with findings.

    What the rows say is not judged here but in `checks`.
    """
    if reading.table is None:
        return ParsedPayroll([], reading.findings)
    matched, findings = PAYROLL.match(reading.table)
    findings = reading.findings + findings
    if matched.is_unusable:
        return ParsedPayroll([], findings)
    reader = ColumnReader(matched)
    columns = (
        reader.numbers,
        reader.ids,
        reader.dates("period_start"),
        reader.dates("period_end"),
        reader.dates("paid_on"),
        reader.money("annual_salary"),
        reader.money("regular_pay"),
        reader.hours("overtime_hours"),
        reader.money("overtime_pay"),
        reader.money("overtime_paid_by_others"),
    )
    components = reader.money_group("benefit_<name>")
    totals = reader.money("benefit_total")
    benefits = _benefits(components, totals, reader)
    # As `PayrollRow._make` does it, without a call into Python for each row.
    make = cast(Callable[[object], PayrollRow], partial(tuple.__new__, PayrollRow))
    rows = list(map(make, zip(*columns, benefits, reader.ext, strict=True)))
    if reader.spoiled:
        rows = [row for index, row in enumerate(rows) if index not in reader.spoiled]
    findings = limit_findings(PAYROLL_FINDINGS, findings + reader.findings, reader.unexplained)
    return ParsedPayroll(rows, findings)


class _Parts(dict[tuple[int, ...], tuple[tuple[str, int], ...]]):
    """Amounts of the named components as a row holds them; each combination is made once."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, amounts: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
        pairs = zip(self._names, amounts, strict=True)
        parts = self[amounts] = tuple([pair for pair in pairs if pair[1]])
        return parts


def _benefits(
    components: Mapping[str, Sequence[int]], totals: Sequence[int], reader: ColumnReader
) -> Iterable[tuple[tuple[str, int], ...]]:
    if any(totals):
        components = {**components, TOTAL: totals}
    if not components:
        return repeat((), len(totals))
    names = sorted(components)
    columns = [components[name] for name in names]
    found = list(map(_Parts(names).__getitem__, zip(*columns, strict=True)))
    if TOTAL in components and len(names) > 1:
        for index, parts in enumerate(found):
            if len(parts) > 1 and totals[index] and index not in reader.spoiled:
                reader.report(
                    PAYROLL_FINDINGS,
                    "benefits_twice",
                    index,
                    column="benefit_total",
                    components=", ".join(name for name, _ in parts if name != TOTAL),
                    total=money.format_cents(totals[index]),
                )
    return found
