"""Law as dated data: each value has a unit, the day it starts and its source, or it does not load.

A rule file is TOML, one table per parameter:

    [overtime_share_percent]
    title = "Part of the annual salary that reimbursed overtime may reach"
    unit = "percent"

    [[overtime_share_percent.values]]
    from = 2025-10-01
    value = 25
    source = "DHS release of 2 September 2025"
    interpretation = "only where the published text is silent: the reading taken"
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

_HEAD = {"title", "unit", "values"}
_VALUE = {"from", "value", "source", "interpretation"}


class RuleError(ValueError):
    """A rule file, or an override of it, that cannot be law; the message says why."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the value of one parameter comes from, in words for pages and packets.

    `interpretation` is empty where the published text itself gives the value.
    """

    name: str
    title: str
    value: str
    unit: str
    from_on: date
    source: str
    interpretation: str = ""

    def __str__(self) -> str:
        shown = f"{self.title}: {self.value} ({self.unit}), from {self.from_on} by {self.source}"
        return f"{shown}. Interpretation: {self.interpretation}" if self.interpretation else shown


@dataclass(frozen=True, slots=True)
class _Value:
    """One dated value as the file gives it, with its citation."""

    raw: Any
    citation: Citation


class Parameters:
    """The values in force on one day, read by name and type; RuleError names what does not fit."""

    def __init__(self, values: Mapping[str, _Value]) -> None:
        self._values = values
        self.citations = tuple(value.citation for value in values.values())

    def raw(self, name: str) -> Any:
        """The value as the file gives it."""
        if name not in self._values:
            raise RuleError(f"{name} has no value in the rule file")
        return self._values[name].raw

    def percent(self, name: str) -> Decimal:
        """A number from 0 to 100."""
        return as_percent(name, self.raw(name))

    def count(self, name: str) -> int:
        """A whole number from 0."""
        raw = self.raw(name)
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
            raise RuleError(f"{name} must be a whole number, not {raw!r}")
        return raw

    def counts(self, name: str) -> tuple[int, ...]:
        """Whole numbers from 0, in the order given."""
        raw = self.raw(name)
        if not isinstance(raw, list) or any(
            isinstance(item, bool) or not isinstance(item, int) or item < 0 for item in raw
        ):
            raise RuleError(f"{name} must be a list of whole numbers, not {raw!r}")
        return tuple(raw)

    def month_day(self, name: str) -> tuple[int, int]:
        """A day of every year: its month and its day in the month."""
        raw = self.raw(name)
        try:
            # Of a year that is no leap year: a day that every year has.
            parsed = date.fromisoformat(f"2001-{raw}")
        except ValueError as error:
            raise RuleError(f"{name} must be a month and a day, not {raw!r}") from error
        return parsed.month, parsed.day

    def day(self, name: str) -> date:
        """A calendar day."""
        raw = self.raw(name)
        if not isinstance(raw, date) or isinstance(raw, datetime):
            raise RuleError(f"{name} must be a date, not {raw!r}")
        return raw

    def choice(self, name: str, options: Collection[str]) -> str:
        """One of the words in `options`."""
        raw = self.raw(name)
        if not isinstance(raw, str) or raw not in options:
            raise RuleError(f"{name} must be one of {', '.join(options)}, not {raw!r}")
        return raw

    def choices(self, name: str, options: Collection[str]) -> tuple[str, ...]:
        """Any number of the words in `options`, in the order given."""
        raw = self.raw(name)
        if not isinstance(raw, list) or any(item not in options for item in raw):
            raise RuleError(f"{name} must be a list out of {', '.join(options)}, not {raw!r}")
        return tuple(raw)


class RuleFile:
    """All dated values of one rule file; RuleError where one lacks its unit, start or source."""

    def __init__(self, text: str, origin: str) -> None:
        self._history: dict[str, tuple[_Value, ...]] = {}
        for name, table in tomllib.loads(text, parse_float=Decimal).items():
            self._history[name] = _history(name, table, f"{origin}: {name}")
        self.names = frozenset(self._history)

    @classmethod
    def load(cls, path: Path) -> RuleFile:
        """Read a rule file that lies beside the code."""
        return cls(path.read_text(encoding="utf-8"), path.name)

    def on(self, day: date, overrides: Mapping[str, Any] | None = None) -> Parameters:
        """The values in force on `day`, some replaced by `overrides` (RuleError: unknown name).

        A day before the first value gets the first value: a quarter before the program is
        calculated like any other, and comes out as nothing payable.
        """
        values = {name: _in_force(history, day) for name, history in self._history.items()}
        for name, raw in (overrides or {}).items():
            if name not in values:
                raise RuleError(f"there is no rule {name!r}; there are {', '.join(sorted(values))}")
            known = values[name].citation
            values[name] = _Value(
                raw, Citation(name, known.title, _shown(raw), known.unit, day, "an override")
            )
        return Parameters(values)


def as_percent(name: str, raw: Any) -> Decimal:
    """`raw` as a number from 0 to 100; RuleError otherwise. Booleans and floats are no numbers."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal) or not 0 <= raw <= 100:
        raise RuleError(f"{name} must be a number from 0 to 100, not {raw!r}")
    return Decimal(raw)


def _in_force(history: tuple[_Value, ...], day: date) -> _Value:
    started = [value for value in history if value.citation.from_on <= day]
    return started[-1] if started else history[0]


def _history(name: str, table: Any, where: str) -> tuple[_Value, ...]:
    if not isinstance(table, dict):
        raise RuleError(f"{where} must be a table with title, unit and values")
    _refuse_unknown(table, _HEAD, where)
    title, unit = _text(table, "title", where), _text(table, "unit", where)
    entries = table.get("values")
    if not isinstance(entries, list) or not entries:
        raise RuleError(f"{where} has no values")
    values = [_value(name, title, unit, entry, where) for entry in entries]
    starts = [value.citation.from_on for value in values]
    if starts != sorted(set(starts)):
        raise RuleError(f"{where}: the values must stand in order, each from a day of its own")
    return tuple(values)


def _value(name: str, title: str, unit: str, entry: dict[str, Any], where: str) -> _Value:
    _refuse_unknown(entry, _VALUE, where)
    start = entry.get("from")
    if not isinstance(start, date) or isinstance(start, datetime):
        raise RuleError(f"{where} has a value without a start date")
    if "value" not in entry:
        raise RuleError(f"{where} has an entry without a value")
    reading = _text(entry, "interpretation", where) if "interpretation" in entry else ""
    source = _text(entry, "source", where)
    raw = entry["value"]
    return _Value(raw, Citation(name, title, _shown(raw), unit, start, source, reading))


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"{where} has no {key}")
    return value


def _refuse_unknown(table: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise RuleError(f"{where} has unknown keys: {', '.join(unknown)}")


def _shown(raw: Any) -> str:
    """A value as text: lists with commas, pairs of a list as `90: 100000`."""
    if not isinstance(raw, list):
        return str(raw)
    return ", ".join(
        ": ".join(str(part) for part in item) if isinstance(item, list) else str(item)
        for item in raw
    )
