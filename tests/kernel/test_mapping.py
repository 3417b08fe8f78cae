"""Mapping: what an export's columns are becomes the template's columns, and nothing gets lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.tabular import Column, Layout, Table
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping import (
    MAPPING_KINDS,
    Aliases,
    Fixed,
    Mapping,
    People,
    Role,
    Target,
    agencies_named,
    apply_mapping,
    codes_in,
    fits,
    preview,
    problems_of,
    recognise,
    signature_of,
    source_of,
    suggest,
)
from portal.kernel.tabular.mapping.cells import (
    DATE_STYLES,
    date_reader,
    read_rate,
    read_signed_hours,
    read_signed_money,
)
from portal.kernel.tabular.mapping.names import id_of_name, split_name
from portal.kernel.tabular.table import Cell, Odd
from portal.kernel.tabular.values import Problem

LAYOUT = Layout(
    slug="pay",
    title="Pay",
    columns=(
        Column("officer_id", Kind.ID, "Who.", "1", required="yes"),
        Column("paid_on", Kind.DATE, "When.", "2025-10-31", required="yes"),
        Column("salary", Kind.MONEY, "A year.", "1.00", blank="none"),
        Column("pay", Kind.MONEY, "What.", "1.00", required="yes"),
        Column("hours_over", Kind.HOURS, "How long.", "1.00", blank="none"),
        Column("extra_<name>", Kind.MONEY, "More.", "1.00", group=("extra_health",)),
    ),
)
AMOUNTS = (
    Role("pay", "Pay", "", "Pay", Kind.MONEY, many=True),
    Role("extra", "Extra", "", "Pay", Kind.MONEY, many=True, is_named=True),
    Role("excluded", "Left out", "", "Pay", Kind.MONEY, many=True, choices=(("bonus", "a bonus"),)),
)
TARGET = Target(
    layout=LAYOUT,
    roles=(
        Role("officer_id", "Id", "", "Who", Kind.ID),
        Role("officer_name", "Name", "", "Who", Kind.TEXT),
        Role("last_name", "Last name", "", "Who", Kind.TEXT),
        Role("first_name", "First name", "", "Who", Kind.TEXT),
        Role("middle_name", "Middle name", "", "Who", Kind.TEXT),
        Role("suffix", "Suffix", "", "Who", Kind.TEXT),
        Role("paid_on", "Payday", "", "When", Kind.DATE),
        Role("salary", "Salary", "", "Salary", Kind.MONEY),
        *AMOUNTS,
        Role("hours_over", "Overtime hours", "", "Pay", Kind.HOURS, many=True),
        Role("pay_code", "Code", "", "Codes", Kind.TEXT),
        Role("amount", "Amount", "", "Codes", Kind.MONEY),
        Role("hours", "Hours", "", "Codes", Kind.HOURS),
        Role("agency", "Agency", "", "Other", Kind.TEXT),
        Role("ext", "Own", "", "Other", Kind.TEXT, many=True),
    ),
    fixed=(
        Fixed("paid_on", "Payday", "", Kind.DATE),
        Fixed("date_style", "Dates", "", Kind.CHOICE, DATE_STYLES),
        Fixed("combine", "Add up", "", Kind.CHOICE, (("yes", "Yes"),)),
        Fixed("not_on_roster", "Others", "", Kind.CHOICE, (("leave_out", "Leave out"),)),
    ),
    aliases=Aliases(
        {
            "employeeid": ("officer_id", 1),
            "file": ("officer_id", 0),
            "employee": ("officer_id", 2),
            "name": ("officer_name", 0),
            "regular": ("pay", 0),
            "checkdate": ("paid_on", 0),
            "code": ("pay_code", 0),
            "amount": ("amount", 0),
            "agency": ("agency", 0),
            "department": ("", 0),
        },
        codes={"reg": "pay", "bon": "excluded:bonus"},
    ),
    code_column="pay_code",
    code_roles=AMOUNTS,
    unknown_code="unknown_pay_code",
    key=("officer_id", "paid_on"),
    over=(("officer_id", ("officer_name",)),),
    together=(("pay_code", "amount"), ("amount", "pay_code")),
)
DAY = (("paid_on", "2025-10-31"),)
PEOPLE = People(
    [
        ("1", "Garza", "Dana M"),
        ("2", "Smith", "John A"),
        ("3", "Smith", "John B"),
        ("4", "O'Néill-Wu", "Ana"),
        ("5", "De la Cruz", "Pat"),
        ("6", "King Jr", "Lee"),
        ("7", "King Sr", "Lee"),
    ]
)


def table(header: str, *rows: Sequence[Cell]) -> Table:
    return Table(
        tuple(header.split(",")), [tuple(row) for row in rows], [n + 2 for n in range(len(rows))]
    )


def mapped(
    source: Table,
    *roles: str,
    codes: Sequence[tuple[str, str]] = (),
    fixed: Sequence[tuple[str, str]] = DAY,
    people: People = PEOPLE,
) -> tuple[list[dict[str, Cell]], list[tuple[str, int | None, str]], list[str]]:
    """Result rows as objects, the findings' codes, rows and columns, and their messages."""
    columns = tuple(zip(source.header, roles, strict=True))
    result, findings = apply_mapping(
        TARGET, Mapping(columns, tuple(codes), tuple(fixed)), source, people
    )
    rows = [dict(zip(result.header, row, strict=True)) for row in result.rows]
    return rows, [(f.code, f.row, f.column) for f in findings], [f.message for f in findings]


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("380.71", 38071),
        ("$-886.20", -88620),
        ("-$886.20", -88620),
        ("(380.71)", -38071),
        ("($1,380.71)", -138071),
        ("$(380.71)", -38071),
        ("380.71-", -38071),
        ("1,380.7 -", -138070),
        ("\u2212380.71", -38071),
        ("- 5", -500),
        (" -2,031.02 ", -203102),
        (-12, -1200),
        (-0.30000000000000004, -30),
        ("0.00", 0),
        ("-0.00", 0),
    ],
)
def test_an_amount_is_read_with_its_sign(cell: Cell, cents: int) -> None:
    assert read_signed_money(cell) == cents


