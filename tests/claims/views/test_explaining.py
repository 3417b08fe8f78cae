"""Explain this number: every amount leads to its steps, its payroll rows, its rules and other claims."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

import pytest

from claims.models import PayrollBatch
from claims.presentation import standing_of
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, TO_DENY, Office, row
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
    assert "Health</th>" in page
    assert "100 × 9 = 900 is at least 90 × 10 = 900" in page
    for key in ("regular", "benefit_health", "overtime_allowed", "award"):
        assert f'href="{here}amounts/{key}/"' in page
        assert "Reyes, Ana" in text(client.get(f"{here}amounts/{key}/"))
    assert client.get(f"{here}amounts/nothing/").status_code == 404
    for key in ("total", "claimed"):
        told = client.get(f"{here}amounts/{key}/")
        assert told["Location"] == f"{here}amounts/#sum-{key}"
        assert f'id="sum-{key}"' in page


def test_a_component_of_benefits_is_listed_by_officer(browse):
    preparer, claim = make_draft()
    page = words(browse(preparer).get(f"/claims/{claim.number}/versions/1/amounts/benefit_health/"))
    # 392.31 × 11/14, half up, and the whole second period.
    assert "$700.55" in page
    assert "$301.10" in page


def test_an_officer_without_a_component_is_not_behind_it(browse):
    preparer, claim = make_draft()
    content = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,benefit_dental
0042,2025-11-01,2025-11-14,2025-11-20,72280.00,2780.00,10.00
A-7,2025-11-01,2025-11-14,2025-11-20,68400.00,2630.77,0.00
"""
    load_payroll(preparer, content)
    client, here = browse(preparer), f"/claims/{claim.number}/versions/1/amounts/"
    assert "the sum of 1 officer" in words(client.get(here)).lower()
    page = text(client.get(f"{here}benefit_dental/"))
    assert ">0042<" in page
    assert ">A-7<" not in page
    assert ">A-7<" in text(client.get(f"{here}benefit_health/"))


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
    assert {
        "days",
        "sum-regular",
        "sum-benefits",
        "sum-total",
        "sum-overtime_allowed",
    } <= officers
    inside = set(re.findall(r'href="#([\w-]+)"', officer))
    assert {"sum-benefits", "sum-benefit_health", "sum-overtime_allowed"} <= inside
    for anchor in officers | {one for one in inside if one.startswith("sum-")}:
        assert f'id="{anchor}"' in officer
    listed = text(client.get(f"/claims/{claim.number}/versions/1/amounts/benefits/"))
    assert "officers/1/#sum-benefits" in listed


def test_a_step_leads_to_the_row_of_the_file_and_back(browse):
    preparer, claim = make_draft()
    client, batch = browse(preparer), PayrollBatch.objects.get(agency=preparer.agency)
    officer = f"/claims/{claim.number}/versions/1/officers/1/"
    assert f'href="/payroll/{batch.pk}/lines/2/"' in text(client.get(officer))
    page = text(client.get(f"/payroll/{batch.pk}/lines/2/"))
    for shown in ("$2,780.00", "$589.37", "$392.31", "$72,280.00", batch.sent_sha256, "0042"):
        assert shown in page
    assert f"/payroll/{batch.pk}/file/" in page
    assert officer in page
    assert preparer.user.name in page
    assert client.get(f"/payroll/{batch.pk}/lines/99/").status_code == 404
    assert client.get(f"/payroll/{uuid.uuid4()}/lines/2/").status_code == 404


def test_the_rows_behind_a_files_totals_are_listed(browse):
    preparer, _ = make_draft()
    client, batch = browse(preparer), PayrollBatch.objects.get(agency=preparer.agency)
    assert f"/payroll/{batch.pk}/lines/" in text(client.get(f"/payroll/{batch.pk}/"))
    listed = text(client.get(f"/payroll/{batch.pk}/lines/?q=A-7"))
    assert "$2,630.77" in listed
    assert "$2,780.00" not in listed


