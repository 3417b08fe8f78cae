"""Exports of personnel systems as rosters: with ids, with names only, with everybody in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agreements.roster_file import ParsedRoster, parse_roster
from agreements.roster_roles import ROSTER_TARGET
from portal.kernel.tabular import Reading, Table, read_table
from portal.kernel.tabular.mapping import (
    Mapping,
    People,
    apply_mapping,
    codes_in,
    fits,
    problems_of,
    recognise,
    suggest,
)

REAL = Path(__file__).parents[3] / "shared" / "data" / "rosters"


def read(text: str) -> Table:
    table = read_table(text.encode(), recognise=recognise(ROSTER_TARGET)).table
    assert table is not None
    return table


def take(
    text: str, people: People | None = None, codes: tuple[tuple[str, str], ...] = (), **fixed: str
) -> ParsedRoster:
    table = read(text)
    suggested = suggest(ROSTER_TARGET, table)
    values = {**dict(suggested.fixed), **fixed}
    mapping = Mapping(suggested.columns, codes, tuple(values.items()))
    assert problems_of(ROSTER_TARGET, mapping) == []
    return parse_roster(Reading(*apply_mapping(ROSTER_TARGET, mapping, table, people)))


def found(parsed: ParsedRoster, severity: str = "error") -> list[tuple[str, int | None]]:
    return [(f.code, f.row) for f in parsed.findings if f.severity == severity]


def test_the_template_fits_and_every_role_of_an_alias_exists() -> None:
    assert fits(ROSTER_TARGET, ROSTER_TARGET.layout.template_header())
    for role, _ in ROSTER_TARGET.aliases.columns.values():
        assert not role or ROSTER_TARGET.role(role), role


def test_an_export_with_ids_and_text_dates_is_a_roster() -> None:
    parsed = take(
        "Agency,EMPLID,Last Name,First Name,Middle Name,Service Date,Rehire Date,Job Title,Salary\n"
        "A99,002596,Gavin,Jola,Y,6/14/2007,,Police Sergeant,97058\n",
        model="TFM",
        trained_on="2025-06-13",
        authorized_from="2025-06-20",
        authorized_to="2027-06-19",
    )
    assert found(parsed) == []
    (row,) = parsed.rows
    assert (row.officer_id, row.last_name, row.first_name) == ("002596", "Gavin", "Jola Y")
    assert (row.hired_on, row.title) == (date(2007, 6, 14), "Police Sergeant")
    assert (row.model, row.authorized_to) == ("TFM", date(2027, 6, 19))


def test_officers_without_an_id_get_the_one_they_have_or_one_of_their_name() -> None:
    parsed = take(
        "County Police Sworn Roster - October 2025,,,,\n"
        "Last Name,First Name,M,Appointed,Rank\n"
        "Wedel,Lida,M,01/22/2007,Police Lieutenant\n"
        "Gaf,Sev,,10/26/2020,Police Officer\n",
        People([("0815", "Gaf", "Sev")]),
    )
    assert found(parsed) == []
    assert [row.officer_id for row in parsed.rows] == ["WEDEL-LIDA-M", "0815"]
    assert {"ids_from_names", "names_matched"} <= {code for code, _ in found(parsed, "notice")}


def test_the_same_file_sent_again_finds_the_ids_it_made() -> None:
    text = "Last Name,First Name,Appointed\nWedel,Lida,01/22/2007\n"
    people = People((row.officer_id, row.last_name, row.first_name) for row in take(text).rows)
    again = take(text, people)
    assert [row.officer_id for row in again.rows] == ["WEDEL-LIDA"]
    assert found(again) == []


@pytest.mark.parametrize(
    ("rows", "people", "row"),
    [
        (["Gaf,Sev", "Gaf,Sev"], [], 3),
        (["Gaf,Sev"], [("1", "Gaf", "Sev"), ("2", "Gaf", "Sev")], 2),
        (["Gaf,Sev"], [("GAF-SEV", "Other", "Pat")], 2),
    ],
)
def test_a_name_that_is_not_unique_is_an_error(
    rows: list[str], people: list[tuple[str, str, str]], row: int
) -> None:
    text = "Last Name,First Name,Appointed\n" + "".join(f"{name},01/22/2007\n" for name in rows)
    assert ("name_not_unique", row) in found(take(text, People(people)))


def test_an_id_may_stand_in_brackets_behind_the_name() -> None:
    parsed = take(
        "Worker,Hire Date,Original Hire Date,Business Title\n"
        "Dana Garza (On Leave) (016413),2015-01-05,2010-01-01,Officer\n"
        "Ana Maria Wu (016414),2015-01-05,2010-01-01,Officer\n"
    )
    assert found(parsed) == []
    assert [tuple(row[1:4]) for row in parsed.rows] == [
        ("016413", "Garza", "Dana"),
        ("016414", "Wu", "Ana Maria"),
    ]
    assert parsed.rows[0].hired_on == date(2015, 1, 5)
    assert ("names_divided", 3) in found(parsed, "notice")


EVERYBODY = (
    "EMPLID,Last Name,First Name,Hire Date,Job Title\n"
    "1,Garza,Dana,2015-01-05,Deputy\n"
    "2,Chan,Lee,REDACTED,Paralegal\n"
    "3,Wu,Ana,2015-01-05,deputy\n"
)


def test_titles_can_be_left_out_before_anything_else_is_read() -> None:
    parsed = take(EVERYBODY, codes=(("Deputy", "take"), ("Paralegal", "leave_out")))
    assert [row.officer_id for row in parsed.rows] == ["1", "3"]
    assert found(parsed) == []
    told = next(f for f in parsed.findings if f.code == "rows_left_out")
    assert told.message == "Left out: 1 row with the title “Paralegal”."


def test_without_a_choice_everybody_is_taken_and_a_new_title_is_an_error() -> None:
    assert found(take(EVERYBODY)) == [("bad_date", 3)]
    parsed = take(EVERYBODY, codes=(("Deputy", "take"),))
    assert found(parsed) == [("unknown_title", None)]
    table = read(EVERYBODY)
    titles = codes_in(ROSTER_TARGET, suggest(ROSTER_TARGET, table), table)
    assert [(title.code, title.rows, title.cents) for title in titles] == [
        ("Deputy", 2, None),
        ("Paralegal", 1, None),
    ]


def test_a_roster_needs_names_even_with_ids() -> None:
    mapping = Mapping((("EMPLID", "officer_id"), ("Hired", "hired_on")))
    assert [gap.text for gap in problems_of(ROSTER_TARGET, mapping)] == [
        "No column says the officers' names."
    ]


@pytest.mark.parametrize(
    ("name", "rows", "codes"),
    [
        ("baltimore_hris_20201203_250.xlsx", 250, {"bad_id", "bad_date"}),
        ("prince_georges_sworn_roster_202110_300.xlsx", 300, set()),
    ],
)
def test_real_exports_are_suggested_whole(name: str, rows: int, codes: set[str]) -> None:
    if not (path := REAL / name).exists():
        pytest.skip("the folder with real rosters is not here")
    reading = read_table(path, recognise=recognise(ROSTER_TARGET), drop_sensitive=True)
    assert reading.table is not None
    mapping = suggest(ROSTER_TARGET, reading.table)
    assert problems_of(ROSTER_TARGET, mapping, reading.table) == []
    _, findings = apply_mapping(ROSTER_TARGET, mapping, reading.table)
    errors = {(f.code, f.row) for f in findings if f.severity == "error"}
    assert {code for code, _ in errors} == codes
    parsed = parse_roster(Reading(*apply_mapping(ROSTER_TARGET, mapping, reading.table)))
    assert len(parsed.rows) == rows - len({row for _, row in errors})
