"""Explain this number: every amount leads to its steps, its payroll rows, its rules and other claims."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

import pytest

from claims.models import PayrollBatch
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, Office, row
from tests.claims.office import TO_REVIEW, make_office
from tests.factories import load_payroll, make_agency, make_draft, make_person, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def april():
    """Two quarters are over."""
    with clock_at(datetime(2026, 4, 20, 15, tzinfo=UTC)):
        yield


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def words(response) -> str:
    """What a reader reads, without the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(response)))


def test_the_amounts_of_a_claim_are_sums_that_lead_to_their_officers(browse):
    preparer, claim = make_draft()
    report(preparer.agency, 10, 9)
    client, here = browse(preparer), f"/claims/{claim.number}/versions/1/"
    claim.refresh_from_db()
    calculation = claim.version.calculation
    page = text(client.get(f"{here}amounts/"))
    for cents in (calculation.regular, calculation.benefits, calculation.total):
        assert f"${cents / 100:,.2f}" in page
    assert calculation.sha256 in page
    assert "Benefits: health" in page
    assert "100 × 9 = 900 is at least 90 × 10 = 900" in page
    for key in ("regular", "benefit_health", "overtime_allowed", "award"):
        assert f'href="{here}amounts/{key}/"' in page
        assert "Reyes, Ana" in text(client.get(f"{here}amounts/{key}/"))
    assert client.get(f"{here}amounts/nothing/").status_code == 404
    assert client.get(f"{here}amounts/total/").status_code == 404


def test_a_component_of_benefits_is_listed_by_officer(browse):
    preparer, claim = make_draft()
    page = words(browse(preparer).get(f"/claims/{claim.number}/versions/1/amounts/benefit_health/"))
    # 392.31 × 11/14, half up, and the whole second period.
    assert "$700.55" in page
    assert "$301.10" in page


