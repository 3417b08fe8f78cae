"""What every page shows around its own matter: who acts, for whom, and where they can go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

#: For whom a person acts who does not act for an agency, by their side.
_PLACES = {"federal": "Program office", "system": "System administration"}


class Agency(Protocol):
    """An agency a person may act for."""

    pk: Any
    name: str


class Actor(Protocol):
    """What the furniture asks of `request.actor`, which the accounts middleware sets."""

    @property
    def user(self) -> Any:
        """The account signed in."""

    @property
    def name(self) -> str:
        """The person's name."""

    @property
    def side(self) -> str:
        """`agency`, `federal` or `system`."""

    @property
    def agency(self) -> Agency | None:
        """The agency acted for; None off the agency side."""


class Item(NamedTuple):
    """One link of the primary navigation or of the foot of the page."""

    label: str
    url: str
    current: bool = False


def furniture(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `place`, `agencies`, `navigation`, `help_links` and `demo` for the base template.

    Settings name what lies on other floors: `PORTAL_NAVIGATION` a function from an actor to
    (label, URL name) pairs, `PORTAL_AGENCIES` one from a user to their agencies, `PORTAL_HELP` a
    list of (label, URL name) pairs.
    """
    actor: Actor | None = getattr(request, "actor", None)
    always = {
        "demo": settings.DEMO,
        "help_links": [Item(label, reverse(name)) for label, name in settings.PORTAL_HELP],
    }
    if actor is None:
        return always
    return {
        **always,
        "actor": actor,
        "place": place(actor),
        "agencies": SimpleLazyObject(lambda: agencies(actor)),
        "navigation": SimpleLazyObject(lambda: navigation(actor, request.path)),
    }


def place(actor: Actor) -> str:
    """For whom the actor acts, in words."""
    return actor.agency.name if actor.agency else _PLACES.get(actor.side, "No agency yet")


def agencies(actor: Actor) -> list[Agency]:
    """The agencies between which the actor can switch."""
    if actor.agency is None:
        return []
    return list(import_string(settings.PORTAL_AGENCIES)(actor.user))


def navigation(actor: Actor, path: str) -> list[Item]:
    """The actor's links; the one with the longest address that `path` lies under is current."""
    pairs: Iterable[tuple[str, str]] = import_string(settings.PORTAL_NAVIGATION)(actor)
    links = [(label, reverse(name)) for label, name in pairs]
    under = [url for _, url in links if path == url or (url != "/" and path.startswith(url))]
    current = max(under, key=len, default=None)
    return [Item(label, url, url == current) for label, url in links]
