"""Every page of the portal: for people who signed in, and never an error for any of them."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.accounts.roles import Role, Side
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db

#: Signing in itself, and the API, which has tokens of its own.
OUTSIDE = ("account/", "api/")
SAMPLES = {
    "pk": "1",
    "number": "A00001",
    "quarter": "FY2026Q1",
    "version": "1",
    "position": "1",
    "edition": "certified",
    "slug": "roster",
    "ending": "csv",
}
UUID = "11111111-2222-4333-8444-555555555555"


def pages(resolver: URLResolver | None = None, above: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = above + str(pattern.pattern)
        if route.startswith(OUTSIDE):
            continue
        if isinstance(pattern, URLResolver):
            yield from pages(pattern, route)
        else:
            yield route, pattern


def address(route: str, pattern: URLPattern) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        given = kind if kind == "uuid" else kind if kind != "string" else "str"
        value = UUID if kind == "uuid" else SAMPLES[name]
        route = route.replace(f"<{given}:{name}>", value)
        route = route.replace(f"<{name}>", value)
    return f"/{route}"


def test_no_page_is_open_to_strangers():
    for route, pattern in pages():
        assert getattr(pattern.callback, "is_guarded", False), f"{route} has no @signed_in"
        answer = Client().get(address(route, pattern))
        assert answer.status_code == 302, route
        assert answer.url.startswith("/account/login/"), route


@pytest.mark.parametrize("role", Role)
def test_no_page_is_an_error_for_anybody(role):
    agency = make_agency()
    actor = make_person(role, agency if role.side is Side.AGENCY else None)
    client = Client()
    client.force_login(actor.user)
    for route, pattern in pages():
        for send in (client.get, client.post):
            answer = send(address(route, pattern))
            assert answer.status_code < 500, route


def test_nor_for_somebody_without_a_role():
    actor = make_person(Role.VIEWER, make_agency())
    actor.user.memberships.update(ended_at="2026-01-01T00:00Z")
    client = Client()
    client.force_login(actor.user)
    for route, pattern in pages():
        assert client.get(address(route, pattern)).status_code < 500, route
