"""When there is nothing to claim, and when there is."""

from __future__ import annotations

from awards.rules import Counts
from claims.rules.claim import calculate
from claims.rules.nil import counting_files, may_be_nil
from tests.claims.rules.builders import claim, line, officer


def facts(*lines, **rest):
    return claim("FY2026Q1", officer(*lines), as_of="2026-01-20", **rest)


def paid(start: str, end: str, batch: str = "FY2026Q1-1", regular_pay: str = "2780.00"):
    return line(start, end, paid_on="2026-01-05", batch=batch, regular_pay=regular_pay)


def is_nil(facts) -> bool:
    return may_be_nil(facts, calculate(facts))


def test_without_payroll_and_award_there_is_nothing_to_claim():
    assert is_nil(facts())


def test_a_line_of_the_quarter_is_something_even_if_nothing_of_it_is_paid():
    touching = facts(paid("2025-12-31", "2025-12-31", regular_pay="0"))
    assert not is_nil(touching)
    assert counting_files(touching) == ("FY2026Q1-1",)


def test_a_line_that_straddles_in_from_another_quarters_file_counts():
    assert counting_files(facts(paid("2025-12-28", "2026-01-10", "FY2026Q2-1"))) == ("FY2026Q2-1",)


def test_lines_of_other_quarters_do_not_count():
    assert is_nil(facts(paid("2026-01-01", "2026-01-14", "FY2026Q2-1")))


def test_an_award_is_something_to_claim():
    assert not is_nil(facts(counts=Counts(10, 10)))