@pytest.mark.parametrize(
    "cell",
    [
        "--5",
        "(-5)",
        "-(5)",
        "5--",
        "-",
        "()",
        "-5-",
        "1.234,56",
        "-10.005",
        "1e5",
        "n/a",
        "-1_000",
        -1e308,
        float("nan"),
        date(2025, 1, 1),
        "-" * 500,
    ],
)
def test_what_is_no_amount_is_a_problem_and_never_zero(cell: Cell) -> None:
    assert isinstance(read_signed_money(cell), Problem)


def test_hours_have_a_sign_and_rates_more_than_two_decimals() -> None:
    assert read_signed_hours("-8.25") == -825
    assert read_signed_hours("12") == 1200
    assert str(read_rate(46.73260000000001)) == "46.732600"
    assert str(read_rate("$27.5375")) == "27.5375"
    assert isinstance(read_rate("-1"), Problem)


@pytest.mark.parametrize(
    ("style", "text", "day"),
    [
        ("", "10/25/2025", date(2025, 10, 25)),
        ("day_first", "25/10/2025", date(2025, 10, 25)),
        ("day_first", "5.4.2025", date(2025, 4, 5)),
        ("compact", "20251025", date(2025, 10, 25)),
        ("compact", 20251025, date(2025, 10, 25)),
        ("short_year", "4/3/25", date(2025, 4, 3)),
        ("short_year", "4-3-98", date(1998, 4, 3)),
        ("words", "Apr 3, 2025", date(2025, 4, 3)),
        ("words", "Sept. 3 2025", date(2025, 9, 3)),
        ("words", "3-Apr-2025", date(2025, 4, 3)),
        ("with_time", "2025-04-03T00:00:00.000", date(2025, 4, 3)),
        ("with_time", "4/3/2025 12:00:00 AM", date(2025, 4, 3)),
        ("day_first", "2025-04-03", date(2025, 4, 3)),
        ("words", date(2025, 4, 3), date(2025, 4, 3)),
    ],
)
def test_a_date_is_read_in_the_style_that_was_chosen(style: str, text: Cell, day: date) -> None:
    assert date_reader(style)(text) == day


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("", "25/10/2025"),
        ("", "4/3/25"),
        ("day_first", "10/25/2025"),
        ("compact", "2025102"),
        ("compact", "20251345"),
        ("words", "Ju 3, 2025"),
        ("words", "Apr 31, 2025"),
        ("with_time", "4/3/2025 08:30"),
        ("short_year", "13/3/25"),
    ],
)
def test_a_date_in_another_style_is_a_problem(style: str, text: str) -> None:
    assert isinstance(date_reader(style)(text), Problem)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Garza, Dana M", ("Garza", "Dana M", "")),
        ("Garza,Dana", ("Garza", "Dana", "")),
        ("Dana Garza", ("Garza", "Dana", "")),
        ("Dana Garza (On Leave) (016413)", ("Garza", "Dana", "016413")),
        ("Dana Garza (On Leave)", ("Garza", "Dana", "")),
        ("King, Jr., Lee", ("King Jr.", "Lee", "")),
        ("Lee King Jr", ("King Jr", "Lee", "")),
        ("Garza", ("Garza", "", "")),
    ],
)
def test_names_are_taken_apart(text: str, name: tuple[str, str, str]) -> None:
    assert split_name(text)[:3] == name


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Garza, Dana M", ["1"]),
        ("GARZA,DANA", ["1"]),
        ("Dana Garza", ["1"]),
        ("Garza, Dana Maria", ["1"]),
        ("Garza, Dana X", []),
        ("Garza, D", []),
        ("Smith, John A.", ["2"]),
        ("Smith, John", ["2", "3"]),
        ("Smith, John C", []),
        ("ONeill Wu, Ana", ["4"]),
        ("Pat De la Cruz", ["5"]),
        ("King, Lee Jr.", ["6"]),
        ("King, Lee", ["6", "7"]),
        ("", []),
        ("Garza", []),
    ],
)
def test_a_name_finds_everybody_it_may_mean(text: str, ids: list[str]) -> None:
    assert PEOPLE.find_written(text) == ids


