"""What stands on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from claims.packets.document import context
from claims.packets.facts import Corrected, Lateness
from claims.packets.lines import LINES_PER_ROW, schedule_of_lines
from claims.rules.claim import calculate
from claims.rules.lifecycle import Kind
from portal.kernel.money import format_cents
from tests.claims.packets.reading import bookmarks, failures, pages, text
from tests.claims.packets.sample import CERTIFIED_AT, packet_facts, retold
from tests.claims.packets.test_pdf import make
from tests.claims.rules.builders import claim, line, officer


@pytest.fixture(scope="module")
def certified() -> bytes:
    return make(packet_facts(40, waiting=True))


@pytest.fixture(scope="module")
def decided() -> bytes:
    return make(packet_facts(2, decided=True))


def test_the_cover_says_which_claim_it_is(certified: bytes) -> None:
    cover = " ".join(pages(certified)[0].split())
    result = packet_facts(40, waiting=True).calculation.result
    for shown in (
        "0042-FY2026Q1",
        "Sample County Sheriff's Office",
        "FY2026Q1, Oct 1, 2025 to Dec 31, 2025",
        "As certified Jan 20, 2026, 9:05:31 AM CST",
        "Casey Certifier, Sheriff",
        format_cents(result.reimbursement),
        format_cents(result.award.amount),
        format_cents(result.total),
        packet_facts(40, waiting=True).calculation.sha256,
    ):
        assert shown in cover


def test_a_nil_claim_says_on_its_cover_that_there_is_nothing_to_claim_and_why() -> None:
    cover = " ".join(pages(make(packet_facts(0, nil_reason="Nobody worked <here>.")))[0].split())
    assert "Nothing to claim" in cover
    assert "Nobody worked <here>." in cover
    assert "Reimbursement claim" not in cover


def test_every_page_but_the_cover_names_the_claim_and_its_place(certified: bytes) -> None:
    found = pages(certified)
    for number, sheet in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in sheet
        assert ("Claim 0042-FY2026Q1, version 1" in sheet) == (number > 1)


def test_table_headers_stand_on_every_page_of_a_table(certified: bytes) -> None:
    schedule = [sheet for sheet in pages(certified) if "Cap used before" in sheet]
    lines = [sheet for sheet in pages(certified) if "Pay period" in sheet]
    assert len(schedule) >= 2
    assert len(lines) >= 5


def test_every_officer_is_in_the_schedule_and_its_last_row_adds_up(certified: bytes) -> None:
    facts = packet_facts(40, waiting=True)
    everything = text(certified)
    for outcome in facts.calculation.result.officers:
        assert f"{outcome.officer_id} · Deputy" in everything
    assert f"All officers {40 * 92:,}" in everything


def test_lines_that_wait_are_said_to_wait(certified: bytes) -> None:
    assert "80 payroll lines of this quarter had not been paid on Dec 20, 2025" in text(certified)
    assert text(certified).count("waiting") >= 80


def test_what_a_reviewer_took_stands_line_by_line_with_what_it_left() -> None:
    facts = packet_facts(2, adjusted=True)
    content = make(facts)
    said = " ".join(text(content).split())
    total = facts.calculation.result.total
    assert format_cents(total - 3_000) in said
    assert "Adjustments and waivers" in bookmarks(content)
    assert "-40.00" in said
    assert "No record supports it 2 CFR 200.403(g), 200.430(g)" in said
    assert "An earlier adjustment is taken back" in said
    assert "The timesheets burned with the annex." in said
    assert "Partly approved" in said
    assert failures(content) == []


def test_a_denial_is_told_in_one_sentence_and_leaves_nothing() -> None:
    facts = packet_facts(2, adjusted=True, denied=True)
    shown = context(facts)
    award = format_cents(facts.calculation.result.award.amount)
    assert shown["allowed"] == award, "the sample leaves the award alone"
    assert len(shown["adjustments"]) == 2
    assert "disallows what was left of 6 lines" in shown["denied"]
    assert failures(make(facts)) == []


def test_the_certified_edition_tells_nothing_of_lines_that_were_adjusted(certified: bytes) -> None:
    shown = context(packet_facts(1))
    assert not shown["is_decided"]
    assert "adjustments" not in shown
    assert "Adjustments and waivers" not in bookmarks(certified)


def test_a_late_and_linked_claim_says_so_on_its_cover() -> None:
    facts = retold(
        packet_facts(1),
        kind=Kind.SUPPLEMENT,
        follows="0042-FY2026Q1",
        lateness=Lateness("Staff change or illness", "Our clerk was ill."),
    )
    cover = " ".join(pages(make(facts))[0].split())
    assert "Supplement" in cover
    assert "follows claim 0042-FY2026Q1" in cover
    assert "Certified after the due date. The reason given: Staff change or illness." in cover


def test_a_correction_says_what_it_corrects_and_what_the_decision_changed() -> None:
    corrected = Corrected("0042-FY2026Q1", 1_000_00, CERTIFIED_AT - timedelta(60))
    linked = {"kind": Kind.AMENDMENT, "follows": "0042-FY2026Q1", "corrected": corrected}
    facts = retold(packet_facts(1, adjusted=True), **linked)
    changes = dict(context(facts)["changes"])
    assert changes["Allowed before"] == "$1,000.00"
    assert changes["Difference"] == format_cents(facts.allowed - 1_000_00)
    cover = " ".join(pages(make(facts))[0].split())
    assert "14. First certified on Nov 21, 2025, 9:05:31 AM CST" in cover
    assert changes["Difference"] in cover
    denied = retold(packet_facts(1, adjusted=True, denied=True), **linked)
    assert dict(context(denied)["changes"])["Difference"] == "$0.00"
    signed = retold(packet_facts(1), **linked)
    assert not context(signed)["changes"]


def test_as_certified_knows_nothing_of_later_decisions(certified: bytes, decided: bytes) -> None:
    assert "Approved" not in text(certified)
    assert "Federal decisions" not in bookmarks(certified)
    assert "Approved, Feb 1, 2026, 9:05:31 AM CST, Avery Approver" in text(decided)
    assert "Checked the ledger." in text(decided)


def test_the_sections_are_bookmarked(decided: bytes) -> None:
    assert bookmarks(decided) == [
        "Reimbursement claim",
        "Summary by cost category",
        "Certification",
        "Federal decisions",
        "Officer schedule",
        "Award worksheet",
        "Agreements and rules in force",
        "Record of events",
        "Files and hashes",
        "Payroll lines by officer",
    ]


def test_the_award_worksheet_shows_the_test_of_the_rate(decided: bytes) -> None:
    assert "100 × 160 = 16000 is at least 80 × 200 = 16000" in text(decided)


def test_every_rule_stands_with_its_source_and_reading(decided: bytes) -> None:
    calculation = packet_facts().calculation.claim
    for citation in (*calculation.rules.citations, *calculation.award_rules.citations):
        assert citation.title in text(decided)
        assert " ".join(citation.interpretation.split()) in text(decided)


def test_the_categories_add_up_to_what_is_claimed() -> None:
    facts = packet_facts(7)
    rows = {row["label"]: row for row in context(facts)["summary"]}
    result = facts.calculation.result
    assert rows["Reimbursement"]["claimed"] == format_cents(result.reimbursement)
    assert rows["Total claimed"]["claimed"] == format_cents(result.total)
    disallowed = sum(outcome.overtime_disallowed for outcome in result.officers)
    assert disallowed > 0
    assert rows["Total claimed"]["disallowed"] == format_cents(disallowed)


def test_an_officer_with_many_lines_goes_on_in_further_rows() -> None:
    days = [f"2025-{month}-{day:02d}" for month in (10, 11, 12) for day in range(1, 31)]
    facts = claim("FY2026Q1", officer(*(line(day, day, overtime_pay="10") for day in days)))
    rows = list(schedule_of_lines(facts, calculate(facts)))
    assert len(rows) == -(-len(days) // LINES_PER_ROW)
    assert [row["continues"] for row in rows] == [False, True, True]
    assert [row["totals"] is None for row in rows] == [True, True, False]
    assert rows[-1]["totals"][2] == "900.00"


def test_a_claim_without_officers_is_a_packet_too() -> None:
    assert "No officer was on the roster." in text(make(packet_facts(0)))
