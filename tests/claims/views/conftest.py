"""The clock of the page tests stands in January 2026: one quarter is over, the next goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from portal.accounts.policies import Actor
from portal.kernel import clock

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
