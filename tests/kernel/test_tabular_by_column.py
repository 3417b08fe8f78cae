"""Tables held by column: the quick way of reading gives what the careful way gives."""

from __future__ import annotations

import pickle
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.kernel.tabular import Reading, read_table
from portal.kernel.tabular.by_column import ByColumn
from portal.kernel.tabular.values import plain_ids, plain_money, read_id, read_money

CELLS = st.sampled_from(
    [
        "",
        " ",
        "0042",
        "A-7",
        "2780.00",
        "1,5",
        "-3",
        "Total",
        "123-45-6789",
        "2025-10-12",
        "é",
        "x\ty",
    ]
)
NEWLINES = st.sampled_from(["\n", "\r\n"])


def of(cells: list[list[str]], newline: str, delimiter: str, *, quoted: bool) -> Reading:
    """The file read; quoted, every cell stands in quotation marks, which needs the careful way."""
    mark = '"' if quoted else ""
    header = [[f"name {place}" for place in range(len(cells[0]))]]
    rows = [delimiter.join(f"{mark}{cell}{mark}" for cell in row) for row in header + cells]
    return read_table((newline.join(rows) + newline).encode())


@settings(max_examples=300)
@given(
    cells=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6
        )
    ),
    newline=NEWLINES,
    delimiter=st.sampled_from(";\t"),
)
@example(cells=[["Total", "1"]], newline="\n", delimiter=";")
@example(cells=[["", ""], ["a", "b"]], newline="\r\n", delimiter=";")
def test_plain_text_is_read_as_with_quotation_marks(
    cells: list[list[str]], newline: str, delimiter: str
) -> None:
    if delimiter == "\t":
        cells = [[cell.replace("\t", " ") for cell in row] for row in cells]
    plain = of(cells, newline, delimiter, quoted=False)
    careful = of(cells, newline, delimiter, quoted=True)
    assert plain == careful


def test_rows_of_another_length_take_the_careful_way() -> None:
    reading = read_table(b"a,b\n1,2\n1,2,3\n4,5\n")
    assert reading.table is not None
    assert reading.table.rows == [["1", "2"], ["4", "5"]]
    assert [finding.code for finding in reading.findings] == ["row_length"]


@given(st.lists(st.from_regex(r"[0-9$,.\- ]{0,12}\n?", fullmatch=True) | st.just("12.50")))
def test_plain_amounts_are_what_each_is_by_itself(cells: list[str]) -> None:
    values = plain_money(cells)
    assert values is None or values == [read_money(cell) for cell in cells]


@given(st.lists(st.from_regex(r"[0-9A-Za-z#+.\- ]{0,9}\n?", fullmatch=True)))
def test_plain_ids_are_what_each_is_by_itself(cells: list[str]) -> None:
    values = plain_ids(cells)
    assert values is None or values == [read_id(cell) for cell in cells]


def test_plain_columns_are_found_plain() -> None:
    assert plain_money(["1.00", "999999999.99"]) == [100, 99999999999]
    assert plain_money(["1.00", "1"]) is None
    assert plain_money(["1.00\n2.00"]) is None
    assert plain_ids(["0042", "A7"]) == ["0042", "A7"]
    assert plain_ids(["0042", "A-7"]) is None


@given(st.integers(0, 10**11 - 1))
def test_an_amount_of_whole_cents_is_read_from_its_nearest_float(cents: int) -> None:
    assert read_money(cents / 100) == cents


def test_rows_are_there_when_asked_for() -> None:
    rows = ByColumn([["a", "b", "c"], [1, 2, 3]])
    assert len(rows) == 3
    assert rows[1] == ["b", 2]
    assert rows[1:] == [["b", 2], ["c", 3]]
    assert list(rows)[2] == ["c", 3]
    assert rows.distinct(0) == {"a", "b", "c"}
    assert len(ByColumn([(), ()])) == 0


def test_columns_that_travelled_are_what_they_were() -> None:
    columns = [["a", "", "a"], [date(2026, 1, 1), "a", date(2026, 1, 1)], [1, 1.0, 1], [2.5, "", 2]]
    rows = pickle.loads(pickle.dumps(ByColumn(columns)))  # noqa: S301 - our own
    assert repr(rows.columns) == repr(columns)
    assert set(rows.distinct(1)) == set(columns[1])
    assert len(pickle.loads(pickle.dumps(ByColumn([(), ()])))) == 0  # noqa: S301 - our own
