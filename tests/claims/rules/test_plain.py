"""The officer's sheet in plain words: what it says is so, and can be recomputed from it alone."""

from __future__ import annotations

from claims.rules.claim import calculate
from claims.rules.explain import explain_officer
from claims.rules.explain.plain import overtime_in_words, pay_in_words, sheet_rows
from claims.rules.facts import ClaimInput
from tests.claims.rules.builders import claim, line, officer

OVERTIME = {"overtime_pay": "279.12", "overtime_paid_by_others": "69.78"}
RAISED = (
    line("2025-12-21", "2026-01-03", batch="12", row=7, annual_salary="92000", **OVERTIME),
    line("2026-01-04", "2026-01-17", batch="12", row=8, annual_salary="92000", **OVERTIME),
    line("2026-01-18", "2026-01-31", batch="12", row=9, annual_salary="96000", **OVERTIME),
)
"""An officer with overtime that others paid for, and a raise."""


def explain(asked: ClaimInput):
    return explain_officer(asked, asked.officers[0], calculate(asked).officers[0])


def test_overtime_says_what_was_paid_what_others_paid_and_what_counts() -> None:
    explanation = explain(claim("FY2026Q2", officer(*RAISED)))
    rows = sheet_rows(explanation)
    assert [row.overtime for row in rows] == [(27912, 6978, 4486), *[(27912, 6978, 20934)] * 2]
    assert overtime_in_words(explanation).paid == (
        "The payroll rows above paid $837.36 of overtime. Others paid $209.34 of it, so $628.02 is the "
        "agency’s own. $463.54 of that counts for payable days of this quarter: it is submitted."
    )


def test_the_cap_is_recomputed_from_salaries_by_days() -> None:
    told = overtime_in_words(explain(claim("FY2026Q2", officer(*RAISED, used="23500.00"))))
    assert told.cap == [
        (
            "Annual salary Oct 1, 2025 to Jan 17, 2026: $92,000.00 × 109 days = $10,028,000.00 "
            "(File 12, row 7)"
        ),
        (
            "Annual salary Jan 18, 2026 to Sep 30, 2026: $96,000.00 × 256 days = $24,576,000.00 "
            "(File 12, row 9)"
        ),
        (
            "Annual salary on average over the fiscal year: $10,028,000.00 + $24,576,000.00 = "
            "$34,604,000.00; ÷ 365 days = $94,805.479452…"
        ),
        (
            "Cap of the fiscal year: 25% × ($34,604,000.00 ÷ 365 days) = $23,701.369863…, cut to the "
            "cent: $23,701.36"
        ),
    ]
    assert told.left == (
        "Earlier quarters of the fiscal year used $23,500.00 of the cap: $201.36 is left. $201.36 of the "
        "$463.54 submitted is allowed. $262.18 is over the cap: it is not paid, and it does not come back "
        "in a later quarter."
    )


def test_one_salary_all_year_and_all_of_the_overtime_allowed() -> None:
    asked = claim("FY2026Q1", officer(line("2025-10-01", "2025-10-14", overtime_pay="100")))
    told = overtime_in_words(explain(asked))
    assert told.paid == (
        "The payroll rows above paid $100.00 of overtime. All of it counts for payable days of this "
        "quarter: it is submitted."
    )
    assert told.cap[-1] == "Cap of the fiscal year: 25% × $73,000.00 = $18,250.00"
    assert told.left == "All of the $100.00 submitted is allowed."


def test_a_cap_that_was_used_up_leaves_nothing() -> None:
    lines = line("2026-01-04", "2026-01-17", overtime_pay="10")
    told = overtime_in_words(explain(claim("FY2026Q2", officer(lines, used="18251"))))
    assert told.left.startswith(
        "Earlier quarters of the fiscal year used $18,251.00 of the cap: nothing is left. "
        "None of the $10.00 submitted is allowed. $10.00 is over the cap"
    )


def test_overtime_that_others_paid_whole_is_told_and_comes_to_nothing() -> None:
    whole = {"overtime_pay": "50", "overtime_paid_by_others": "50"}
    explanation = explain(claim("FY2026Q1", officer(line("2025-10-01", "2025-10-14", **whole))))
    assert sheet_rows(explanation)[0].overtime == (5000, 5000, 0)
    told = overtime_in_words(explanation)
    assert told.paid == (
        "The payroll rows above paid $50.00 of overtime. Others paid all of it, so that nothing is "
        "submitted."
    )
    assert told.left == ""


def test_an_officer_without_overtime_and_without_payroll() -> None:
    told = overtime_in_words(explain(claim("FY2026Q1", officer())))
    assert told.paid == "No payroll row of this quarter has overtime."
    assert told.cap == [
        "Annual salary on average over the fiscal year: $0.00: no payroll row is known",
        "Cap of the fiscal year: 25% × $0.00 = $0.00",
    ]
    assert (told.left, pay_in_words(explain(claim("FY2026Q1", officer())))) == ("", "")


def test_each_component_of_benefits_is_divided_and_rounded_by_itself() -> None:
    benefits = {"health": "10.01", "medicare": "10.01"}
    asked = claim("FY2026Q1", officer(line("2025-12-21", "2026-01-03", benefits=benefits)))
    explanation = explain(asked)
    # 10.01 × 11/14 = 7.865, half a cent up, twice; 20.02 × 11/14 would be 15.73.
    assert sheet_rows(explanation)[0].benefits == (2002, 0, 1574)
    assert pay_in_words(explanation).endswith(
        "Benefits: each component is divided and rounded by itself, then they are added."
    )
