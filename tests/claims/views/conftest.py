"""Pages are tested in January 2026, when one quarter is over and the next goes on, by signed-in people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.kernel import clock
from tests.factories import load_roster, make_agency, make_person

JANUARY_20 = datetime(2026, 1, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    """Every test of pages runs on 20 January 2026, 9 AM in Texas."""
    with clock.clock_at(JANUARY_20):
        yield


@pytest.fixture
def browse(db: None) -> Callable[[Actor], Client]:
    """A browser in which somebody has signed in."""

    def sign_in(actor: Actor) -> Client:
        client = Client()
        client.force_login(actor.user)
        return client

    return sign_in


@pytest.fixture
def preparer() -> Actor:
    """A preparer whose roster is loaded."""
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    return person