def test_the_federal_side_reads_rows_and_originals_only_of_files_that_a_sent_claim_rests_on(browse):
    office = make_office()
    batch = PayrollBatch.objects.get(agency=office.claim.agency)
    file, rows = f"/payroll/{batch.pk}/", f"/payroll/{batch.pk}/lines/"
    reviewer, preparer = browse(office.people["reviewer"]), browse(office.people["preparer"])

    def answers(client):
        return [client.get(at).status_code for at in (rows, f"{rows}2/", f"{file}file/")]

    assert (answers(reviewer), answers(preparer)) == ([404] * 3, [200] * 3)
    page = text(reviewer.get(file))
    assert rows not in page
    assert f"{file}file/" not in page
    compared = f"/payroll/compare/?before={batch.pk}&after={batch.pk}&show=all"
    assert rows not in text(reviewer.get(compared))
    office.walk("ready", "certify")
    assert answers(reviewer) == [200] * 3
    assert rows in text(reviewer.get(file))
    assert rows in text(preparer.get(compared))


def test_a_row_that_waits_counts_in_its_claim_too_and_a_taken_back_file_says_so(browse):
    preparer, claim = make_draft()
    content = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay
0042,2025-12-21,2026-01-03,2026-01-29,72280.00,2780.00
"""
    batch = load_payroll(preparer, content)
    client = browse(preparer)
    waiting = text(client.get(f"/claims/{claim.number}/versions/1/waiting/"))
    assert f'href="/payroll/{batch.pk}/lines/2/"' in waiting
    assert claim.number in text(client.get(f"/payroll/{batch.pk}/lines/2/"))
    client.post(f"/payroll/{batch.pk}/take-back/", {"reason": "Wrong file."})
    page = text(client.get(f"/payroll/{batch.pk}/lines/2/"))
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
    assert "Claimed in the fiscal year to date: $30,000.00" in year
    assert f"Claim {second.number}, not certified $11,000.00" in year
    assert "Allowed in the fiscal year to date: $19,000.00" in year
    assert f"Claim {second.number}, not decided yet $0.00" in year


def test_a_denied_correction_leaves_its_quarter_in_the_year_as_it_was(browse, april):
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    first = office.claim(FIRST)
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, regular="9000.00"))
    amendment = office.claim(FIRST)
    address = f"/claims/{amendment.number}/versions/1/amounts/"
    for step in TO_DENY:
        office.walk(FIRST, step)
        for who in (office.preparer, office.reviewer) if step != "ready" else (office.preparer,):
            year = words(browse(who).get(address))
            assert "Allowed in the fiscal year to date: $19,000.00" in year, step
            assert f"FY2026Q1 Claim {first.number} $19,000.00" in year, step
    assert "Claimed in the fiscal year to date: $18,000.00" in words(
        browse(office.preparer).get(address)
    )


def test_a_denied_claim_allows_nothing_in_the_year(browse, april):
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_DENY)
    here = f"/claims/{office.claim(FIRST).number}/versions/1/amounts/"
    year = words(browse(office.preparer).get(here))
    assert "Allowed in the fiscal year to date: $0.00" in year
    assert f"Claim {office.claim(FIRST).number}, denied $0.00" in year


def test_an_unsent_correction_of_an_earlier_quarter_changes_nothing_for_a_federal_reader(
    browse, april
):
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    office.send(SECOND, row(SECOND))
    office.walk(SECOND, "ready", "certify")
    reviewer, here = browse(office.reviewer), f"/claims/{office.claim(SECOND).number}/versions/1/"
    first = office.claim(FIRST).number

    def read():
        return [words(reviewer.get(here + tail)) for tail in ("amounts/", "officers/1/")]

    before = read()
    assert f"FY2026Q1: $9,000.00 in claim {first}" in before[1]
    assert f"FY2026Q1 Claim {first} $19,000.00" in before[0]
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    assert office.claim(FIRST).version.state == "draft"
    assert read() == before
    agency = words(browse(office.preparer).get(f"{here}officers/1/"))
    assert f"$4,000.00 in claim {office.claim(FIRST).number}" in agency


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
    for tail in ("officers/1/", "officers/1/print/"):
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


def test_a_denial_is_one_row_however_many_lines_it_took(browse):
    office = make_office()
    office.walk(*TO_REVIEW, "adjust", "recommend", "deny")
    here = f"/claims/{office.claim.number}/versions/1/amounts/"
    page = words(browse(office.people["preparer"]).get(here))
    assert page.count("The claim is denied (the decision on the claim)") == 1
    rows = office.claim.version.adjustments.filter(reason="denied")
    taken = -sum(row.amount for row in rows)
    assert f"What was left of {rows.count()} lines" in page
    assert f"-${taken / 100:,.2f}" in page
    assert "Reyes, Ana: Regular pay" in page
    assert "Allowed: $0.00" in page


def test_an_officers_sheet_is_in_plain_words_with_claim_version_and_hash(browse):
    preparer, claim = make_draft()
    client, here = browse(preparer), f"/claims/{claim.number}/versions/1/officers/1/"
    assert f'href="{here}print/"' in text(client.get(here))
    page = words(client.get(f"{here}print/"))
    assert "11 of 14 days" in page
    assert "All 92 days of the quarter are payable." in page
    assert "is 25% of the annual salary on average over the fiscal year." in page
    assert "Cap of the fiscal year: 25% × $72,280.00 = $18,070.00" in page
    assert f"Claim {claim.number}, version 1" in page
    assert claim.version.calculation.sha256 in page
    assert client.get(f"/claims/{claim.number}/versions/1/officers/9/print/").status_code == 404


def test_the_sheet_recomputes_overtime_others_paid_for_and_the_cap_after_a_raise(browse):
    preparer, claim = make_draft()
    header = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay"
    content = f"""{header},overtime_paid_by_others
