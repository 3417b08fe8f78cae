"""Lines written as text for COPY are stored as the values they were."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from claims.models import PayrollLine
from claims.payroll.lines import COPY_LINES, LINE_COLUMNS, copy_blocks, line_values
from claims.payroll.parse import PayrollRow, parse_payroll
from portal.kernel.canonical import canonical_json
from portal.kernel.tabular import read_table
from tests.claims.payroll.rows import row

BATCH = uuid.UUID(int=287)
ROWS = [
    row(2, "0042", benefits=(("health", 39231), ("workers_comp", 5))),
    row(3, "a\\b\\N", overtime_hours=Decimal("12.25"), overtime_pay=58937),
    row(4, "\\.", ext={"ext_unit": 'Tab\t, "quotes" and back\\slash\\t', "ext_a": "é 😀"}),
    row(5, "x" * 40, ext={"ext_rows": "4, 9"}, overtime_paid_by_others=1),
]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 5_001], ids=["one block", "two blocks"])
def test_what_is_written_is_what_is_stored(count: int) -> None:
    rows = ROWS + [row(number, "7") for number in range(6, 6 + count)]
    with connection.cursor() as cursor, cursor.copy(COPY_LINES) as copy:
        for block in copy_blocks(BATCH, rows):
            copy.write(block)
    stored = PayrollLine.objects.filter(batch=BATCH).order_by("row").values_list(*LINE_COLUMNS)
    assert list(stored) == [line_values(BATCH, each) for each in rows]


def test_no_rows_are_no_text() -> None:
    assert list(copy_blocks(BATCH, [])) == []


@given(
    st.lists(
        st.tuples(st.text("abyzéßñ0_ ", min_size=1, max_size=12), st.integers(0, 10**11)),
        max_size=4,
    )
)
def test_benefits_are_written_as_the_canonical_json(columns: list[tuple[str, int]]) -> None:
    header = ["officer_id,period_start,period_end,paid_on,annual_salary,regular_pay"]
    names = [f"benefit_{name}" for name, _ in columns]
    amounts = [f"{cents // 100}.{cents % 100:02d}" for _, cents in columns]
    text = ",".join(header + names) + "\n"
    text += ",".join(["7,2025-10-12,2025-10-25,2025-10-30,72280.00,0", *amounts]) + "\n"
    rows: list[PayrollRow] = parse_payroll(read_table(text.encode())).rows
    for each in rows:
        (block,) = copy_blocks(BATCH, [each])
        assert block.split("\t")[11] == canonical_json(dict(each.benefits))
        assert list(each.benefits) == sorted(each.benefits)
