"""The amounts by cost category, as federal vouchers have them: this quarter, and the fiscal year so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from claims.packets import writing
from claims.packets.facts import Edition, PacketFacts
from claims.rules.explain import component_in_words
from claims.rules.lines import Category
from claims.rules.reimbursement import benefits_of
from portal.kernel.quarter import Quarter


class Row(NamedTuple):
    """One cost category; amounts in cents, None where it has none of its own.

    `stands` is what the quarter allows after the decision: a denied correction leaves it as it was.
    """

    label: str
    kind: str
    submitted: int
    disallowed: int
    taken: int | None
    earlier: int | None
    earlier_allowed: int | None
    stands: int | None

    @property
    def claimed(self) -> int:
        """What the rules leave."""
        return self.submitted - self.disallowed


def context(facts: PacketFacts) -> dict[str, Any]:
    """The table, its earlier quarters and the notes it needs."""
    quarter = facts.calculation.claim.quarter
    earlier = facts.snapshot.earlier_quarters
    return {
        "is_decided": facts.snapshot.edition is Edition.DECIDED,
        "fiscal_year": f"FY{quarter.fiscal_year}",
        "stands": facts.snapshot.corrected if facts.is_denied else None,
        "columns": _columns(quarter, is_decided=facts.snapshot.edition is Edition.DECIDED),
        "summary": [_shown(row, facts) for row in _rows(facts)],
        "earlier_quarters": [
            {
                "quarter": row.quarter,
                "claim": row.claim_number or writing.NONE,
                "status": row.status,
                "claimed": writing.amount(sum(row.claimed.values())),
                "allowed": "not decided"
                if row.allowed is None
                else writing.amount(sum(row.allowed.values())),
            }
            for row in earlier
        ],
        "undecided_quarters": ", ".join(row.quarter for row in earlier if row.allowed is None),
    }


def _columns(quarter: Quarter, *, is_decided: bool) -> list[dict[str, Any]]:
    """The heads of the groups of columns: each says its group, for whoever hears one cell by itself."""
    allowed = ["Allowed"] if is_decided else []
    return [
        {
            "when": "this quarter",
            "columns": ["Submitted", "Disallowed by rule", "Claimed", *allowed],
        },
        {"when": f"earlier quarters of FY{quarter.fiscal_year}", "columns": ["Claimed", "Allowed"]},
        {"when": "fiscal year to date", "columns": ["Claimed", *allowed]},
    ]


def _rows(facts: PacketFacts) -> Iterator[Row]:
    officers = facts.calculation.result.officers
    disallowed = sum(officer.overtime_disallowed for officer in officers)
    own = {
        Category.REGULAR: sum(officer.regular for officer in officers),
        Category.BENEFITS: sum(officer.benefits for officer in officers),
        Category.OVERTIME: sum(officer.overtime_submitted for officer in officers),
        Category.AWARD: facts.calculation.result.award.amount,
    }
    rows = {}
    for category in Category:
        cut = disallowed if category is Category.OVERTIME else 0
        taken = facts.taken(category)
        rows[category] = Row(
            category.label,
            "",
            own[category],
            cut,
            taken,
            _earlier(facts, category),
            _earlier_allowed(facts, category),
            _stands(facts, category, own[category] - cut + taken),
        )
    yield rows[Category.REGULAR]
    yield rows[Category.BENEFITS]
    for name, cents in sorted(_components(facts).items()):
        yield Row(component_in_words(name), "part", cents, 0, None, None, None, None)
    yield rows[Category.OVERTIME]
    of_officers = [row for category, row in rows.items() if category is not Category.AWARD]
    yield _sum("Reimbursement", "sum", of_officers)
    yield rows[Category.AWARD]
    yield _sum("Total", "total", list(rows.values()))


def _sum(label: str, kind: str, rows: list[Row]) -> Row:
    return Row(
        label,
        kind,
        sum(row.submitted for row in rows),
        sum(row.disallowed for row in rows),
        sum(row.taken or 0 for row in rows),
        sum(row.earlier or 0 for row in rows),
        sum(row.earlier_allowed or 0 for row in rows),
        None if any(row.stands is None for row in rows) else sum(row.stands or 0 for row in rows),
    )


def _shown(row: Row, facts: PacketFacts) -> dict[str, Any]:
    """The row's cells from left to right; the first of each group of columns is marked by the template."""
    is_decided = facts.snapshot.edition is Edition.DECIDED
    allowed = None if row.taken is None else row.claimed + row.taken
    this_quarter: list[int | None] = [row.submitted, row.disallowed, row.claimed]
    to_date: list[int | None] = [None if row.earlier is None else row.earlier + row.claimed]
    if is_decided:
        this_quarter.append(allowed)
        known = row.stands is not None and row.earlier_allowed is not None
        to_date.append((row.stands or 0) + (row.earlier_allowed or 0) if known else None)
    earlier = [row.earlier, row.earlier_allowed]
    return {
        "label": row.label,
        "kind": row.kind,
        "groups": [
            ["" if cents is None else writing.amount(cents) for cents in group]
            for group in (this_quarter, earlier, to_date)
        ],
    }


def _stands(facts: PacketFacts, category: Category, allowed: int) -> int | None:
    corrected = facts.snapshot.corrected
    if corrected is None or not facts.is_denied:
        return allowed
    return corrected.by_category.get(category)


def _components(facts: PacketFacts) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    calculation = facts.calculation
    for officer, outcome in zip(
        calculation.claim.officers, calculation.result.officers, strict=True
    ):
        for name, cents in benefits_of(officer, outcome).items():
            sums[name] = sums.get(name, 0) + cents
    return sums


def _earlier(facts: PacketFacts, category: Category) -> int:
    return sum(row.claimed.get(category, 0) for row in facts.snapshot.earlier_quarters)


def _earlier_allowed(facts: PacketFacts, category: Category) -> int:
    """What is allowed of earlier quarters: of one that is not decided, nothing yet."""
    return sum(
        row.allowed.get(category, 0)
        for row in facts.snapshot.earlier_quarters
        if row.allowed is not None
    )
