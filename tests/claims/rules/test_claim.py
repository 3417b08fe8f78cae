"""What a claim says, sentence by sentence of the rule; all amounts worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.rules import AgreementPeriod, RosterRow
from awards.rules import Counts, Status
from claims.rules.claim import calculate, to_expected
from claims.rules.facts import ClaimInput, OfficerFacts, payroll_line
from claims.rules.reimbursement import OfficerResult
from tests.claims.rules.builders import AUTHORIZED, claim, line, officer


def only(claim_input: ClaimInput) -> OfficerResult:
    """The result of a claim's single officer."""
    (result,) = calculate(claim_input).officers
    return result


# §2 Sharing a pay period's amount


def test_a_straddling_line_gives_the_second_quarter_what_the_first_left() -> None:
    # 14 days, 11 of them in December: 1,000.01 * 11/14 = 785.722.. -> 785.72; the rest is 214.29
    paid = line("2025-12-21", "2026-01-03", regular_pay="1000.01")
    assert only(claim("FY2026Q1", officer(paid))).regular == 78572
    assert only(claim("FY2026Q2", officer(paid))).regular == 21429


def test_half_a_cent_goes_up() -> None:
    # 2 days, one in each quarter: 0.01 / 2 -> 0.01, then nothing is left
    paid = line("2025-12-31", "2026-01-01", regular_pay="0.01")
    assert only(claim("FY2026Q1", officer(paid))).regular == 1
    assert only(claim("FY2026Q2", officer(paid))).regular == 0


def test_every_component_and_net_overtime_are_rounded_by_themselves() -> None:
    # one of two days: 0.005 -> 0.01 each, where the sum 0.015 would have been 0.02
    paid = line(
        "2025-12-31",
        "2026-01-01",
        regular_pay="0.01",
        benefits={"health": "0.01", "pension": "0.01"},
        overtime_pay="0.03",
        overtime_paid_by_others="0.02",
    )
    result = only(claim("FY2026Q1", officer(paid)))
    assert (result.regular, result.benefits, result.overtime_submitted) == (1, 2, 1)


def test_a_line_over_a_whole_year_is_shared_by_its_days() -> None:
    paid = line("2025-10-01", "2026-09-30", regular_pay="365.00")
    assert only(claim("FY2026Q2", officer(paid))).regular == 9000


def test_by_pay_date_the_payable_part_of_a_line_is_whole_in_the_quarter_of_the_payday() -> None:
    # authorized from 29 Dec: 6 of 14 days, over both quarters; paid in January
    roster = (AUTHORIZED._replace(authorized_from=date(2025, 12, 29)),)
    paid = line("2025-12-21", "2026-01-03", paid_on="2026-01-08", regular_pay="1400")
    by_pay_date = {"allocation": "pay_date"}
    subject = officer(paid, roster=roster)
    assert only(claim("FY2026Q1", subject, overrides=by_pay_date)).regular == 0
    assert only(claim("FY2026Q2", subject, overrides=by_pay_date)).regular == 60000


def test_a_line_paid_after_the_day_of_calculation_waits_and_informs_nothing() -> None:
    first = line("2025-10-01", "2025-10-31", regular_pay="100", overtime_pay="10")
    late = line(
        "2025-11-01", "2025-11-30", paid_on="2025-12-02", regular_pay="100", annual_salary="99000"
    )
    result = only(claim("FY2026Q1", officer(first, late), as_of="2025-12-01"))
    assert (result.regular, result.overtime_cap, result.waiting) == (10000, 1825000, (1,))
    on_the_day = only(claim("FY2026Q1", officer(first, late), as_of="2025-12-02"))
    assert (on_the_day.regular, on_the_day.waiting) == (20000, ())


def test_only_lines_of_the_quarter_are_listed_as_waiting() -> None:
    late = line("2026-01-01", "2026-01-14", paid_on="2026-01-20", regular_pay="1")
    subject = officer(late)
    assert only(claim("FY2026Q1", subject, as_of="2026-01-10")).waiting == ()
    assert only(claim("FY2026Q2", subject, as_of="2026-01-10")).waiting == (0,)
    early = line("2025-12-01", "2025-12-14", paid_on="2026-01-20", regular_pay="1")
    by_pay_date = {"allocation": "pay_date"}
    for quarter, waiting in (("FY2026Q1", ()), ("FY2026Q2", (0,))):
        asked = claim(quarter, officer(early), as_of="2026-01-10", overrides=by_pay_date)
        assert only(asked).waiting == waiting
        assert calculate(asked).waiting == len(waiting)


