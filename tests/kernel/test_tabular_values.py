"""Single values: each spelling is read as what it plainly says, or is a finding, never a guess."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import money
from portal.kernel.tabular.table import Cell, Odd, show
from portal.kernel.tabular.values import (
    Problem,
    read_choice,
    read_date,
    read_hours,
    read_id,
    read_money,
    read_text,
)


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("1234.5", 123450),
        ("1234.50", 123450),
        ("1234", 123400),
        ("$1,234.50", 123450),
        ("1,234", 123400),
        ("$0", 0),
        ("0.05", 5),
        (" 12.00 ", 1200),
        ("999999999.99", 99999999999),
        (2780, 278000),
        (2780.55, 278055),
        (0.1 + 0.2, 30),
        (1234.4999999999, 123450),
    ],
)
def test_money_that_is_read(cell: Cell, cents: int) -> None:
    assert read_money(cell) == cents


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("(100)", "negative_money"),
        ("100-", "negative_money"),
        ("-100", "negative_money"),
        ("−100", "negative_money"),
        ("$-1673.96", "negative_money"),
        (-5, "negative_money"),
        (-0.5, "negative_money"),
        ("10.005", "parts_of_a_cent"),
        ("10.000", "parts_of_a_cent"),
        (10.005, "parts_of_a_cent"),
        ("NaN", "bad_money"),
        ("sNaN", "bad_money"),
        ("Inf", "bad_money"),
        ("1e308", "bad_money"),
        ("1E+999999999", "bad_money"),
        ("1.5e3", "bad_money"),
        ("1.234,56", "bad_money"),
        ("1234,56", "bad_money"),
        ("12,34.50", "bad_money"),
        ("1\N{NO-BREAK SPACE}234.50", "bad_money"),
        ("١٢٣", "bad_money"),
        ("１２３", "bad_money"),
        ("1_000", "bad_money"),
        ("0x1F", "bad_money"),
        ("12%", "bad_money"),
        ("12 EUR", "bad_money"),
        ("€12", "bad_money"),
        ("N/A", "bad_money"),
        ("#REF!", "bad_money"),
        ("9" * 5000, "bad_money"),
        ("1" * 10 + ".00", "bad_money"),
        ("12\n", "bad_money"),
        ("5.", "bad_money"),
        (".5", "bad_money"),
        ("+5", "bad_money"),
        (1e20, "bad_money"),
        (float("nan"), "bad_money"),
        (float("inf"), "bad_money"),
        (date(2025, 1, 1), "bad_money"),
        (Odd("formula"), "formula_cell"),
        (Odd("error"), "error_cell"),
        (Odd("a decimal number"), "wrong_cell"),
    ],
)
def test_money_that_is_a_finding(cell: Cell, code: str) -> None:
    problem = read_money(cell)
    assert isinstance(problem, Problem)
    assert problem.code == code


@given(st.integers(0, 99_999_999_999))
def test_every_amount_the_portal_writes_it_reads_again(cents: int) -> None:
    assert read_money(money.text(cents)) == cents
    assert cents > 99_999_999 or read_money(money.format_cents(cents)) == cents
    assert read_money(cents / 100) == cents


@given(st.text() | st.floats() | st.integers())
def test_money_is_read_exactly_or_not_at_all(cell: str | float | int) -> None:
    found = read_money(cell)
    if isinstance(found, int):
        plain = Decimal(str(cell).strip(" ").replace("$", "").replace(",", ""))
        assert abs(plain * 100 - found) <= Decimal("0.0001")
        assert found >= 0


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-10-31", date(2025, 10, 31)),
        ("10/31/2025", date(2025, 10, 31)),
        ("1/5/2026", date(2026, 1, 5)),
        (" 2025-10-31 ", date(2025, 10, 31)),
        (date(2025, 10, 31), date(2025, 10, 31)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_dates_that_are_read(cell: Cell, day: date) -> None:
    assert read_date(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        "25/07/2025",
        "2025-02-30",
        "2025-02-29",
        "10/31/25",
        "10-31-2025",
        "45961",
        45961,
        45961.5,
        "2025-10-31T00:00:00Z",
        "2025-10-31 00:00:00",
        "2025-W44-5",
        "20251031",
        "٢٠٢٥-١٠-٣١",
        "0026-10-31",
        "9999-01-01",
        "1899-12-31",
        "Oct 31, 2025",
        "2025-10-31\n",
        datetime(2025, 10, 31, 8, 30),  # noqa: DTZ001 - what a spreadsheet holds
        Odd("a time of day"),
    ],
)
def test_dates_that_are_findings(cell: Cell) -> None:
    assert isinstance(read_date(cell), Problem)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_in_both_spellings(day: date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day:%m/%d/%Y}") == day


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("00101", "00101"),
        (" 42 ", "42"),
        ("x/1", "x/1"),
        ("A-7", "A-7"),
        ("O'Neil 3", "O'Neil 3"),
        (101, "101"),
        ("101E5", "101E5"),
        ("A00012345", "A00012345"),
    ],
)
def test_identifiers_that_are_read(cell: Cell, text: str) -> None:
    assert read_id(cell) == text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.01E+02", "bad_id"),
        ("101.0", "bad_id"),
        (101.5, "bad_id"),
        (date(2025, 1, 1), "bad_id"),
        ("А7", "bad_id"),
        ("4\N{ZERO WIDTH SPACE}2", "bad_id"),
        ("4\t2", "bad_id"),
        ("4\n2", "bad_id"),
        ("\N{FULLWIDTH DIGIT FOUR}2", "bad_id"),
        ("=1+1", "bad_id"),
        ("@SUM(A1)", "bad_id"),
        ("#REF!", "bad_id"),
        ("#N/A", "bad_id"),
        ("7" * 41, "bad_id"),
        (Odd("formula"), "formula_cell"),
    ],
)
def test_identifiers_that_are_findings(cell: Cell, code: str) -> None:
    problem = read_id(cell)
    assert isinstance(problem, Problem)
    assert problem.code == code


@pytest.mark.parametrize(
    ("cell", "hours"), [("12.25", "12.25"), ("8", "8"), (7.5, "7.5"), (0, "0")]
)
def test_hours_that_are_read(cell: Cell, hours: str) -> None:
    assert read_hours(cell) == Decimal(hours)


@pytest.mark.parametrize(
    "cell", ["-1", "8:30", "1e2", "7.083", 7.083, -1, 10_000, 1e308, "NaN", ""]
)
def test_hours_that_are_findings(cell: Cell) -> None:
    assert isinstance(read_hours(cell), Problem)


def test_choices_are_read_whatever_their_case() -> None:
    choices = {"tfm": "TFM"}
    assert read_choice(" tfm", choices) == "TFM"
    assert read_choice("TF M", choices) == Problem("bad_choice")
    assert read_choice(7, choices) == Problem("bad_choice")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Peña", "Peña"),
        ("Pen\N{COMBINING TILDE}a", "Peña"),
        (" O'Brien-Smith ", "O'Brien-Smith"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("<script>", "<script>"),
        (12, "12"),
    ],
)
def test_texts_that_are_read(cell: Cell, text: str) -> None:
    assert read_text(cell) == text


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("a\x1b[31mb", "bad_text"),
        ("a\nb", "bad_text"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "bad_text"),
        ("a\ud800b", "bad_text"),
        ("a\0b", "bad_text"),
        ("x" * 201, "bad_text"),
        ("x" * 10_000_000, "bad_text"),
        (Odd("error"), "error_cell"),
    ],
)
def test_texts_that_are_findings(cell: Cell, code: str) -> None:
    problem = read_text(cell)
    assert isinstance(problem, Problem)
    assert problem.code == code


@given(st.text())
def test_what_is_shown_is_short_one_line_and_can_be_stored(cell: str) -> None:
    shown = show(cell)
    assert len(shown) <= 60
    assert shown.isprintable() or "\N{NO-BREAK SPACE}" in shown or not shown.isascii()
    shown.encode()


def test_numbers_of_persons_are_never_shown() -> None:
    assert "6789" not in show("123-45-6789")
    assert "6789" not in show("A123456789")
    assert show(Odd("formula")) == ""
