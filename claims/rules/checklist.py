"""The records a reviewer may ask for, as they follow from a calculated claim. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from claims.rules.address import Address
from claims.rules.lines import Category
from claims.rules.reimbursement import OfficerResult, SalarySegment
from portal.kernel.money import format_cents
from portal.kernel.quarter import Quarter

TIMESHEET, PAY_RATE, OVERTIME, PAYMENT = "timesheet", "pay_rate", "overtime", "payment"

NEAR_CAP_PERCENT = 80
"""From this share of the overtime cap on the reason says how near it is."""


class Needed(NamedTuple):
    """A record somebody may ask for: its kind, what it supports, and why."""

    kind: str
    officer_id: str
    category: str
    why: str

    @property
    def address(self) -> Address:
        """What it supports."""
        return Address(self.officer_id, self.category)


def checklist(
    quarter: Quarter, officers: Iterable[OfficerResult], salaries_before: Mapping[str, int]
) -> Iterator[Needed]:
    """What supports a claim: of each officer, and once for the claim if anything of it is theirs.

    `salaries_before` are the last annual salaries of the quarter before, in cents by officer.
    Source: 2 CFR 200.403(g), 200.430(g).
    """
    anything = False
    for officer in officers:
        anything = anything or officer.total > 0
        if officer.overtime_submitted > 0:
            yield from _overtime(officer)
        why = _changed_salary(quarter, officer, salaries_before.get(officer.officer_id))
        if why:
            yield Needed(PAY_RATE, officer.officer_id, Category.REGULAR, why)
    if anything:
        yield Needed(PAYMENT, "", "", "Nothing is reimbursed before it is paid.")


def salary_on_end(officer: OfficerResult) -> int | None:
    """The annual salary that an officer's quarter ended with, in cents; None when none is known."""
    return officer.salary[-1].annual_salary if officer.salary else None


def _overtime(officer: OfficerResult) -> Iterator[Needed]:
    why = f"Overtime of {format_cents(officer.overtime_submitted)} is claimed."
    yield Needed(OVERTIME, officer.officer_id, Category.OVERTIME, why)
    used = officer.overtime_used_before + officer.overtime_submitted
    if used * 100 >= officer.overtime_cap * NEAR_CAP_PERCENT:
        percent = used * 100 // officer.overtime_cap if officer.overtime_cap else 100
        why += f" With it the officer stands at {percent}% of the overtime cap."
    yield Needed(TIMESHEET, officer.officer_id, Category.OVERTIME, why)


def _changed_salary(quarter: Quarter, officer: OfficerResult, before: int | None) -> str:
    """Why a pay-rate letter may be asked for; empty when the salary stayed what it was."""
    if len(officer.salary) > 1:
        changed_on = officer.salary[-1].from_on
        return f"The annual salary changed on {changed_on:%B} {changed_on.day}, {changed_on.year}."
    if before is not None and _salary_at_start(quarter, officer.salary) not in (None, before):
        return f"The annual salary is not the {format_cents(before)} of the quarter before."
    return ""


def _salary_at_start(quarter: Quarter, salary: tuple[SalarySegment, ...]) -> int | None:
    return next((s.annual_salary for s in salary if s.from_on <= quarter.start <= s.to_on), None)
