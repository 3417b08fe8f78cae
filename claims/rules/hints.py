"""What is worth a look in a claim: patterns that were behind false claims elsewhere. Plain Python.

A hint is no finding: there are good reasons for each, and nothing follows from one by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

FEW = 3
"""Fewer officers than this make no pattern."""
JUMP = 1_000_00
"""A smaller rise than this is not worth a look, in cents."""
ROUND = 100_00
COMMAND = ("sheriff", "chief", "major", "captain", "lieutenant", "commander", "director")


class OfficerQuarter(NamedTuple):
    """What one officer's quarter comes to; amounts in cents."""

    position: int
    title: str
    days: int
    regular: int
    benefits: int
    overtime: int
    cap: int
    used_before: int
    overtime_allowed: int
    total: int

    @property
    def is_at_cap(self) -> bool:
        """Whether the year's overtime is used up to the last cent."""
        return self.overtime_allowed > 0 and self.used_before + self.overtime_allowed == self.cap


Pair = tuple[OfficerQuarter | None, OfficerQuarter | None]
"""An officer in this quarter and in the one before."""


class Hint(NamedTuple):
    """A pattern, why it is worth a look, and the officers that show it, by payroll id."""

    code: str
    title: str
    why: str
    officers: tuple[str, ...]


def hints_of(officers: Mapping[str, Pair]) -> list[Hint]:
    """The patterns that a claim shows, by officer: this quarter and the one before."""
    now = {key: pair[0] for key, pair in officers.items() if pair[0] is not None}
    before = {key: pair[1] for key, pair in officers.items() if pair[1] is not None}
    return [hint for hint in _hints(now, before) if hint.officers]


def _hints(
    now: Mapping[str, OfficerQuarter], before: Mapping[str, OfficerQuarter]
) -> Iterator[Hint]:
    with_overtime = {key: one for key, one in now.items() if one.overtime > 0}
    yield Hint(
        "at_cap",
        "Many officers stand exactly at their yearly overtime cap",
        "At least half of those with overtime. Hours that always fit the cap were made to fit elsewhere.",
        _pattern([key for key, one in with_overtime.items() if one.is_at_cap], len(with_overtime)),
    )
    yield Hint(
        "overtime_jump",
        "Overtime has doubled",
        "And risen by $1,000 or more since the quarter before. Ask for the authorization.",
        tuple(
            key
            for key, one in with_overtime.items()
            if key in before
            and one.overtime >= 2 * before[key].overtime
            and one.overtime - before[key].overtime >= JUMP
        ),
    )
    yield Hint(
        "round_overtime",
        "Overtime in whole hundreds of dollars",
        "Hours times a rate seldom come out round; estimates do.",
        _several([key for key, one in with_overtime.items() if one.overtime % ROUND == 0]),
    )
    amounts = Counter(one.overtime for one in with_overtime.values())
    yield Hint(
        "same_overtime",
        "The same overtime to the cent",
        "For several officers. Different people seldom work and earn exactly alike.",
        _several([key for key, one in with_overtime.items() if amounts[one.overtime] >= FEW]),
    )
    yield Hint(
        "command_overtime",
        "Overtime of command staff",
        "By their titles. Many local policies do not pay it.",
        tuple(
            key
            for key, one in with_overtime.items()
            if any(word in one.title.lower() for word in COMMAND)
        ),
    )
    yield Hint(
        "high_benefits",
        "Benefits above three quarters of regular pay",
        "Compare them with the agency's rate table.",
        tuple(key for key, one in now.items() if 4 * one.benefits > 3 * one.regular > 0),
    )
    yield Hint(
        "pay_jump",
        "Pay for a day has risen by a fifth or more",
        "Since the quarter before. A raise or a promotion has a letter.",
        tuple(
            key
            for key, one in now.items()
            if key in before
            and before[key].regular > 0
            and 5 * one.regular * before[key].days >= 6 * before[key].regular * one.days > 0
        ),
    )
    if before:
        yield Hint(
            "many_new",
            "Many officers are new",
            "At least a quarter of the claim. Compare their first days with the roster.",
            _pattern([key for key in now if key not in before], len(now), share=4),
        )


def _several(officers: list[str]) -> tuple[str, ...]:
    return tuple(officers) if len(officers) >= FEW else ()


def _pattern(officers: list[str], of: int, *, share: int = 2) -> tuple[str, ...]:
    """The officers, if they are one in `share` or more."""
    return _several(officers) if share * len(officers) >= of else ()
