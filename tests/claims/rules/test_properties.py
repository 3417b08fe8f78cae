"""What must hold for every claim, whatever the facts."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.rules import AgreementPeriod, RosterRow
from claims.rules.claim import calculate
from claims.rules.explain import (
    explain_award,
    explain_claim,
    explain_officer,
    explanation_data,
    section_data,
)
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine
from claims.rules.record import claim_record, officer_record, read_input, read_result
from claims.rules.reimbursement import share
from portal.kernel.quarter import Quarter
from tests.claims.rules import strategies
from tests.claims.rules.builders import claim
from tests.claims.rules.by_hand import recompute_officer, recompute_section
from tests.claims.rules.oracle import expected

# The day-by-day reading takes its time and the machine may be busy: that says nothing of the rule.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(strategies.claims())
def test_the_claim_is_what_the_rule_read_day_by_day_gives(asked: ClaimInput) -> None:
    wanted, result = expected(asked), calculate(asked)
    found = {
        officer.officer_id: {name: getattr(officer, name) for name in amounts}
        for officer, amounts in zip(result.officers, wanted.officers.values(), strict=True)
    }
    assert found == wanted.officers
    assert result.reimbursement == wanted.reimbursement
    assert result.award.headcount == wanted.headcount
    assert result.award.amount == wanted.award


@given(
    st.integers(0, 10**9),
    st.integers(1, 366).flatmap(
        lambda days: st.tuples(st.just(days), st.lists(st.integers(0, days), max_size=6))
    ),
)
def test_the_parts_of_an_amount_add_up_to_its_payable_part(
    amount: int, cuts: tuple[int, list[int]]
) -> None:
    days, marks = cuts[0], sorted({0, *cuts[1]})
    parts = [share(amount, before, until, days) for before, until in pairwise(marks)]
    assert sum(parts) == share(amount, 0, marks[-1], days)
    assert all(part >= 0 for part in parts)


@PATIENT
@given(strategies.lines(Quarter(2026, 2)), strategies.rosters(Quarter(2026, 2)))
def test_over_all_quarters_a_line_gives_its_payable_part_and_never_more_than_was_paid(
    line: PayrollLine, roster: tuple[RosterRow, ...]
) -> None:
    officer = OfficerFacts("1", "", "", roster, (line,))
    quarters = [Quarter(2025, 3), Quarter(2025, 4), *(Quarter(2026, n) for n in (1, 2, 3, 4))]
    results = [calculate(claim(str(quarter), officer)).officers[0] for quarter in quarters]
    whole = share(line.regular_pay, 0, *_payable_and_all(officer, line))
    assert sum(result.regular for result in results) == whole <= line.regular_pay
    assert sum(result.benefits for result in results) <= sum(amount for _, amount in line.benefits)


def _payable_and_all(officer: OfficerFacts, line: PayrollLine) -> tuple[int, int]:
    """Payable days and all days of a line, by asking for one calendar day of pay after another."""
    days = (line.period_end - line.period_start).days + 1
    payable = 0
    for offset in range(days):
        day = line.period_start + timedelta(days=offset)
        daily = line._replace(period_start=day, period_end=day, regular_pay=100)
        facts = officer._replace(lines=(daily,))
        payable += calculate(claim(str(Quarter.of(day)), facts)).officers[0].regular // 100
    return payable, days


@PATIENT
@given(strategies.claims(), st.randoms())
def test_the_order_of_officers_agreements_and_roster_rows_changes_no_amount(
    asked: ClaimInput, random: Random
) -> None:
    def shuffled(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(items, len(items)))

    again = dataclasses.replace(
        asked,
        officers=shuffled(
            tuple(officer._replace(roster=shuffled(officer.roster)) for officer in asked.officers)
        ),
        agreements=shuffled(asked.agreements),
    )
    first, second = calculate(asked), calculate(again)
    assert {each.officer_id: each for each in first.officers} == {
        each.officer_id: each for each in second.officers
    }
    assert (first.total, first.award) == (second.total, second.award)


@PATIENT
@given(strategies.claims())
def test_overtime_allowed_stays_within_what_was_submitted_and_the_room_under_the_cap(
    asked: ClaimInput,
) -> None:
    for officer in calculate(asked).officers:
        room = max(officer.overtime_cap - officer.overtime_used_before, 0)
        assert 0 <= officer.overtime_allowed <= min(officer.overtime_submitted, room)
        assert officer.overtime_allowed in (officer.overtime_submitted, room)
        assert officer.total == officer.regular + officer.benefits + officer.overtime_allowed


@PATIENT
@given(strategies.claims(), st.integers(1, 10_000_000))
def test_a_higher_salary_never_lowers_the_cap_or_what_is_paid(asked: ClaimInput, more: int) -> None:
    raised = dataclasses.replace(
        asked,
        officers=tuple(
            officer._replace(
                lines=tuple(
                    line._replace(annual_salary=line.annual_salary + more) for line in officer.lines
                )
            )
            for officer in asked.officers
        ),
    )
    for before, after in zip(calculate(asked).officers, calculate(raised).officers, strict=True):
        assert after.overtime_cap >= before.overtime_cap
        assert after.total >= before.total


@PATIENT
@given(strategies.claims())
def test_an_agreement_more_never_takes_a_day_away(asked: ClaimInput) -> None:
    more = AgreementPeriod("TFM", date(2025, 1, 1), None)
    wider = dataclasses.replace(asked, agreements=(*asked.agreements, more))
    for before, after in zip(calculate(asked).officers, calculate(wider).officers, strict=True):
        assert after.eligible_days >= before.eligible_days


@PATIENT
@given(strategies.claims())
def test_a_stored_claim_reads_back_as_it_was_and_replays_to_the_same_result(
    asked: ClaimInput,
) -> None:
    result = calculate(asked)
    pairs = zip(asked.officers, result.officers, strict=True)
    stored = json.dumps([claim_record(asked, result), [officer_record(*pair) for pair in pairs]])
    claim_part, officer_parts = json.loads(stored)
    assert read_input(claim_part, officer_parts) == asked
    assert read_result(claim_part, officer_parts) == result
    assert calculate(read_input(claim_part, officer_parts)) == result


@PATIENT
@given(strategies.claims())
def test_the_steps_of_every_explanation_lead_to_the_stored_amounts(asked: ClaimInput) -> None:
    result = calculate(asked)
    for facts, officer in zip(asked.officers, result.officers, strict=True):
        explanation = explain_officer(asked, facts, officer)
        amounts = {section.key: section.amount for section in explanation.sections}
        benefits = sum(amount for key, amount in amounts.items() if key.startswith("benefit_"))
        assert amounts["regular"] == officer.regular
        assert benefits == officer.benefits
        assert amounts["overtime"] == officer.overtime_submitted
        assert amounts["cap"] == officer.overtime_cap
        assert amounts["overtime_allowed"] == officer.overtime_allowed
        assert amounts["total"] == officer.total
        payable = sum(days.days for days in explanation.days if days.reason is None)
        assert payable == officer.eligible_days
        assert len(explanation.waiting) == len(officer.waiting)
    assert explain_award(asked, result).amount == result.award.amount


@PATIENT
@given(strategies.claims())
def test_every_amount_is_recomputed_by_hand_from_the_data_of_its_explanation_alone(
    asked: ClaimInput,
) -> None:
    result = calculate(asked)
    for facts, officer in zip(asked.officers, result.officers, strict=True):
        told = explanation_data(explain_officer(asked, facts, officer))
        amounts = recompute_officer(json.loads(json.dumps(told)))
        benefits = sum(amount for key, amount in amounts.items() if key.startswith("benefit_"))
        assert (amounts["regular"], benefits) == (officer.regular, officer.benefits)
        assert amounts["overtime"] == officer.overtime_submitted
        assert amounts["cap"] == officer.overtime_cap
        assert amounts["overtime_allowed"] == officer.overtime_allowed
        assert amounts["total"] == officer.total
    rules = (*asked.rules.citations, *asked.award_rules.citations)
    sections = explain_claim(asked, result)
    found = {one.key: recompute_section(section_data(one, rules)) for one in sections}
    assert found["regular"] == sum(officer.regular for officer in result.officers)
    assert found["benefits"] == sum(officer.benefits for officer in result.officers)
    assert found["overtime"] == sum(officer.overtime_submitted for officer in result.officers)
    assert found["overtime_disallowed"] == found["overtime"] - found["overtime_allowed"]
    assert (found["reimbursement"], found["award"]) == (result.reimbursement, result.award.amount)
    assert found["total"] == result.total
