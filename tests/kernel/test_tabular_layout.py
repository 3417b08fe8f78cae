"""Headers: matched however spelled, refused where they bring what the portal must not have."""

from __future__ import annotations

import pytest

from portal.kernel.findings import Finding
from portal.kernel.tabular import (
    FILE_FINDINGS,
    Column,
    ColumnReader,
    Layout,
    MatchedTable,
    limit_findings,
    read_table,
    table_from_rows,
)
from portal.kernel.tabular.layout import Kind

LAYOUT = Layout(
    slug="pay",
    title="Pay",
    columns=(
        Column("officer_id", Kind.ID, "Who.", "1", required="yes"),
        Column("paid_on", Kind.DATE, "When.", "2025-10-31", required="yes"),
        Column("regular_pay", Kind.MONEY, "What.", "1.00", blank="none"),
        Column("benefit_<name>", Kind.MONEY, "More.", "1.00", group=("benefit_health",)),
        Column("model", Kind.CHOICE, "Which.", "TFM", choices=("TFM", "WSO")),
    ),
)


def match(text: str) -> tuple[MatchedTable, list[Finding]]:
    table = read_table(text.encode(), may_be_empty=True).table
    assert table is not None
    return LAYOUT.match(table)


@pytest.mark.parametrize(
    "header",
    ["officer_id,paid_on", "OFFICER ID,Paid On", "paid-on,Officer.Id", " Officer_ID ,PAIDON"],
)
def test_headers_match_whatever_case_order_and_punctuation(header: str) -> None:
    matched, findings = match(header)
    assert set(matched.positions) == {"officer_id", "paid_on"}
    assert findings == []


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("benefit_health", "health"),
        ("Benefit Workers' Comp", "workers_comp"),
        ("BENEFITHEALTH", "health"),
        ("Benefits Health", "health"),
        ("benefit-savings plan", "savings_plan"),
    ],
)
def test_any_number_of_benefits_is_found_by_name(header: str, name: str) -> None:
    matched, findings = match(f'officer_id,paid_on,"{header}"\n1,2025-10-31,5\n')
    assert findings == []
    assert ColumnReader(matched).money_group("benefit_<name>") == {name: [500]}


@pytest.mark.parametrize("header", ["benefit", "Benefits", "extension", "grade", ""])
def test_other_columns_are_ignored_and_told_once(header: str) -> None:
    matched, findings = match(f"officer_id,paid_on,{header},other\n1,2025-10-31,x,y\n")
    assert [finding.code for finding in findings] == ["unknown_column"]
    assert len(matched.ignored) == 2
    assert not matched.is_unusable


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("paid_on,officer_id,Officer ID", "duplicate_column"),
        ("paid_on,officer_id,benefit_x,Benefit X", "duplicate_column"),
        ("paid_on,officer_id,status", "reserved_column"),
        ("paid_on,officer_id,Approved Amount", "reserved_column"),
        ("paid_on,officer_id,ext_" + "x" * 100, "long_column_name"),
        ("paid_on", "missing_column"),
        ("оfficer_id,paid_on", "missing_column"),
    ],
)
def test_headers_with_an_error_make_the_file_unusable(header: str, code: str) -> None:
    matched, findings = match(header + "\n")
    assert code in [finding.code for finding in findings]
    assert matched.is_unusable


@pytest.mark.parametrize(
    "header",
    ["Class Name", "Business Name", "Banked Hours", "GL Account Number", "Sick Leave Bank"],
)
def test_harmless_payroll_columns_are_not_taken_for_sensitive_ones(header: str) -> None:
    _, findings = match(f"officer_id,paid_on,{header}\n")
    assert [finding.code for finding in findings] == ["unknown_column"]


def test_a_column_given_twice_matters_only_where_it_is_used() -> None:
    _, findings = match("officer_id,paid_on,Location,Location\n1,2025-10-31,x,y\n")
    assert [finding.code for finding in findings] == ["unknown_column"]


def test_a_missing_column_comes_with_the_name_that_is_near() -> None:
    _, findings = match("officer_id,pay_on\n")
    assert findings[0].column == "paid_on"
    assert "“pay_on”" in findings[0].message


def test_title_rows_above_the_header_are_told_with_the_row_of_the_header() -> None:
    _, findings = match("Payroll,October\nAll,units\nofficer_id,paid_on\n1,2025-10-31\n")
    assert ("header_not_first", 3) in [(f.code, f.row) for f in findings]


def test_findings_name_the_officer_and_repeat_the_agencys_own_columns() -> None:
    matched, _ = match("officer_id,paid_on,Ext Unit\n0042,soon,East\n7,2025-10-31,\n")
    reader = ColumnReader(matched)
    reader.dates("paid_on")
    (finding,) = reader.findings
    assert (finding.code, finding.row, finding.column) == ("bad_date", 2, "paid_on")
    assert (finding.officer_id, finding.ext) == ("0042", {"ext_unit": "East"})
    assert finding.value == "soon"
    assert reader.spoiled == {0}
    assert list(reader.ext) == [{"ext_unit": "East"}, {}]


def test_blank_means_what_the_layout_says() -> None:
    matched, _ = match("officer_id,paid_on,regular_pay,model\n1, ,,\n,2025-10-31,,wso\n")
    reader = ColumnReader(matched)
    reader.dates("paid_on")
    assert reader.money("regular_pay") == [0, 0]
    assert reader.choices("model") == ["", "WSO"]
    assert [(f.code, f.row, f.column) for f in reader.findings] == [
        ("required_value", 3, "officer_id"),
        ("required_value", 2, "paid_on"),
    ]


def test_a_total_row_is_one_finding_and_not_many() -> None:
    matched, _ = match("officer_id,paid_on,regular_pay\n1,2025-10-31,5\nTotal:,,5\n")
    reader = ColumnReader(matched)
    assert reader.dates("paid_on") == [reader.dates("paid_on")[0]]
    assert [(f.code, f.row) for f in reader.findings] == [("total_row", 3)]


def test_true_and_one_are_different_cells() -> None:
    table = table_from_rows(
        [
            {"officer_id": "1", "paid_on": "2025-10-31", "regular_pay": True},
            {"officer_id": "2", "paid_on": "2025-10-31", "regular_pay": 1},
        ]
    ).table
    assert table is not None
    reader = ColumnReader(LAYOUT.match(table)[0])
    assert reader.money("regular_pay")[1] == 100
    assert [(f.code, f.row) for f in reader.findings] == [("wrong_cell", 1)]


def test_a_flood_of_one_finding_is_cut_and_counted() -> None:
    findings = [
        FILE_FINDINGS.finding("bad_date", row=row, column="paid_on", why="")
        for row in range(700, 0, -1)
    ]
    findings.append(FILE_FINDINGS.finding("bad_date", row=3, column="other", why=""))
    listed = limit_findings(FILE_FINDINGS, findings)
    assert len(listed) == 502
    assert [finding.row for finding in listed[:3]] == [1, 2, 3]
    assert listed[-1].code == "more_of_the_same"
    assert "200" in listed[-1].message


def test_cells_that_were_only_counted_are_told_with_the_others():
    finding = FILE_FINDINGS.finding("bad_money", row=2, column="regular_pay", value="x", why="")
    listed = limit_findings(FILE_FINDINGS, [finding], {("bad_money", "regular_pay"): 1_200})
    assert [each.code for each in listed] == ["bad_money", "more_of_the_same"]
    assert "1,200 more" in listed[1].message
