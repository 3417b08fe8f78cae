"""What waits for somebody, derived from how things stand: nothing is noted, so nothing goes stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from claims.models import ClaimVersion

SHOWN = 25
"""Things of a pile that are shown; its list has all of them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, about what, since when, by when, and the page where it is done."""

    what: str
    about: str
    since: datetime | None
    due_on: date | None
    place: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Pile:
    """Things of one kind that wait: the first of `count`. `place` is the page that lists all of them."""

    title: str
    count: int
    items: list[Waiting]
    place: str = ""

    @property
    def latest(self) -> datetime | None:
        """When the last of those shown came."""
        return max((item.since for item in self.items if item.since), default=None)


def pile(title: str, items: Iterable[Waiting]) -> Iterator[Pile]:
    """A pile of a few things, most urgent first; none when nothing waits."""
    found = sorted(items, key=lambda item: (item.due_on is None, item.due_on))
    if found:
        yield Pile(title, len(found), found[:SHOWN])


def pile_of(
    title: str, rows: QuerySet[Any], waiting: Callable[[Any], Waiting], place: str = ""
) -> Iterator[Pile]:
    """A pile of what may be many rows; none when there is none."""
    count = rows.count()
    if count:
        yield Pile(title, count, [waiting(row) for row in rows[:SHOWN]], place)


def about(version: ClaimVersion, *, named: bool = False) -> str:
    """What a thing is about: the claim, and for the federal side whose it is."""
    claim = version.claim
    return f"{claim.agency.name}, claim {claim.number}" if named else f"Claim {claim.number}"
