"""The payroll lines behind a claim: by officer for the pages, one by one for the attached CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.packets import writing
from claims.rules.claim import ClaimResult
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine
from claims.rules.reimbursement import LineShare, OfficerResult
from portal.kernel import money
from portal.kernel.tabular.export import Out, write_csv

LINES_PER_ROW = 30
"""More lines of one officer go on in a further row, so that no row is taller than a page."""

WAITS = "waiting"

CSV_HEADER = (
    *("officer_id", "name", "file", "row", "period_start", "period_end", "paid_on", "status"),
    *("period_days", "payable_days_before_quarter", "payable_days_to_quarter_end"),
    *("annual_salary", "regular_pay", "regular_share"),
    *("overtime_pay", "overtime_paid_by_others", "overtime_share"),
)


def schedule_of_lines(claim: ClaimInput, result: ClaimResult) -> Iterator[dict[str, Any]]:
    """One table row per officer and thirty lines; each cell holds its lines one below the other.

    A row per line would cost three times the time and memory (cells are what a layout pays for).
    """
    for facts, outcome in zip(claim.officers, result.officers, strict=True):
        rows = [_shown(facts.lines[share.line], share) for share in outcome.shares]
        rows += [_shown(facts.lines[place], None) for place in outcome.waiting]
        for start in range(0, len(rows), LINES_PER_ROW):
            chunk = rows[start : start + LINES_PER_ROW]
            is_last = start + LINES_PER_ROW >= len(rows)
            yield {
                "name": facts.name,
                "officer_id": facts.officer_id,
                "continues": start > 0,
                "components": list(_components(facts, outcome)) if start == 0 else [],
                "columns": ["\n".join(column) for column in zip(*chunk, strict=True)],
                "totals": _totals(outcome) if is_last else None,
            }


def lines_csv(claim: ClaimInput, result: ClaimResult) -> bytes:
    """Every line of the quarter with its operands and shares; two columns per benefit component."""
    names = list(benefit_names(claim, result))
    header = list(CSV_HEADER)
    for name in names:
        header += [f"benefit_{name}", f"benefit_{name}_share"]
    return write_csv(header, _csv_rows(claim, result, names))


def benefit_names(claim: ClaimInput, result: ClaimResult) -> tuple[str, ...]:
    """The benefit components of the quarter's lines, in order of the alphabet."""
    found: set[str] = set()
    for facts, outcome in zip(claim.officers, result.officers, strict=True):
        for place in [*(share.line for share in outcome.shares), *outcome.waiting]:
            found.update(name for name, _ in facts.lines[place].benefits)
    return tuple(sorted(found))


def benefits_of(facts: OfficerFacts, outcome: OfficerResult) -> dict[str, int]:
    """What each benefit component gives to the quarter, in cents."""
    sums: dict[str, int] = {}
    for share in outcome.shares:
        for (name, _), given in zip(facts.lines[share.line].benefits, share.benefits, strict=True):
            sums[name] = sums.get(name, 0) + given
    return sums


def component_label(name: str) -> str:
    """`workers_comp` as `Workers comp`; the one component `total` was not itemized."""
    return "Not itemized" if name == "total" else name.replace("_", " ").capitalize()


def _shown(line: PayrollLine, share: LineShare | None) -> tuple[str, ...]:
    benefits = sum(amount for _, amount in line.benefits)
    overtime = line.overtime_pay - line.overtime_paid_by_others
    paid = [line.regular_pay, benefits, overtime]
    given: list[str] = [WAITS] * 3
    if share is not None:
        given = [writing.amount(a) for a in (share.regular, sum(share.benefits), share.overtime)]
    amounts = [text for pair in zip(map(writing.amount, paid), given, strict=True) for text in pair]
    return (
        f"{line.batch}, {line.row}",
        f"{writing.short_day(line.period_start)} – {writing.short_day(line.period_end)}",
        writing.short_day(line.paid_on),
        WAITS if share is None else _fraction(share),
        *amounts,
    )


def _fraction(share: LineShare) -> str:
    """The payable days of the period that fall in the quarter, over its days: `11/14`."""
    fraction = f"{share.until}/{share.days}"
    return f"{fraction} − {share.before}/{share.days}" if share.before else fraction


def _components(facts: OfficerFacts, outcome: OfficerResult) -> Iterator[str]:
    for name, cents in sorted(benefits_of(facts, outcome).items()):
        yield f"{component_label(name)} {writing.amount(cents)}"


def _totals(outcome: OfficerResult) -> tuple[str, str, str]:
    return (
        writing.amount(outcome.regular),
        writing.amount(outcome.benefits),
        writing.amount(outcome.overtime_submitted),
    )


def _csv_rows(
    claim: ClaimInput, result: ClaimResult, names: list[str]
) -> Iterator[tuple[Out, ...]]:
    for facts, outcome in zip(claim.officers, result.officers, strict=True):
        for share in outcome.shares:
            yield _csv_row(facts, facts.lines[share.line], share, names)
        for place in outcome.waiting:
            yield _csv_row(facts, facts.lines[place], None, names)


def _csv_row(
    facts: OfficerFacts, line: PayrollLine, share: LineShare | None, names: list[str]
) -> tuple[Out, ...]:
    paid = dict(line.benefits)
    given: dict[str, int] = {}
    if share is not None:
        given = {name: a for (name, _), a in zip(line.benefits, share.benefits, strict=True)}
    row: list[Out] = [facts.officer_id, facts.name, line.batch, line.row]
    row += [line.period_start, line.period_end, line.paid_on]
    row += ["waiting", None, None, None] if share is None else ["counted", *share[1:4]]
    row += [_text(line.annual_salary), _text(line.regular_pay)]
    row += [_text(share.regular if share else None), _text(line.overtime_pay)]
    row += [_text(line.overtime_paid_by_others), _text(share.overtime if share else None)]
    for name in names:
        row += [_text(paid.get(name)), _text(given.get(name))]
    return tuple(row)


def _text(cents: int | None) -> str | None:
    return None if cents is None else money.text(cents)
