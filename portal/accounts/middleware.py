"""`request.actor`: who is asking, in which capacity. None when nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpResponse
from django.utils import timezone

from portal.accounts.fresh import proved_at
from portal.accounts.policies import Actor, actor_for
from portal.web.access import ActorRequest

SESSION_KEY = "agency"
FEDERAL_TIME_ZONE = "America/New_York"
"""The program office is in Washington."""


class ActorMiddleware:
    """Sets `request.actor`, and the time zone in which the actor's pages tell the time."""

    def __init__(self, get_response: Callable[[ActorRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        actor = None
        if request.user.is_authenticated:
            actor = replace(
                actor_for(request.user, request.session.get(SESSION_KEY)),
                proved_at=proved_at(request),
            )
        request.actor = actor  # views read it as `ActorRequest`
        with timezone.override(_time_zone(actor)):
            return self.get_response(request)


def _time_zone(actor: Actor | None) -> str:
    if actor is None or actor.agency is None:
        return FEDERAL_TIME_ZONE
    return actor.agency.time_zone
