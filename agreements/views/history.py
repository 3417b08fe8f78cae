"""What was done to an officer by hand, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from agreements.events import OFFICER_EVENTS
from agreements.models import Officer
from agreements.selectors import history_of
from agreements.views.differences import NAMES, in_words

LONGEST = 50
"""Events shown; all of them stay on record."""


class Told(NamedTuple):
    """One event as the timeline shows it."""

    at: datetime
    what: str
    who: str
    note: str


def told(officer: Officer) -> list[Told]:
    """The latest things done to an officer by hand, the newest first."""
    return [
        Told(event.at, OFFICER_EVENTS[event.action], content["actor_name"], _note(content["facts"]))
        for event in history_of(officer)[:LONGEST]
        for content in [json.loads(event.content)]
    ]


def _note(facts: dict[str, Any]) -> str:
    return "; ".join(_changes(facts["before"], facts["after"]))


def _changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name, value in after.items():
        old = before.get(name)
        if old or value:
            was = f"{in_words(name, old)} → " if old else ""
            yield f"{NAMES[name]}: {was}{in_words(name, value or '')}"
