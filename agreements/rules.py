"""Which days are payable for an officer: employment, authorization and agreement as day ranges.

Ranges are pairs of day ordinals (`date.toordinal`), both ends included, sorted and disjoint. They
are used twice: for reimbursement, and with the award's own models for the headcount.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

OPEN = date.max.toordinal()

Ranges: TypeAlias = tuple[tuple[int, int], ...]


class RosterRow(NamedTuple):
    """One employment of an officer and at most one authorization in it.

    An officer in training has an empty `model` and no `authorized_from`; an end of None is open.
    """

    hired_on: date
    separated_on: date | None
    model: str
    authorized_from: date | None
    authorized_to: date | None


class AgreementPeriod(NamedTuple):
    """One period in which the agency's agreement of a model was active; None is open."""

    model: str
    active_from: date
    active_to: date | None


class NotPayable(enum.StrEnum):
    """Why a day is not payable; the first that applies, in this order."""

    BEFORE_PROGRAM = "before_program"
    NOT_EMPLOYED = "not_employed"
    IN_TRAINING = "in_training"
    NOT_AUTHORIZED = "not_authorized"
    MODEL_NOT_COVERED = "model_not_covered"
    NO_AGREEMENT = "no_agreement"


class Eligibility:
    """The payable days of one agency's officers, for the given models.

    Source: docs/calculation.md §1.
    """

    __slots__ = ("_agreements", "_program_start")

    def __init__(
        self,
        agreements: Iterable[AgreementPeriod],
        models: Collection[str],
        program_start_on: date,
    ) -> None:
        self._program_start = program_start_on.toordinal()
        self._agreements: dict[str, list[tuple[int, int]]] = {model: [] for model in models}
        for model, first, last in agreements:
            if model in self._agreements:
                self._agreements[model].append((first.toordinal(), _last(last)))

    def days(self, roster: Iterable[RosterRow]) -> Ranges:
        """Every payable day of the officer with these roster rows."""
        found: list[tuple[int, int]] = []
        for hired_on, separated_on, model, authorized_from, authorized_to in roster:
            if authorized_from is None or model not in self._agreements:
                continue
            first = max(hired_on.toordinal(), authorized_from.toordinal(), self._program_start)
            last = min(_last(separated_on), _last(authorized_to))
            for active_first, active_last in self._agreements[model]:
                begin, end = max(first, active_first), min(last, active_last)
                if begin <= end:
                    found.append((begin, end))
        return tuple(found) if len(found) < 2 else _merged(found)

    def why_not(self, day: date, roster: Iterable[RosterRow]) -> NotPayable | None:
        """What keeps `day` from being payable for the officer; None when it is payable."""
        ordinal = day.toordinal()
        if ordinal < self._program_start:
            return NotPayable.BEFORE_PROGRAM
        employed = [
            row for row in roster if row.hired_on <= day and ordinal <= _last(row.separated_on)
        ]
        if not employed:
            return NotPayable.NOT_EMPLOYED
        begun = [row for row in employed if row.authorized_from and row.authorized_from <= day]
        if not begun:
            return NotPayable.IN_TRAINING
        authorized = [row for row in begun if ordinal <= _last(row.authorized_to)]
        if not authorized:
            return NotPayable.NOT_AUTHORIZED
        covered = [row for row in authorized if row.model in self._agreements]
        if not covered:
            return NotPayable.MODEL_NOT_COVERED
        for row in covered:
            if any(first <= ordinal <= last for first, last in self._agreements[row.model]):
                return None
        return NotPayable.NO_AGREEMENT


def days_between(ranges: Ranges, first: int, last: int) -> int:
    """How many days of the ranges lie from `first` to `last`; 0 when `last` is before `first`."""
    total = 0
    for begin, end in ranges:
        days = min(end, last) - max(begin, first) + 1
        if days > 0:
            total += days
    return total


def _last(day: date | None) -> int:
    return OPEN if day is None else day.toordinal()


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    ranges.sort()
    merged = [ranges[0]]
    for begin, end in ranges[1:]:
        last_begin, last_end = merged[-1]
        if begin <= last_end + 1:
            merged[-1] = (last_begin, max(last_end, end))
        else:
            merged.append((begin, end))
    return tuple(merged)
