"""Explanations: the numbers a clerk can check with a pocket calculator."""

from __future__ import annotations

from datetime import date

from awards.rules import Counts
from claims.rules.claim import calculate
from claims.rules.explain import (
    Change,
    Explanation,
    OfQuarter,
    Section,
    agreement,
    employment,
    explain_allowed,
    explain_award,
    explain_claim,
    explain_officer,
    explain_year,
    value_in_words,
)
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


def test_a_step_names_file_row_period_days_and_share() -> None:
    (step,) = section(explain(claim("FY2026Q1", officer(STRADDLING))), "regular").steps
    assert step.label == "File 12, row 7: Dec 21, 2025 to Jan 3, 2026, paid Jan 8, 2026"
    assert step.formula == "$1,400.00 × 11/14 = $1,100.00"
    assert (step.amount, step.rule) == (110000, "allocation")


def test_a_later_quarter_shows_what_earlier_quarters_had() -> None:
    (step,) = section(explain(claim("FY2026Q2", officer(STRADDLING))), "regular").steps
    assert step.formula == (
        "$1,400.00 × 14/14 = $1,400.00, less $1,400.00 × 11/14 = $1,100.00 of earlier quarters"
    )
    assert step.amount == 30000


def test_benefits_are_explained_by_component_and_overtime_net_of_others() -> None:
    explanation = explain(claim("FY2026Q1", officer(STRADDLING)))
    health = section(explanation, "benefit_health")
    assert (health.title, health.amount) == ("Health", 5500)
    (step,) = section(explanation, "overtime").steps
    assert step.formula == "($140.00 − $14.00 paid by others = $126.00) × 11/14 = $99.00"
    assert step.amount == 9900


def test_the_benefits_of_an_officer_are_the_sum_of_their_components() -> None:
    several = line("2025-12-21", "2026-01-03", benefits={"health": "70", "workers_comp": "14"})
    explanation = explain(claim("FY2026Q1", officer(several)))
    benefits = section(explanation, "benefits")
    assert (benefits.title, benefits.amount, benefits.outcome) == ("Benefits", 6600, "")
    assert [(step.label, step.key, step.amount) for step in benefits.steps] == [
        ("Health", "benefit_health", 5500),
        ("Workers comp", "benefit_workers_comp", 1100),
    ]
    none = section(explain(claim("FY2026Q1", officer())), "benefits")
    assert (none.steps, none.amount) == ((), 0)


def test_a_row_whose_overtime_others_paid_whole_is_told() -> None:
    whole = line("2025-10-01", "2025-10-14", overtime_pay="50", overtime_paid_by_others="50")
    (step,) = section(explain(claim("FY2026Q1", officer(whole))), "overtime").steps
    assert step.formula == "($50.00 − $50.00 paid by others = $0.00) × 14/14 = $0.00"


def test_a_line_without_a_payable_day_says_so() -> None:
    roster = (AUTHORIZED._replace(separated_on=date(2025, 12, 20)),)
    (step,) = section(
        explain(claim("FY2026Q1", officer(STRADDLING, roster=roster))), "regular"
    ).steps
    assert step.formula == "$1,400.00: none of the 14 days is payable in this quarter"


def test_a_step_tells_which_days_of_its_whole_period_are_payable() -> None:
    roster = (AUTHORIZED._replace(authorized_to=date(2026, 1, 2)),)
    facts = officer(STRADDLING, roster=roster)
    (first,) = section(explain(claim("FY2026Q1", facts)), "regular").steps
    assert [str(days) for days in first.days] == [
        "Dec 21, 2025 to Dec 31, 2025: 11 days payable",
        "Jan 1, 2026 to Jan 2, 2026: 2 days payable, in a later quarter",
        "Jan 3, 2026: 1 day not payable: the authorization had ended, in a later quarter",
    ]
    (second,) = section(explain(claim("FY2026Q2", facts)), "regular").steps
    assert [str(days) for days in second.days] == [
        "Dec 21, 2025 to Dec 31, 2025: 11 days payable, in an earlier quarter",
        "Jan 1, 2026 to Jan 2, 2026: 2 days payable",
        "Jan 3, 2026: 1 day not payable: the authorization had ended",
    ]


def test_where_the_payday_decides_the_whole_period_belongs_to_its_quarter() -> None:
    asked = claim("FY2026Q2", officer(STRADDLING), overrides={"allocation": "pay_date"})
    regular = section(explain(asked), "regular")
    assert [str(days) for days in regular.steps[0].days] == [
        "Dec 21, 2025 to Jan 3, 2026: 14 days payable"
    ]
    assert regular.steps[0].formula == "$1,400.00 × 14/14 = $1,400.00"
    assert "in the quarter in which it was paid" in regular.note


def test_what_the_payable_days_rest_on_is_told_in_sentences() -> None:
    explanation = explain(claim("FY2026Q1", officer()))
    assert [employment(row) for row in explanation.roster] == [
        "Employed since Jan 1, 2015; authorized for Task Force Model (TFM) since Jun 1, 2025."
    ]
    assert [agreement(period) for period in explanation.agreements] == [
        "The agency’s agreement of the Task Force Model (TFM) was active since Mar 1, 2025."
    ]


