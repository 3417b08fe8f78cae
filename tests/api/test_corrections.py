"""Amendments and the ledger over the API: read, never made."""

from __future__ import annotations

from typing import Any

import pytest

from portal.accounts.models import Agency
from tests.api.client import Machine, make_machine
from tests.claims.linked import FIRST, TO_APPROVE, Office, row

CLAIMS = "/api/v1/claims/"
LEDGER = "/api/v1/ledger/"


@pytest.fixture
def office(db: None) -> Office:
    """An office with one approved claim."""
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    return office


@pytest.fixture
def agency(office: Office) -> Agency:
    return office.agency


@pytest.fixture
def amended(office: Office) -> Office:
    """The same with an amendment that asks for 500 dollars less."""
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, regular="9500.00"))
    return office


def amounts(before: str, after: str, change: str) -> dict[str, str]:
    return {"before": before, "after": after, "change": change}


def test_an_amendment_tells_what_it_corrects(machine: Machine, amended: Office) -> None:
    first, second = machine.get(CLAIMS).json()["results"]
    assert [one["quarter"] for one in (first, second)] == [str(FIRST)] * 2
    found = machine.get(second["url"]).json()
    assert (found["kind"], found["follows"]) == ("amendment", first["number"])
    assert (found["state"], found["allowed"]) == ("draft", "18500.00")
    assert {action["code"] for action in found["actions"]} >= {"ready", "drop"}
    original = machine.get(first["url"]).json()
    assert (original["kind"], original["state"]) == ("original", "approved")
    assert original["allowed"] == "19000.00"


def test_the_pages_of_claims_keep_corrections_beside_what_they_correct(
    machine: Machine, amended: Office
) -> None:
    page = machine.get(f"{CLAIMS}?page_size=1").json()
    rest = machine.get(page["next"]).json()
    numbers = [one["number"] for one in page["results"] + rest["results"]]
    assert numbers == [one["number"] for one in machine.get(CLAIMS).json()["results"]]
    assert len(set(numbers)) == 2
    assert rest["next"] is None


def test_the_differences_of_an_amendment(machine: Machine, amended: Office) -> None:
    number = amended.claim(FIRST).number
    found = machine.get(f"{CLAIMS}{number}/differences/").json()
    assert found["claim"] == f"{amended.agency.number}-{FIRST}"
    assert found["first_certified_at"]
    assert found["total"] == amounts("19000.00", "18500.00", "-500.00")
    assert found["award"] == amounts("0.00", "0.00", "0.00")
    (officer,) = found["officers"]
    assert officer["officer_id"] == "0042"
    assert officer["name"]
    assert officer["regular_pay"] == amounts("10000.00", "9500.00", "-500.00")
    assert officer["overtime"]["change"] == "0.00"
    assert officer["total"] == amounts("19000.00", "18500.00", "-500.00")


def test_an_original_and_a_strangers_amendment_have_no_differences(
    machine: Machine, stranger: Machine, amended: Office
) -> None:
    original = machine.get(f"{CLAIMS}{amended.agency.number}-{FIRST}/differences/")
    foreign = stranger.get(f"{CLAIMS}{amended.claim(FIRST).number}/differences/")
    nothing = stranger.get(f"{CLAIMS}A99999-FY2026Q1-2/differences/")
    assert (original.status_code, original.json()["code"]) == (404, "not_found")
    assert (foreign.status_code, foreign.content) == (nothing.status_code, nothing.content)
    assert foreign.status_code == 404


def test_what_reviewers_take_from_an_amendment_is_no_difference_yet(
    machine: Machine, amended: Office
) -> None:
    address = f"{CLAIMS}{amended.claim(FIRST).number}/differences/"
    amended.walk(FIRST, "ready", "certify", "start_review")
    before = machine.get(address).json()
    amended.take(FIRST, 10_000, "regular")
    assert machine.get(address).json() == before
    amended.walk(FIRST, "recommend")
    assert machine.get(address).json() == before
    amended.walk(FIRST, "approve_partly")
    assert machine.get(address).json()["total"] == amounts("19000.00", "18400.00", "-600.00")


def test_the_ledger_has_a_balance_after_each_entry(
    machine: Machine, stranger: Machine, amended: Office
) -> None:
    amended.walk(FIRST, *TO_APPROVE)
    page = machine.get(f"{LEDGER}?page_size=1").json()
    rest = machine.get(page["next"]).json()
    entries: list[dict[str, Any]] = page["results"] + rest["results"]
    assert [(one["amount"], one["balance"]) for one in entries] == [
        ("19000.00", "19000.00"),
        ("-500.00", "18500.00"),
    ]
    assert entries[1]["claim"] == amended.claim(FIRST).number
    assert (entries[1]["quarter"], entries[1]["version"]) == (str(FIRST), 1)
    assert rest["next"] is None
    assert stranger.get(LEDGER).json()["results"] == []


def test_corrections_and_the_ledger_need_the_scope_and_are_read_only(amended: Office) -> None:
    sender = make_machine(amended.agency, "roster:write payroll:write")
    reader = make_machine(amended.agency, "claims:read")
    for address in (LEDGER, f"{CLAIMS}{amended.claim(FIRST).number}/differences/"):
        answer = sender.get(address)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        answer = reader.post(address, {"amount": "1.00"})
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
