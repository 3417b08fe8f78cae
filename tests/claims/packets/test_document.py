"""What stands on the pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from claims.packets import document, pdf
from claims.packets.document import main_context
from claims.packets.facts import Corrected, Lateness, PacketFacts
from claims.packets.masking import masked
from claims.packets.writing import LISTED, amount
from claims.rules.explain import value_in_words
from claims.rules.lifecycle import Kind
from portal.kernel.money import format_cents
from tests.claims.packets.reading import bookmarks, failures, pages, text
from tests.claims.packets.sample import (
    CERTIFIED_AT,
    IMPRINT,
    appealed,
    in_the_third_quarter,
    packet_facts,
    retold,
)
from tests.claims.packets.test_pdf import make


def context(facts: PacketFacts) -> dict[str, Any]:
    """What the templates are told of a packet without volumes."""
    return main_context(facts, IMPRINT)


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
        "A00042-FY2026Q1",
        "Sample County Sheriff's Office",
        "Portal number A00042",
        "County and state Sample, TX",
        "ORI TX0420000",
        "UEI ABCDEF123456",
        "Task Force Model (TFM), since Mar 1, 2025",
        "FY2026Q1, Oct 1, 2025 to Dec 31, 2025",
        "As certified Jan 20, 2026, 9:05:31 AM CST · Full copy",
        "01234567 89abcdef 01234567 89abcdef",
        "Choose this file at https://portal.example.gov/verify/, or enter the SHA-256 of the file itself",
        "Casey Certifier, Sheriff",
        format_cents(result.reimbursement),
        format_cents(result.award.amount),
        format_cents(result.total),
        packet_facts(40, waiting=True).calculation.sha256,
    ):
        assert shown in cover


def test_a_nil_claim_says_on_its_cover_that_there_is_nothing_to_claim_and_why() -> None:
    cover, contents = map(
        _spaced, pages(make(packet_facts(0, nil_reason="Nobody worked <here>.")))[:2]
    )
    assert "Nothing to claim" in cover
    assert "Nobody worked <here>." in contents
    assert "Reimbursement claim" not in cover


def test_every_page_but_the_cover_names_the_claim_and_its_place(certified: bytes) -> None:
    found = pages(certified)
    for number, sheet in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in sheet
        assert ("Claim A00042-FY2026Q1, version 1" in sheet) == (number > 1)


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
        amounts = (
            outcome.benefits,
            outcome.overtime_submitted,
            outcome.overtime_cap,
            outcome.overtime_used_before,
            outcome.overtime_allowed,
            outcome.overtime_disallowed,
            outcome.total,
        )
        assert " ".join(map(amount, amounts)) in everything
    assert f"All officers {40 * 92:,}" in everything


def test_lines_that_wait_are_said_to_wait(certified: bytes) -> None:
    assert "80 payroll lines of this quarter had not been paid on Dec 20, 2025" in text(certified)
    assert text(certified).count("waiting") >= 80
    assert "attached to this PDF, has every line as a row with cells of its own" in text(certified)


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
    assert _account(facts)["Disallowed by the denial"].startswith("-$")
    assert failures(make(facts)) == []


def test_the_certified_edition_tells_nothing_of_lines_that_were_adjusted(certified: bytes) -> None:
    shown = context(packet_facts(1))
    assert not shown["is_decided"]
    assert "adjustments" not in shown
    assert "Allowed" not in _account(packet_facts(1))
    assert "Adjustments and waivers" not in bookmarks(certified)


def test_a_late_and_linked_claim_says_so_before_anything_else() -> None:
    facts = retold(
        packet_facts(1),
        kind=Kind.SUPPLEMENT,
        follows="A00042-FY2026Q1",
        lateness=Lateness("Staff change or illness", "Our clerk was ill."),
    )
    cover, contents = map(_spaced, pages(make(facts))[:2])
    assert "Supplement" in cover
    assert "follows claim A00042-FY2026Q1" in cover
    assert "Certified after the due date. The reason given: Staff change or illness." in contents


def test_a_correction_says_what_it_corrects_and_what_the_decision_changed() -> None:
    corrected = Corrected("A00042-FY2026Q1", 1_000_00, CERTIFIED_AT - timedelta(60))
    linked = {"kind": Kind.AMENDMENT, "follows": "A00042-FY2026Q1", "corrected": corrected}
    facts = retold(packet_facts(1, adjusted=True), **linked)
    account = _account(facts)
    assert account["Allowed before"] == "$1,000.00"
    assert account["Difference"] == format_cents(facts.allowed - 1_000_00)
    cover = _spaced(pages(make(facts))[0])
    assert "First certified on Nov 21, 2025, 9:05:31 AM CST" in cover
    assert account["Difference"] in cover
    denied = retold(packet_facts(1, adjusted=True, denied=True), **linked)
    assert _account(denied)["Difference"] == "$0.00"
    assert "Difference" not in _account(retold(packet_facts(1), **linked))


def test_as_certified_knows_nothing_of_later_decisions(certified: bytes, decided: bytes) -> None:
    assert "Approved" not in text(certified)
    assert "Federal decisions" not in bookmarks(certified)
    assert "Avery Approver: Approved" in text(decided)
    assert "Decided on Feb 1, 2026, 9:05:31 AM CST" in text(decided)
    assert "Checked the ledger." in text(decided)


def test_the_sections_are_bookmarked(decided: bytes) -> None:
    assert bookmarks(decided) == [
        "Reimbursement claim",
        "Certification",
        "Federal decisions",
        "Warnings and answers",
        "Summary by cost category",
        "Officer schedule",
        "Overtime worksheet",
        "Award worksheet",
        "Agreements and rules in force",
        "Record of events",
        "Files and hashes",
        "Payroll lines by officer",
    ]


def test_the_award_worksheet_shows_the_test_of_the_rate(decided: bytes) -> None:
    assert "100 × 160 = 16,000 is at least 80 × 200 = 16,000" in text(decided)


def test_every_rule_stands_with_its_source_and_reading(decided: bytes) -> None:
    calculation = packet_facts().calculation.claim
    for citation in (*calculation.rules.citations, *calculation.award_rules.citations):
        assert citation.title in text(decided)
        assert value_in_words(citation)[1:] in text(decided)
        assert " ".join(citation.interpretation.split()) in text(decided)


def test_a_claim_without_officers_is_a_packet_too() -> None:
    assert "No officer was on the roster." in text(make(packet_facts(0)))


def test_an_edition_after_an_appeal_tells_the_ruling_and_what_it_gave_back() -> None:
    facts = appealed(packet_facts(2, adjusted=True))
    account = _account(facts)
    assert account["Disallowed by reviewers"] == "-$30.00"
    assert account["Given back on appeal"] == "+$10.00"
    assert account["Allowed"] == format_cents(facts.calculation.result.total - 2_000)
    content = make(facts)
    said = text(content)
    assert "As decided on appeal Feb 19, 2026" in said
    assert "The supervisor has signed since." in said
    assert "A log was found. Blair Approver, Feb 19, 2026, 9:05:31 AM CST" in said
    assert "Appeals" in bookmarks(content)
    assert failures(content) == []


def test_warnings_stand_with_their_answers(certified: bytes) -> None:
    said = text(certified)
    assert "Much overtime in one period" in said
    assert "The flood of October; the county's log is with us." in said
    assert "Pat Preparer, Jan 18, 2026" in said
    assert "No answer" in said


def test_the_award_worksheet_shows_a_rate_that_can_be_divided_again(decided: bytes) -> None:
    assert "160 ÷ 200 × 100 = 80%" in text(decided)
    assert "confirmed by a second person on Jan 16, 2026" in text(decided)


def test_a_packet_in_every_state_is_archivable_and_accessible() -> None:
    assert failures(make(in_the_third_quarter(packet_facts(3, waiting=True)))) == []
    assert failures(make(in_the_third_quarter(appealed(packet_facts(3, adjusted=True))))) == []


def test_what_is_not_known_of_an_agency_has_no_box() -> None:
    facts = packet_facts()
    bare = dataclasses.replace(facts.snapshot.agency, ori="", uei="", county="", state="")
    labels = [box.label for row in context(retold(facts, agency=bare))["boxes"] for box in row]
    assert [label for label in labels if "ORI" in label or "UEI" in label or "state" in label] == []
    assert [int(label.split(".")[0]) for label in labels] == list(range(1, len(labels) + 1))


def test_a_long_list_of_single_entries_says_what_it_leaves_out() -> None:
    facts = packet_facts(2, adjusted=True)
    many = facts.snapshot.adjustments[:1] * (LISTED + 7)
    shown = context(retold(facts, adjustments=many))
    assert len(shown["adjustments"]) == LISTED
    assert shown["adjustments_left_out"].startswith("7 more rows beside these 200")


@pytest.mark.parametrize("copy", [lambda facts: facts, masked], ids=["full", "masked"])
@pytest.mark.parametrize("edition", ["certified", "decided", "denied", "appealed"])
@pytest.mark.parametrize("kind", list(Kind))
def test_the_code_and_the_account_are_on_the_cover_whatever_it_has_to_say(
    kind: Kind, edition: str, copy: Callable[[PacketFacts], PacketFacts]
) -> None:
    facts = {
        "certified": lambda: packet_facts(1),
        "decided": lambda: packet_facts(1, adjusted=True),
        "denied": lambda: packet_facts(1, adjusted=True, denied=True),
        "appealed": lambda: appealed(packet_facts(1, adjusted=True, denied=True)),
    }[edition]()
    name = ("Sheriff's Office of a Long Name " * 7)[:200]
    facts = retold(facts, kind=kind, agency=dataclasses.replace(facts.snapshot.agency, name=name))
    if kind is not Kind.ORIGINAL:
        corrected = Corrected("A00042-FY2026Q1", 1_000_00, CERTIFIED_AT - timedelta(60))
        facts = retold(facts, follows=corrected.number, corrected=corrected)
    html = document.main_html(copy(facts), IMPRINT)
    cover = _spaced(pages(pdf.write(html, (), facts.closed_at, "a packet"))[0])
    assert "Code of this file" in cover
    assert cover.count(IMPRINT.code[:8]) >= 1
    for entry in context(facts)["account"]:
        assert f"{entry.label} {entry.amount}" in cover


def test_a_claim_with_nothing_in_it_has_no_page_that_says_only_that() -> None:
    facts = retold(packet_facts(0, nil_reason="Nobody."), warnings=(), files=())
    sheets = [_spaced(sheet) for sheet in pages(make(facts))]
    assert len(sheets) == 5
    (last,) = [sheet for sheet in sheets if "No payroll line of the quarter." in sheet]
    assert "Files and hashes" in last
    (empty,) = [sheet for sheet in sheets if "No check of this quarter's" in sheet]
    assert "Summary by cost category" in empty
    assert "No officer was on the roster." in empty


@pytest.mark.parametrize("officers", [1, 3, 5, 10, 11, 12])
def test_notes_stay_with_the_last_row_of_their_table(officers: int) -> None:
    facts = packet_facts(officers, adjusted=True)
    sheets = [_spaced(sheet) for sheet in pages(make(facts))]
    (schedule,) = [sheet for sheet in sheets if "Officer total = regular pay" in sheet]
    assert "All officers" in schedule
    (lines,) = [sheet for sheet in sheets if "One cell holds an officer's lines" in sheet]
    assert facts.calculation.claim.officers[-1].officer_id in lines


def test_the_record_says_where_the_reviewers_adjustments_stand(decided: bytes) -> None:
    words = "What reviewers took from lines stands under Adjustments and waivers"
    assert words in text(make(packet_facts(1, adjusted=True)))
    assert words not in text(decided)
    assert "Payroll files the calculation used" in text(decided)


def test_to_begin_a_review_is_no_decision() -> None:
    facts = packet_facts(1, decided=True)
    begun = dataclasses.replace(facts.snapshot.rulings[0], action="start_review")
    shown = context(retold(facts, rulings=(begun, *facts.snapshot.rulings)))["rulings"]
    assert [row["outcome"] for row in shown] == ["Recommended", "Approved"]


def _account(facts: PacketFacts) -> dict[str, str]:
    return {entry.label: entry.amount for entry in context(facts)["account"]}


def _spaced(sheet: str) -> str:
    return " ".join(sheet.split())
