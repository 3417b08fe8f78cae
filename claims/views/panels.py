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

BELOW = (lines, questions, evidence, waivers, appeals, corrections, notes)
"""Rooms whose panels follow the officers."""


class Panel(NamedTuple):
    """A part of the page: its template and what it shows."""

    template: str
    context: dict[str, Any]


def panels(rooms: tuple[Any, ...], actor: Actor, version: ClaimVersion) -> Iterator[Panel]:
    """The panels that have something to show this reader."""
    for room in rooms:
        context = room.panel(actor, version)
        if context is not None:
            name = room.__name__.rpartition(".")[2]
            yield Panel(f"claims/panels/{name}.html", context)
