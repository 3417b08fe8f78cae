"""What stands on a claim's page besides its amounts: each part is a panel of the room it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from claims.models import ClaimVersion
from claims.views import (
    appeals,
    assigning,
    corrections,
    deadlines,
    evidence,
    holds,
    lines,
    notes,
    questions,
    waivers,
)
from portal.accounts.policies import Actor

ABOVE = (holds, deadlines, assigning)
"""Rooms whose panels stand before the next step."""

AMOUNTS = (corrections, lines, appeals)
"""Rooms whose panels follow the amounts: what became of them."""

BELOW = (questions, evidence, waivers, notes)
"""Rooms whose panels follow the officers."""

TITLES = {
    corrections: ("corrections-heading", "Claims of the quarter"),
    lines: ("allowed-heading", "What is allowed"),
    appeals: ("appeals-heading", "Appeals"),
    questions: ("questions-heading", "Questions"),
    evidence: ("records-heading", "Supporting records"),
    waivers: ("waivers-heading", "Waivers"),
    notes: ("notes-heading", "Notes"),
}
"""Where a panel begins, and what it is called in the contents of a long page unless it says so itself."""


class Panel(NamedTuple):
    """A part of the page: its template and what it shows."""

    template: str
    context: dict[str, Any]
    anchor: str
    title: str


def panels(rooms: tuple[Any, ...], actor: Actor, version: ClaimVersion) -> Iterator[Panel]:
    """The panels that have something to show this reader."""
    for room in rooms:
        context = room.panel(actor, version)
        if context is not None:
            name = room.__name__.rpartition(".")[2]
            anchor, title = TITLES.get(room, ("", ""))
            title = context.get("title", title)
            yield Panel(f"claims/panels/{name}.html", context, anchor, title)
