"""An auditor's pocket calculator: every amount again, from an explanation's data and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor
from typing import Any

Data = dict[str, Any]


def recompute_officer(told: Data) -> dict[str, int]:
    """Each section's amount in cents, from operands, days and outcomes; AssertionError names a step."""
    _check_days(told)
    given = {_place(one): one["days"] for one in told["periods"]}
    amounts = {}
    for section in told["sections"]:
        for step in section["steps"]:
            if step["operation"] == "share":
                _check_share(step, given[_place(step["source"])])
        amounts[section["key"]] = recompute_section(section)
    salary = [s for s in _section(told, "cap")["steps"] if s["operation"] == "salary_days"]
    average = _step(_section(told, "cap"), "annual_salary")
    if salary:
        assert sum(_value(s, "days") for s in salary) == _value(average, "year_days")
    assert sum(_value(s, "salary_days") for s in salary) == _value(average, "salary_days")
    total = _section(told, "total")
    assert _cents(_step(total, "regular")["amount"]) == amounts["regular"]
    assert _cents(_step(total, "benefits")["amount"]) == sum(
        amount for key, amount in amounts.items() if key.startswith("benefit_")
    )
    assert _cents(_step(total, "overtime_allowed")["amount"]) == amounts["overtime_allowed"]
    allowed = _section(told, "overtime_allowed")
    assert _value(_step(allowed, "allowed"), "submitted") == amounts["overtime"]
    assert _value(_step(allowed, "room"), "cap") == amounts["cap"]
    assert _value(_step(allowed, "room"), "used_before") == _value(
        _step(allowed, "used_before"), "amount"
    )
    return amounts


def recompute_section(section: Data) -> int:
    """A section's amount in cents: that of its outcome, or the sum of its steps."""
    found = [(step["key"], recompute_step(step)) for step in section["steps"]]
    if section["outcome"]:
        amount = dict(found)[section["outcome"]]
    else:
        amount = sum(cents for _, cents in found if cents is not None)
    assert amount == _cents(section["amount"]), section
    return int(amount or 0)


def recompute_step(step: Data) -> int | None:
    """A step's amount in cents by its operation; None where it has none."""
    numbers = {one["name"]: _number(one) for one in step["operands"]}
    outcome = _OPERATIONS[step["operation"]](numbers) if step["operation"] else None
    if step["amount"] is None:
        return None
    assert outcome == _cents(step["amount"]), step
    return int(outcome)


def _share(n: dict[str, Any]) -> int:
    until = _half_up(Fraction(n["amount"] * n["until_days"], n["period_days"]))
    before = _half_up(Fraction(n["amount"] * n["before_days"], n["period_days"]))
    assert (until, before) == (n["until_amount"], n["before_amount"])
    if "overtime_pay" in n:
        assert n["overtime_pay"] - n["overtime_paid_by_others"] == n["amount"]
    return until - before


def _salary_days(n: dict[str, Any]) -> int:
    assert n["annual_salary"] * n["days"] == n["salary_days"]
    return int(n["salary_days"])


def _cap(n: dict[str, Any]) -> int:
    average = Fraction(n["salary_days"], n["year_days"])
    return floor(average * n["percent"] / 100 / n["periods"])


def _tier(n: dict[str, Any]) -> int | None:
    reached = 100 * n["located"] >= n["percent"] * n["referred"]
    return n["per_officer"] if reached else None


_OPERATIONS = {
    "share": _share,
    "salary_days": _salary_days,
    "day_weighted": lambda n: Fraction(n["salary_days"], n["year_days"]),
    "cap": _cap,
    "given": lambda n: next(iter(n.values())),
    "room": lambda n: max(n["cap"] - n["used_before"], 0),
    "smaller": lambda n: min(n.values()),
    "less": lambda n: n["submitted"] - n["allowed"],
    "sum": lambda n: sum(n.values()),
    "tier": _tier,
    "times": lambda n: n["per_officer"] * n["officers"],
}


def _check_days(told: Data) -> None:
    for stretches in (told["days"], *(one["days"] for one in told["periods"])):
        assert all(one["is_payable"] != bool(one["reason"]) for one in stretches)


def _check_share(step: Data, stretches: Iterable[Data]) -> None:
    """The days a share divides by are those that the period's days come to."""
    stretches = list(stretches)
    before = _payable(stretches, "earlier_quarter")
    assert _value(step, "period_days") == sum(one["days"] for one in stretches)
    assert _value(step, "before_days") == before
    assert _value(step, "until_days") == before + _payable(stretches, "quarter")


def _payable(stretches: list[Data], belongs: str) -> int:
    return sum(
        one["days"] for one in stretches if one["is_payable"] and one["belongs_to"] == belongs
    )


def _place(source: Data) -> tuple[Any, ...]:
    return tuple(source[name] for name in ("file", "row", "period_start", "period_end"))


def _section(told: Data, key: str) -> Data:
    return next(one for one in told["sections"] if one["key"] == key)


def _step(section: Data, key: str) -> Data:
    return next(one for one in section["steps"] if one["key"] == key)


def _value(step: Data, name: str) -> Any:
    return next(_number(one) for one in step["operands"] if one["name"] == name)


def _number(operand: Data) -> int | Fraction:
    if operand["unit"] in ("money", "money_days"):
        return _cents(operand["value"])
    return Fraction(operand["value"])


def _cents(text: str) -> int:
    cents = Fraction(text) * 100
    assert cents.denominator == 1
    return cents.numerator


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))