def test_rules_are_told_in_words() -> None:
    asked = claim("FY2026Q1")
    words = {
        rule.name: value_in_words(rule)
        for rule in (*asked.rules.citations, *asked.award_rules.citations)
    }
    assert words == {
        "program_start_on": "Oct 1, 2025",
        "reimbursable_models": "Task Force Model (TFM)",
        "overtime_share_percent": "25% of annual salary",
        "overtime_cap_period": "the whole federal fiscal year: "
        "room not used in a quarter stays for the next",
        "allocation": "the calendar days of the pay period: "
        "each quarter gets the share of its own days",
        "award_tiers": "at least 90% located: $1,000.00 per officer; "
        "at least 80% located: $750.00 per officer; at least 70% located: $500.00 per officer",
        "award_models": "Task Force Model (TFM)",
        "award_headcount": "the last day of the quarter",
    }


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
        "$73,000.00 × 92 days = $6,716,000.00",
        "$76,650.00 × 273 days = $20,925,450.00",
        "$6,716,000.00 + $20,925,450.00 = $27,641,450.00; ÷ 365 days = $75,730.00",
        "25% × $75,730.00 = $18,932.50",
    ]
    assert section(explanation, "cap").steps[1].formula.endswith("(File 1, row 9)")
    allowed = section(explanation, "overtime_allowed").steps
    assert [(step.label, step.amount) for step in allowed] == [
        ("Used before", 1843250),
        ("Room under the cap", 50000),
        ("Allowed", 50000),
        ("Disallowed", 50000),
    ]
    assert allowed[1].formula == "$18,932.50 − $18,432.50 = $500.00"


def test_an_annual_salary_below_the_cent_is_kept_exact_and_only_the_cap_is_cut() -> None:
    lines = [line("2025-10-01", "2025-10-14"), line("2025-10-02", "2025-10-02", annual_salary="1")]
    steps = section(explain(claim("FY2026Q1", officer(*lines))), "cap").steps
    assert steps[-2].formula == "$73,000.00 + $364.00 = $73,364.00; ÷ 365 days = $200.997260…"
    assert steps[-1].formula == "25% × ($73,364.00 ÷ 365 days) = $50.249315…, cut to the cent"
    assert steps[-1].amount == 5024
    assert section(explain(claim("FY2026Q1", officer())), "cap").steps[0].formula == (
        "$0.00: no payroll row is known"
    )


def test_one_salary_all_year_needs_no_average() -> None:
    asked = claim("FY2026Q1", officer(line("2025-10-01", "2025-10-14", row=4)))
    assert [step.formula for step in section(explain(asked), "cap").steps] == [
        "$73,000.00 on all 365 days of the fiscal year (File 1, row 4)",
        "$73,000.00, the same all year",
        "25% × $73,000.00 = $18,250.00",
    ]


def test_a_cap_lower_than_what_was_used_leaves_no_room() -> None:
    asked = claim(
        "FY2026Q2",
        officer(line("2026-01-01", "2026-01-14", overtime_pay="10"), used="18251"),
    )
    room = section(explain(asked), "overtime_allowed").steps[1]
    assert (room.formula, room.amount) == ("$18,250.00 − $18,251.00 = -$1.00, so nothing", 0)


def test_a_cap_per_quarter_says_that_nothing_was_used_before() -> None:
    asked = claim(
        "FY2026Q1",
        officer(line("2025-10-01", "2025-10-14")),
        overrides={"overtime_cap_period": "quarter"},
    )
    explanation = explain(asked)
    assert (
        section(explanation, "cap").steps[-1].formula == "25% × $73,000.00 ÷ 4 quarters = $4,562.50"
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
        "100 × 41 = 4,100 is less than 90 × 47 = 4,230",
        "100 × 41 = 4,100 is at least 80 × 47 = 3,760",
        "1 officer with a payable day on the last day of the quarter, model: Task Force Model (TFM)",
        "$750.00 × 1 officer",
    ]


def test_an_award_without_counts_or_without_referrals_says_so() -> None:
    assert award_formulas(None)[0] == "not reported yet"
    assert award_formulas(Counts(0, 0))[1] == "nobody was referred, so there is no rate"
    below = award_formulas(Counts(10, 1), award_headcount="any_day")
    assert below[-2:] == [
        "1 officer with a payable day on any day of the quarter, model: Task Force Model (TFM)",
        "$0.00 × 1 officer",
    ]


def test_a_claim_is_explained_as_sums_over_its_officers() -> None:
    asked = claim("FY2026Q1", officer(STRADDLING), officer(officer_id="2"), counts=Counts(10, 9))
    sections = {each.key: each for each in explain_claim(asked, calculate(asked))}
    assert {key: each.amount for key, each in sections.items()} == {
        "regular": 110000,
        "benefit_health": 5500,
        "benefits": 5500,
        "overtime": 9900,
        "overtime_allowed": 9900,
        "overtime_disallowed": 0,
        "reimbursement": 125400,
        "award": 200000,
        "total": 325400,
        "claimed": 325400,
    }
    (regular,) = sections["regular"].steps
    assert regular.formula == "the sum of 1 officer; 1 officer without any"
    assert [(step.key, step.amount) for step in sections["total"].steps] == [
        ("reimbursement", 125400),
        ("award", 200000),
    ]


def test_what_people_left_of_a_claim_is_told_change_by_change() -> None:
    allowed = explain_allowed(
        1000, [Change("Overtime", -300, "why"), Change("Overtime", 100, "so")]
    )
    assert [step.amount for step in allowed.steps] == [1000, -300, 100]
    assert allowed.amount == 800


def test_a_fiscal_year_is_told_quarter_by_quarter() -> None:
    claimed, allowed = explain_year(
        [OfQuarter("FY2026Q1", "A1-FY2026Q1", 100), OfQuarter("FY2026Q2", "", 50)],
        [OfQuarter("FY2026Q1", "A1-FY2026Q1", 90, "why")],
    )
    assert (claimed.amount, claimed.steps[0].formula) == (150, "Claim A1-FY2026Q1")
    assert (allowed.amount, allowed.steps[0].formula) == (90, "Claim A1-FY2026Q1, why")
