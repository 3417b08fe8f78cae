"""Errors as they stand in real files, planted into the demonstration's payroll, and how they are mended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from claims.demo_files import Row, number_of, period_of
from portal.kernel.tabular.patch import LEAVE_OUT, Edit


class Fault(NamedTuple):
    """A cell of an officer's n-th period, counted from 1, that says `text`, and the code this is found by.

    With `LEAVE_OUT` for the column the row stands in the file twice.
    """

    officer: int
    period: int
    column: str
    text: str
    code: str


FEW = (
    Fault(2, 1, "regular_pay", "2.780,00", "bad_money"),
    Fault(3, 4, "period_end", "2025-11-32", "bad_date"),
    Fault(7, 6, "officer_id", "1O07", "unknown_officer"),
    Fault(9, 2, LEAVE_OUT, "", "duplicate_row"),
)
TWELVE = (
    Fault(1, 1, "officer_id", "1001", "unknown_officer"),
    Fault(3, 1, "regular_pay", "", "required_value"),
    Fault(6, 1, "annual_salary", "see HR", "bad_money"),
    Fault(9, 1, "period_end", "31/10/2025", "bad_date"),
    Fault(11, 1, "paid_on", "2025-13-16", "bad_date"),
    Fault(14, 1, "regular_pay", "-2150.00", "negative_money"),
    Fault(17, 1, "benefit_pension", "531.2275", "parts_of_a_cent"),
    Fault(20, 1, "period_end", "2025-09-11", "period_reversed"),
    Fault(25, 1, "overtime_hours", "8h30", "bad_hours"),
    Fault(28, 1, "overtime_paid_by_others", "99999.00", "others_paid_more"),
    Fault(34, 1, "officer_id", "1.03E+03", "bad_id"),
    Fault(39, 1, LEAVE_OUT, "", "duplicate_row"),
)
TWENTY = (
    Fault(1, 3, "officer_id", "1001", "unknown_officer"),
    Fault(2, 5, "officer_id", "", "required_value"),
    Fault(3, 2, "officer_id", "1.00E+03", "bad_id"),
    Fault(4, 6, "period_start", "2025-12-32", "bad_date"),
    Fault(6, 1, "period_end", "11/10", "bad_date"),
    Fault(7, 4, "paid_on", "next week", "bad_date"),
    Fault(9, 7, "paid_on", "", "required_value"),
    Fault(10, 2, "annual_salary", "$65,4O0.00", "bad_money"),
    Fault(11, 5, "regular_pay", "2.780,00", "bad_money"),
    Fault(12, 3, "regular_pay", "#REF!", "bad_money"),
    Fault(14, 6, "regular_pay", "-2780.00", "negative_money"),
    Fault(15, 1, "benefit_pension", "607.3383", "parts_of_a_cent"),
    Fault(18, 2, "overtime_hours", "8:30", "bad_hours"),
    Fault(20, 5, "overtime_paid_by_others", "99999.00", "others_paid_more"),
    Fault(22, 3, "period_end", "2025-10-08", "period_reversed"),
    Fault(25, 7, "period_end", "2027-01-03", "period_too_long"),
    Fault(28, 4, "period_start", "2025-10-30", "regular_pay_overlap"),
    Fault(36, 2, LEAVE_OUT, "", "duplicate_row"),
    Fault(36, 3, LEAVE_OUT, "", "duplicate_row"),
    Fault(41, 5, LEAVE_OUT, "", "duplicate_row"),
)


def plant(rows: Sequence[Row], faults: Sequence[Fault]) -> tuple[list[Row], list[Edit]]:
    """The rows with errors in them, and the corrections that make them what they were."""
    planted = [dict(row) for row in rows]
    edits = []
    places = {(number_of(row), period_of(row)): place for place, row in enumerate(rows)}
    for fault in faults:
        place = places[fault.officer, fault.period]
        if fault.column == LEAVE_OUT:
            planted.append(planted[place])
            edits.append(Edit(len(planted) + 1, LEAVE_OUT, "", "yes"))
        else:
            # The header is row 1.
            edits.append(Edit(place + 2, fault.column, fault.text, str(rows[place][fault.column])))
            planted[place][fault.column] = fault.text
    return planted, edits