0042,2025-11-01,2025-11-14,2025-11-20,92000.00,3538.46,279.12,69.78
0042,2025-11-15,2025-11-28,2025-12-04,95000.00,3692.31,279.12,69.78
"""
    load_payroll(preparer, content)
    page = words(browse(preparer).get(f"/claims/{claim.number}/versions/1/officers/1/print/"))
    # The claim has one row of overtime more, of which others paid nothing.
    assert "Others paid $139.56 of it, so $" in page
    assert "$209.34 of $279.12 less $69.78 paid by others" in page
    assert "Annual salary Nov 1, 2025 to Nov 14, 2025: $92,000.00 × 14 days = $1,288,000.00" in page
    assert "Annual salary on average over the fiscal year: $" in page
    assert "cut to the cent: $" in page
    assert "each component is divided and rounded by itself" in page


def test_the_sheet_tells_what_review_left(browse):
    office = make_office()
    office.walk(*TO_REVIEW, "adjust")
    here = f"/claims/{office.claim.number}/versions/1/officers/1/print/"
    readers = [browse(office.people[role]) for role in ("reviewer", "preparer")]
    for reader in readers:
        page = words(reader.get(here))
        assert "After review" not in page
        assert "No record supports it" not in page
        assert page.count("In review, not decided.") == 2
    office.walk("recommend", "approve_partly")
    for reader in readers:
        page = words(reader.get(here))
        assert "After review" in page
        assert "No record supports it" in page
        assert page.count("Partly approved.") == 2


@pytest.mark.parametrize(
    ("state", "is_linked", "told"),
    [
        ("draft", False, "Draft, not certified"),
        ("ready", False, "Ready to certify, not certified"),
        ("submitted", False, "Submitted, not decided"),
        ("returned", False, "Returned for correction, not decided"),
        ("withdrawn", False, "Withdrawn"),
        ("approved", False, "Approved"),
        ("denied", False, "Denied: nothing is paid"),
        ("denied", True, "Denied: what was decided before stays"),
    ],
)
def test_paper_says_whether_it_was_signed_and_decided(state, is_linked, told):
    assert standing_of(state, is_linked=is_linked) == told


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
    for tail in ("lines/", "lines/2/", "file/"):
        for nobody in (stranger, federal):
            assert nobody.get(f"/payroll/{batch.pk}/{tail}").status_code == 404
