"""`request.actor`: who is asking, in which capacity. None when nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.accounts.policies import Actor, actor_for

SESSION_KEY = "agency"
FEDERAL_TIME_ZONE = "America/New_York"
"""The program office is in Washington."""


class ActorMiddleware:
    """Sets `request.actor`, and the time zone in which the actor's pages tell the time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None
        if request.user.is_authenticated:
            request.actor = actor_for(request.user, request.session.get(SESSION_KEY))
        with timezone.override(_time_zone(request.actor)):
            return self.get_response(request)


def _time_zone(actor: Actor | None) -> str:
    if actor is None or actor.agency is None:
        return FEDERAL_TIME_ZONE
    return actor.agency.time_zone
