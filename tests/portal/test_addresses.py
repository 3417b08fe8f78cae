"""Every address of the pages: closed to strangers, and an answer without a crash for every role."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from claims.models import PayrollBatch
from portal.accounts.roles import Role
from tests.factories import act, make_draft, make_person

pytestmark = pytest.mark.django_db

ELSEWHERE = ("account/", "api/")
"""Allauth's pages, which are for people not signed in yet, and the API with tests of its own."""

OPEN = ("verify/",)
"""Pages for strangers too, with tests of their own."""


def walk(patterns, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route below `patterns` with its whole text."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(ELSEWHERE):
            continue
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from walk(pattern.url_patterns, route)


ROUTES = sorted(walk(get_resolver().url_patterns), key=lambda found: found[0])


def filled(route: str, values: dict[str, object]) -> str:
    """A route with a value for each of its parts, by name; 1 where none is known."""
    named = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values.get(part[1], 1)), route)
    return f"/{named}"


@pytest.fixture
def values() -> dict[str, object]:
    """Things that exist: a submitted claim of an agency with one payroll file."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return {
        "agency": preparer.agency,
        "claim": claim,
        "version": 1,
        "edition": "certified",
        "quarter": "FY2026Q1",
        "batch": PayrollBatch.objects.get().pk,
    }


def addresses(values: dict[str, object]) -> Iterator[str]:
    """Every address, once with things that exist and once with things that do not."""
    for route, _ in ROUTES:
        number = values["claim"] if "claims/" in route else values["agency"].number
        key = values["batch"] if "payroll/" in route else 1
        if "uuid:" in route and "payroll/" not in route:
            key = uuid.uuid4()
        yield filled(route, {**values, "number": number, "pk": key, "key": key})
        yield filled(
            route, {"number": "A99999-FY2026Q1", "pk": uuid.uuid4(), "quarter": "FY9999Q9"}
        )


CLOSED = [found for found in ROUTES if found[0] not in OPEN]


@pytest.mark.parametrize(("route", "pattern"), CLOSED, ids=[route or "/" for route, _ in CLOSED])
def test_every_page_asks_people_to_sign_in(route, pattern, client):
    assert getattr(pattern.callback, "is_guarded", False), f"{route} lacks @signed_in"
    address = filled(route, {"pk": uuid.uuid4() if "uuid:" in route else 1, "number": "A1"})
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert answer.url.startswith("/account/login/")
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("role", Role)
def test_every_page_has_an_answer_for_every_role(role, values):
    agency = values["agency"] if role.side == "agency" else None
    client = Client(raise_request_exception=True)
    client.force_login(make_person(role, agency).user)
    for address in addresses(values):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code < 500, f"{address}: {answer.status_code}"
