"""The stored form of a claim: plain JSON that names its own columns."""

from __future__ import annotations

from typing import Any

import pytest

from awards.rules import Counts
from claims.rules.claim import calculate
from claims.rules.record import claim_record, officer_record, read_input, read_result
from tests.claims.rules.builders import claim, line, officer

ASKED = claim(
    "FY2026Q1",
    officer(line("2025-12-21", "2026-01-03", regular_pay="1400", benefits={"health": "70"})),
    counts=Counts(4, 3),
    as_of="2026-02-01",
)
RESULT = calculate(ASKED)


def named(columns: list[str], row: list[Any]) -> dict[str, Any]:
    """One stored row by the names of its columns."""
    return dict(zip(columns, row, strict=True))


def test_rows_read_by_the_columns_the_claim_names() -> None:
    claim_part = claim_record(ASKED, RESULT)
    officer_part = officer_record(ASKED.officers[0], RESULT.officers[0])
    columns = claim_part["columns"]
    (line_row,), (share_row,) = officer_part["lines"], officer_part["shares"]
    assert named(columns["lines"], line_row)["benefits"] == [["health", 7000]]
    assert named(columns["shares"], share_row) == {
        "line": 0,
        "days": 14,
        "before": 0,
        "until": 11,
        "regular": 110000,
        "benefits": [5500],
        "overtime": 0,
    }
    (segment,) = officer_part["salary"]
    assert named(columns["salary"], segment)["from_on"] == "2025-10-01"
    (row,) = officer_part["roster"]
    assert named(columns["roster"], row)["authorized_from"] == "2025-06-01"
    (period,) = claim_part["agreements"]
    assert named(columns["agreements"], period)["active_to"] is None


def test_the_record_holds_the_rules_with_their_sources_and_the_amounts_in_cents() -> None:
    record = claim_record(ASKED, RESULT)
    assert record["counts"] == [4, 3]
    assert record["rules"]["overtime_share_percent"] == "25"
    assert all(citation["source"] for citation in record["rules"]["citations"])
    assert (record["reimbursement"], record["award"]["amount"]) == (115500, 50000)
    assert record["total"] == 165500


def test_one_officer_can_be_read_without_the_others() -> None:
    officers = [officer(officer_id=str(number)) for number in range(3)]
    asked = claim("FY2026Q1", *officers)
    result = calculate(asked)
    claim_part = claim_record(asked, result)
    one = officer_record(asked.officers[1], result.officers[1])
    assert read_input(claim_part, [one]).officers == (asked.officers[1],)
    assert read_result(claim_part, [one]).officers == (result.officers[1],)


def test_a_record_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 2"):
        read_input(claim_record(ASKED, RESULT) | {"format": 2}, [])
