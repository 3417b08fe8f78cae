"""An explanation as plain data for API and packet: a program recomputes every amount from it.

Money is text with two decimals, days are ISO text. The days of each payroll row stand once, in `periods`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agreements.rules import AgreementPeriod, RosterRow
from claims.rules.explain.shapes import (
    WHY_NOT,
    Days,
    Explanation,
    Operand,
    Row,
    Section,
    Step,
    Unit,
)
from claims.rules.explain.words import agreement, employment, value_in_words
from portal.kernel import money
from portal.kernel.parameters import Citation

Data = dict[str, Any]


def explanation_data(explanation: Explanation) -> Data:
    """One officer's explanation."""
    return {
        "quarter": str(explanation.quarter),
        "as_of": None if explanation.as_of is None else explanation.as_of.isoformat(),
        "counted_for_award": explanation.counted,
        "days": [_days(days) for days in explanation.days],
        "roster": [_roster(row) for row in explanation.roster],
        "agreements": [agreement_data(period) for period in explanation.agreements],
        "periods": [
            {**source_data(source), "days": [_days(days) for days in stretch]}
            for source, stretch in _periods(explanation.sections).items()
        ],
        "sections": [section_data(section, explanation.rules) for section in explanation.sections],
        "waiting": [_step(step, {}) for step in explanation.waiting],
        "rules": [rule_data(rule) for rule in explanation.rules],
    }


def section_data(section: Section, rules: Iterable[Citation]) -> Data:
    """One section; steps name the rule they go by and the day from which its value is in force."""
    since = {rule.name: rule.from_on.isoformat() for rule in rules}
    return {
        "key": section.key,
        "title": section.title,
        "amount": money.text(section.amount),
        "outcome": section.outcome,
        "note": section.note,
        "steps": [_step(step, since) for step in section.steps],
    }


def rule_data(rule: Citation) -> Data:
    """One rule with its source."""
    return {
        "name": rule.name,
        "title": rule.title,
        "value": rule.value,
        "unit": rule.unit,
        "value_in_words": value_in_words(rule),
        "from_on": rule.from_on.isoformat(),
        "source": rule.source,
        "interpretation": rule.interpretation,
    }


def source_data(source: Row) -> Data:
    """The payroll row behind a step."""
    return {
        "file": source.file,
        "row": source.row,
        "period_start": source.period_start.isoformat(),
        "period_end": source.period_end.isoformat(),
        "paid_on": source.paid_on.isoformat(),
    }


def _step(step: Step, since: dict[str, str]) -> Data:
    return {
        "key": step.key,
        "label": step.label,
        "formula": step.formula,
        "amount": None if step.amount is None else money.text(step.amount),
        "operation": step.operation and str(step.operation),
        "operands": [_operand(operand) for operand in step.operands],
        "rule": step.rule,
        "rule_from_on": since.get(step.rule),
        "source": _source(step),
    }


def _source(step: Step) -> Data | None:
    if step.counted:
        return {
            "claims": [{**one._asdict(), "amount": money.text(one.amount)} for one in step.counted]
        }
    return step.source and source_data(step.source)


def _operand(operand: Operand) -> Data:
    value = operand.value
    in_cents = operand.unit in (Unit.MONEY, Unit.MONEY_DAYS)
    shown = money.text(int(value)) if in_cents else str(value)
    return {"name": operand.name, "value": shown, "unit": str(operand.unit)}


def _days(days: Days) -> Data:
    return {
        "from_on": days.from_on.isoformat(),
        "to_on": days.to_on.isoformat(),
        "days": days.days,
        "is_payable": days.reason is None,
        "reason": "" if days.reason is None else WHY_NOT[days.reason],
        "belongs_to": str(days.belongs),
    }


def _periods(sections: Iterable[Section]) -> dict[Row, tuple[Days, ...]]:
    return {
        step.source: step.days
        for section in sections
        for step in section.steps
        if step.source and step.days
    }


def _roster(row: RosterRow) -> Data:
    hired, separated, model, first, last = row
    return {
        "hired_on": hired.isoformat(),
        "separated_on": separated and separated.isoformat(),
        "model": model,
        "authorized_from": first and first.isoformat(),
        "authorized_to": last and last.isoformat(),
        "words": employment(row),
    }


def agreement_data(period: AgreementPeriod) -> Data:
    """One stretch of days on which the agency had an agreement of a model."""
    return {
        "model": period.model,
        "active_from": period.active_from.isoformat(),
        "active_to": period.active_to and period.active_to.isoformat(),
        "words": agreement(period),
    }
