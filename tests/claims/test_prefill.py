"""A quarter filled in from the one before: whose rows, which periods, what amounts, what is different."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from agreements.rules import Ranges
from claims.calendars import Calendar, Frequency, PayPlan
from claims.coverage import OfficerPay
from claims.payroll.layout import PAYROLL
from claims.payroll.parse import parse_payroll
from claims.prefill import Change, fill, table_of
from claims.rules.facts import PayrollLine
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import read_table, write_csv, write_xlsx

LAST, QUARTER = Quarter(2026, 1), Quarter(2026, 2)
BIWEEKLY = Calendar.starting(Frequency.BIWEEKLY, date(2025, 9, 28))
OPEN: Ranges = ((date(2025, 6, 1).toordinal(), date.max.toordinal()),)
BENEFITS = (("health", 39231),)


def officer(
    officer_id: str = "007",
    *,
    calendar: Calendar = BIWEEKLY,
    quarter: Quarter = LAST,
    payable: Ranges = OPEN,
    salaries: tuple[int, ...] = (7228000,),
) -> OfficerPay:
    """An officer paid through a quarter; of several salaries the last is that of the later half."""
    periods = calendar.periods(quarter.start, quarter.end)
    lines = tuple(
        PayrollLine(
            "1",
            number,
            *period,
            period.end + timedelta(days=5),
            salaries[number * len(salaries) // len(periods)],
            278000 + number,
            BENEFITS,
        )
        for number, period in enumerate(periods)
    )
    return OfficerPay(officer_id, f"Officer {officer_id}", payable, lines)


def until(day: date) -> Ranges:
    return ((OPEN[0][0], day.toordinal()),)


def since(day: date) -> Ranges:
    return ((day.toordinal(), OPEN[0][1]),)


def test_calendar_payday_salary_pay_and_benefits_carry_over():
    found = fill(QUARTER, [officer()])
    assert found.last == LAST
    assert found.differences == ()
    assert found.plans == ((PayPlan(BIWEEKLY, 5), 1),)
    first, *_, latest = found.rows
    # The straddling period came with the last quarter.
    assert first.period.start == date(2026, 1, 4)
    assert latest.period.start <= QUARTER.end <= latest.period.end
    assert first.paid_on == date(2026, 1, 22)
    assert (first.annual_salary, first.regular_pay) == (7228000, 278006)
    assert first.benefits == BENEFITS


def test_each_officer_goes_on_by_their_own_calendar():
    monthly = Calendar.starting(Frequency.MONTHLY, date(2025, 10, 1))
    found = fill(QUARTER, [officer("1"), officer("2"), officer("3", calendar=monthly)])
    assert [officers for _, officers in found.plans] == [2, 1]
    assert [str(row.period) for row in found.rows if row.officer_id == "3"] == [
        "Jan 1–31",
        "Feb 1–28",
        "Mar 1–31",
    ]


def test_a_new_officer_has_rows_by_the_common_calendar_and_blank_amounts():
    new = OfficerPay("9", "New", since(date(2026, 2, 10)), ())
    found = fill(QUARTER, [officer(), new])
    rows = [row for row in found.rows if row.officer_id == "9"]
    assert rows[0].period.start <= date(2026, 2, 10) <= rows[0].period.end
    assert {(row.annual_salary, row.regular_pay, row.benefits) for row in rows} == {
        (None, None, ())
    }
    assert [(d.change, d.on) for d in found.differences] == [(Change.JOINED, date(2026, 2, 10))]


def test_who_left_has_no_rows_and_is_told():
    found = fill(QUARTER, [officer(payable=until(date(2025, 12, 15)))])
    assert found.rows == ()
    assert [(d.change, d.on) for d in found.differences] == [(Change.LEFT, date(2025, 12, 15))]


def test_an_authorization_that_ends_ends_the_rows():
    found = fill(QUARTER, [officer(payable=until(date(2026, 2, 10)))])
    assert found.rows[-1].period.start <= date(2026, 2, 10) <= found.rows[-1].period.end
    assert [(d.change, d.on) for d in found.differences] == [(Change.ENDS, date(2026, 2, 10))]


def test_one_who_begins_again_within_the_quarter_is_told():
    found = fill(QUARTER, [officer(payable=since(date(2026, 3, 1)))])
    assert [(d.change, d.on) for d in found.differences] == [(Change.STARTS, date(2026, 3, 1))]


def test_a_raise_within_the_last_quarter_is_told_and_the_new_salary_carries_over():
    found = fill(QUARTER, [officer(salaries=(7000000, 7500000))])
    told = found.differences[0]
    assert (told.change, told.before, told.after) == (Change.SALARY, 7000000, 7500000)
    assert {row.annual_salary for row in found.rows} == {7500000}


def test_what_was_sent_for_the_quarter_is_not_asked_for_again():
    sent = officer(quarter=QUARTER)
    assert fill(QUARTER, [sent]).rows == ()
    half = sent._replace(lines=sent.lines[:3])
    assert fill(QUARTER, [half]).rows[0].period.start == half.lines[-1].period_end + timedelta(
        days=1
    )


def test_without_any_history_the_person_chooses_the_calendar():
    new = OfficerPay("1", "Ana", OPEN, ())
    asked = fill(QUARTER, [new])
    assert (asked.last, asked.rows, asked.undecided) == (None, (), (new,))
    assert asked.benefit_names == ("total",)
    chosen = PayPlan(Calendar.starting(Frequency.SEMIMONTHLY, date(2026, 1, 1)), 3)
    found = fill(QUARTER, [new], chosen)
    assert (len(found.rows), found.undecided, found.differences) == (6, (), ())


def test_the_files_have_the_columns_of_the_template_and_are_read_back():
    found = fill(QUARTER, [officer(), officer("1e5")])
    header, rows = table_of(found)
    assert set(header) <= set(PAYROLL.template_header())
    assert rows[0][:6] == [
        "007",
        date(2026, 1, 4),
        date(2026, 1, 17),
        date(2026, 1, 22),
        Decimal("72280.00"),
        Decimal("2780.06"),
    ]
    assert rows[0][6:] == [None, None, None, Decimal("392.31")]
    for content in (write_csv(header, rows), write_xlsx("Payroll", header, rows)):
        parsed = parse_payroll(read_table(content))
        assert parsed.findings == []
        assert [(row.officer_id, *row.period, row.regular_pay) for row in parsed.rows] == [
            (row.officer_id, *row.period, row.regular_pay) for row in found.rows
        ]


@given(
    st.sampled_from(Frequency),
    st.dates(date(2025, 9, 1), date(2025, 10, 31)),
    st.integers(-5, 30),
)
def test_rows_cover_the_quarter_without_gap_or_overlap(frequency, on, payday_days):
    plan = PayPlan(Calendar.starting(frequency, on), payday_days)
    rows = fill(QUARTER, [OfficerPay("1", "Ana", OPEN, ())], plan).rows
    assert rows[0].period.start <= QUARTER.start
    assert rows[-1].period.end >= QUARTER.end
    for one, other in itertools.pairwise(rows):
        assert other.period.start == one.period.end + timedelta(days=1)
    assert {(row.paid_on - row.period.end).days for row in rows} == {payday_days}
