"""Random facts of a claim for Hypothesis, dense enough that ranges and lines often meet."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from agreements.rules import AgreementPeriod, RosterRow
from awards.rules import Counts
from awards.rules import rules_on as award_rules_on
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine, payroll_line, rules_on
from portal.kernel.quarter import Quarter

MODELS = st.sampled_from(["TFM", "WSO", "JEM"])
QUARTERS = st.sampled_from([Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 4), Quarter(2028, 2)])
CENTS = st.integers(0, 20) | st.integers(0, 900_000)


def days_near(quarter: Quarter) -> st.SearchStrategy[date]:
    """Days from half a year before a quarter to two months after it."""
    return st.integers(-190, 150).map(lambda offset: quarter.start + timedelta(days=offset))


def rosters(quarter: Quarter) -> st.SearchStrategy[tuple[RosterRow, ...]]:
    """Up to three rows: open, ended, reversed, in training."""
    day = days_near(quarter)
    always = st.just(date(2015, 1, 1))
    row = st.builds(
        RosterRow, always | day, st.none() | day, MODELS, st.none() | always | day, st.none() | day
    )
    return st.lists(row, max_size=3).map(tuple)


@st.composite
def lines(draw: st.DrawFn, quarter: Quarter) -> PayrollLine:
    """A line of 1 to 40 days, with all amounts or only overtime."""
    start = draw(days_near(quarter))
    end = start + timedelta(days=draw(st.integers(0, 13) | st.integers(0, 39)))
    overtime = draw(CENTS)
    names = draw(st.sets(st.sampled_from(["health", "pension", "medicare"])))
    return payroll_line(
        batch=draw(st.sampled_from(["1", "2"])),
        row=draw(st.integers(2, 99)),
        period_start=start,
        period_end=end,
        paid_on=end + timedelta(days=draw(st.integers(-3, 20))),
        annual_salary=draw(st.sampled_from([5_200_000, 6_100_001, 7_300_003])),
        regular_pay=draw(CENTS),
        benefits=tuple((name, draw(CENTS)) for name in sorted(names)),
        overtime_pay=overtime,
        overtime_paid_by_others=draw(st.integers(0, overtime)),
    )


@st.composite
def claims(draw: st.DrawFn) -> ClaimInput:
    """A claim of up to three officers under any mode of the rules."""
    quarter = draw(QUARTERS)
    officers = tuple(
        OfficerFacts(
            officer_id=str(number),
            name=f"Sample, {number}",
            title="",
            roster=draw(rosters(quarter)),
            lines=tuple(draw(st.lists(lines(quarter), max_size=5))),
            overtime_used_before=draw(st.just(0) | st.integers(0, 2_000_000)),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    always = st.just(AgreementPeriod("TFM", date(2025, 3, 1), None))
    day = days_near(quarter)
    periods = always | st.builds(AgreementPeriod, MODELS, day, st.none() | day)
    referred = draw(st.integers(0, 40))
    models = st.lists(MODELS, max_size=3)
    reimbursement = {
        "overtime_share_percent": st.sampled_from([25, Decimal("6.25"), 0, 100]),
        "overtime_cap_period": st.sampled_from(["fiscal_year", "quarter"]),
        "allocation": st.sampled_from(["service_days", "pay_date"]),
        "reimbursable_models": models,
    }
    award = {
        "award_headcount": st.sampled_from(["quarter_end", "any_day"]),
        "award_models": models,
        "award_tiers": st.just([[75, 120_000], [65, 60_050]]),
    }
    return ClaimInput(
        quarter=quarter,
        as_of=draw(st.none() | day),
        agreements=tuple(draw(st.lists(periods, max_size=3))),
        officers=officers,
        counts=draw(st.none() | st.builds(Counts, st.just(referred), st.integers(0, referred))),
        rules=rules_on(quarter.start, draw(st.fixed_dictionaries({}, optional=reimbursement))),
        award_rules=award_rules_on(quarter.start, draw(st.fixed_dictionaries({}, optional=award))),
    )
