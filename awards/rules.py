"""The quarterly award: how well an agency's referred persons were located, times its officers.

The award belongs to the agency. Only two counts go in: nothing about any person.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from portal.kernel.parameters import Citation, Parameters, RuleError, RuleFile, as_percent
from portal.kernel.program import MODELS
from portal.kernel.quarter import Quarter

RULE_FILE = RuleFile.load(Path(__file__).with_name("rules.toml"))
LARGEST_COUNT = 1_000_000
"""More persons in one quarter are a slip of the finger."""


class Headcount(enum.StrEnum):
    """When an officer must be payable to be counted."""

    QUARTER_END = "quarter_end"
    ANY_DAY = "any_day"


class Status(enum.StrEnum):
    """How an award came about."""

    NOT_REPORTED = "not_reported"
    NO_BASIS = "no_basis"
    BELOW_THRESHOLD = "below_threshold"
    EARNED = "earned"


class Tier(NamedTuple):
    """From `percent` of the referred persons located, `amount` cents per officer."""

    percent: Decimal
    amount: int


@dataclass(frozen=True, slots=True)
class AwardRules:
    """The award's parameters in force; tiers stand from the highest percent down."""

    tiers: tuple[Tier, ...]
    models: tuple[str, ...]
    headcount: Headcount
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Persons referred by ICE in a quarter, and located among them; ValueError if impossible."""

    referred: int
    located: int

    def __post_init__(self) -> None:
        if self.referred < 0 or self.located < 0:
            raise ValueError("counts of persons cannot be negative")
        if self.located > self.referred:
            raise ValueError(
                f"{self.located} located of {self.referred} referred:"
                " no more can be located than referred"
            )


@dataclass(frozen=True, slots=True)
class Award:
    """An agency's award of one quarter; amounts in cents."""

    status: Status
    headcount: int
    per_officer: int

    @property
    def amount(self) -> int:
        """What the agency gets: the tier's amount for every officer counted."""
        return self.per_officer * self.headcount


def rules_on(day: date, overrides: Mapping[str, Any] | None = None) -> AwardRules:
    """The award's rules in force on `day`; a quarter goes by its first day.

    `overrides` replace values by name; RuleError for an unknown name or a value of another type.
    """
    found = RULE_FILE.on(day, overrides)
    return AwardRules(
        tiers=_tiers(found),
        models=found.choices("award_models", MODELS),
        headcount=Headcount(found.choice("award_headcount", tuple(Headcount))),
        citations=found.citations,
    )


def award(counts: Counts | None, headcount: int, rules: AwardRules) -> Award:
    """The award for `counts` (None: not reported yet), never prorated.

    Source: docs/calculation.md §6.
    """
    if counts is None:
        return Award(Status.NOT_REPORTED, headcount, 0)
    if counts.referred == 0:
        return Award(Status.NO_BASIS, headcount, 0)
    tier = tier_of(counts, rules)
    if tier is None:
        return Award(Status.BELOW_THRESHOLD, headcount, 0)
    return Award(Status.EARNED, headcount, tier.amount)


def tier_of(counts: Counts, rules: AwardRules) -> Tier | None:
    """The highest tier reached, by comparing whole numbers: no tier is rounded up.

    Source: docs/calculation.md §6.
    """
    for tier in rules.tiers:
        if 100 * counts.located >= tier.percent * counts.referred:
            return tier
    return None


def reportable_quarters(today: date) -> list[Quarter]:
    """The quarters that can have counts, from the present one back to the program's first."""
    first = Quarter.of(min(cited.from_on for cited in rules_on(today).citations))
    quarters = [Quarter.of(today)]
    while quarters[-1] > first:
        quarters.append(quarters[-1].previous)
    return quarters


def _tiers(found: Parameters) -> tuple[Tier, ...]:
    raw = found.raw("award_tiers")
    if not isinstance(raw, list):
        raise RuleError(f"award_tiers must be a list of [percent, cents], not {raw!r}")
    tiers = sorted((_tier(item) for item in raw), reverse=True)
    if len({tier.percent for tier in tiers}) < len(tiers):
        raise RuleError("award_tiers names one percent twice")
    return tuple(tiers)


def _tier(item: Any) -> Tier:
    if not isinstance(item, list) or len(item) != 2:
        raise RuleError(f"award_tiers must be a list of [percent, cents]; {item!r} is not")
    percent, amount = item
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise RuleError(f"award_tiers: {amount!r} is not a whole number of cents")
    return Tier(as_percent("award_tiers", percent), amount)
