"""What an explanation is made of: days, operands, steps and sections. Money in whole cents."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from agreements.rules import AgreementPeriod, NotPayable, RosterRow
from claims.rules.explain.words import count, dates, day, file_row
from portal.kernel.money import format_cents
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


class Counted(NamedTuple):
    """An earlier claim that the overtime cap counted: where it stood in words, its overtime in cents."""

    quarter: str
    claim: str
    version: int
    state: str
    amount: int

    def __str__(self) -> str:
        where = f"claim {self.claim}, version {self.version} ({self.state.lower()})"
        return f"{self.quarter}: {format_cents(self.amount)} in {where}"


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
    """What a step does with its operands, by their names: `OPERATIONS` says how.

    Programs go by these and by nothing in the words beside them.
    """

    SHARE = "share"
    SALARY_DAYS = "salary_days"
    DAY_WEIGHTED = "day_weighted"
    CAP = "cap"
    GIVEN = "given"
    ROOM = "room"
    SMALLER = "smaller"
    LESS = "less"
    SUM = "sum"
    TIER = "tier"
    TIMES = "times"


OPERATIONS = {
    Operation.SHARE: (
        "round(amount × until_days ÷ period_days) − round(amount × before_days ÷ period_days); each product "
        "is rounded to the cent, half a cent up"
    ),
    Operation.SALARY_DAYS: "annual_salary × days; it has no amount of its own",
    Operation.DAY_WEIGHTED: "salary_days ÷ year_days, kept exact; it has no amount of its own",
    Operation.CAP: (
        "salary_days × percent ÷ (100 × year_days × periods), cut to the cent; its salary_days are those of "
        "all steps with the operation salary_days, added"
    ),
    Operation.GIVEN: "amount, as it is",
    Operation.ROOM: "cap − used_before, or nothing where that is below zero",
    Operation.SMALLER: "the smaller of submitted and room",
    Operation.LESS: "submitted − allowed",
    Operation.SUM: "all operands added",
    Operation.TIER: "per_officer where 100 × located is at least percent × referred, else nothing",
    Operation.TIMES: "per_officer × officers",
}
"""How a step's amount follows from its operands."""

OPERANDS = {
    "amount": "the amount that is divided or taken over",
    "until_days": "payable days of the pay period up to the last day of the quarter",
    "before_days": "those of them before the quarter",
    "period_days": "all days of the pay period",
    "until_amount": "the first product of a share, rounded",
    "before_amount": "the second product of a share, rounded",
    "overtime_pay": "overtime of the payroll row; amount is this less overtime_paid_by_others",
    "overtime_paid_by_others": "what others than the agency paid of that overtime",
    "annual_salary": "the annual salary of a stretch of days of the fiscal year",
    "days": "the days of that stretch",
    "salary_days": "annual salary times days; in day_weighted and cap the sum over all stretches",
    "year_days": "the days of the fiscal year",
    "percent": "the percentage that the rule of the step sets",
    "periods": "4 where each quarter has a cap of its own, else 1",
    "cap": "the overtime cap",
    "used_before": "overtime that earlier quarters of the fiscal year allow",
    "submitted": "overtime for payable days of the quarter, before the cap",
    "room": "what the cap leaves after used_before",
    "allowed": "what of submitted is allowed",
    "referred": "persons referred in the quarter",
    "located": "persons of them who were located",
    "per_officer": "the award for each officer counted",
    "officers": "the officers counted, or those with any of the amount",
}
"""What each operand is; those named benefit_… are the sections of that key."""


def operations_in_words() -> list[str]:
    """Every operation and operand in a line of its own, for programs' authors."""
    return [
        "How the amount of a step follows from its operands, by its operation:",
        *(f"{operation}: {how}." for operation, how in OPERATIONS.items()),
        "A step without an operation only tells something. The operands:",
        *(f"{name}: {what}." for name, what in OPERANDS.items()),
        "benefit_…: the amount of the section with that key.",
        (
            "The amount of a section is that of the step whose key is its outcome, or where it names none "
            "the sum of its steps."
        ),
    ]


class Step(NamedTuple):
    """One step: its subject, the sum with its numbers, the outcome in cents, the rule's name.

    `key` names a step others stand on; `source` is the payroll row, `days` tell its whole period.
    `counted` are the earlier claims that an amount was taken over from.
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
    counted: tuple[Counted, ...] = ()


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