def test_an_id_made_of_a_name_has_plain_letters() -> None:
    assert id_of_name("Wedol", "Lidasal") == "WEDOL-LIDASAL"
    assert id_of_name("O'Néill-Wu", "Ana M.") == "ONEILL-WU-ANA-M"
    assert id_of_name("\u5f20", "\u4f1f") == ""


def test_columns_of_one_role_are_added_up_with_their_signs() -> None:
    source = table(
        "Id,Reg,Adj,Dental", ("0042", "1,000.00", "(12.50)", "5"), ("0043", "", "7.25", "")
    )
    rows, found, _ = mapped(source, "officer_id", "pay", "pay", "extra:")
    assert rows == [
        {
            "officer_id": "0042",
            "paid_on": date(2025, 10, 31),
            "pay": "987.50",
            "extra_dental": "5.00",
        },
        {"officer_id": "0043", "paid_on": date(2025, 10, 31), "pay": "7.25", "extra_dental": ""},
    ]
    assert found == []


def test_an_amount_that_cannot_be_read_is_an_error_at_its_own_column() -> None:
    source = table("Id,Reg,Adj", ("1", "10.00", "n/a"), ("2", "10.00", "1.00"))
    rows, found, _ = mapped(source, "officer_id", "pay", "pay")
    assert found == [("bad_money", 2, "Adj")]
    assert [row["officer_id"] for row in rows] == ["2"]


def test_a_negative_result_is_an_error_that_names_the_columns() -> None:
    source = table("Id,Reg,Adj", ("1", "10.00", "-10.01"))
    rows, found, messages = mapped(source, "officer_id", "pay", "pay")
    assert rows == []
    assert found == [("negative_result", 2, "Reg + Adj")]
    assert messages == ["pay is -0.01 after adding up Reg + Adj."]


