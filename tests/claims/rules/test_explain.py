"""Explanations: the numbers a clerk can check with a pocket calculator."""

from __future__ import annotations

from datetime import date

from awards.rules import Counts
from claims.rules.claim import calculate
from claims.rules.explain import Explanation, Section, explain_award, explain_officer
from claims.rules.facts import ClaimInput
from tests.claims.rules.builders import AUTHORIZED, claim, line, officer


def explain(asked: ClaimInput) -> Explanation:
    """The explanation of a claim's single officer."""
    return explain_officer(asked, asked.officers[0], calculate(asked).officers[0])


def section(explanation: Explanation, key: str) -> Section:
    """One section by its key."""
    return next(each for each in explanation.sections if each.key == key)


STRADDLING = line(
    "2025-12-21",
    "2026-01-03",
    batch="12",
    row=7,
    paid_on="2026-01-08",
    regular_pay="1400",
    benefits={"health": "70"},
    overtime_pay="140",
    overtime_paid_by_others="14",
)


def test_a_step_names_batch_row_period_days_and_share() -> None:
    (step,) = section(explain(claim("FY2026Q1", officer(STRADDLING))), "regular").steps
    assert step.label == "Batch 12, row 7: Dec 21, 2025 to Jan 3, 2026, paid Jan 8, 2026"
    assert step.formula == "$1,400.00 × 11/14 days"
    assert (step.amount, step.rule) == (110000, "allocation")


def test_a_later_quarter_shows_what_earlier_quarters_had() -> None:
    (step,) = section(explain(claim("FY2026Q2", officer(STRADDLING))), "regular").steps
    assert step.formula == ("$1,400.00 × 14/14 days − $1,400.00 × 11/14 days of earlier quarters")
    assert step.amount == 30000


def test_benefits_are_explained_by_component_and_overtime_net_of_others() -> None:
    explanation = explain(claim("FY2026Q1", officer(STRADDLING)))
    health = section(explanation, "benefit_health")
    assert (health.title, health.amount) == ("Benefits: health", 5500)
    (step,) = section(explanation, "overtime").steps
    assert step.formula == "($140.00 − $14.00 paid by others) × 11/14 days"
    assert step.amount == 9900


def test_a_line_without_a_payable_day_says_so() -> None:
    roster = (AUTHORIZED._replace(separated_on=date(2025, 12, 20)),)
    (step,) = section(
        explain(claim("FY2026Q1", officer(STRADDLING, roster=roster))), "regular"
    ).steps
    assert step.formula == "$1,400.00: none of the 14 days is payable in this quarter"


def test_days_are_told_in_runs_with_the_reason() -> None:
    roster = (
        AUTHORIZED._replace(authorized_from=date(2025, 10, 20), separated_on=date(2025, 12, 30)),
    )
    explanation = explain(claim("FY2026Q1", officer(roster=roster)))
    assert [str(days) for days in explanation.days] == [
        "Oct 1, 2025 to Oct 19, 2025: 19 days not payable: not authorized yet (in training)",
        "Oct 20, 2025 to Dec 30, 2025: 72 days payable",
        "Dec 31, 2025: 1 day not payable: not employed by the agency",
    ]


def test_the_cap_shows_its_salary_by_days_and_what_was_used_before() -> None:
    first = line("2025-10-01", "2025-10-14", row=2)
    raised = line("2026-01-01", "2026-01-14", row=9, annual_salary="76650", overtime_pay="1000")
    explanation = explain(claim("FY2026Q2", officer(first, raised, used="18432.50")))
    formulas = [step.formula.split(" (")[0] for step in section(explanation, "cap").steps]
    assert formulas == [
        "$73,000.00 × 92/365 days",
        "$76,650.00 × 273/365 days",
        "$75,730.00",
        "25% × annual salary, cut to the cent",
    ]
    assert (
        section(explanation, "cap")
        .steps[1]
        .formula.endswith("(Batch 1, row 9: Jan 1, 2026 to Jan 14, 2026, paid Jan 14, 2026)")
    )
    allowed = section(explanation, "overtime_allowed").steps
    assert [(step.label, step.amount) for step in allowed] == [
        ("Used before", 1843250),
        ("Room under the cap", 50000),
        ("Allowed", 50000),
        ("Disallowed", 50000),
    ]
    assert allowed[1].formula == "$18,932.50 − $18,432.50, not below zero"


def test_an_annual_salary_that_is_no_whole_cent_says_so() -> None:
    lines = [line("2025-10-01", "2025-10-14"), line("2025-10-02", "2025-10-02", annual_salary="1")]
    steps = section(explain(claim("FY2026Q1", officer(*lines))), "cap").steps
    assert steps[-2].formula == "$200.99 and a part of a cent, kept exact"
    assert section(explain(claim("FY2026Q1", officer())), "cap").steps[0].formula == (
        "$0.00: no payroll line is known"
    )


def test_a_cap_per_quarter_says_that_nothing_was_used_before() -> None:
    asked = claim("FY2026Q1", officer(), overrides={"overtime_cap_period": "quarter"})
    explanation = explain(asked)
    assert (
        section(explanation, "cap").steps[-1].formula == "25% × annual salary ÷ 4, cut to the cent"
    )
    assert "a cap of its own" in section(explanation, "overtime_allowed").steps[0].formula


def test_a_waiting_line_says_why() -> None:
    explanation = explain(claim("FY2026Q1", officer(STRADDLING), as_of="2026-01-07"))
    (step,) = explanation.waiting
    assert step.formula == "paid on Jan 8, 2026, after the day of calculation (Jan 7, 2026)"
    assert section(explanation, "regular").steps == ()


def test_every_rule_a_step_names_is_cited_with_source_and_start() -> None:
    asked = claim("FY2026Q1", officer(STRADDLING), counts=Counts(10, 9))
    explanation = explain(asked)
    cited = {citation.name for citation in explanation.rules}
    named = {step.rule for each in explanation.sections for step in each.steps if step.rule}
    assert named <= cited
    award = explain_award(asked, calculate(asked))
    cited = {citation.name for citation in asked.award_rules.citations}
    assert {step.rule for step in award.steps if step.rule} <= cited
    assert all(citation.source and citation.from_on for citation in explanation.rules)


def award_formulas(counts: Counts | None, **overrides: object) -> list[str]:
    """The award's steps for one authorized officer."""
    asked = claim("FY2026Q1", officer(), counts=counts, overrides=overrides)
    return [step.formula for step in explain_award(asked, calculate(asked)).steps]


def test_an_award_shows_the_tiers_tried_and_the_officers_counted() -> None:
    assert award_formulas(Counts(47, 41)) == [
        "41 located of 47 referred",
        "100 × 41 = 4100 is less than 90 × 47 = 4230",
        "100 × 41 = 4100 is at least 80 × 47 = 3760",
        "1 officer with a payable day on the last day of the quarter, model TFM",
        "$750.00 × 1 officer",
    ]


def test_an_award_without_counts_or_without_referrals_says_so() -> None:
    assert award_formulas(None)[0] == "not reported yet"
    assert award_formulas(Counts(0, 0))[1] == "nobody was referred, so there is no rate"
    below = award_formulas(Counts(10, 1), award_headcount="any_day")
    assert below[-2:] == [
        "1 officer with a payable day on any day of the quarter, model TFM",
        "$0.00 × 1 officer",
    ]
