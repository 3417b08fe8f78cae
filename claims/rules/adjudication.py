"""When things are due and what a decision needs: dated data, by the quarter's first day. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from portal.kernel.parameters import Citation, RuleFile
from portal.kernel.quarter import Quarter

RULE_FILE = RuleFile.load(Path(__file__).with_name("adjudication.toml"))


@dataclass(frozen=True, slots=True)
class AdjudicationRules:
    """The parameters of deadlines and decisions in force; periods in days, the amount in cents."""

    due_days: int
    closing_month_day: tuple[int, int]
    return_days: int
    question_days: int
    appeal_days: int
    hold_days: int
    second_approval_from: int
    reminder_days_before: tuple[int, ...]
    reminder_days_after: tuple[int, ...]
    citations: tuple[Citation, ...]

    def due_on(self, quarter: Quarter) -> date:
        """The last day on which a claim of the quarter is in time."""
        return quarter.end + timedelta(self.due_days)

    def closes_on(self, quarter: Quarter) -> date:
        """The last day on which a late claim of the quarter is still accepted."""
        return date(quarter.year_end.year, *self.closing_month_day)


def rules_on(day: date, overrides: Mapping[str, Any] | None = None) -> AdjudicationRules:
    """The rules in force on `day`; a quarter goes by its first day."""
    found = RULE_FILE.on(day, overrides)
    return AdjudicationRules(
        due_days=found.count("due_days"),
        closing_month_day=found.month_day("closing_month_day"),
        return_days=found.count("return_days"),
        question_days=found.count("question_days"),
        appeal_days=found.count("appeal_days"),
        hold_days=found.count("hold_days"),
        second_approval_from=found.count("second_approval_from") * 100,
        reminder_days_before=found.counts("reminder_days_before"),
        reminder_days_after=found.counts("reminder_days_after"),
        citations=found.citations,
    )