def test_rows_of_one_payday_are_added_up_by_suggestion_and_else_by_advice() -> None:
    source = table(
        "File #,Check Date,Regular",
        ("1", "2025-10-31", "10.00"),
        ("1", "2025-10-31", "-4.00"),
        ("2", "2025-10-31", "5.00"),
    )
    mapping = suggest(TARGET, source)
    assert mapping.value("combine") == "yes"
    assert apply_mapping(TARGET, mapping, source, PEOPLE)[0].rows[0][2] == "6.00"
    _, findings = apply_mapping(TARGET, Mapping(mapping.columns), source, PEOPLE)
    assert "choose “Add up rows of one officer" in findings[0].fix
    once = Table(source.header, source.rows[1:], source.numbers[1:])
    assert suggest(TARGET, once).value("combine") == ""
    _, findings = apply_mapping(TARGET, Mapping(mapping.columns), once, PEOPLE)
    assert "Add up" not in findings[0].fix


def test_a_required_amount_that_is_blank_everywhere_is_taken_as_none_and_told() -> None:
    rows, found, _ = mapped(table("Id,Reg", ("1", "")), "officer_id", "pay")
    assert rows[0]["pay"] == "0.00"
    assert found == [("blank_taken_as_none", None, "pay")]


def test_excluded_pay_and_columns_not_needed_are_named() -> None:
    source = table("Id,Reg,Bonus,Dept", ("1", "1", "500.00", "x"), ("2", "1", "0", "x"))
    rows, found, messages = mapped(source, "officer_id", "pay", "excluded:bonus", "")
    assert len(rows) == 2
    assert found == [("columns_not_needed", None, ""), ("excluded_pay", None, "Bonus")]
    assert messages[1] == "“Bonus” was left out (a bonus): $500.00 in 1 row."
    nothing = table("Id,Reg,Bonus", ("1", "1", ""), ("2", "1", "0.00"))
    assert mapped(nothing, "officer_id", "pay", "excluded:bonus")[1] == []


LONG = "Id,Code,Amount,Hours"
LONG_ROLES = ("officer_id", "pay_code", "amount", "hours")
CODES = (("REG", "pay"), ("HLT", "extra:health"), ("BON", "excluded:bonus"))


def test_rows_of_pay_codes_become_one_row_that_names_them() -> None:
    source = table(
        LONG,
        ("1", "REG", "100.00", ""),
        ("2", "REG", "1.00", ""),
        ("1", "reg ", "-20.00", ""),
        ("1", "HLT", "5.00", ""),
        ("1", "BON", "9.00", ""),
        ("3", "BON", "9.00", ""),
    )
    rows, found, _ = mapped(source, *LONG_ROLES, codes=CODES)
    assert [(r["officer_id"], r["pay"], r["extra_health"], r["ext_rows"]) for r in rows] == [
        ("1", "80.00", "5.00", "2, 4, 5, 6"),
        ("2", "1.00", "", "3"),
    ]
    assert [code for code, _, _ in found] == ["excluded_pay", "rows_combined"]


def test_a_code_nobody_sorted_is_an_error_with_count_and_sum() -> None:
    source = table(LONG, ("1", "REG", "1.00", ""), ("1", "XYZ", "2.50", ""), ("2", "xyz", "3", ""))
    rows, found, messages = mapped(source, *LONG_ROLES, codes=CODES)
    assert rows == []
    assert found == [("unknown_pay_code", None, "Code")]
    assert "“XYZ” is in 2 rows (together $5.50)" in messages[0]


def test_a_blank_code_is_a_code_too() -> None:
    source = table(LONG, ("1", "", "1.00", ""))
    assert mapped(source, *LONG_ROLES, codes=CODES)[1] == [("unknown_pay_code", None, "Code")]
    rows, found, _ = mapped(source, *LONG_ROLES, codes=[("(blank)", "pay")])
    assert rows[0]["pay"] == "1.00"
    assert found == []


