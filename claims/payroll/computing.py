"""What a payroll file does not say itself: dates that follow from dates, the salary from a rate or pay."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from claims.payroll.pay_periods import FREQUENCIES, first_day_of
from portal.kernel.money import half_up
from portal.kernel.tabular.mapping import Draft
from portal.kernel.tabular.mapping.cells import read_rate


def derive(draft: Draft) -> None:
    """Dates that follow from other dates, and the salary that follows from a rate."""
    if delay := draft.mapping.value("payday_after_days"):
        known, wanted, days = "period_end", "paid_on", int(delay)
        if known not in draft.values:
            known, wanted, days = wanted, known, -days
        draft.values[wanted] = [day and day + timedelta(days) for day in draft.values[known]]
        how = f"{abs(days)} days {'after' if days > 0 else 'before'} {known}"
        draft.note("computed_column", column=wanted, how=how)
    if frequency := draft.mapping.value("frequency"):
        _derive_starts(draft, frequency)
    if draft.mapping.headers("hourly_rate"):
        _derive_salary(draft)


def _derive_starts(draft: Draft, frequency: str) -> None:
    ends: list[date | None] = draft.values["period_end"]
    words = dict(FREQUENCIES)[frequency]
    starts = {end: end and first_day_of(frequency, end) for end in set(ends)}
    for index, end in enumerate(ends):
        if end is not None and starts[end] is None:
            draft.report(
                "period_not_regular",
                index,
                column="period_end",
                value=end.isoformat(),
                frequency=words,
            )
    draft.values["period_start"] = [starts[end] for end in ends]
    draft.note("computed_column", column="period_start", how=f"periods paid {words}")


def _derive_salary(draft: Draft) -> None:
    header = draft.mapping.headers("hourly_rate")[0]
    hours = int(draft.mapping.value("hours_a_year"))
    rates = draft.read(header, read_rate, "dollars an hour, like 34.7512")
    salaries = {rate: None if rate is None else _times(rate, hours) for rate in set(rates)}
    values: list[int | None] = [salaries[rate] for rate in rates]
    if draft.mapping.headers("pay_code"):
        # The rate of overtime is one and a half times the rate the salary goes by.
        regular = draft.rows_with("regular_pay")
        values = [value if index in regular else None for index, value in enumerate(values)]
    draft.values["annual_salary"] = values
    draft.note("computed_column", column="annual_salary", how=f"{header} times {hours:,} hours")


def _times(rate: Decimal, hours: int) -> int:
    exact = Fraction(rate) * hours * 100
    return half_up(exact.numerator, exact.denominator)


def conclude(draft: Draft) -> None:
    """The salary that follows from the regular pay, once that is added up."""
    if periods := draft.mapping.value("periods_a_year"):
        pay = draft.amounts["regular_pay"]
        salaries = [cents * int(periods) if cents else None for cents in pay]
        _fill_in(draft, salaries)
        draft.values["annual_salary"] = salaries
        draft.note("computed_column", column="annual_salary", how=f"regular_pay times {periods}")


def _fill_in(draft: Draft, salaries: list[int | None]) -> None:
    """Give rows without regular pay, such as overtime paid later, the salary of the officer's row before.

    Or of the one after; where there is none, a person must say it: the overtime cap goes by it.
    """
    lacking = [index for index, salary in enumerate(salaries) if salary is None]
    starts = draft.values["period_start"]
    by_day = sorted(range(len(salaries)), key=lambda index: starts[index] or date.min)
    for order in (by_day, by_day[::-1]):
        last: dict[str, int] = {}
        for index in order:
            if (salary := salaries[index]) is not None:
                last[draft.ids[index]] = salary
            else:
                salaries[index] = last.get(draft.ids[index])
    for index in lacking:
        if salaries[index] is None:
            draft.report("salary_not_known", index, column="annual_salary")
