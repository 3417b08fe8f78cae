"""The file of counts: four columns, nothing more, and no value repeated."""

from __future__ import annotations

import pytest

from awards.counts_file import COUNTS, CountsRow, check_known, parse_counts
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import read_table, template_csv, write_xlsx

HEADER = "agency,quarter,referred,located\n"
FY26Q1 = Quarter(2026, 1)


def parsed(text: str):
    return parse_counts(read_table(text.encode()))


def codes(text: str) -> list[str]:
    return [finding.code for finding in parsed(text).findings]


def test_a_file_as_it_should_be():
    rows, findings = parsed(HEADER + 'A00001,FY2026Q1,120,96\nA00002,FY2025Q4,"1,200",0\n')
    assert findings == []
    assert rows == [
        CountsRow(2, "A00001", FY26Q1, 120, 96),
        CountsRow(3, "A00002", Quarter(2025, 4), 1200, 0),
    ]


def test_an_excel_workbook_gives_the_same():
    header = ["Agency", "Quarter", "Referred", "Located"]
    content = write_xlsx("Counts", header, [["A00001", "FY2026Q1", 120, 96]])
    assert parse_counts(read_table(content)).rows == [CountsRow(2, "A00001", FY26Q1, 120, 96)]


def test_the_template_has_the_four_columns():
    assert template_csv(COUNTS).decode("utf-8-sig").strip() == HEADER.strip()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A1,FY2026Q1,10,11", "located_exceeds_referred"),
        ("A1,FY2026Q1,-1,0", "bad_count"),
        ("A1,FY2026Q1,1.5,1", "bad_count"),
        ("A1,FY2026Q1,ten,1", "bad_count"),
        ("A1,FY2026Q1,1000001,1", "bad_count"),
        ("A1,FY2026Q1,99999999999999999999,1", "bad_count"),
        ("A1,FY2026Q1,١٢,1", "bad_count"),
        ("A1,FY2026Q1,,1", "required_value"),
        ("A1,2026-1,10,1", "bad_quarter"),
        ("A1,FY2026Q5,10,1", "bad_quarter"),
        ("A1,,10,1", "required_value"),
        (",FY2026Q1,10,1", "required_value"),
        ("Total,FY2026Q1,10,1", "total_row"),
        ("123-45-6789,FY2026Q1,10,1", "looks_like_ssn"),
        ("Éire,FY2026Q1,10,1", "bad_agency"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(row, code):
    rows, findings = parsed(f"{HEADER}{row}\nA2,FY2026Q1,3,2\n")
    assert [finding.code for finding in findings] == [code]
    assert findings[0].row == 2
    assert "A2" in [one.agency for one in rows]


def test_one_agency_and_quarter_twice():
    _, findings = parsed(HEADER + "A1,FY2026Q1,10,1\nA2,FY2026Q1,10,1\nA1,FY2026Q1,10,2\n")
    assert [(finding.code, finding.row) for finding in findings] == [("duplicate_counts", 4)]
    assert "Rows 2 and 4" in findings[0].message


@pytest.mark.parametrize("column", ["name", "notes", "ext_case", "located_person"])
def test_no_other_column_is_taken(column):
    rows, findings = parsed(f"agency,quarter,referred,located,{column}\nA1,FY2026Q1,1,1,Maria R.\n")
    assert rows == []
    assert [finding.code for finding in findings] == ["more_than_counts"]


@pytest.mark.parametrize("place", range(4))
def test_no_finding_repeats_a_value(place):
    cells = ["A1", "FY2026Q1", "10", "1"]
    cells[place] = "María Restrepo ü"
    for finding in parsed(HEADER + ",".join(cells) + "\n").findings:
        assert "Restrepo" not in repr(finding)


def test_a_missing_column_and_an_empty_file_are_said():
    assert codes("agency,quarter,referred\nA1,FY2026Q1,3\n") == ["missing_column"]
    assert codes(HEADER) == ["no_rows"]
    assert codes("") == ["file_empty"]


def test_unknown_agencies_and_quarters_are_said():
    rows = [CountsRow(2, "A1", FY26Q1, 3, 2), CountsRow(3, "A9", Quarter(2030, 1), 3, 2)]
    found = list(check_known(rows, {"A1"}, [FY26Q1, FY26Q1.next]))
    assert [(finding.code, finding.row) for finding in found] == [
        ("unknown_agency", 3),
        ("quarter_out_of_range", 3),
    ]
    assert "FY2026Q1, to the present one, FY2026Q2" in found[1].fix
