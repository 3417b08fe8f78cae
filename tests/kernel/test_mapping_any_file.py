"""Whatever an export holds: no cent gets lost, and nothing makes reading it fail."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.tabular import Table
from portal.kernel.tabular.table import Cell, Odd
from tests.kernel.mapped import CODES, LONG, LONG_ROLES, mapped, table

AMOUNT = st.integers(-50_000, 500_000)
ROW = st.tuples(st.sampled_from("123"), st.sampled_from(["REG", "HLT", "BON"]), AMOUNT)


def _written(cents: int, form: int) -> str:
    text = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return text if cents >= 0 else [f"-{text}", f"({text})", f"$-{text}", f"{text}-"][form % 4]


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_no_cent_gets_lost_and_the_order_of_rows_does_not_matter(rows, random) -> None:
    # Big enough that no sum is negative: that would be an error and no result.
    rows = [(who, code, cents + 50_000) for who, code, cents in rows]
    # Hours make each row another one: the same row twice is not added up.
    cells = [(w, c, _written(cents, n), str(n)) for n, (w, c, cents) in enumerate(rows)]
    result, _, _ = mapped(table(LONG, *cells), *LONG_ROLES, codes=CODES)
    wanted: dict[tuple[str, str], int] = {}
    for who, code, cents in rows:
        wanted[who, code] = wanted.get((who, code), 0) + cents
    for row in result:
        assert _cents(row["pay"]) == wanted.get((str(row["officer_id"]), "REG"), 0)
        if "extra_health" in row:
            assert _cents(row["extra_health"]) == wanted.get((str(row["officer_id"]), "HLT"), 0)
    assert {row["officer_id"] for row in result} == {w for w, code, _ in rows if code != "BON"}
    shuffled = list(cells)
    random.shuffle(shuffled)
    again, _, _ = mapped(table(LONG, *shuffled), *LONG_ROLES, codes=CODES)
    assert _sums(again) == _sums(result)


@settings(deadline=None)
@given(st.lists(st.lists(AMOUNT, min_size=3, max_size=3), min_size=1, max_size=20))
def test_columns_of_one_role_add_up_or_are_an_error(rows) -> None:
    cells = [(str(n), *(_written(c, n) for c in row)) for n, row in enumerate(rows)]
    result, found, _ = mapped(table("Id,A,B,C", *cells), "officer_id", "pay", "pay", "pay")
    assert [_cents(row["pay"]) for row in result] == [sum(row) for row in rows if sum(row) >= 0]
    assert [code for code, _, _ in found] == ["negative_result"] * sum(sum(row) < 0 for row in rows)


CELL = st.one_of(
    st.text(max_size=12),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False),
    st.dates(),
    st.sampled_from(["1", "Garza, Dana", "REG", "-5.00", "(1.00)", "2025-10-31", Odd("formula")]),
)


@settings(deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=8),
    st.sampled_from(["officer_id", "officer_name"]),
    st.sampled_from([("pay", "extra:health"), ("pay_code", "amount")]),
    st.sampled_from([(), ("combine",)]),
)
def test_nothing_a_file_holds_makes_reading_fail(rows, who, amounts, combine) -> None:
    source = Table(("A", "B", "C", "D"), rows, [n + 2 for n in range(len(rows))])
    fixed = [(name, "yes") for name in combine]
    result, found, _ = mapped(source, who, "paid_on", *amounts, codes=CODES, fixed=fixed)
    assert len(result) <= len(rows)
    assert all(_cents(row["pay"]) >= 0 for row in result)
    assert result or not rows or found


def _cents(text: Cell) -> int:
    return int(str(text).replace(".", "") or 0)


def _sums(rows: list[dict[str, Cell]]) -> dict[Cell, tuple[Cell, Cell]]:
    return {row["officer_id"]: (row["pay"], row.get("extra_health", "")) for row in rows}
