"""What a screen reader is told of the tables: which header stands over and beside a cell."""

from __future__ import annotations

from itertools import chain

import pytest

from claims.packets.masking import masked
from tests.claims.packets.reading import Table, tables
from tests.claims.packets.sample import appealed, in_the_third_quarter, packet_facts
from tests.claims.packets.test_pdf import make


@pytest.fixture(scope="module")
def decided() -> list[Table]:
    facts = in_the_third_quarter(appealed(packet_facts(2, adjusted=True, waiting=True)))
    return tables(make(masked(facts)))


@pytest.fixture(scope="module")
def certified() -> list[Table]:
    return tables(make(in_the_third_quarter(packet_facts(1))))


def test_every_table_has_a_caption_and_every_cell_a_header(
    decided: list[Table], certified: list[Table]
) -> None:
    assert len(decided) > len(certified) > 10
    for found in (decided, certified):
        for before, table in zip((None, *found), found, strict=False):
            goes_on = before is not None and before.rows[0] == table.rows[0]
            assert table.caption or goes_on
            for cell in chain.from_iterable(table.rows):
                assert cell.kind == "/TH" or (cell.headers and all(cell.headers)), (table, cell)


def test_every_row_of_what_happened_is_named_by_its_instant(decided: list[Table]) -> None:
    for words in ("Who did what", "Who decided what"):
        (table,) = (table for table in decided if table.caption.startswith(words))
        for row in table.rows[1:]:
            assert [cell.kind for cell in row] == ["/TH", "/TD", "/TD", "/TD"]
            assert all(cell.headers[0] == row[0].text for cell in row[1:])


def test_every_amount_of_the_summary_names_its_category_and_its_group(
    decided: list[Table], certified: list[Table]
) -> None:
    this_quarter = ["Submitted", "Disallowed by rule", "Claimed"]
    earlier = ["Claimed", "Allowed"]
    assert _columns(certified) == [
        *(f"{name}, this quarter" for name in this_quarter),
        *(f"{name}, earlier quarters of FY2026" for name in earlier),
        "Claimed, fiscal year to date",
    ]
    assert _columns(decided) == [
        *(f"{name}, this quarter" for name in (*this_quarter, "Allowed")),
        *(f"{name}, earlier quarters of FY2026" for name in earlier),
        *(f"{name}, fiscal year to date" for name in ("Claimed", "Allowed")),
    ]


def _columns(found: list[Table]) -> list[str]:
    """The headers over the summary's amounts, which are the same in every row."""
    (summary,) = (table for table in found if table.rows[0][0].text == "Cost category")
    assert [cell.kind for cell in summary.rows[0]] == ["/TH"] * len(summary.rows[0])
    over = set()
    for row in summary.rows[1:]:
        category, *amounts = row
        assert category.kind == "/TH"
        assert [cell.headers[0] for cell in amounts] == [category.text] * len(amounts)
        over.add(tuple(header for cell in amounts for header in cell.headers[1:]))
    (columns,) = over
    return list(columns)