def test_two_overtime_lines_of_one_day_both_count() -> None:
    lines = [line("2025-11-05", "2025-11-05", overtime_pay=pay) for pay in ("100", "50")]
    assert not any(each.regular_pay or each.benefits for each in lines)
    assert only(claim("FY2026Q1", officer(*lines))).overtime_submitted == 15000


# §4 Overtime


def test_the_cap_is_a_part_of_annual_salary_cut_to_the_cent() -> None:
    # 25% of 73,000.03 = 18,250.0075
    paid = line("2025-10-01", "2025-12-31", annual_salary="73000.03", overtime_pay="20000")
    result = only(claim("FY2026Q1", officer(paid)))
    assert result.overtime_cap == 1825000
    assert (result.overtime_allowed, result.overtime_disallowed) == (1825000, 175000)


def test_a_raise_weighs_by_its_days_of_the_whole_fiscal_year() -> None:
    # 73,000 for 92 days, 76,650 for 273: 73,000 + 3,650*273/365 = 75,730; a quarter is 18,932.50
    before = line("2025-10-01", "2025-10-14")
    raised = line("2026-01-01", "2026-01-14", annual_salary="76650")
    result = only(claim("FY2026Q2", officer(before, raised)))
    assert result.overtime_cap == 1893250
    assert [segment.days for segment in result.salary] == [92, 273]


def test_a_claim_does_not_know_a_raise_after_its_quarter() -> None:
    raised = line("2026-01-01", "2026-01-14", annual_salary="76650")
    assert only(
        claim("FY2026Q1", officer(line("2025-10-01", "2025-10-14"), raised))
    ).overtime_cap == (1825000)


def test_days_before_the_first_line_have_its_salary_and_order_of_rows_does_not_matter() -> None:
    lines = [
        line("2026-03-01", "2026-03-14"),
        line("2026-02-01", "2026-02-14", annual_salary="36500"),
    ]
    result = only(claim("FY2026Q2", officer(*lines)))
    # 36,500 until 28 Feb (151 days), then 73,000 (214 days): 57,900 -> a quarter is 14,475
    assert result.overtime_cap == 1447500


def test_of_lines_that_start_together_the_last_received_sets_the_salary() -> None:
    first = line("2025-10-01", "2025-10-14", batch="1", row=9)
    overtime = line("2025-10-01", "2025-10-01", batch="2", annual_salary="80000", overtime_pay="1")
    assert only(claim("FY2026Q1", officer(first, overtime))).overtime_cap == 2000000
    assert only(claim("FY2026Q1", officer(overtime, first))).overtime_cap == 1825000


def test_days_before_lines_that_start_together_have_the_first_received() -> None:
    # 5 Nov: 35 days before it. 73,000 * 35/365 + 80,300 * 330/365 = 7,000 + 72,600 = 79,600
    first = line("2025-11-05", "2025-11-05")
    second = line("2025-11-05", "2025-11-05", annual_salary="80300")
    assert only(claim("FY2026Q1", officer(first, second))).overtime_cap == 1990000


def test_a_line_from_before_the_fiscal_year_sets_the_salary_of_its_first_days() -> None:
    old = line("2025-09-20", "2025-10-03", annual_salary="36500")
    new = line("2025-10-04", "2025-10-17")
    # 3 days at 36,500: 73,000 - 36,500*3/365 = 72,700 -> 18,175
    assert only(claim("FY2026Q1", officer(old, new))).overtime_cap == 1817500


def test_a_leap_fiscal_year_has_366_days() -> None:
    first = line("2027-10-01", "2027-10-14", annual_salary="36600")
    raised = line("2027-10-02", "2027-10-02", annual_salary="73200")
    # one day at 36,600: 73,200 - 100 = 73,100 -> 18,275
    assert only(claim("FY2028Q1", officer(first, raised))).overtime_cap == 1827500


def test_without_any_line_the_cap_is_zero() -> None:
    result = only(claim("FY2026Q1", officer()))
    assert (result.eligible_days, result.overtime_cap, result.total) == (92, 0, 0)


def test_what_was_used_before_leaves_the_rest_and_is_never_clawed_back() -> None:
    paid = line("2026-01-01", "2026-01-31", overtime_pay="1000")
    assert only(claim("FY2026Q2", officer(paid, used="17500"))).overtime_allowed == 75000
    assert only(claim("FY2026Q2", officer(paid, used="19000"))).overtime_allowed == 0


