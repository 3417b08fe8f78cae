"""The payroll lines behind a claim, one by one for the attached CSV, and their benefits."""

from __future__ import annotations

from collections.abc import Iterator

from claims.rules.claim import ClaimResult
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine
from claims.rules.reimbursement import LineShare
from portal.kernel import money
from portal.kernel.tabular.export import Out, write_csv

CSV_HEADER = (
    *("officer_id", "name", "file", "row", "period_start", "period_end", "paid_on", "status"),
    *("period_days", "payable_days_before_quarter", "payable_days_to_quarter_end"),
    *("annual_salary", "regular_pay", "regular_share"),
    *("overtime_pay", "overtime_paid_by_others", "overtime_share"),
)


def lines_csv(claim: ClaimInput, result: ClaimResult) -> bytes:
    """Every line of the quarter with its operands and shares; two columns per benefit component.

    Components are called as agencies call them: only what stands before a name tells the two apart.
    """
    names = list(benefit_names(claim, result))
    header = list(CSV_HEADER)
    for name in names:
        header += [f"benefit_{name}", f"share_of_benefit_{name}"]
    return write_csv(header, _csv_rows(claim, result, names))


def benefit_names(claim: ClaimInput, result: ClaimResult) -> tuple[str, ...]:
    """The benefit components of the quarter's lines, in order of the alphabet."""
    found: set[str] = set()
    for facts, outcome in zip(claim.officers, result.officers, strict=True):
        for place in [*(share.line for share in outcome.shares), *outcome.waiting]:
            found.update(name for name, _ in facts.lines[place].benefits)
    return tuple(sorted(found))


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
