"""ICE's lists as a whole: kind, day, layout, rows, counts. Nothing is lost, nothing raises."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from agreements.ice_list import IceRow, read_ice_list
from portal.kernel.findings import has_errors
from tests.agreements.ice_lists import (
    HEADER,
    LINK,
    NAME,
    ROW,
    SAVED,
    TODAY,
    book,
    codes,
    linked,
    only,
    read,
    row,
)


def test_a_row_is_read_with_its_evidence() -> None:
    ice_list = read(ROW, change=linked(LINK))
    assert ice_list.findings == ()
    assert (ice_list.kind, ice_list.as_of, ice_list.hidden_rows) == (
        "participating",
        date(2025, 9, 2),
        0,
    )
    assert only(ice_list) == IceRow(
        row=2,
        state="TX",
        name="Garza County Sheriff's Office",
        name_key="garza county sheriff's office",
        agency_type="county",
        county="Garza County",
        model="TFM",
        support_type="Task Force Model",
        signed_on=date(2025, 6, 25),
        moa_url=LINK,
        addendum_url="",
        is_hidden=False,
        cells={
            "STATE": "TEXAS",
            "LAW ENFORCEMENT AGENCY": "Garza County Sheriff's Office",
            "TYPE": "County",
            "COUNTY": "Garza County",
            "SUPPORT TYPE": "Task Force Model",
            "SIGNED": "2025-06-25",
            "MOA": "link",
        },
    )


def test_padding_is_folded_counted_and_kept_as_evidence() -> None:
    ice_list = read(
        row(state="TEXAS ", agency=" Garza  County Sheriff’s Office\u00a0", type="County ")
    )
    one = only(ice_list)
    assert (one.state, one.agency_type) == ("TX", "county")
    assert one.name == "Garza County Sheriff’s Office"
    assert one.cells["STATE"] == "TEXAS "
    (padding,) = (f for f in ice_list.findings if f.code == "padding_folded")
    assert "(cells: 3)" in padding.message


def test_hidden_rows_are_read_counted_and_told() -> None:
    def change(sheet: Worksheet) -> None:
        linked(LINK, LINK)(sheet)
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True  # empty: nobody misses it

    ice_list = read(ROW, row(model="Warrant Service Officer"), change=change)
    assert [one.is_hidden for one in ice_list.rows] == [False, True]
    assert ice_list.hidden_rows == 1
    assert codes(ice_list) == ["hidden_rows"]


def test_a_pending_list_is_known_by_its_columns() -> None:
    ice_list = read(ROW[:5], header=HEADER[:5], filename="pendingAgencies09022025.xlsx")
    assert ice_list.kind == "pending"
    assert ice_list.findings == ()
    assert only(ice_list).signed_on is None


@pytest.mark.parametrize(
    ("header", "filename", "kind"),
    [
        (HEADER, "pendingAgencies09022025pm.xlsx", "participating"),
        (HEADER[:5], "participatingAgencies09022025pm.xlsx", "pending"),
    ],
)
def test_files_with_each_others_name_are_read_as_what_they_hold(
    header: list[str], filename: str, kind: str
) -> None:
    ice_list = read(ROW[: len(header)], header=header, filename=filename)
    assert ice_list.kind == kind
    assert "name_says_other_kind" in codes(ice_list)


@pytest.mark.parametrize(
    ("filename", "saved_at", "as_of", "code"),
    [
        (NAME, SAVED, date(2025, 9, 2), None),
        ("287gParticipatingAgencies090225.xlsx", SAVED, date(2025, 9, 2), None),
        ("participatingAgencies-20250902200526.xlsx", SAVED, date(2025, 9, 2), None),
        ("ice list 2025-09-02 (1).xlsx", SAVED, date(2025, 9, 2), None),
        ("list.xlsx", SAVED, date(2025, 9, 2), None),
        # Named for a day before agreements it lists.
        ("participatingAgencies05022025pm.xlsx", SAVED, date(2025, 9, 2), "name_says_other_day"),
        # Named for the next morning; and with the name of a much later list.
        ("participatingAgencies09032025am.xlsx", SAVED, date(2025, 9, 2), "name_says_other_day"),
        ("participatingAgencies11252025am.xlsx", SAVED, date(2025, 9, 2), "name_says_other_day"),
        # Saved again by somebody else, months later.
        (NAME, datetime(2026, 5, 1, tzinfo=UTC), date(2025, 9, 2), None),
        # Late in the evening in Washington it is the next day in UTC.
        (NAME, datetime(2025, 9, 3, 1, tzinfo=UTC), date(2025, 9, 2), None),
        ("participatingAgencies09023025am.xlsx", SAVED, date(2025, 9, 2), "name_without_day"),
        ("participatingAgencies99999999.xlsx", SAVED, date(2025, 9, 2), "name_without_day"),
        # Neither can be: the last signing tells.
        (
            "x05022025.xlsx",
            datetime(2025, 1, 1, tzinfo=UTC),
            date(2025, 6, 25),
            "name_says_other_day",
        ),
    ],
)
def test_the_day_of_a_list(
    filename: str, saved_at: datetime, as_of: date, code: str | None
) -> None:
    ice_list = read(ROW, filename=filename, saved_at=saved_at, change=linked(LINK))
    assert ice_list.as_of == as_of
    assert codes(ice_list) == ([code] if code else [])


def test_a_day_that_a_person_gives_stands() -> None:
    ice_list = read_ice_list(book(ROW), "pending01012020.xlsx", as_of=date(2025, 6, 1), today=TODAY)
    assert ice_list.as_of == date(2025, 6, 1)
    assert "name_says_other_day" not in codes(ice_list)
    assert "signed_in_future" in codes(ice_list)


def test_one_mistyped_date_does_not_move_the_day_of_a_list() -> None:
    rows = [row(agency=f"Agency {number}") for number in range(150)]
    ice_list = read(
        *rows, row(signed=date(2025, 11, 25)), saved_at=datetime(2026, 5, 1, tzinfo=UTC)
    )
    assert ice_list.as_of == date(2025, 9, 2)
    assert "signed_in_future" in codes(ice_list)


def test_a_csv_list_without_any_date_has_no_day() -> None:
    content = b"STATE,LAW ENFORCEMENT AGENCY,TYPE,COUNTY,SUPPORT TYPE\nTEXAS,A,County,Garza,TFM\n"
    ice_list = read_ice_list(content, "list.csv", today=TODAY)
    assert ice_list.as_of is None
    assert "day_unknown" in codes(ice_list)
    assert only(ice_list).key == ("TX", "a", "TFM")


def test_older_layouts_lack_columns_which_is_told() -> None:
    header = ["STATE", "LAW ENFORCEMENT AGENCY", "SUPPORT TYPE", "SIGNED"]
    ice_list = read(["TEXAS", "A", "Task Force Model", date(2020, 1, 2)], header=header)
    one = only(ice_list)
    assert (one.agency_type, one.county, one.signed_on) == ("", "", date(2020, 1, 2))
    assert Counter(codes(ice_list))["older_layout"] == 4


def test_columns_may_stand_in_any_order_below_a_title() -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(1, amount=2)
        sheet["A1"] = "Participating agencies"
        sheet.merge_cells("A1:H1")

    header = ["Agency", "Support type", "State", "Signed "]
    ice_list = read(["A", "TFM", "TX", date(2025, 6, 1)], header=header, change=change)
    assert only(ice_list).key == ("TX", "a", "TFM")
    assert only(ice_list).row == 4
    assert not has_errors(ice_list.findings)
    assert "merged_in_list" not in codes(ice_list)


def test_the_sheet_that_holds_the_list_is_found() -> None:
    def change(sheet: Worksheet) -> None:
        linked(LINK)(sheet)
        sheet.parent.create_sheet("Notes", 0).append(["as of today"])

    assert read(ROW, change=change).rows == read(ROW, change=linked(LINK)).rows


def test_a_list_with_only_a_header_is_a_list() -> None:
    ice_list = read(header=HEADER[:5], filename="pendingAgencies09022025.xlsx")
    assert (ice_list.kind, ice_list.rows) == ("pending", ())
    assert codes(ice_list) == ["header_only"]
    assert not has_errors(ice_list.findings)


def test_another_table_is_refused_with_what_is_missing() -> None:
    ice_list = read(["TX", "A"], header=["STATE", "LAW ENFORCEMENT AGENCY"])
    assert ice_list.rows == ()
    assert has_errors(ice_list.findings)
    assert "Missing: SUPPORT TYPE." in ice_list.findings[0].message


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xff\xfe\x00", b"a,b\n1,2\n"]
)
def test_what_is_no_list_is_refused_and_never_raises(content: bytes) -> None:
    ice_list = read_ice_list(content, NAME, today=TODAY)
    assert ice_list.rows == ()
    assert has_errors(ice_list.findings)


def test_remarks_and_rows_with_blanks_are_told() -> None:
    remark: list[object] = [None, None, None, None, None, None, "see above", None]
    ice_list = read(remark, row(agency=None), row(state=" "))
    assert [one.row for one in ice_list.rows] == [3, 4]
    assert not any(one.is_usable for one in ice_list.rows)
    found = {(finding.code, finding.row, finding.column) for finding in ice_list.findings}
    assert ("stray_row", 2, "") in found
    assert ("blank_in_list", 3, "LAW ENFORCEMENT AGENCY") in found
    assert ("blank_in_list", 4, "STATE") in found


def test_merged_rows_of_the_list_are_told() -> None:
    ice_list = read(ROW, ROW, change=lambda sheet: sheet.merge_cells("B2:B3"))
    assert "merged_in_list" in codes(ice_list)
    assert not has_errors(ice_list.findings)


def test_rows_are_looked_at_together() -> None:
    ice_list = read(
        ROW,
        row(agency="Garza County Sheriff’s Office", signed=date(2025, 7, 1)),
        row(model="Warrant Service Officer", county="Kent County", type="Municipality"),
        row(agency="Garza County Sheriff's Department"),
        row(agency="Garza County Sheriff's Office (Addendum)"),
        row(state="OKLAHOMA", county="Garvin County"),
    )
    found = Counter(codes(ice_list))
    assert found["listed_twice"] == 1
    assert found["spelled_in_two_ways"] == 1
    assert found["names_alike"] == 1
    assert found["addendum_in_name"] == 1
    assert found["facts_differ"] == 2
    assert (len(ice_list.rows), ice_list.agencies) == (6, 4)


def test_counts_are_by_model_and_by_state_as_ice_writes_it() -> None:
    ice_list = read(ROW, row(state="tx "), row(state="Atlantis "), row(model="?"))
    assert ice_list.by_model == {"TFM": 3, "WSO": 0, "JEM": 0}
    assert ice_list.by_state == {"ATLANTIS": 1, "TEXAS": 3}
    assert ice_list.agencies == 2


def test_long_names_are_cut_and_told() -> None:
    ice_list = read(row(agency="A" * 300))
    assert len(only(ice_list).name) == 200
    assert "name_too_long" in codes(ice_list)


def test_no_content_of_cells_raises() -> None:
    choice = random.Random(287).choice
    odd: list[object] = [
        *(None, "", " ", "#N/A", "=1/0", True, -1, 0.5, 1e300, 45833, "\u200b", "é’`", "—"),
        *("{row}", "%s", "123-45-6789", datetime(1899, 12, 31), date(9999, 12, 31), "x" * 999),  # noqa: DTZ001 - a cell
        *("TEXAS", "Task Force Model", "6/25/2025", "County"),
    ]
    rows = [[choice(odd) for _ in HEADER] for _ in range(300)]
    ice_list = read(*rows)
    assert all("123-45-6789" not in finding.message for finding in ice_list.findings)
    assert len(ice_list.rows) > 200


LISTS = Path(__file__).parents[2].parent / "shared/data/ice"


def published() -> list[dict[str, str]]:
    path = LISTS / "counts.csv"
    return list(csv.DictReader(path.open(encoding="utf-8"))) if path.exists() else []


@pytest.mark.skipif(not LISTS.exists(), reason="ICE's own lists are not on this machine")
@pytest.mark.parametrize("counts", published(), ids=lambda counts: counts["file"])
def test_ices_own_lists_count_as_published(counts: dict[str, str]) -> None:
    ice_list = read_ice_list(LISTS / counts["file"], today=TODAY)
    with (LISTS / "counts_by_state.csv").open(encoding="utf-8") as by_state:
        states = {
            line["state"]: int(line["rows"])
            for line in csv.DictReader(by_state)
            if line["file"] == counts["file"]
        }
    rows = ice_list.rows
    assert ice_list.kind == counts["kind"]
    assert ice_list.as_of is not None
    assert ice_list.as_of.isoformat() == counts["modified_utc"][:10]
    assert len(rows) == int(counts["rows"])
    assert ice_list.agencies == int(counts["distinct_agencies"])
    assert ice_list.by_model == {model: int(counts[model]) for model in ("TFM", "WSO", "JEM")}
    assert ice_list.by_state == states
    assert ice_list.hidden_rows == int(counts["hidden_rows"])
    assert sum(bool(one.moa_url) for one in rows) == int(counts["hyperlinks"])
    assert sum(bool(one.addendum_url) for one in rows) == int(counts["addendum"])
    named = {(one.state, one.county) for one in rows if one.county}
    assert len(named) == int(counts["named_counties"])
    assert all(one.is_usable for one in rows)
    assert not has_errors(ice_list.findings)