def test_hours_without_an_amount_are_an_error() -> None:
    _, found, _ = mapped(table(LONG, ("1", "REG", "", "8")), *LONG_ROLES, codes=CODES)
    assert found == [("amount_missing", 2, "Amount")]


def test_different_salaries_in_one_period_are_an_error() -> None:
    source = table("Id,Code,Amount,Year", ("1", "REG", "1", "100"), ("1", "REG", "2", "101"))
    rows, found, messages = mapped(
        source, "officer_id", "pay_code", "amount", "salary", codes=CODES
    )
    assert rows == []
    assert ("salary_differs", 2, "salary") in found
    assert any("100.00, 101.00" in message for message in messages)


def test_a_row_that_is_there_twice_is_warned_of_when_rows_are_added_up() -> None:
    source = table("Id,Reg", ("1", "1.00"), ("1", "1.00"), ("1", "3.00"))
    rows, found, _ = mapped(source, "officer_id", "pay", fixed=[*DAY, ("combine", "yes")])
    assert rows[0]["pay"] == "5.00"
    assert ("repeated_source_row", 3, "") in found
    rows, found, _ = mapped(source, "officer_id", "pay")
    assert len(rows) == 3
    assert found == []


def test_an_officer_whose_rows_are_all_there_twice_is_not_added_up() -> None:
    pay = (("1", "1.00"), ("1", "2.00"))
    source = table("Id,Reg", *pay, ("2", "5.00"), *pay)
    rows, found, messages = mapped(source, "officer_id", "pay", fixed=[*DAY, ("combine", "yes")])
    assert [row["officer_id"] for row in rows] == ["2"]
    assert [code for code, _, _ in found if code.startswith("repeated")] == ["repeated_source_rows"]
    assert any("rows 2, 3, 5, 6" in message for message in messages)


def test_dates_typed_for_a_file_are_told_from_what_may_be_typed_once() -> None:
    mapping = Mapping(fixed=(*DAY, ("combine", "yes")))
    assert TARGET.typed_dates(mapping) == ["paid_on"]
    assert mapping.without(["paid_on"]).fixed == (("combine", "yes"),)


def test_many_source_rows_are_listed_short_enough_for_a_cell() -> None:
    source = table("Id,Reg,No", *(("1", "1.00", str(n)) for n in range(150)))
    rows, _, _ = mapped(source, "officer_id", "pay", "", fixed=[*DAY, ("combine", "yes")])
    assert str(rows[0]["ext_rows"]).endswith("21 and 130 more")


def test_own_columns_are_kept_under_a_name_of_the_portal() -> None:
    source = table("Id,Reg,Cost Center,ext_unit", ("1", "1", "A", "x"), ("1", "2", "B", "x"))
    roles = ("officer_id", "pay", "ext", "ext")
    rows, found, _ = mapped(source, *roles, fixed=[*DAY, ("combine", "yes")])
    assert [code for code, _, _ in found] == ["rows_combined"]
    assert rows[0]["ext_cost_center"] == "A; B"
    assert rows[0]["ext_unit"] == "x"


def test_officers_are_found_by_name_or_named_as_errors() -> None:
    source = table(
        "Name,Reg",
        ("GARZA, DANA", "1"),
        ("Smith, John", "1"),
        ("Nobody, Bo", "1"),
        ("Lee Chan (On Leave) (016413)", "1"),
        ("", "1"),
    )
    rows, found, messages = mapped(source, "officer_name", "pay")
    assert [row["officer_id"] for row in rows] == ["1", "016413"]
    assert found == [
        ("names_matched", None, "Name"),
        ("name_not_unique", 3, "Name"),
        ("name_not_on_roster", 4, "Name"),
        ("name_unusable", 6, "Name"),
    ]
    assert "1 row names the officer in Name; 1 officer was found" in messages[0]


def test_the_parts_of_a_name_are_put_together() -> None:
    source = table("L,F,M,S,Reg", ("Smith", "John", "B", "", "1"), ("King", "Lee", "", "Sr", "1"))
    rows, _, _ = mapped(source, "last_name", "first_name", "middle_name", "suffix", "pay")
    assert [row["officer_id"] for row in rows] == ["3", "7"]


