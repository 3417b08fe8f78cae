"""Corrections: made where they fit, refused where the file says something else."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from portal.kernel.tabular import Cell, Table
from portal.kernel.tabular.patch import LEAVE_OUT, Edit, apply_patch, text_of
from portal.kernel.tabular.table import Odd

TABLE = Table(
    ("id", "day", "pay"), [["1", date(2025, 10, 31), 5.5], ["2", "x", Odd("formula")]], [4, 7]
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a ", "a "),
        (42, "42"),
        (2780.5, "2780.5"),
        (3.0, "3"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (date(2025, 10, 31), "2025-10-31"),
        (datetime(2025, 10, 31, 8, 30), "2025-10-31 08:30:00"),  # noqa: DTZ001 - what a spreadsheet holds
        (Odd("error"), ""),
    ],
)
def test_a_cell_is_shown_as_a_person_would_type_it(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


def test_corrections_are_made_in_their_order() -> None:
    edits = [
        Edit(4, "day", "2025-10-31", "2025-11-01"),
        Edit(4, "day", "2025-11-01", "2025-11-02"),
        Edit(7, "pay", "", "6.00"),
    ]
    table, findings = apply_patch(TABLE, edits)
    assert findings == []
    assert table.rows == [["1", "2025-11-02", 5.5], ["2", "x", "6.00"]]
    assert TABLE.rows[0][1] == date(2025, 10, 31)


def test_of_a_very_long_cell_what_was_shown_counts() -> None:
    table = Table(TABLE.header, [["1", "x" * 600, "5"]], [4])
    corrected, findings = apply_patch(table, [Edit(4, TABLE.header[1], "x" * 500, "short")])
    assert (corrected.rows, findings) == ([["1", "short", "5"]], [])


def test_a_row_can_be_left_out() -> None:
    table, findings = apply_patch(TABLE, [Edit(4, LEAVE_OUT, "", "")])
    assert (table.numbers, len(table.rows), findings) == ([7], 1, [])


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ([Edit(4, "pay", "5.50", "6")], "patch_does_not_fit"),
        ([Edit(5, "pay", "5.5", "6")], "patch_does_not_fit"),
        ([Edit(4, "wage", "5.5", "6")], "patch_does_not_fit"),
        ([Edit(4, LEAVE_OUT, "", ""), Edit(4, "pay", "5.5", "6")], "patch_does_not_fit"),
        ([Edit(4, "id", "1", "123-45-6789")], "looks_like_ssn"),
    ],
)
def test_a_correction_that_does_not_fit_is_an_error_and_not_made(
    edits: list[Edit], code: str
) -> None:
    table, findings = apply_patch(TABLE, edits)
    assert [finding.code for finding in findings] == [code]
    assert "6789" not in str(findings)
    assert all(row in TABLE.rows for row in table.rows)
