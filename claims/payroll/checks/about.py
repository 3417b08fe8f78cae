"""Findings about a payroll row: whose it is, its period, and how much it asks for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.payroll.parse import PayrollRow
from portal.kernel import money
from portal.kernel.findings import Finding

NAMED = 10


def about_row(
    code: str, row: PayrollRow, column: str, *, dollars: int | None = None, **facts: Any
) -> Finding:
    """A finding about one row; `dollars` in cents, by default what the row asks for."""
    return PAYROLL_FINDINGS.finding(
        code,
        row=row.row,
        column=column,
        officer_id=row.officer_id,
        ext=row.ext,
        start=row.period_start,
        end=row.period_end,
        dollars=money.text(row.submitted if dollars is None else dollars),
        **facts,
    )


def named(ids: Collection[str]) -> str:
    """The first ten of some officers, in order, and how many more there are."""
    first = ", ".join(sorted(ids)[:NAMED])
    return f"{first} and {len(ids) - NAMED:,} more" if len(ids) > NAMED else first
