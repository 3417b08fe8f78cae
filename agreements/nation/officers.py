"""Made-up officers, with what their roster says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from agreements.nation import proportions
from agreements.nation.agencies import NationAgreement, chance
from agreements.nation.words import FIRST_NAMES, LAST_NAMES, TITLES

_DAY = timedelta(days=1)
_TERM = timedelta(days=729)
#: Nobody was trained longer ago than two terms can reach from.
_LONGEST_AGO = timedelta(days=1400)


@dataclass(frozen=True, slots=True)
class NationEntry:
    """One row of the roster, by the names of its table."""

    hired_on: date
    model: str
    separated_on: date | None = None
    separation_reason: str = ""
    trained_on: date | None = None
    authorized_from: date | None = None
    authorized_to: date | None = None
    end_reason: str = ""
    credential_number: str = ""


@dataclass(frozen=True, slots=True)
class NationOfficer:
    """One officer of an agency, by the names of its table."""

    payroll_id: str
    last_name: str
    first_name: str
    title: str
    entries: tuple[NationEntry, ...]


def make_officers(
    draw: Random,
    agreement: NationAgreement,
    trained: int,
    in_training: int,
    on: date,
    leaving_since: date,
    credentials: Iterator[int],
) -> Iterator[NationOfficer]:
    """The officers of one agency under its agreement; some left since a day.

    `credentials` gives numbers that nobody else has.
    """
    first_id = draw.randrange(100, 5000)
    for number in range(trained + in_training):
        hired_on = date(draw.randint(2000, 2018), draw.randint(1, 12), draw.randint(1, 28))
        entries: tuple[NationEntry, ...] = (NationEntry(hired_on, agreement.model),)
        if number < trained:
            credential = f"{agreement.model}-{next(credentials):06d}"
            entry = replace(entries[0], credential_number=credential)
            entries = _left(draw, _trained(draw, entry, agreement, on), leaving_since, on)
        yield NationOfficer(
            payroll_id=f"{first_id + number:05d}",
            last_name=draw.choice(LAST_NAMES),
            first_name=draw.choice(FIRST_NAMES),
            title=draw.choice(TITLES),
            entries=entries,
        )


def _trained(
    draw: Random, entry: NationEntry, agreement: NationAgreement, on: date
) -> tuple[NationEntry, ...]:
    """Authorizations from the first to the last one, without a day in two of them."""
    assert agreement.signed_on is not None
    last = agreement.last_active_on or on
    earliest = min(max(agreement.signed_on + timedelta(days=21), on - _LONGEST_AGO), last)
    trained_on = earliest + timedelta(days=draw.randint(0, (last - earliest).days))
    begin = min(trained_on + timedelta(days=draw.randint(0, 14)), last)
    first = replace(
        entry,
        trained_on=trained_on,
        authorized_from=begin,
        authorized_to=begin + _TERM,
    )
    entries = [first]
    if begin + _TERM < last:
        entries = [replace(first, end_reason="expired"), _again(first, begin + _TERM + _DAY)]
    elif (last - begin).days > 120 and chance(draw, proportions.INTERRUPTED):
        stop = begin + timedelta(days=draw.randint(10, (last - begin).days - 100))
        entries = [
            replace(first, authorized_to=stop, end_reason="revoked"),
            _again(first, stop + timedelta(days=draw.randint(20, 90))),
        ]
    if agreement.last_active_on and (entries[-1].authorized_to or last) > last:
        entries[-1] = replace(entries[-1], authorized_to=last, end_reason="other")
    return tuple(entries)


def _again(first: NationEntry, begin: date) -> NationEntry:
    return replace(first, authorized_from=begin, authorized_to=begin + _TERM)


def _left(
    draw: Random, entries: tuple[NationEntry, ...], since: date, on: date
) -> tuple[NationEntry, ...]:
    """The entries, of somebody who left if chance will have it."""
    last = entries[-1]
    assert last.authorized_from is not None
    earliest = max(since, last.authorized_from)
    latest = on - _DAY
    if earliest > latest or not chance(draw, proportions.LEFT):
        return entries
    day = earliest + timedelta(days=draw.randint(0, (latest - earliest).days))
    reason = "federal_hire" if chance(draw, proportions.LEFT_FOR_FEDERAL) else "other"
    entries = (*entries[:-1], _cut(last, day))
    return tuple(replace(entry, separated_on=day, separation_reason=reason) for entry in entries)


def _cut(entry: NationEntry, day: date) -> NationEntry:
    if entry.authorized_to is not None and entry.authorized_to <= day:
        return entry
    return replace(entry, authorized_to=day, end_reason="separated")
