"""Claims over the API: read, never moved."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim
from claims.services.nil import declare_nil
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from tests.api.client import Machine, make_machine
from tests.factories import QUARTER, act, make_draft, make_person, report

CLAIMS = "/api/v1/claims/"


@pytest.fixture
def claim(agency: Agency, machine: Machine) -> Claim:
    """A draft of the machine's agency."""
    report(agency, 10, 9)
    return make_draft(agency)[1]


def certify(claim: Claim) -> None:
    """Sign the claim; its packet waits to be made."""
    act(make_person(Role.PREPARER, claim.agency), claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")


def test_the_quarters_tell_where_the_agency_stands(machine: Machine, claim: Claim) -> None:
    quarters = machine.get("/api/v1/quarters/").json()["results"]
    assert [item["quarter"] for item in quarters] == ["FY2026Q2", "FY2026Q1"]
    assert quarters[0]["claim"] is None
    assert not quarters[0]["is_over"]
    first = quarters[1]
    assert (first["start_on"], first["end_on"], first["is_over"]) == (
        "2025-10-01",
        "2025-12-31",
        True,
    )
    assert first["has_agreement"]
    assert first["payroll_batches"] == 1
    assert first["claim"]["number"] == claim.number
    assert machine.get(first["claim"]["url"]).status_code == 200


def test_claims_are_listed_by_quarter(
    machine: Machine, claim: Claim, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        page = machine.get(CLAIMS).json()
    (found,) = page["results"]
    assert found["number"] == claim.number
    assert machine.get(f"{CLAIMS}?quarter=FY2026Q1").json()["results"] == [found]
    assert machine.get(f"{CLAIMS}?quarter=FY2026Q2").json()["results"] == []


def test_a_nil_claim_says_so(machine: Machine, agency: Agency) -> None:
    preparer = make_person(Role.PREPARER, agency)
    claim = declare_nil(actor=preparer, agency=agency, quarter=QUARTER, reason="Nobody worked.")
    found = machine.get(f"{CLAIMS}{claim.number}/").json()
    assert (found["nil"], found["amounts"]["total"]) == (True, "0.00")
    quarters = machine.get("/api/v1/quarters/").json()["results"]
    assert quarters[1]["claim"]["nil"]


def test_a_claim_tells_its_amounts_as_text(machine: Machine, claim: Claim) -> None:
    found = machine.get(f"{CLAIMS}{claim.number}/").json()
    calculation = claim.version.calculation
    assert (found["state"], found["version"], found["quarter"]) == ("draft", 1, "FY2026Q1")
    assert not found["nil"]
    amounts = found["amounts"]
    assert amounts["sha256"] == calculation.sha256
    assert amounts["officers"] == 2
    cents = {name: int(amounts[name].replace(".", "")) for name in ("reimbursement", "total")}
    assert cents == {"reimbursement": calculation.reimbursement, "total": calculation.total}
    assert amounts["award"]["status"] == "earned"
    assert found["certification"] is None
    assert found["packets"] == []


def test_the_lines_add_up_and_are_explained(
    machine: Machine, claim: Claim, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        page = machine.get(f"{CLAIMS}{claim.number}/lines/?page_size=1").json()
    rest = machine.get(page["next"]).json()
    lines = page["results"] + rest["results"]
    assert [line["position"] for line in lines] == [1, 2]
    total = sum(int(line["total"].replace(".", "")) for line in lines)
    assert total == claim.version.calculation.reimbursement

    line = machine.get(lines[0]["url"]).json()
    assert {name: line[name] for name in lines[0] if name != "url"} == {
        name: value for name, value in lines[0].items() if name != "url"
    }
    explanation = line["explanation"]
    sections = {section["key"]: section for section in explanation["sections"]}
    assert sections["total"]["amount"] == line["total"]
    assert sections["regular"]["steps"][0]["formula"]
    assert sum(days["days"] for days in explanation["days"]) == 92
    assert all(rule["source"] for rule in explanation["rules"])
    for position in (0, 3, 10**12):
        assert machine.get(f"{CLAIMS}{claim.number}/lines/{position}/").status_code == 404


def test_strangers_and_unknown_numbers_get_the_same_answer(claim: Claim, stranger: Machine) -> None:
    for tail in ("", "lines/", "lines/1/", "packet/", "packet/files/", "packet/files/x.pdf"):
        foreign = stranger.get(f"{CLAIMS}{claim.number}/{tail}")
        nothing = stranger.get(f"{CLAIMS}A99999-FY2026Q1/{tail}")
        assert foreign.status_code == nothing.status_code == 404
        assert foreign.content == nothing.content
    assert stranger.get(CLAIMS).json()["results"] == []


def test_reading_claims_needs_its_scope(claim: Claim) -> None:
    sender = make_machine(claim.agency, "roster:write payroll:write")
    for tail in ("", f"{claim.number}/", f"{claim.number}/lines/", f"{claim.number}/packet/"):
        answer = sender.get(CLAIMS + tail)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert sender.get("/api/v1/quarters/").status_code == 200


def test_no_machine_moves_a_claim(machine: Machine, claim: Claim) -> None:
    for tail in ("", f"{claim.number}/", f"{claim.number}/lines/", f"{claim.number}/packet/"):
        answer = machine.post(CLAIMS + tail, {"state": "submitted"})
        assert answer.status_code == 405
        assert "GET" in answer["Allow"]
    for tail in ("certify/", "ready/", "submit/"):
        assert machine.post(f"{CLAIMS}{claim.number}/{tail}").status_code == 404


def test_a_claim_tells_what_can_happen_to_it_and_that_only_people_do_it(
    machine: Machine, claim: Claim
) -> None:
    found = machine.get(f"{CLAIMS}{claim.number}/").json()
    assert (found["kind"], found["follows"], found["hold"]) == ("original", None, None)
    assert found["allowed"] == found["amounts"]["total"]
    (action,) = found["actions"]
    assert (action["code"], action["possible"]) == ("ready", False)
    assert action["refusal"]["code"] == "person_only"
    assert action["refusal"]["fix"]


def test_no_method_of_a_claim_moves_it(machine: Machine, claim: Claim) -> None:
    certify(claim)
    answer = machine.post(f"{CLAIMS}{claim.number}/", {"code": "approve"})
    assert answer.status_code == 405
    claim.version.refresh_from_db()
    assert claim.version.state == "submitted"
