"""What a claim would come to: waiting lines paid, another share of persons located."""

from __future__ import annotations

from decimal import Decimal

from awards.rules import Counts, rules_on
from claims.rules.what_if import award_cases, gain_once_paid
from tests.claims.rules.builders import claim, day, line, officer

RULES = rules_on(day("2025-10-01"))


def test_a_waiting_line_adds_its_pay():
    paid = line("2025-10-01", "2025-10-14", regular_pay="2800")
    waiting = line("2025-12-18", "2025-12-31", regular_pay="2800.50", paid_on="2026-01-09")
    one = officer(paid, waiting)
    assert gain_once_paid(claim("FY2026Q1", one, as_of="2026-01-05")) == 280050
    assert gain_once_paid(claim("FY2026Q1", one, as_of="2026-01-09")) == 0


def test_waiting_overtime_adds_only_what_the_cap_leaves():
    # A quarter of 73,000.00 is 18,250.00.
    paid = line("2025-10-01", "2025-10-14", overtime_pay="18000")
    waiting = line("2025-12-18", "2025-12-31", overtime_pay="1000", paid_on="2026-01-09")
    assert gain_once_paid(claim("FY2026Q1", officer(paid, waiting), as_of="2026-01-05")) == 25000


def test_a_lower_salary_that_comes_with_a_waiting_line_can_cost():
    paid = line("2025-10-01", "2025-10-14", overtime_pay="18250")
    lower = line("2025-10-15", "2025-10-28", annual_salary="36500", paid_on="2026-01-09")
    assert gain_once_paid(claim("FY2026Q1", officer(paid, lower), as_of="2026-01-05")) < 0


def test_every_tier_has_its_case_and_the_one_reached_is_marked():
    cases = list(award_cases(RULES, 3, Counts(referred=20, located=17)))
    assert [case.percent for case in cases] == [Decimal(90), Decimal(80), Decimal(70), None]
    assert [case.amount for case in cases] == [300000, 225000, 150000, 0]
    assert [case.located for case in cases] == [18, 16, 14, 0]
    assert [case.is_now for case in cases] == [False, True, False, False]


def test_a_part_of_a_person_takes_a_whole_one():
    assert next(award_cases(RULES, 1, Counts(referred=11, located=0))).located == 10


def test_below_every_tier_is_a_case_of_its_own():
    assert [case.is_now for case in award_cases(RULES, 1, Counts(10, 6))] == [False] * 3 + [True]


def test_without_counts_no_case_is_now_and_none_needs_persons():
    cases = list(award_cases(RULES, 2, None))
    assert not any(case.is_now for case in cases)
    assert {case.located for case in cases} == {None}
    assert cases[0].amount == 200000


def test_nobody_referred_earns_nothing():
    assert [case.is_now for case in award_cases(RULES, 2, Counts(0, 0))] == [False] * 3 + [True]
