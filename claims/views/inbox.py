"""What waits for the reader, derived from how things stand."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.urls import path, reverse

from claims.selectors.inbox import Pile, Waiting
from claims.selectors.inbox_agency import piles_of_agency
from claims.selectors.inbox_federal import piles_of_federal
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show


class Row(NamedTuple):
    """A thing to do as the page shows it."""

    waiting: Waiting
    url: str
    is_overdue: bool


class Section(NamedTuple):
    """A pile with the addresses of its things."""

    pile: Pile
    rows: list[Row]
    url: str


@signed_in
def inbox(request: ActorRequest) -> HttpResponse:
    """Everything that waits for the reader, by kind, the most urgent first."""
    actor = request.actor
    actor.require(Capability.READ_AGENCY)
    today = clock.today(actor.agency.time_zone) if actor.agency else clock.today()
    sections = [
        Section(
            pile,
            [
                Row(
                    item,
                    reverse(item.place, args=item.arguments),
                    item.due_on is not None and item.due_on < today,
                )
                for item in pile.items
            ],
            reverse(pile.place) if pile.place else "",
        )
        for pile in _piles(actor)
    ]
    return show(request, "claims/inbox.html", sections=sections)


def _piles(actor: Actor) -> list[Pile]:
    if actor.agency is not None:
        return list(piles_of_agency(actor, actor.agency))
    return list(piles_of_federal(actor)) if actor.side == Side.FEDERAL else []


paths = [path("claims/inbox/", inbox, name="inbox")]