def test_persons_not_on_the_roster_are_left_out_only_if_the_clerk_says_so() -> None:
    source = table("Name,Reg", ("Garza, Dana", "1"), ("Nobody, Bo", "n/a"), ("Nobody, Bo", "1"))
    rows, found, messages = mapped(
        source, "officer_name", "pay", fixed=[*DAY, ("not_on_roster", "leave_out")]
    )
    assert [row["officer_id"] for row in rows] == ["1"]
    assert [code for code, _, _ in found] == ["names_matched", "others_left_out"]
    assert "2 rows of 1 person not on the roster, $1.00 in all: Nobody, Bo" in messages[1]
    by_id = table("Id,Reg", ("1", "1"), ("99", "1"))
    rows, _, _ = mapped(by_id, "officer_id", "pay", fixed=[*DAY, ("not_on_roster", "leave_out")])
    assert [row["officer_id"] for row in rows] == ["1"]


def test_dates_are_read_in_the_files_style() -> None:
    source = table("Id,Reg,Paid", ("1", "1", "25.10.2025"), ("2", "1", "10/25/2025"))
    rows, found, _ = mapped(
        source, "officer_id", "pay", "paid_on", fixed=[("date_style", "day_first")]
    )
    assert [row["paid_on"] for row in rows] == [date(2025, 10, 25)]
    assert found == [("bad_date", 3, "Paid")]


def test_a_file_without_rows_gives_a_table_without_rows() -> None:
    for roles in (("officer_id", "pay"), ("officer_name", "pay")):
        rows, found, _ = mapped(table("Id,Reg"), *roles)
        assert rows == []
        assert not any(code.startswith("name") for code, _, _ in found)


def test_a_column_is_found_again_however_it_is_spelled() -> None:
    mapping = Mapping((("FILE #", "officer_id"), ("Reg Pay", "pay")), fixed=DAY)
    result, findings = apply_mapping(TARGET, mapping, table("reg_pay,File #", ("5", "0042")))
    assert result.rows[0][0] == "0042"
    assert findings == []
    assert mapping.signature == signature_of(["reg_pay", "File #"])
    assert signature_of(["a", "b"]) != signature_of(["a"])


def test_a_mapping_that_does_not_fit_is_told_and_nothing_is_read() -> None:
    mapping = Mapping((("Id", "officer_id"), ("Gone", "pay")), fixed=DAY)
    result, findings = apply_mapping(TARGET, mapping, table("Id,Reg", ("1", "1")))
    assert result.rows == []
    assert [f.code for f in findings] == ["mapping_incomplete"]
    assert "no column “Gone”" in findings[0].message


def test_json_is_canonical_and_read_back() -> None:
    one = Mapping((("Id", "officer_id"),), (("B", "pay"), ("A", "pay")), (("x", " 1 "), ("y", "")))
    assert one == Mapping(one.columns, (("A", "pay"), ("B", "pay")), (("x", "1"),))
    assert Mapping.of_json(one.as_json()) == one
    assert (
        one.as_json()
        == '{"codes":{"A":"pay","B":"pay"},"columns":[["Id","officer_id"]],"fixed":{"x":"1"}}'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "nonsense",
        '{"columns":[],"codes":{},"fixed":{},"more":1}',
        '{"columns":[["a"]],"codes":{},"fixed":{}}',
        '{"columns":[["a",1]],"codes":{},"fixed":{}}',
        '{"columns":[1],"codes":{},"fixed":{}}',
        '{"columns":"ab","codes":{},"fixed":{}}',
        '{"columns":[["a",""],["a",""]],"codes":{},"fixed":{}}',
        '{"columns":[],"codes":[["A","pay"],["a","pay"]],"fixed":{}}',
    ],
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # whatever is wrong with it
        Mapping.of_json(text)


