"""Short ways to write the facts of a claim in a test; money in dollars as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.rules import AgreementPeriod, RosterRow
from awards.rules import Counts
from awards.rules import rules_on as award_rules_on
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine, payroll_line, rules_on
from portal.kernel.money import cents
from portal.kernel.quarter import Quarter

AGREEMENTS = (AgreementPeriod("TFM", date(2025, 3, 1), None),)
AUTHORIZED = RosterRow(date(2015, 1, 1), None, "TFM", date(2025, 6, 1), None)
AWARD_NAMES = {"award_tiers", "award_models", "award_headcount"}


def day(text: str) -> date:
    """`2025-10-01` as a date."""
    return date.fromisoformat(text)


def line(start: str, end: str, **facts: Any) -> PayrollLine:
    """A line of one period; paid on its last day, $73,000.00 a year, nothing paid unless said."""
    paid_on = day(facts.pop("paid_on", end))
    benefits = tuple((name, _cents(text)) for name, text in facts.pop("benefits", {}).items())
    amounts = {"annual_salary": "73000", "regular_pay": "0"} | {
        name: facts.pop(name) for name in list(facts) if name not in {"batch", "row"}
    }
    return payroll_line(
        batch=facts.get("batch", "1"),
        row=facts.get("row", 2),
        period_start=day(start),
        period_end=day(end),
        paid_on=paid_on,
        benefits=benefits,
        **{name: _cents(text) for name, text in amounts.items()},
    )


def officer(
    *lines: PayrollLine, roster: tuple[RosterRow, ...] = (AUTHORIZED,), **facts: Any
) -> OfficerFacts:
    """An officer `1`, authorized since June 2025 unless another roster is given."""
    return OfficerFacts(
        officer_id=facts.pop("officer_id", "1"),
        name="Sample, Pat",
        title="Deputy",
        roster=roster,
        lines=lines,
        overtime_used_before=_cents(facts.pop("used", "0")),
    )


def claim(
    quarter: str,
    *officers: OfficerFacts,
    agreements: tuple[AgreementPeriod, ...] = AGREEMENTS,
    as_of: str | None = None,
    counts: Counts | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> ClaimInput:
    """A claim of one quarter under the rules of its first day, some of them replaced."""
    which = Quarter.parse(quarter)
    given = dict(overrides or {})
    award = {name: given.pop(name) for name in AWARD_NAMES & set(given)}
    return ClaimInput(
        quarter=which,
        as_of=None if as_of is None else day(as_of),
        agreements=agreements,
        officers=officers,
        counts=counts,
        rules=rules_on(which.start, given),
        award_rules=award_rules_on(which.start, award),
    )


def _cents(text: str) -> int:
    return cents(Decimal(text))
