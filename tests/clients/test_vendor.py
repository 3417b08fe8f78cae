"""A vendor's program, written from the docs alone: a large payroll with mistakes, mended and accepted."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from portal287g import Portal, Problem

from claims.models import Claim, PayrollLine
from tests.clients.test_getting_started import environment
from tests.factories import make_agency

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]

QUARTER = "FY2026Q1"
OFFICERS, PERIODS = 500, 7
MISTAKES = 12
FIRST_ROW = 1


def roster() -> list[dict[str, str | int | None]]:
    return [
        {
            "officer_id": f"{number:05d}",
            "last_name": f"Officer{number}",
            "first_name": "Ann",
            "hired_on": "2015-01-05",
            "model": "TFM",
            "trained_on": "2025-06-13",
            "authorized_from": "2025-06-20",
            "authorized_to": "2027-06-19",
        }
        for number in range(OFFICERS)
    ]


def payroll() -> list[dict[str, str | int | None]]:
    """Every officer's pay periods, all of them right."""
    starts = [date(2025, 9, 28) + timedelta(14 * period) for period in range(PERIODS)]
    return [
        {
            "officer_id": f"{number:05d}",
            "period_start": str(start),
            "period_end": str(start + timedelta(13)),
            "paid_on": str(start + timedelta(18)),
            "annual_salary": "72280.00",
            "regular_pay": "2780.00",
            "benefit_health": "392.31",
        }
        for number in range(OFFICERS)
        for start in starts
    ]


def with_mistakes() -> list[dict[str, str | int | None]]:
    """The same with twelve mistakes of four kinds."""
    rows = payroll()
    for place in range(3):
        rows[100 + place * 301]["regular_pay"] = "27x0.00"
        rows[120 + place * 301]["paid_on"] = None
        rows[140 + place * 301]["officer_id"] = f"9999{place}"
        rows[160 + place * 301]["benefit_health"] = "-1.00"
    return rows


def test_3500_rows_with_12_mistakes_are_mended_by_what_the_findings_say(live_server: Any) -> None:
    agency = make_agency()
    key = environment(agency)
    portal = Portal(live_server.url, key["CLIENT_ID"], key["CLIENT_SECRET"])
    upload = portal.wait(portal.send_roster(quarter=QUARTER, rows=roster()))
    assert upload["state"] == "proposed", list(portal.list_roster_findings(upload["id"]))
    portal.confirm_roster(upload["id"])

    rows, right = with_mistakes(), payroll()
    batch = portal.wait(portal.send_payroll(quarter=QUARTER, rows=rows))
    assert (batch["state"], batch["errors"]) == ("rejected", MISTAKES)
    found = list(portal.list_payroll_findings(batch["id"], severity="error", page_size=5))
    assert len(found) == MISTAKES, Counter(finding["code"] for finding in found)
    for finding in found:
        assert finding["row"] is not None
        assert finding["fix"], "it says what to do"
        place = finding["row"] - FIRST_ROW
        assert rows[place] != right[place]
        rows[place][finding["column"]] = right[place][finding["column"]]

    tried = portal.wait(portal.send_payroll(quarter=QUARTER, rows=rows, dry_run=True))
    assert (tried["state"], tried["dry_run"]) == ("accepted", True)
    again = {"quarter": QUARTER, "rows": rows, "idempotency_key": "mended-1"}
    batch = portal.send_payroll(**again)
    assert portal.send_payroll(**again)["id"] == batch["id"], "sent twice, done once"
    batch = portal.wait(batch)
    assert (batch["state"], batch["rows"]) == ("accepted", OFFICERS * PERIODS)
    assert PayrollLine.objects.count() == OFFICERS * PERIODS

    (claim,) = portal.list_claims(quarter=QUARTER)
    assert Claim.objects.get(agency=agency).number == claim["number"]
    with pytest.raises(Problem) as problem:
        portal.get_packet(claim["number"])
    assert (problem.value.status, problem.value.code) == (404, "not_found")


def test_another_body_under_the_same_key_is_a_problem_with_words(live_server: Any) -> None:
    key = environment(make_agency())
    portal = Portal(live_server.url, key["CLIENT_ID"], key["CLIENT_SECRET"])
    portal.send_payroll(quarter=QUARTER, rows=payroll()[:1], idempotency_key="one")
    with pytest.raises(Problem) as problem:
        portal.send_payroll(quarter=QUARTER, rows=payroll()[:2], idempotency_key="one")
    assert (problem.value.status, problem.value.code) == (422, "idempotency_key_reused")
    assert "fresh key" in problem.value.fix
