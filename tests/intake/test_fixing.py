"""Fix in place: only what was changed becomes an edit, and every cell is given once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.http import QueryDict

from portal.intake.faulty import Faulty
from portal.intake.fixing import Sheet, read_typed
from portal.kernel.tabular.patch import LEAVE_OUT, Edit

FAULTY = Faulty(
    ("Emp No", "Pay"),
    {"officer_id": ("Emp No",), "regular_pay": ("Pay",)},
    {3: ("0042", "27x0"), 7: ("A-7", " 9 ")},
)


def post(text: str) -> QueryDict:
    return QueryDict(text)


def finding(number: int, row: int | None, column: str, severity: str = "error"):
    return SimpleNamespace(
        number=number, row=row, column=column, severity=severity, expected="an amount", dollars=""
    )


def test_only_what_differs_is_an_edit():
    typed = read_typed(post("cell-3-0=0042&cell-3-1=2780&cell-7-1=9"), FAULTY)
    assert typed.edits == [Edit(3, "Pay", "27x0", "2780")]
    assert typed.wrong == {}


def test_a_row_left_out_is_not_corrected_as_well():
    typed = read_typed(post("out-3=yes&cell-3-1=2780&cell-7-1="), FAULTY)
    assert typed.edits == [Edit(3, LEAVE_OUT, "", "yes"), Edit(7, "Pay", " 9 ", "")]


def test_of_a_cell_that_is_there_twice_the_changed_one_counts():
    typed = read_typed(post("cell-3-1=27x0&cell-3-1=2780"), FAULTY)
    assert typed.edits == [Edit(3, "Pay", "27x0", "2780")]


@pytest.mark.parametrize(
    "name", ["cell-4-1", "cell-3-9", "out-4", "cell-3", "cell-x-1", "cell-٣-1"]
)
def test_fields_that_are_none_of_the_files_are_ignored(name):
    assert read_typed(post(f"{name}=1"), FAULTY).edits == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("123-45-6789", "social security"),
        ("A123456789", "alien registration"),
        ("a%00b", "invisible"),
        ("9" * 501, "too long"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(text, said):
    typed = read_typed(post(f"cell-3-1={text}&cell-7-1=10"), FAULTY)
    assert said in typed.wrong["cell-3-1"]
    assert typed.edits == [Edit(7, "Pay", " 9 ", "10")]
    assert typed.fields["cell-7-1"] == "10"


def test_rows_that_were_added_up_are_all_given_with_their_cells():
    faulty = replace(FAULTY, groups={3: (3, 7)})
    sheet = Sheet(faulty)
    case = sheet.case(finding(1, 3, "regular_pay"))
    assert [(cell.name, cell.is_part) for cell in case.cells] == [
        ("cell-3-1", True),
        ("cell-7-1", True),
    ]
    assert (case.rows, case.out) == ((3, 7), "")


@pytest.mark.parametrize("sent", ["one%0D%0Atwo", "one%0Atwo", "onetwo", "+one%0D%0Atwo+"])
def test_line_breaks_a_browser_sends_back_are_no_correction(sent):
    faulty = replace(FAULTY, rows={3: ("0042", "one\ntwo")})
    assert read_typed(post(f"cell-3-0=43&cell-3-1={sent}"), faulty).edits == [
        Edit(3, "Emp No", "0042", "43")
    ]


def test_every_cell_and_every_row_is_given_once():
    sheet = Sheet(FAULTY)
    first = sheet.case(finding(1, 3, "regular_pay"))
    second = sheet.case(finding(2, 3, "regular_pay"))
    assert [(cell.name, cell.value) for cell in first.cells] == [("cell-3-1", "27x0")]
    assert (first.out, second.out) == ("out-3", "")
    assert (list(second.cells), second.elsewhere) == ([], "cell-3-1")


@pytest.mark.parametrize(
    "found",
    [finding(1, None, ""), finding(1, 99, "regular_pay"), finding(1, 3, "regular_pay", "notice")],
)
def test_what_is_about_no_row_at_hand_has_no_fields(found):
    case = Sheet(FAULTY).case(found)
    assert (case.has_row, case.cells, case.out) == (False, (), "")


def test_changed_cells_without_a_field_are_shown_at_the_end():
    typed = read_typed(post("cell-3-1=2780&cell-7-1=10&cell-7-0=A-7"), FAULTY)
    sheet = Sheet(FAULTY, typed)
    sheet.case(finding(1, 3, "regular_pay"))
    assert [(cell.column, cell.value) for cell in sheet.rest] == [("Pay", "10")]


def test_days_are_told_in_words_and_quotations_left_alone():
    found = finding(1, None, "")
    found.message = "From 2025-10-12 to 2025-10-25; “2025-10-31” was read, and 2025-13-45."
    assert Sheet(FAULTY).case(found).message == (
        "From Oct 12, 2025 to Oct 25, 2025; “2025-10-31” was read, and 2025-13-45."
    )
