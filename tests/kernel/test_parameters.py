"""Dated law: no value without its unit, start and source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.kernel.parameters import RuleFile

TEXT = """
[share]
title = "A share"
unit = "percent"

[[share.values]]
from = 2025-10-01
value = 25
source = "the first source"

[[share.values]]
from = 2027-10-01
value = 12.5
source = "the second source"
interpretation = "the text is silent"
"""


def test_the_value_of_a_day_is_the_last_that_started() -> None:
    rules = RuleFile(TEXT, "test")
    assert rules.on(date(2027, 9, 30)).percent("share") == 25
    assert rules.on(date(2027, 10, 1)).percent("share") == Decimal("12.5")


def test_a_day_before_the_first_value_gets_the_first_value() -> None:
    assert RuleFile(TEXT, "test").on(date(2020, 1, 1)).percent("share") == 25


def test_a_citation_says_value_unit_start_source_and_interpretation() -> None:
    (citation,) = RuleFile(TEXT, "test").on(date(2028, 1, 1)).citations
    assert str(citation) == (
        "A share: 12.5 (percent), from 2027-10-01 by the second source."
        " Interpretation: the text is silent"
    )


def test_an_override_shows_in_the_citation() -> None:
    (citation,) = RuleFile(TEXT, "test").on(date(2026, 1, 1), {"share": 30}).citations
    assert (citation.value, citation.source) == ("30", "an override")


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('source = "the first source"', "", "test: share has no source"),
        ('source = "the first source"', 'source = " "', "has no source"),
        ('interpretation = "the text is silent"', 'interpretation = ""', "has no interpretation"),
        ("from = 2025-10-01", "", "without a start date"),
        ("from = 2025-10-01", 'from = "2025-10-01"', "without a start date"),
        ("from = 2027-10-01", "from = 2025-10-01", "each from a day of its own"),
        ("from = 2027-10-01", "from = 2025-09-30", "in order"),
        ("value = 25\n", "", "without a value"),
        ('unit = "percent"', "", "has no unit"),
        ('title = "A share"', "", "has no title"),
        ('unit = "percent"', 'unit = "percent"\nnote = "x"', "unknown keys: note"),
    ],
)
def test_a_file_with_a_value_that_is_not_fully_stated_does_not_load(
    before: str, after: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        RuleFile(TEXT.replace(before, after, 1), "test")


@pytest.mark.parametrize("text", ["share = 25", '[share]\ntitle = "A"\nunit = "b"\nvalues = []'])
def test_a_bare_number_or_an_empty_list_is_no_law(text: str) -> None:
    with pytest.raises(ValueError, match="share"):
        RuleFile(text, "test")


@pytest.mark.parametrize("value", ["25", True, -1, 101, 0.5, None, [25]])
def test_a_percent_of_another_type_or_size_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="share must be a number from 0 to 100"):
        RuleFile(TEXT, "test").on(date(2026, 1, 1), {"share": value}).percent("share")


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="there is no rule 'shares'; there are share"):
        RuleFile(TEXT, "test").on(date(2026, 1, 1), {"shares": 1})