def test_a_cap_per_quarter_is_a_fourth_and_knows_nothing_used_before() -> None:
    paid = line("2026-01-01", "2026-01-31", annual_salary="73000.03", overtime_pay="5000")
    asked = claim(
        "FY2026Q2", officer(paid, used="17500"), overrides={"overtime_cap_period": "quarter"}
    )
    result = only(asked)
    assert (result.overtime_cap, result.overtime_used_before) == (456250, 0)
    assert result.overtime_allowed == 456250


# §5 and §6


def test_every_officer_of_the_roster_is_listed_in_order() -> None:
    trainee = officer(roster=(RosterRow(date(2025, 9, 1), None, "", None, None),), officer_id="x/1")
    result = calculate(claim("FY2026Q1", trainee, officer()))
    assert [each.officer_id for each in result.officers] == ["x/1", "1"]
    assert result.officers[0].eligible_days == 0


def test_the_headcount_is_of_the_last_day_or_of_any_day() -> None:
    left = officer(roster=(AUTHORIZED._replace(separated_on=date(2025, 12, 30)),), officer_id="2")
    counts = Counts(10, 10)
    assert calculate(claim("FY2026Q1", officer(), left, counts=counts)).award.headcount == 1
    any_day = {"award_headcount": "any_day"}
    asked = claim("FY2026Q1", officer(), left, counts=counts, overrides=any_day)
    assert calculate(asked).award.amount == 200_000


def test_the_award_counts_its_own_models() -> None:
    both = (
        AgreementPeriod("TFM", date(2025, 3, 1), None),
        AgreementPeriod("WSO", date(2025, 3, 1), None),
    )
    jailer = officer(
        line("2025-10-01", "2025-10-31", regular_pay="1"),
        roster=(AUTHORIZED._replace(model="WSO"),),
    )
    result = calculate(
        claim("FY2026Q1", jailer, agreements=both, overrides={"award_models": ["WSO"]})
    )
    assert (result.reimbursement, result.award.headcount) == (0, 1)


def test_a_quarter_before_the_program_comes_out_as_nothing() -> None:
    paid = line("2025-09-01", "2025-09-30", regular_pay="100", overtime_pay="10")
    result = calculate(claim("FY2025Q4", officer(paid), counts=Counts(1, 1)))
    assert (result.total, result.award.headcount) == (0, 0)
    assert result.award.status is Status.EARNED


def test_the_total_is_reimbursement_and_award() -> None:
    paid = line("2025-10-01", "2025-10-31", regular_pay="10.50", benefits={"total": "2.25"})
    result = calculate(claim("FY2026Q1", officer(paid), counts=Counts(4, 3)))
    assert to_expected(result) == {
        "officers": {
            "1": {
                "eligible_days": 92,
                "regular": "10.50",
                "benefits": "2.25",
                "overtime_submitted": "0.00",
                "overtime_cap": "18250.00",
                "overtime_used_before": "0.00",
                "overtime_allowed": "0.00",
                "overtime_disallowed": "0.00",
                "total": "12.75",
            }
        },
        "reimbursement": "12.75",
        "award": {
            "status": "earned",
            "headcount": 1,
            "per_officer": "500.00",
            "amount": "500.00",
        },
        "total": "512.75",
    }


# Facts refuse to be wrong


@pytest.mark.parametrize(
    ("facts", "complaint"),
    [
        ({"regular_pay": "-0.01"}, "negative"),
        ({"annual_salary": "-1"}, "negative"),
        ({"overtime_pay": "-1", "overtime_paid_by_others": "-1"}, "negative"),
        ({"benefits": {"health": "-1"}}, "negative"),
        ({"overtime_pay": "1", "overtime_paid_by_others": "1.01"}, "others paid more"),
        ({"benefits": {"total": "1", "health": "1"}}, "beside components"),
    ],
)
def test_a_line_that_cannot_be_is_refused(facts: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=f"batch 1, row 2: .*{complaint}"):
        line("2025-10-01", "2025-10-14", **facts)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        line("2025-10-02", "2025-10-01")


def test_a_component_named_twice_is_refused() -> None:
    good = line("2025-10-01", "2025-10-14")._asdict()
    with pytest.raises(ValueError, match="twice"):
        payroll_line(**good | {"benefits": (("health", 1), ("health", 2))})


def test_an_officer_cannot_stand_twice_in_a_claim() -> None:
    with pytest.raises(ValueError, match="twice"):
        claim("FY2026Q1", officer(), officer())


def test_overtime_used_before_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        claim("FY2026Q1", OfficerFacts("1", "", "", (AUTHORIZED,), (), -1))
