"""Mapping: an export's rows become the template's rows, and what is in the way is told."""

from __future__ import annotations

from datetime import date

from portal.kernel.tabular import Table
from portal.kernel.tabular.mapping import Mapping, apply_mapping, suggest
from tests.kernel.mapped import CODES, DAY, LONG, LONG_ROLES, PEOPLE, TARGET, mapped, table


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


def test_the_same_error_in_very_many_rows_is_listed_in_part() -> None:
    source = table("Name,Reg", *(("Nobody, Bo", "1") for _ in range(700)))
    _, found, messages = mapped(source, "officer_name", "pay")
    assert [code for code, _, _ in found].count("name_not_on_roster") == 500
    assert messages[-1].startswith("200 more findings “Name not on the roster”")
