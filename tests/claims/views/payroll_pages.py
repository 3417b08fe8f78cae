"""Payroll files with something to say about them, and where their pages are, for tests of those pages."""

from __future__ import annotations

import json

from claims.models import PayrollBatch
from tests.factories import PAYROLL

WRONG = PAYROLL.replace("2780.00,589.37", "27x0,589.37", 1).replace("2025-12-25", "25.12.")
"""Row 2 has an amount nobody can read, row 4 a date."""
WARNED = PAYROLL.replace("72280.00,2780.00", "0,2780.00", 1)
"""Row 2 has no salary, which is warned of."""
OWN = PAYROLL.replace(
    "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay,benefit_health",
    "Empl No,From,To,Check Dt,Yearly,Base,OT,Medical",
)
"""Columns of the agency's own names."""


def text(response) -> str:
    """The page as it was sent."""
    return response.content.decode()


def address(batch: PayrollBatch, part: str = "") -> str:
    """Where the file is shown, or a part of that."""
    return f"/payroll/{batch.pk}/{part}"


def field(batch: PayrollBatch, row: int, column: str) -> str:
    """The name of the field in which a cell is corrected."""
    return f"cell-{row}-{json.loads(batch.faulty)['header'].index(column)}"


def latest() -> PayrollBatch:
    """The file that was sent last."""
    return PayrollBatch.objects.latest("number")
