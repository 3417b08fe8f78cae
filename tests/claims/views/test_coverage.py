"""The coverage page: gaps and waiting lines at a glance, for those who may see them."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.figures import coverage_of
from claims.services.payroll import withdraw_payroll
from portal.accounts.roles import Role
from portal.kernel.errors import NotFound
from tests.factories import (
    PAYROLL,
    QUARTER,
    ROSTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = pytest.mark.django_db

HEADER = PAYROLL.splitlines()[0]


def text(response) -> str:
    return response.content.decode()


def address(agency) -> str:
    return f"/claims/{agency.number}-{QUARTER}/coverage/"


def rows(number: int) -> str:
    """Roster rows of many officers."""
    people = (f"N{n},Name{n},Ann,2015-01-01,TFM,2025-06-01,2025-06-01" for n in range(number))
    return "\n".join([ROSTER.strip(), *people, ""])


def test_gaps_are_counted_on_top_and_named_in_the_cells(browse):
    preparer, claim = make_draft()
    page = text(browse(preparer).get(f"/claims/{claim.number}/coverage/"))
    # Reyes lacks all from 26 October, Hollis (from 17 November) all but one period.
    assert "2 officers have gaps, 98 days." in page
    assert "Paid every two weeks: 2 officers" in page
    assert "Sep 28–Oct 11" in page
    assert "paid 11" in page
    assert "gap 14" in page
    assert "not payable" in page


def test_a_line_to_be_paid_waits(browse):
    preparer, claim = make_draft()
    late = f"{HEADER}\n0042,2025-12-21,2026-01-03,2026-01-30,72280.00,2780.00,0,0\n"
    load_payroll(preparer, late)
    page = text(browse(preparer).get(f"/claims/{claim.number}/coverage/"))
    assert "waits 11" in page
    assert "1 line waits for payment" in page


def test_a_quarter_without_claim_has_its_grid_too(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    client = browse(preparer)
    assert "No payable day in this quarter" in text(client.get(address(preparer.agency)))
    load_roster(preparer)
    page = text(client.get(address(preparer.agency)))
    assert "2 officers have gaps, 137 days." in page
    assert "Paid every month" in page


def test_a_file_taken_back_covers_nothing(browse):
    preparer, claim = make_draft()
    batch = load_payroll(
        preparer, f"{HEADER}\n0042,2025-10-26,2025-11-08,2025-11-13,72280.00,2780.00,0,0\n"
    )
    assert "2 officers have gaps, 84 days." in text(
        browse(preparer).get(f"/claims/{claim.number}/coverage/")
    )
    withdraw_payroll(actor=preparer, batch=batch, reason="Wrong file.")
    assert "2 officers have gaps, 98 days." in text(
        browse(preparer).get(f"/claims/{claim.number}/coverage/")
    )


def test_a_line_sent_twice_is_not_paid_twice(browse):
    preparer, _ = make_draft()
    load_payroll(preparer)
    assert not coverage_of(preparer, preparer.agency, QUARTER).with_overlaps


def test_only_what_needs_attention_and_only_who_is_searched_for(browse):
    preparer, claim = make_draft()
    complete = "\n".join(
        f"A-7,{start},{end},{end},68400.00,2630.77,0,0"
        for start, end in (
            ("2025-11-09", "2025-11-22"),
            ("2025-11-23", "2025-12-06"),
            ("2025-12-21", "2026-01-03"),
        )
    )
    load_payroll(preparer, f"{HEADER}\n{complete}\n")
    client = browse(preparer)
    page = text(client.get(f"/claims/{claim.number}/coverage/?show=attention"))
    assert "Reyes" in page
    assert "Hollis" not in page
    page = text(client.get(f"/claims/{claim.number}/coverage/?q=hollis"))
    assert "Hollis" in page
    assert "Reyes" not in page
    assert "Nothing found" in text(client.get(f"/claims/{claim.number}/coverage/?q=nobody"))
    fragment = client.get(
        f"/claims/{claim.number}/coverage/?show=attention", headers={"HX-Request": "true"}
    )
    assert "<html" not in text(fragment)


def test_fifty_officers_stand_on_a_page(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer, rows(60))
    client = browse(preparer)
    page = text(client.get(address(preparer.agency)))
    assert page.count('<th scope="row"') == 50
    assert "Showing 1–50 of 62" in page
    assert text(client.get(f"{address(preparer.agency)}?page=2")).count('<th scope="row"') == 12


def test_the_number_of_queries_does_not_grow_with_the_officers(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    client = browse(preparer)
    counts = []
    for number in (2, 40):
        load_roster(preparer, rows(number))
        client.get(address(preparer.agency))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(preparer.agency))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_whole_grid_can_be_downloaded(browse):
    preparer, claim = make_draft()
    answer = browse(preparer).get(f"/claims/{claim.number}/coverage.csv")
    assert "attachment" in answer["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(text(answer))))
    assert len(found) == 14
    reyes = [row for row in found if row["officer_id"] == "0042"]
    assert (reyes[0]["period_start"], reyes[0]["state"], reyes[0]["paid_days"]) == (
        "2025-09-28",
        "paid",
        "11",
    )
    assert sum(int(row["payable_days"]) for row in reyes) == 92


def test_a_strangers_agency_is_not_there(browse):
    preparer, claim = make_draft()
    stranger = make_person(Role.PREPARER, make_agency("Elm Police"))
    client = browse(stranger)
    for address in ("coverage/", "coverage.csv"):
        assert client.get(f"/claims/{claim.number}/{address}").status_code == 404
        assert client.get(f"/claims/{stranger.agency.number}-FY2031Q1/{address}").status_code == 404
    with pytest.raises(NotFound):
        coverage_of(stranger, preparer.agency, QUARTER)


def test_the_federal_side_sees_it_once_the_claim_was_submitted(browse):
    preparer, claim = make_draft()
    reviewer = make_person(Role.REVIEWER)
    client = browse(reviewer)
    assert client.get(f"/claims/{claim.number}/coverage/").status_code == 404
    with pytest.raises(NotFound):
        coverage_of(reviewer, preparer.agency, QUARTER)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    page = text(client.get(f"/claims/{claim.number}/coverage/"))
    assert "2 officers have gaps" in page
    assert "Upload payroll" not in page
