"""What a claim is calculated from. Money is whole cents; date ranges include both ends."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from agreements.rules import AgreementPeriod, RosterRow
from awards.rules import AwardRules, Counts
from portal.kernel.parameters import Citation, RuleFile
from portal.kernel.program import MODELS
from portal.kernel.quarter import Quarter

RULE_FILE = RuleFile.load(Path(__file__).with_name("reimbursement.toml"))
TOTAL = "total"


class CapPeriod(enum.StrEnum):
    """Over which period the overtime cap runs."""

    FISCAL_YEAR = "fiscal_year"
    QUARTER = "quarter"


class Allocation(enum.StrEnum):
    """What decides the quarter of a pay period: its days, or its payday."""

    SERVICE_DAYS = "service_days"
    PAY_DATE = "pay_date"


@dataclass(frozen=True, slots=True)
class ReimbursementRules:
    """The reimbursement's parameters in force."""

    program_start_on: date
    reimbursable_models: tuple[str, ...]
    overtime_share_percent: Decimal
    overtime_cap_period: CapPeriod
    allocation: Allocation
    citations: tuple[Citation, ...]


def rules_on(day: date, overrides: Mapping[str, Any] | None = None) -> ReimbursementRules:
    """The rules in force on `day`; a quarter goes by its first day.

    `overrides` replace values by name; RuleError for an unknown name or a value of another type.
    """
    found = RULE_FILE.on(day, overrides)
    return ReimbursementRules(
        program_start_on=found.day("program_start_on"),
        reimbursable_models=found.choices("reimbursable_models", MODELS),
        overtime_share_percent=found.percent("overtime_share_percent"),
        overtime_cap_period=CapPeriod(found.choice("overtime_cap_period", tuple(CapPeriod))),
        allocation=Allocation(found.choice("allocation", tuple(Allocation))),
        citations=found.citations,
    )


class PayrollLine(NamedTuple):
    """One row of a payroll file: an officer's pay of one period. Built by `payroll_line`."""

    batch: str
    row: int
    period_start: date
    period_end: date
    paid_on: date
    annual_salary: int
    regular_pay: int
    benefits: tuple[tuple[str, int], ...] = ()
    overtime_pay: int = 0
    overtime_paid_by_others: int = 0


class OfficerFacts(NamedTuple):
    """An officer as of one claim; `lines` in order of receipt, then of rows, each line once.

    `overtime_used_before` is what earlier quarters of the fiscal year allow, in cents.
    """

    officer_id: str
    name: str
    title: str
    roster: tuple[RosterRow, ...]
    lines: tuple[PayrollLine, ...]
    overtime_used_before: int = 0


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """Everything one agency's claim of one quarter depends on.

    Lines paid after `as_of` wait; without it none does. `counts` is None until they are reported.
    """

    quarter: Quarter
    as_of: date | None
    agreements: tuple[AgreementPeriod, ...]
    officers: tuple[OfficerFacts, ...]
    counts: Counts | None
    rules: ReimbursementRules
    award_rules: AwardRules

    def __post_init__(self) -> None:
        ids = {officer.officer_id for officer in self.officers}
        if len(ids) < len(self.officers):
            raise ValueError("an officer stands twice in the claim")
        if any(officer.overtime_used_before < 0 for officer in self.officers):
            raise ValueError("overtime used before cannot be negative")


def payroll_line(
    *,
    batch: str,
    row: int,
    period_start: date,
    period_end: date,
    paid_on: date,
    annual_salary: int,
    regular_pay: int,
    benefits: tuple[tuple[str, int], ...] = (),
    overtime_pay: int = 0,
    overtime_paid_by_others: int = 0,
) -> PayrollLine:
    """A payroll line that cannot be wrong in itself; ValueError says what it would have been.

    Benefits are components by name, or the one component `total`.
    """
    where = f"batch {batch}, row {row}"
    amounts = [annual_salary, regular_pay, overtime_pay, overtime_paid_by_others]
    amounts += [amount for _, amount in benefits]
    if min(amounts) < 0:
        raise ValueError(f"{where}: an amount is negative; a correction is a corrected file")
    if period_end < period_start:
        raise ValueError(f"{where}: the period ends before it starts")
    if overtime_paid_by_others > overtime_pay:
        raise ValueError(f"{where}: others paid more overtime than there was")
    names = [name for name, _ in benefits]
    if len(set(names)) < len(names):
        raise ValueError(f"{where}: a benefit component stands twice")
    if TOTAL in names and len(names) > 1:
        raise ValueError(f"{where}: benefit_total stands beside components")
    return PayrollLine(
        batch=batch,
        row=row,
        period_start=period_start,
        period_end=period_end,
        paid_on=paid_on,
        annual_salary=annual_salary,
        regular_pay=regular_pay,
        benefits=benefits,
        overtime_pay=overtime_pay,
        overtime_paid_by_others=overtime_paid_by_others,
    )
