"""The schedules on the pages: a row for every officer, and behind it their payroll lines.

Boxes are what a layout pays for. What belongs together therefore shares a cell, and a row stands
for an officer, not for a line: that costs a third of the time and memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claims.packets import writing
from claims.rules.explain import WHY_NOT, Days, component_in_words
from claims.rules.explain.periods import Calendar
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine
from claims.rules.reimbursement import LineShare, OfficerResult, benefits_of

LINES_PER_ROW = 30
"""More lines of one officer go on in a further row, so that no row is taller than a page."""

WAITS = "waiting"
_HEADS = ("File, row", "Pay period", "Paid on", "Days", *("paid", "share") * 3)
_SUM = "Sum"
_PERIODS = 4
_PERIODS_WIDEST, _AMOUNTS_WIDEST = 64, 26
_PADDING, _OFFICER, _PAGE = 3, 36, 171


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """One officer of the schedule; `amounts` in the order of the columns after the components.

    `not_payable` says of each run of such days why.
    """

    name: str
    described: str
    not_payable: tuple[str, ...]
    payable_days: str
    counted: str
    regular: str
    components: str
    amounts: tuple[str, ...]


class Cells(NamedTuple):
    """What stands in a row of the lines: when and how much of each category, line below line."""

    periods: str
    regular: str
    benefits: str
    overtime: str


@dataclass(frozen=True, slots=True)
class LinesRow:
    """An officer and up to thirty lines; the last row of an officer ends in the sums."""

    name: str
    officer_id: str
    continues: bool
    cells: Cells


@dataclass(frozen=True, slots=True)
class LineSchedule:
    """The lines by officer; `widths` in characters of a face that gives each the same room."""

    heads: Cells
    widths: tuple[int, ...]
    rows: tuple[LinesRow, ...]

    @property
    def width(self) -> int:
        """The whole table's, with a column for names that is no wider than they need."""
        return min(_OFFICER + sum(width + _PADDING for width in self.widths), _PAGE)


def not_payable(claim: ClaimInput, officer: OfficerFacts, outcome: OfficerResult) -> Iterator[Days]:
    """The days of the quarter for which nothing is paid, in runs; most officers have none."""
    quarter = claim.quarter
    if outcome.eligible_days <= (quarter.end - quarter.start).days:
        yield from (run for run in Calendar(claim, officer).of_quarter() if run.reason)


def officer_row(
    place: int,
    officer: OfficerFacts,
    outcome: OfficerResult,
    taken: int | None = None,
    unpaid: Iterable[Days] = (),
) -> OfficerRow:
    """The row of the officer at `place`, counted from 1; `unpaid` are the days that are not payable.

    `taken` is what people took from the officer's lines, in cents: not above zero. None where the
    schedule has no column for what they left.
    """
    components = sorted(benefits_of(officer, outcome).items())
    return OfficerRow(
        name=officer.name,
        described=" · ".join(filter(None, (f"No. {place:,}", officer.officer_id, officer.title))),
        not_payable=tuple(
            f"Not payable {writing.short_day(run.from_on)} – {writing.short_day(run.to_on)}: "
            f"{WHY_NOT[run.reason]}"
            for run in unpaid
            if run.reason
        ),
        payable_days=str(outcome.eligible_days),
        counted="Yes" if outcome.counted else "No",
        regular=writing.amount(outcome.regular),
        components="\n".join(
            f"{component_in_words(name)}\u00a0 {writing.amount(cents)}"
            for name, cents in components
        ),
        amounts=tuple(
            writing.NONE if cents is None else writing.amount(cents)
            for cents in (
                outcome.benefits,
                outcome.overtime_submitted,
                # Without a salary there is no cap that anybody could reach.
                outcome.overtime_cap if outcome.salary else None,
                outcome.overtime_used_before,
                outcome.overtime_allowed,
                outcome.overtime_disallowed,
                outcome.total,
                *([] if taken is None else [outcome.total + taken]),
            )
        ),
    )


