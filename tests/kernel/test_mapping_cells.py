"""What a cell of an export may hold: amounts with signs, dates in many styles, names of people."""

from __future__ import annotations

from datetime import date

import pytest

from portal.kernel.tabular.mapping.cells import (
    date_reader,
    read_rate,
    read_signed_hours,
    read_signed_money,
)
from portal.kernel.tabular.mapping.names import id_of_name, split_name
from portal.kernel.tabular.table import Cell
from portal.kernel.tabular.values import Problem
from tests.kernel.mapped import PEOPLE


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
