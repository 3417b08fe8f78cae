"""How days, counts, exact amounts and rules are written in an explanation."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from agreements.rules import AgreementPeriod, RosterRow
from claims.rules.facts import TOTAL
from portal.kernel.money import format_cents
from portal.kernel.parameters import Citation
from portal.kernel.program import MODELS

_PLACES = 4
"""Digits shown below the cent of an amount that is cut or rounded: enough to see which way."""


def day(value: date) -> str:
    """`Jan 3, 2026`."""
    return f"{value:%b} {value.day}, {value.year}"


def dates(first: date, last: date) -> str:
    """`Dec 21, 2025 to Jan 3, 2026`; a single day as itself."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def count(number: int, word: str) -> str:
    """`1 day`, `14 days`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def component_in_words(name: str) -> str:
    """`workers_comp` as `Workers comp`; the one component `total` was not itemized."""
    return "Benefits not itemized" if name == TOTAL else name.replace("_", " ").capitalize()


def file_row(file: str, row: int) -> str:
    """How people name a payroll row."""
    return f"File {file}, row {row}"


def exact(cents: Fraction) -> str:
    """An exact amount of cents: `$18,932.50`, or `$18,932.5041…` when it goes on."""
    whole = cents.numerator // cents.denominator
    rest = cents - whole
    if not rest:
        return format_cents(whole)
    digits = int(rest * 10**_PLACES)
    goes_on = rest * 10**_PLACES != digits
    return f"{format_cents(whole)}{digits:0{_PLACES}d}{'…' if goes_on else ''}"


def employment(row: RosterRow) -> str:
    """A roster row as a sentence."""
    if row.authorized_from is None:
        authorized = "without an authorization yet (in training)"
    else:
        authorized = (
            f"authorized for {model(row.model)} {_since(row.authorized_from, row.authorized_to)}"
        )
    return f"Employed {_since(row.hired_on, row.separated_on)}; {authorized}."


def agreement(period: AgreementPeriod) -> str:
    """An active stretch of an agreement as a sentence."""
    since = _since(period.active_from, period.active_to)
    return f"The agency’s agreement of the {model(period.model)} was active {since}."


def model(code: str) -> str:
    """`Task Force Model (TFM)`."""
    return f"{MODELS[code]} ({code})" if code in MODELS else code


def value_in_words(rule: Citation) -> str:
    """The value of a rule as a clerk reads it; one nobody has words for with its unit."""
    if rule.value in _CHOICES:
        return _CHOICES[rule.value]
    if rule.unit == "date":
        return day(date.fromisoformat(rule.value))
    if rule.unit == "models":
        return ", ".join(model(code) for code in rule.value.split(", ") if code) or "no model"
    if rule.name == "award_tiers":
        return "; ".join(_tier(pair) for pair in rule.value.split(", ") if pair) or "no tier"
    if rule.unit.startswith("percent"):
        return f"{rule.value}%{rule.unit.removeprefix('percent')}"
    return f"{rule.value} {rule.unit}"


_CHOICES = {
    "fiscal_year": "the whole federal fiscal year: room not used in a quarter stays for the next",
    "quarter": "each quarter by itself, with a fourth of the year’s cap",
    "service_days": "the calendar days of the pay period: each quarter gets the share of its own days",
    "pay_date": "the payday: the pay period counts whole in the quarter in which it was paid",
    "quarter_end": "the last day of the quarter",
    "any_day": "any day of the quarter",
}


def _tier(pair: str) -> str:
    percent, cents = pair.split(": ")
    return f"at least {percent}% located: {format_cents(int(cents))} per officer"


def _since(first: date, last: date | None) -> str:
    return f"since {day(first)}" if last is None else f"from {dates(first, last)}"
