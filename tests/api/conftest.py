"""One agency, its machine, and a machine of another agency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from portal.accounts.models import Agency
from portal.kernel import clock
from tests.api.client import Machine, make_machine
from tests.factories import make_agency


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    """The quarter of the factories has just ended, and its last payday is over."""
    with clock.clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def agency(db: None) -> Agency:
    return make_agency()


@pytest.fixture
def machine(agency: Agency) -> Machine:
    return make_machine(agency)


@pytest.fixture
def stranger(db: None) -> Machine:
    return make_machine(make_agency("Birch Police Department"))
