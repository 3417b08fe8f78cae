"""Names of agencies: exactly what is folded, and what only looks alike."""

from __future__ import annotations

import pytest

from agreements.agency_names import likeness, name_key


@pytest.mark.parametrize(
    "written",
    [
        "Ada County Sheriff's Office",
        "  Ada County Sheriff's Office ",
        "Ada  County\tSheriff's\nOffice",
        "Ada County\u00a0Sheriff's Office",
        "Ada County Sheriff’s Office",
        "ADA COUNTY SHERIFF`S OFFICE",
    ],
)
def test_space_apostrophe_and_case_are_folded(written: str) -> None:
    assert name_key(written) == "ada county sheriff's office"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Charles Police", "St Charles Police"),
        ("Sheriff's Office", "Sheriffs Office"),
        ("Troy Police Department", "Troy Police Dept"),
        ("Wilson-Cook Police", "Wilson Cook Police"),
        ("Doña Ana", "Dona Ana"),
    ],
)
def test_punctuation_accents_and_words_are_kept_but_look_alike(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
    assert likeness(one) == likeness(other)


def test_a_sheriffs_department_looks_like_the_sheriffs_office() -> None:
    assert likeness("Ada County Sheriff’s Department") == likeness("Ada County Sheriff's Office")
    assert likeness("Ada County Sheriff") != likeness("Ada County Sheriff's Office")
