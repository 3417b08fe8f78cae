"""Lists of what changed since the last question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.kernel import clock
from tests.api.client import Machine
from tests.factories import PAYROLL, ROSTER, load_payroll, load_roster, make_draft, settle

BATCHES = "/api/v1/payroll-batches/"
LATER = datetime(2026, 1, 21, 12, tzinfo=UTC)
SINCE = "2026-01-21T11:00:00Z"


@contextmanager
def later(hours: int = 0) -> Iterator[None]:
    with clock.clock_at(LATER + timedelta(hours=hours)):
        yield


def ids(machine: Machine, path: str, name: str, since: str = SINCE) -> list[Any]:
    answer = machine.get(f"/api/v1/{path}/?changed_since={since}")
    assert answer.status_code == 200
    return [row[name] for row in answer.json()["results"]]


def test_files_that_came_or_were_taken_back(machine: Machine) -> None:
    load_roster(machine.owner)
    first = load_payroll(machine.owner)
    assert ids(machine, "payroll-batches", "id") == []
    with later():
        machine.post(f"{BATCHES}{first.pk}/withdraw/", {"reason": "Wrong."})
        second = load_payroll(machine.owner, PAYROLL.replace("2780.00", "2781.00", 1))
        machine.send_file(f"{BATCHES}?dry_run=true")
        settle()
    found = ids(machine, "payroll-batches", "id")
    assert found[:2] == [str(first.pk), str(second.pk)]
    assert len(found) == 3
    assert ids(machine, "payroll-batches", "id", "2026-01-21T13:00:00Z") == []


def test_a_file_that_was_replaced_has_changed(machine: Machine) -> None:
    load_roster(machine.owner)
    first = load_payroll(machine.owner)
    with later():
        load_payroll(machine.owner, PAYROLL.replace("2780.00", "2781.00", 1), replaces=first)
    assert str(first.pk) in ids(machine, "payroll-batches", "id")


def test_rosters_and_the_officers_they_name(machine: Machine) -> None:
    load_roster(machine.owner)
    assert ids(machine, "officers", "officer_id") == []
    with later():
        load_roster(machine.owner, "\n".join(ROSTER.splitlines()[:2]).replace("Ana", "Anna"))
    (changed,) = ids(machine, "officers", "officer_id")
    assert changed == "0042"
    assert len(ids(machine, "roster-uploads", "id")) == 1


def test_claims_that_moved_or_were_calculated(machine: Machine) -> None:
    _, claim = make_draft(machine.agency)
    assert ids(machine, "claims", "number") == []
    with later():
        batch = machine.get(BATCHES).json()["results"][0]
        machine.post(f"{batch['url']}withdraw/", {"reason": "Wrong."})
        settle()
    assert ids(machine, "claims", "number") == [claim.number]
    assert ids(machine, "claims", "number", "2026-01-21T13:00:00Z") == []


def test_the_next_question_misses_nothing(machine: Machine) -> None:
    with later():
        page = machine.get(f"{BATCHES}?page_size=1").json()
        assert page["as_of"].startswith("2026-01-21T11:59:00.")
        machine.send_file(BATCHES)
    assert len(ids(machine, "payroll-batches", "id", page["as_of"])) == 1


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-01-21", "2026-01-21T11:00:00", "2026-13-01T00:00:00Z", "1e9", "%00"],
)
def test_an_instant_is_written_in_full(machine: Machine, text: str) -> None:
    answer = machine.get(f"{BATCHES}?changed_since={text}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-21T11:00:00.5Z",
        "2026-01-21T06:00:00-05:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-01-21T13:00:00%2B02:00",
    ],
)
def test_any_instant_will_do(machine: Machine, text: str) -> None:
    for path in ("payroll-batches", "roster-uploads", "officers", "claims"):
        assert machine.get(f"/api/v1/{path}/?changed_since={text}").status_code == 200
