"""What an explanation is made of: days, operands, steps and sections. Money in whole cents."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from agreements.rules import AgreementPeriod, NotPayable, RosterRow
from claims.rules.explain.words import count, dates, day, file_row
from portal.kernel.parameters import Citation
from portal.kernel.quarter import Quarter

WHY_NOT = {
    NotPayable.BEFORE_PROGRAM: "before the first day of the program",
    NotPayable.NOT_EMPLOYED: "not employed by the agency",
    NotPayable.IN_TRAINING: "not authorized yet (in training)",
    NotPayable.NOT_AUTHORIZED: "the authorization had ended",
    NotPayable.MODEL_NOT_COVERED: "authorized for a model that is not reimbursed",
    NotPayable.NO_AGREEMENT: "the agency had no active agreement of the officer's model",
}


class Belongs(enum.StrEnum):
    """To which quarter days of a pay period belong, seen from the claim's."""

    EARLIER = "earlier_quarter"
    HERE = "quarter"
    LATER = "later_quarter"


_ELSEWHERE = {
    Belongs.EARLIER: ", in an earlier quarter",
    Belongs.HERE: "",
    Belongs.LATER: ", in a later quarter",
}


class Days(NamedTuple):
    """Days in a row that are payable, or not for one reason (None: payable)."""

    from_on: date
    to_on: date
    reason: NotPayable | None
    belongs: Belongs = Belongs.HERE

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.to_on - self.from_on).days + 1

    @property
    def standing(self) -> str:
        """Whether they are payable, and in which quarter, in words."""
        why = "payable" if self.reason is None else f"not payable: {WHY_NOT[self.reason]}"
        return f"{why}{_ELSEWHERE[self.belongs]}"

    def __str__(self) -> str:
        return f"{dates(self.from_on, self.to_on)}: {count(self.days, 'day')} {self.standing}"


class Row(NamedTuple):
    """The payroll row that a step takes its numbers from."""

    file: str
    row: int
    period_start: date
    period_end: date
    paid_on: date

    def __str__(self) -> str:
        period = dates(self.period_start, self.period_end)
        return f"{file_row(self.file, self.row)}: {period}, paid {day(self.paid_on)}"


class Unit(enum.StrEnum):
    """What an operand counts; the money of days is an amount times days, added up."""

    MONEY = "money"
    MONEY_DAYS = "money_days"
    DAYS = "days"
    PERSONS = "persons"
    PERCENT = "percent"
    COUNT = "count"


class Operand(NamedTuple):
    """One number that goes into a step; money and the money of days in cents."""

    name: str
    value: int | Decimal
    unit: Unit


class Operation(enum.StrEnum):
    """What a step does with its operands, by their names. A half cent is rounded up.

    Programs go by these and by nothing in the words beside them.
    """

    SHARE = "share"
    """round(amount × until_days / period_days) − round(amount × before_days / period_days)"""
    SALARY_DAYS = "salary_days"
    """annual_salary × days"""
    DAY_WEIGHTED = "day_weighted"
    """salary_days / year_days, exact"""
    CAP = "cap"
    """salary_days × percent / (100 × year_days × periods), cut to the cent"""
    GIVEN = "given"
    """amount, as it is"""
    ROOM = "room"
    """the larger of cap − used_before and 0"""
    SMALLER = "smaller"
    """the smallest operand"""
    LESS = "less"
    """the first operand less all others"""
    SUM = "sum"
    """the sum of all operands that are money"""
    TIER = "tier"
    """per_officer where 100 × located is at least percent × referred, else nothing"""
    TIMES = "times"
    """per_officer × officers"""


class Step(NamedTuple):
    """One step: its subject, the sum with its numbers, the outcome in cents, the rule's name.

    `key` names a step others stand on; `source` is the payroll row, `days` tell its whole period.
    """

    label: str
    formula: str
    amount: int | None
    rule: str = ""
    key: str = ""
    operation: Operation | None = None
    operands: tuple[Operand, ...] = ()
    source: Row | None = None
    days: tuple[Days, ...] = ()


class Section(NamedTuple):
    """The steps to one amount in cents: that of the step `outcome`, or without it their sum.

    `note` says in a sentence how the steps are done.
    """

    key: str
    title: str
    steps: tuple[Step, ...]
    amount: int
    note: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps to one officer's amounts, and all they rest on.

    `days` are those of the quarter; `roster` and `agreements` are why they are payable; `waiting` are
    lines not paid by the day `as_of`; `counted` says whether the officer counts for the award.
    """

    officer_id: str
    quarter: Quarter
    as_of: date | None
    days: tuple[Days, ...]
    roster: tuple[RosterRow, ...]
    agreements: tuple[AgreementPeriod, ...]
    sections: tuple[Section, ...]
    waiting: tuple[Step, ...]
    counted: bool
    rules: tuple[Citation, ...]

    def section(self, key: str) -> Section:
        """One section by its key; KeyError when the officer has none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)
