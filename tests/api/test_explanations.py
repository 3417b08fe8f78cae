"""Explanations over the API: a program recomputes every amount from what it is told, down to the row."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim
from portal.accounts.models import Agency
from portal.kernel.quarter import Quarter
from tests.api.client import Machine, make_machine
from tests.claims.rules.by_hand import recompute_officer, recompute_section
from tests.factories import load_payroll, make_draft, report

CLAIMS = "/api/v1/claims/"


@pytest.fixture
def claim(agency: Agency, machine: Machine) -> Claim:
    """A draft of the machine's agency, with an award."""
    report(agency, 10, 9)
    return make_draft(agency)[1]


def cents(text: str) -> int:
    return int(text.replace(".", ""))


def test_every_amount_of_an_officer_is_recomputed_from_the_answer_alone(
    machine: Machine, claim: Claim
) -> None:
    for position in (1, 2):
        line = machine.get(f"{CLAIMS}{claim.number}/lines/{position}/").json()
        amounts = recompute_officer(line["explanation"])
        assert amounts["regular"] == cents(line["regular_pay"])
        assert amounts["benefit_health"] == cents(line["benefits"])
        assert amounts["overtime"] == cents(line["overtime_submitted"])
        assert amounts["cap"] == cents(line["overtime_cap"])
        assert amounts["overtime_allowed"] == cents(line["overtime_allowed"])
        assert amounts["total"] == cents(line["total"])


def test_a_step_names_its_rule_with_the_day_and_its_payroll_row_with_an_address(
    machine: Machine, claim: Claim
) -> None:
    explanation = machine.get(f"{CLAIMS}{claim.number}/lines/1/").json()["explanation"]
    step = explanation["sections"][0]["steps"][0]
    assert (step["rule"], step["rule_from_on"]) == ("allocation", "2025-10-01")
    row = machine.get(step["source"]["url"]).json()
    assert (row["officer_id"], row["regular_pay"], row["row"]) == ("0042", "2780.00", 2)
    (rule,) = (one for one in explanation["rules"] if one["name"] == "allocation")
    assert rule["value_in_words"].startswith("the calendar days")
    assert explanation["roster"][0]["authorized_from"] == "2025-06-01"
    assert explanation["agreements"][0]["model"] == "TFM"
    assert explanation["counted_for_award"]


def test_the_amounts_of_a_claim_are_recomputed_from_the_answer_alone(
    machine: Machine, claim: Claim
) -> None:
    found = machine.get(f"{CLAIMS}{claim.number}/").json()
    told = machine.get(found["amounts_url"]).json()
    amounts = {section["key"]: recompute_section(section) for section in told["sections"]}
    for key, amount in (
        ("regular", "regular_pay"),
        ("benefits", "benefits"),
        ("overtime_allowed", "overtime_allowed"),
        ("overtime_disallowed", "overtime_disallowed"),
        ("reimbursement", "reimbursement"),
        ("total", "total"),
    ):
        assert amounts[key] == cents(found["amounts"][amount])
    assert amounts["award"] == cents(found["amounts"]["award"]["amount"])
    assert (told["sha256"], told["allowed"]) == (found["amounts"]["sha256"], None)
    assert recompute_section(told["claimed_to_date"]) == amounts["total"]
    assert recompute_section(told["allowed_to_date"]) == 0
    assert told["allowed_to_date"]["steps"][0]["formula"].endswith("not decided yet")


def test_overtime_used_before_names_the_claims(machine: Machine, claim: Claim) -> None:
    preparer = machine.owner
    batch = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay
0042,2026-01-04,2026-01-17,2026-01-19,72280.00,2780.00
"""
    load_payroll(preparer, batch, quarter=Quarter(2026, 2))
    line = machine.get(f"{CLAIMS}{claim.agency.number}-FY2026Q2/lines/1/").json()
    (used,) = line["used_before"]
    assert (used["claim"], used["quarter"], used["position"]) == (claim.number, "FY2026Q1", 1)
    assert used["amount"] == line["overtime_used_before"]
    recompute_officer(line["explanation"])


def test_strangers_and_other_scopes_read_no_explanation(
    machine: Machine, stranger: Machine, claim: Claim
) -> None:
    line: Any = machine.get(f"{CLAIMS}{claim.number}/lines/1/").json()
    row = line["explanation"]["sections"][0]["steps"][0]["source"]["url"]
    sender = make_machine(claim.agency, "roster:write")
    for address in (f"{CLAIMS}{claim.number}/amounts/", row):
        assert stranger.get(address).status_code == 404
        assert sender.get(address).json()["code"] == "insufficient_scope"