def test_every_figure_of_the_claim_leads_to_its_explanation(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    page, amounts = (
        text(client.get(f"/claims/{claim.number}/{tail}")) for tail in ("", "versions/1/amounts/")
    )
    anchors = set(re.findall(r"versions/1/amounts/#(sum-\w+)", page))
    assert {"sum-total", "sum-regular", "sum-benefits", "sum-overtime_disallowed"} <= anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in amounts
    officers = set(re.findall(r"officers/1/#([\w-]+)", page))
    officer = text(client.get(f"/claims/{claim.number}/versions/1/officers/1/"))
    assert {"days", "sum-regular", "sum-total", "sum-overtime_allowed"} <= officers
    for anchor in officers:
        assert f'id="{anchor}"' in officer


def test_a_step_leads_to_the_row_of_the_file_and_back(browse):
    preparer, claim = make_draft()
    client, batch = browse(preparer), PayrollBatch.objects.get(agency=preparer.agency)
    officer = f"/claims/{claim.number}/versions/1/officers/1/"
    assert f'href="/payroll/{batch.pk}/rows/2/"' in text(client.get(officer))
    page = text(client.get(f"/payroll/{batch.pk}/rows/2/"))
    for shown in ("$2,780.00", "$589.37", "$392.31", "$72,280.00", batch.sent_sha256, "0042"):
        assert shown in page
    assert f"/payroll/{batch.pk}/file/" in page
    assert officer in page
    assert preparer.user.name in page
    assert client.get(f"/payroll/{batch.pk}/rows/99/").status_code == 404
    assert client.get(f"/payroll/{uuid.uuid4()}/rows/2/").status_code == 404


def test_the_rows_behind_a_files_totals_are_listed(browse):
    preparer, _ = make_draft()
    client, batch = browse(preparer), PayrollBatch.objects.get(agency=preparer.agency)
    assert f"/payroll/{batch.pk}/rows/" in text(client.get(f"/payroll/{batch.pk}/"))
    listed = text(client.get(f"/payroll/{batch.pk}/rows/?q=A-7"))
    assert "$2,630.77" in listed
    assert "$2,780.00" not in listed


def test_a_row_that_waits_counts_in_its_claim_too_and_a_taken_back_file_says_so(browse):
    preparer, claim = make_draft()
    content = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay
0042,2025-12-21,2026-01-03,2026-01-29,72280.00,2780.00
"""
    batch = load_payroll(preparer, content)
    client = browse(preparer)
    waiting = text(client.get(f"/claims/{claim.number}/versions/1/waiting/"))
    assert f'href="/payroll/{batch.pk}/rows/2/"' in waiting
    assert claim.number in text(client.get(f"/payroll/{batch.pk}/rows/2/"))
    client.post(f"/payroll/{batch.pk}/take-back/", {"reason": "Wrong file."})
    page = text(client.get(f"/payroll/{batch.pk}/rows/2/"))
    assert "This file no longer counts" in page


def test_days_roster_and_agreement_tell_why_days_are_payable(browse):
    preparer, claim = make_draft()
    page = words(browse(preparer).get(f"/claims/{claim.number}/versions/1/officers/1/"))
    assert "Employed since Jan 1, 2015; authorized for Task Force Model (TFM) since" in page
    assert "The agency’s agreement of the Task Force Model (TFM) was active since" in page
    assert "Sep 28, 2025 to Sep 30, 2025: 3 days not payable: before the first day" in page
    assert "in an earlier quarter" in page


def test_rules_lead_to_the_help_of_the_claims_quarter(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    page = text(client.get(f"/claims/{claim.number}/versions/1/officers/1/"))
    assert "service_days" not in words(client.get(f"/claims/{claim.number}/versions/1/officers/1/"))
    assert 'href="/help/rules/?quarter=FY2026Q1#rule-allocation"' in page
    rules = text(client.get("/help/rules/?quarter=FY2026Q1"))
    assert 'id="rule-allocation"' in rules
    assert "the calendar days of the pay period" in rules
    assert client.get("/help/rules/?quarter=nonsense").status_code == 200


def test_overtime_used_before_leads_to_the_claims_that_used_it(browse, april):
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    office.send(SECOND, row(SECOND))
    first, second = office.claim(FIRST), office.claim(SECOND)
    client = browse(office.preparer)
    page = words(client.get(f"/claims/{second.number}/versions/1/officers/1/"))
    assert f"FY2026Q1: $9,000.00 in claim {first.number}" in page
    assert "went by" not in page
    year = words(client.get(f"/claims/{second.number}/versions/1/amounts/"))
    assert f"FY2026Q1 Claim {first.number} $19,000.00" in year


def test_the_federal_side_reads_nothing_of_an_earlier_claim_that_was_never_sent(browse, april):
    office = Office()
    office.send(FIRST, row(FIRST))
    office.send(SECOND, row(SECOND))
    office.walk(SECOND, "ready", "certify")
    first, second = office.claim(FIRST), office.claim(SECOND)
    here = f"/claims/{second.number}/versions/1/"
    auditor = browse(make_person(Role.AUDITOR))
    page = words(auditor.get(f"{here}officers/1/"))
    assert "went by $9,000.00: the rest stands in claims that are not shown to you" in page
    for tail in ("officers/1/", "officers/1/print/", "amounts/"):
        assert first.number not in text(auditor.get(here + tail))
        assert first.number in text(browse(office.preparer).get(here + tail))


def test_what_people_took_is_told_one_by_one_once_the_agency_may_read_it(browse):
    office = make_office()
    office.walk(*TO_REVIEW, "adjust")
    here = f"/claims/{office.claim.number}/versions/1/amounts/"
    federal = words(browse(office.people["reviewer"]).get(here))
    assert "No record supports it (2 CFR 200.403(g), 200.430(g))" in federal
    assert "Reyes, Ana: Regular pay" in federal
    agency = browse(office.people["preparer"])
    assert "No record supports it" not in words(agency.get(here))
    office.walk("recommend", "approve_partly")
    decided = words(agency.get(here))
    assert "-$1.00" in decided
    assert office.people["reviewer"].user.name in decided


def test_an_officers_sheet_is_in_plain_words_with_claim_version_and_hash(browse):
    preparer, claim = make_draft()
    client, here = browse(preparer), f"/claims/{claim.number}/versions/1/officers/1/"
    assert f'href="{here}print/"' in text(client.get(here))
    page = words(client.get(f"{here}print/"))
    assert "11 of 14 days" in page
    assert "All 92 days of the quarter are payable." in page
    assert (
        "25% of the annual salary. The annual salary is $72,280.00, so the cap is $18,070.00"
        in page
    )
    assert f"Claim {claim.number}, version 1" in page
    assert claim.version.calculation.sha256 in page
    assert client.get(f"/claims/{claim.number}/versions/1/officers/9/print/").status_code == 404


def test_the_sheet_tells_what_review_left(browse):
    office = make_office()
    office.walk(*TO_REVIEW, "adjust")
    here = f"/claims/{office.claim.number}/versions/1/officers/1/print/"
    assert "After review" in words(browse(office.people["reviewer"]).get(here))
    assert "After review" not in words(browse(office.people["preparer"]).get(here))


def test_lists_that_know_only_the_payroll_id_find_the_officer(browse):
    preparer, claim = make_draft()
    client, here = browse(preparer), f"/claims/{claim.number}/versions/1/officers/"
    assert client.get(f"{here}?officer_id=A-7").url == f"{here}2/"
    assert client.get(f"{here}?officer_id=nobody").status_code == 404


def test_strangers_find_none_of_it(browse):
    preparer, claim = make_draft()
    batch = PayrollBatch.objects.get(agency=preparer.agency)
    stranger = browse(make_person(Role.PREPARER, make_agency("Birch Police")))
    federal = browse(make_person(Role.AUDITOR))
    for tail in ("amounts/", "amounts/regular/", "officers/1/print/", "officers/?officer_id=0042"):
        address = f"/claims/{claim.number}/versions/1/{tail}"
        assert stranger.get(address).status_code == 404
        assert federal.get(address).status_code == 404
    for tail in ("rows/", "rows/2/"):
        assert stranger.get(f"/payroll/{batch.pk}/{tail}").status_code == 404
    assert federal.get(f"/payroll/{batch.pk}/rows/2/").status_code == 200
