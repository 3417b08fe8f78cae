"""A preparer with a roster, and an office in July, when three quarters of the year can be claimed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.claims.linked import FIRST, TO_APPROVE, Office, row
from tests.factories import load_roster, make_agency, make_person


@pytest.fixture
def preparer() -> Actor:
    """A preparer whose roster is loaded."""
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    return person


@pytest.fixture
def after_three_quarters():
    with clock_at(datetime(2026, 7, 20, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def office(after_three_quarters):
    return Office()


@pytest.fixture
def decided(office):
    """The first quarter approved: 10,000.00 of regular pay and 9,000.00 of overtime."""
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    return office