@pytest.mark.parametrize(
    ("columns", "fixed", "words"),
    [
        ("Id=officer_id", DAY, ""),
        ("Reg=pay", DAY, "No column says who the officer is"),
        ("L=last_name", DAY, "none with first names"),
        ("N=officer_name|L=last_name|F=first_name", DAY, "whole names"),
        ("Id=officer_id", (), "“Payday” is missing"),
        ("Id=officer_id|P=paid_on", DAY, "also matched to “P”"),
        ("Id=officer_id|B=officer_id", DAY, "takes one column"),
        ("Id=officer_id|B=nonsense", DAY, "not among the choices"),
        ("Id=officer_id|B=extra", DAY, "not among the choices"),
        ("Id=officer_id|B=extra:total", DAY, "not among the choices"),
        ("Id=officer_id|B=excluded:whim", DAY, "not among the choices"),
        ("Id=officer_id|B=pay:x", DAY, "not among the choices"),
        ("Id=officer_id|A b=ext|A_B=ext", DAY, "under a name of its own"),
        ("Id=officer_id|B=extra:", DAY, ""),
        ("Id=officer_id|%=extra:", DAY, "cannot be the name of a column"),
        ("Id=officer_id|Total=extra:", DAY, "cannot be the name of a column"),
        ("Id=officer_id|Rows=ext", DAY, "under a name of its own"),
        ("Id=officer_id", (("paid_on", "31.10.2025"),), "is not a date"),
        ("Id=officer_id", (*DAY, ("date_style", "odd")), "not among the choices"),
        ("Id=officer_id", (*DAY, ("nothing", "1")), "no value called"),
    ],
)
def test_what_a_mapping_lacks_is_said_with_what_to_do(
    columns: str, fixed: tuple[tuple[str, str], ...], words: str
) -> None:
    pairs = tuple((p.partition("=")[0], p.partition("=")[2]) for p in columns.split("|"))
    gaps = problems_of(TARGET, Mapping(pairs, fixed=fixed))
    assert (not gaps) if not words else any(words in gap.text for gap in gaps)
    assert all(gap.fix for gap in gaps)


def test_a_file_says_which_of_its_codes_are_not_sorted_yet() -> None:
    source = table(LONG, ("1", "REG", "1.50", ""), ("1", "NEW", "x", ""), ("2", "reg", "2", ""))
    mapping = Mapping(tuple(zip(source.header, LONG_ROLES, strict=True)), CODES[:1], DAY)
    assert [gap.text for gap in problems_of(TARGET, mapping, source)] == [
        "Nobody said yet what “NEW” is (1 rows)."
    ]
    assert codes_in(TARGET, mapping, source) == [("REG", 2, 350), ("NEW", 1, None)]
    many = table(LONG, *(("1", f"C{n}", "1", "") for n in range(201)))
    assert "201 different values" in problems_of(TARGET, mapping, many)[0].text
    assert len(codes_in(TARGET, mapping, many)) == 200


def test_suggestions_go_by_names_and_are_checked_against_the_values() -> None:
    source = table(
        "Employee ID,File #,Name,Regular,Check Date,Agency,Department,Mystery",
        ("", "0042", "Garza, Dana", "1,000.00", "20251031", "Patrol", "x", "5"),
        ("", "0043", "Chan, Lee", "$-5.00", "20251114", "Patrol", "x", "5"),
    )
    mapping = suggest(TARGET, source)
    assert [role for _, role in mapping.columns] == [
        "",
        "officer_id",
        "",
        "pay",
        "paid_on",
        "",
        "",
        "",
    ]
    assert mapping.value("date_style") == "compact"
    wrong = table("File #,Regular,Check Date", ("1", "Full time", "soon"))
    assert [role for _, role in suggest(TARGET, wrong).columns] == ["officer_id", "", ""]


def test_a_column_called_like_an_id_may_hold_names() -> None:
    source = table("Employee,Regular", ("Garza, Dana", "1"))
    assert suggest(TARGET, source).columns[0] == ("Employee", "officer_name")


def test_a_date_style_is_suggested_only_if_no_other_fits() -> None:
    for cells, style in (
        (("13/02/2025",), "day_first"),
        (("01/02/2025",), ""),
        (("1/2/25",), "short_year"),
    ):
        source = table("File,Check Date", *(("1", cell) for cell in cells))
        assert suggest(TARGET, source).value("date_style") == style


