"""Lines, coverage and pre-fill: what a payroll system reconciles with."""

from __future__ import annotations

import pytest

from tests.api.client import Machine
from tests.factories import load_payroll, load_roster, settle

BATCHES = "/api/v1/payroll-batches/"


@pytest.fixture
def accepted(machine: Machine) -> str:
    load_roster(machine.owner)
    return f"{BATCHES}{load_payroll(machine.owner).pk}/"


def test_the_lines_are_those_that_were_read(machine: Machine, accepted: str) -> None:
    page = machine.get(f"{accepted}rows/?page_size=2").json()
    first = page["results"][0]
    assert first == {
        "row": 2,
        "officer_id": "0042",
        "period_start": "2025-09-28",
        "period_end": "2025-10-11",
        "paid_on": "2025-10-16",
        "annual_salary": "72280.00",
        "regular_pay": "2780.00",
        "overtime_hours": None,
        "overtime_pay": "589.37",
        "overtime_paid_by_others": "0.00",
        "benefits": {"health": "392.31"},
        "ext": {},
    }
    assert [row["row"] for row in machine.get(page["next"]).json()["results"]] == [4]


def test_coverage_tells_gaps_and_what_is_paid(machine: Machine, accepted: str) -> None:
    told = machine.get("/api/v1/quarters/FY2026Q1/coverage/").json()
    assert told["quarter"] == "FY2026Q1"
    assert told["with_gaps"] == 2
    officer = next(row for row in told["results"] if row["officer_id"] == "0042")
    paid = [period for period in officer["periods"] if period["state"] == "paid"]
    assert paid[0]["paid_days"] == paid[0]["payable_days"] == 11
    for period in officer["periods"]:
        kinds = ("paid", "waiting", "gap", "overlap", "to_come")
        assert period["payable_days"] == sum(period[f"{kind}_days"] for kind in kinds)
    some = machine.get("/api/v1/quarters/FY2026Q1/coverage/?attention=true").json()["results"]
    assert len(some) == told["with_gaps"]


def test_a_quarter_begins_with_rows_that_can_be_sent(machine: Machine, accepted: str) -> None:
    told = machine.get("/api/v1/quarters/FY2026Q2/prefill/").json()
    assert told["taken_from"] == "FY2026Q1"
    rows = told["rows"]
    assert {row["officer_id"] for row in rows} == {"0042", "A-7"}
    assert {row["annual_salary"] for row in rows} == {"72280.00", "68400.00"}
    answer = machine.post(f"{BATCHES}?dry_run=true", {"quarter": "FY2026Q2", "rows": rows})
    settle()
    assert machine.get(answer.json()["url"]).json()["errors"] == 0


@pytest.mark.parametrize("quarter", ["FY2099Q1", "FY2026", "x", "FY2019Q1", "fy2026q1", "%00"])
@pytest.mark.parametrize("facts", ["coverage", "prefill"])
def test_there_are_no_facts_of_other_quarters(machine: Machine, quarter: str, facts: str) -> None:
    answer = machine.get(f"/api/v1/quarters/{quarter}/{facts}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_agency_without_payroll_has_empty_facts(machine: Machine) -> None:
    assert machine.get("/api/v1/quarters/FY2026Q1/coverage/").json()["results"] == []
    assert machine.get("/api/v1/quarters/FY2026Q1/prefill/").json()["rows"] == []