def total_row(
    label: str, outcomes: Sequence[OfficerResult], taken: int | None = None
) -> OfficerRow:
    """The sums of a schedule; caps and what was used of them are no sums anybody needs.

    `taken` is what people took from all of these officers, as in `officer_row`.
    """
    total = sum(outcome.total for outcome in outcomes)
    sums = (
        sum(outcome.benefits for outcome in outcomes),
        sum(outcome.overtime_submitted for outcome in outcomes),
        None,
        None,
        sum(outcome.overtime_allowed for outcome in outcomes),
        sum(outcome.overtime_disallowed for outcome in outcomes),
        total,
        *([] if taken is None else [total + taken]),
    )
    return OfficerRow(
        name=label,
        described="",
        not_payable=(),
        payable_days=f"{sum(outcome.eligible_days for outcome in outcomes):,}",
        counted=f"{sum(outcome.counted for outcome in outcomes):,}",
        regular=writing.amount(sum(outcome.regular for outcome in outcomes)),
        components="",
        amounts=tuple("" if cents is None else writing.amount(cents) for cents in sums),
    )


def schedule_of_lines(
    officers: Sequence[OfficerFacts], outcomes: Sequence[OfficerResult]
) -> LineSchedule:
    """The lines that these results were made of, officer by officer."""
    written = [_written(*pair) for pair in zip(officers, outcomes, strict=True)]
    columns = zip(_HEADS, *(line for lines in written for line in lines), strict=True)
    widths = tuple(max(map(len, column)) for column in columns)
    heads = _cells([_HEADS], widths)
    return LineSchedule(
        heads=heads,
        # Beyond that lines wrap: the table never leaves the page.
        widths=(
            min(len(heads.periods), _PERIODS_WIDEST),
            *(min(len(head), _AMOUNTS_WIDEST) for head in heads[1:]),
        ),
        rows=tuple(
            LinesRow(facts.name, facts.officer_id, start > 0, _cells(chunk, widths))
            for facts, lines in zip(officers, written, strict=True)
            for start, chunk in _chunks(lines)
        ),
    )


def _chunks(lines: list[tuple[str, ...]]) -> Iterable[tuple[int, list[tuple[str, ...]]]]:
    """Parts of at most thirty lines; the sums stay with the last line."""
    starts = range(0, len(lines) - 1, LINES_PER_ROW)
    for start in starts:
        end = len(lines) if start == starts[-1] else start + LINES_PER_ROW
        yield start, lines[start:end]


def _written(facts: OfficerFacts, outcome: OfficerResult) -> list[tuple[str, ...]]:
    """The officer's lines and their sums, each column by itself."""
    lines = [_line(facts.lines[share.line], share) for share in outcome.shares]
    lines += [_line(facts.lines[place], None) for place in outcome.waiting]
    sums = (outcome.regular, outcome.benefits, outcome.overtime_submitted)
    shares = (text for cents in sums for text in ("", writing.amount(cents)))
    return [*lines, (_SUM, "", "", "", *shares)]


def _line(line: PayrollLine, share: LineShare | None) -> tuple[str, ...]:
    benefits = sum(amount for _, amount in line.benefits)
    overtime = line.overtime_pay - line.overtime_paid_by_others
    paid = map(writing.amount, (line.regular_pay, benefits, overtime))
    given = [WAITS] * 3
    if share is not None:
        shares = (share.regular, sum(share.benefits), share.overtime)
        given = [writing.amount(cents) for cents in shares]
    return (
        f"{line.batch}, {line.row}",
        f"{writing.short_day(line.period_start)} – {writing.short_day(line.period_end)}",
        writing.short_day(line.paid_on),
        WAITS if share is None else _fraction(share),
        *(text for pair in zip(paid, given, strict=True) for text in pair),
    )


def _fraction(share: LineShare) -> str:
    """The payable days of the period that fall in the quarter, over its days: `11/14`."""
    fraction = f"{share.until}/{share.days}"
    return f"{fraction} − {share.before}/{share.days}" if share.before else fraction


def _cells(lines: Sequence[tuple[str, ...]], widths: Sequence[int]) -> Cells:
    """Columns in cells, filled up with spaces so that they stand below each other."""
    filled = [
        [
            text.rjust(width) if place >= _PERIODS - 1 else text.ljust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    bounds = ((0, _PERIODS), *((first, first + 2) for first in range(_PERIODS, len(_HEADS), 2)))
    return Cells(
        *("\n".join("  ".join(line[first:end]) for line in filled) for first, end in bounds)
    )