def test_pay_codes_are_suggested_with_their_amount_only() -> None:
    source = table("File,Code,Amount", ("1", "REG", "1"), ("1", "BON", "1"), ("1", "ODD", "1"))
    mapping = suggest(TARGET, source)
    assert mapping.codes == (("BON", "excluded:bonus"), ("REG", "pay"))
    alone = suggest(TARGET, table("File,Code", ("1", "REG")))
    assert [role for _, role in alone.columns] == ["officer_id", ""]


def test_a_header_is_recognised_and_the_template_needs_no_mapping() -> None:
    known = recognise(TARGET)
    assert known(["FILE #", "Department", "Extra Dental", "?", ""]) == 3
    assert known(["0042", "12.50"]) == 0
    assert fits(TARGET, ["Officer ID", "PAID_ON", "pay", "x"])
    assert not fits(TARGET, ["Officer ID", "pay"])


def test_a_preview_shows_a_few_different_values_and_no_numbers_of_persons() -> None:
    source = table("A,B", ("x", "123-45-6789"), ("x", ""), ("y", "z"))
    assert preview(source) == [("A", ["x", "y"]), ("B", ["***-**-****", "z"])]
    assert preview(source, 1)[0] == ("A", ["x"])


def test_agencies_and_sources_can_be_told() -> None:
    source = table("Agency,Id", ("A00012", "1"), ("A00013", "2"), ("", "3"))
    assert agencies_named(source) == ["A00012", "A00013"]
    mapping = Mapping((("Agency", ""), ("Id", "officer_id"), ("R", "pay"), ("S", "pay")))
    assert agencies_named(source, mapping) == []
    assert agencies_named(source, Mapping((("Agency", "agency"),))) == ["A00012", "A00013"]
    assert source_of(mapping, "pay") == "R + S (pay)"
    assert source_of(mapping, "paid_on") == "paid_on"
    by_code = Mapping((("C", "pay_code"),), (("REG", "pay"), ("HOL", "pay")))
    assert source_of(by_code, "pay") == "HOL + REG (pay)"


def test_forms_get_their_choices_by_heading() -> None:
    groups = dict(TARGET.options("Dental"))
    assert groups["Pay"] == (
        ("pay", "Pay"),
        ("extra:", "Extra, named “Dental”"),
        ("excluded:bonus", "Left out: a bonus"),
        ("hours_over", "Overtime hours"),
    )
    assert all(TARGET.role(value) for offered in groups.values() for value, _ in offered)


def test_every_finding_of_the_catalogue_says_what_to_do() -> None:
    assert len({kind.code for kind in MAPPING_KINDS}) == len(MAPPING_KINDS)
    assert all(kind.title and kind.message and kind.fix for kind in MAPPING_KINDS)


def test_the_same_error_in_very_many_rows_is_listed_in_part() -> None:
    source = table("Name,Reg", *(("Nobody, Bo", "1") for _ in range(700)))
    _, found, messages = mapped(source, "officer_name", "pay")
    assert [code for code, _, _ in found].count("name_not_on_roster") == 500
    assert messages[-1].startswith("200 more findings “Name not on the roster”")


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


@given(
    st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=5),
    st.dictionaries(st.from_regex("[a-z]{1,4}", fullmatch=True), st.text(max_size=9), max_size=5),
)
def test_any_mapping_survives_json(columns: dict[str, str], codes: dict[str, str]) -> None:
    mapping = Mapping(tuple(columns.items()), tuple(codes.items()), tuple(codes.items()))
    assert Mapping.of_json(mapping.as_json()) == mapping


def _cents(text: Cell) -> int:
    return int(str(text).replace(".", "") or 0)


def _sums(rows: list[dict[str, Cell]]) -> dict[Cell, tuple[Cell, Cell]]:
    return {row["officer_id"]: (row["pay"], row.get("extra_health", "")) for row in rows}
