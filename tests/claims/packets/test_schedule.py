"""The schedules: what stands in a row, and that rows stay whole and together on paper."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no hints

from claims.packets import document, pdf
from claims.packets.faces import COLUMNS, face, legible
from claims.packets.facts import PacketFacts
from claims.packets.parts import Imprint, Volume
from claims.packets.schedule import (
    LINES_PER_ROW,
    LineSchedule,
    not_payable,
    officer_row,
    schedule_of_lines,
    total_row,
)
from claims.packets.writing import amount
from tests.claims.packets.reading import failures, pages, text
from tests.claims.packets.sample import made_volume, packet_facts

IMPRINT = Imprint("0" * 32, "https://portal.example/verify/")


def lines_of(facts: PacketFacts) -> LineSchedule:
    """The line schedule of a packet."""
    calculation = facts.calculation
    return schedule_of_lines(calculation.claim.officers, calculation.result.officers)


def printed(facts: PacketFacts) -> bytes:
    """The packet, without what travels inside it."""
    return pdf.write(document.main_html(facts, IMPRINT), (), facts.closed_at, "a packet")


def named(facts: PacketFacts, name: str) -> PacketFacts:
    """The same packet with officers of that name; the calculation stays as it is."""
    calculation = facts.calculation
    officers = tuple(officer._replace(name=name) for officer in calculation.claim.officers)
    claim = dataclasses.replace(calculation.claim, officers=officers)
    return dataclasses.replace(facts, calculation=dataclasses.replace(calculation, claim=claim))


def test_a_row_of_the_schedule_is_the_stored_result() -> None:
    calculation = packet_facts(3).calculation
    officer, outcome = calculation.claim.officers[2], calculation.result.officers[2]
    row = officer_row(1_203, officer, outcome)
    assert row.described == f"No. 1,203 · {officer.officer_id} · Deputy"
    assert row.payable_days == "92"
    assert row.counted == "Yes"
    assert row.regular == amount(outcome.regular)
    assert [line.split("\u00a0")[0] for line in row.components.split("\n")] == [
        *("Health", "Pension", "Workers comp"),
    ]
    assert row.amounts == tuple(
        amount(cents)
        for cents in (
            outcome.benefits,
            outcome.overtime_submitted,
            outcome.overtime_cap,
            outcome.overtime_used_before,
            outcome.overtime_allowed,
            outcome.overtime_disallowed,
            outcome.total,
        )
    )


def test_the_components_of_a_row_add_up_to_its_benefits() -> None:
    calculation = packet_facts(1).calculation
    (outcome,) = calculation.result.officers
    row = officer_row(1, calculation.claim.officers[0], outcome)
    shown = [line.split()[-1] for line in row.components.split("\n")]
    assert sum(int(text.replace(",", "").replace(".", "")) for text in shown) == outcome.benefits


def test_the_last_row_adds_up_everything_but_caps() -> None:
    outcomes = packet_facts(3).calculation.result.officers
    row = total_row("All officers", outcomes)
    assert (row.payable_days, row.counted) == ("276", "3")
    assert row.regular == amount(sum(outcome.regular for outcome in outcomes))
    assert row.amounts[0] == amount(sum(outcome.benefits for outcome in outcomes))
    assert row.amounts[2:4] == ("", "")
    assert row.amounts[-1] == amount(sum(outcome.total for outcome in outcomes))


def test_lines_of_an_officer_stand_below_each_other_and_end_in_their_sums() -> None:
    facts = packet_facts(2)
    schedule, outcome = lines_of(facts), facts.calculation.result.officers[0]
    row = schedule.rows[0]
    for cell, head in zip(row.cells, schedule.heads, strict=True):
        assert {len(line) for line in cell.split("\n")} == {len(head)}
        assert len(cell.split("\n")) == 8
    regular = [line.split() for line in row.cells.regular.split("\n")]
    assert regular[0] == ["2,000.00", "1,571.43"]
    assert regular[-1] == [amount(outcome.regular)]
    assert row.cells.benefits.split()[-1] == amount(outcome.benefits)
    assert row.cells.overtime.split()[-1] == amount(outcome.overtime_submitted)
    assert row.cells.periods.split("\n")[0].split() == [
        *("FY2026Q1-1,", "2", "09/28/2025", "–", "10/11/2025", "10/16/2025", "11/14"),
    ]


def test_a_line_that_was_not_paid_waits_and_gives_nothing() -> None:
    last = lines_of(packet_facts(1, waiting=True)).rows[0].cells
    assert last.periods.split("\n")[-2].endswith("waiting")
    assert last.regular.split("\n")[-2].split() == ["2,000.00", "waiting"]


def test_the_face_of_columns_has_every_character_that_stands_in_them() -> None:
    schedule = lines_of(packet_facts(2, waiting=True))
    shown = {
        mark
        for row in [schedule.heads, *(row.cells for row in schedule.rows)]
        for mark in "".join(row)
    }
    has = {chr(point) for point in TTFont(face(COLUMNS)).getBestCmap()}
    assert shown | set("0123456789−/") <= has | {"\n"}


@pytest.mark.parametrize("lines", [0, 1, 30, 31, 61])
def test_many_lines_of_one_officer_go_on_in_further_rows(lines: int) -> None:
    calculation = packet_facts(1).calculation
    (officer,), (outcome,) = calculation.claim.officers, calculation.result.officers
    outcome = outcome._replace(shares=(outcome.shares[0],) * lines)
    rows = schedule_of_lines([officer], [outcome]).rows
    assert len(rows) == -(-lines // LINES_PER_ROW)
    assert [row.continues for row in rows] == [place > 0 for place in range(len(rows))]
    sizes = [len(row.cells.periods.split("\n")) for row in rows]
    assert sum(sizes) == (lines + 1 if lines else 0)
    assert all(size <= LINES_PER_ROW + 1 for size in sizes)


def test_absurd_amounts_wrap_instead_of_leaving_the_page() -> None:
    facts = packet_facts(1)
    calculation = facts.calculation
    (officer,) = calculation.claim.officers
    lines = tuple(line._replace(regular_pay=10**17 + 1) for line in officer.lines)
    schedule = schedule_of_lines([officer._replace(lines=lines)], calculation.result.officers)
    assert schedule.widths[1] < len(schedule.heads.regular)
    assert sum(schedule.widths) < 150


@pytest.mark.parametrize("officers", [11, 12, 13, 18])
def test_no_row_stands_alone_on_the_last_page_of_a_schedule(officers: int) -> None:
    facts = packet_facts(officers)
    content = printed(facts)
    ids = [officer.officer_id for officer in facts.calculation.claim.officers]
    schedule = [page for page in pages(content) if "Benefits by component" in page]
    schedule[-1], found, _ = schedule[-1].partition("All officers")
    assert found
    assert any(one in schedule[-1] for one in ids)
    lines = [page for page in pages(content) if "File, row" in page]
    assert sum(one in lines[-1] for one in ids) >= 2
    for one in ids:
        assert sum(one in page for page in schedule) == sum(one in page for page in lines) == 1


@pytest.mark.parametrize("name", ["Wolfeschlegelsteinhausenbergerdorff" * 6, "🦅" * 200])
def test_a_name_of_any_length_stands_whole_in_its_row(name: str) -> None:
    content = printed(named(packet_facts(3), name))
    assert failures(content) == []
    whole = "".join(text(content).split())
    part = legible(name[: len(name) // 5])
    assert whole.count(part) >= 2 * 3 * 4


@pytest.mark.parametrize("adjusted", [False, True])
@pytest.mark.parametrize("volume", [None, Volume(1, 1, 1, 1)])
def test_large_amounts_stay_in_one_piece(adjusted: bool, volume: Volume | None) -> None:
    """In the officer's row and in the last one; what wraps has a space in the text of the page."""
    facts, large = packet_facts(1, adjusted=adjusted), 99_999_999_99
    (outcome,) = facts.calculation.result.officers
    outcome = outcome._replace(
        regular=large, benefits=large, overtime_submitted=large, overtime_allowed=large
    )
    result = dataclasses.replace(facts.calculation.result, officers=(outcome,))
    facts = dataclasses.replace(
        facts, calculation=dataclasses.replace(facts.calculation, result=result)
    )
    content = made_volume(facts, volume) if volume else printed(facts)
    (schedule,) = [page for page in pages(content) if "Benefits by component" in page]
    schedule = schedule.partition("Benefits by component")[2].partition("Officer total =")[0]
    assert schedule.count("99,999,999.99") == 2 * 4
    assert schedule.count("299,999,999.97") == 2
    assert schedule.count("299,999,969.97") == (2 if adjusted else 0)


def test_without_a_salary_there_is_no_cap() -> None:
    calculation = packet_facts(1).calculation
    (officer,), (outcome,) = calculation.claim.officers, calculation.result.officers
    assert officer_row(1, officer, outcome._replace(salary=())).amounts[2] == "–"


def test_the_decided_schedule_says_what_people_left() -> None:
    facts = packet_facts(3, adjusted=True)
    shown = document.main_context(facts, IMPRINT)
    totals = [outcome.total for outcome in facts.calculation.result.officers]
    left = [amount(totals[0] - 3_000), amount(totals[1]), amount(totals[2])]
    assert [row.amounts[-1] for row in shown["officers"]] == left
    assert shown["officer_totals"].amounts[-1] == amount(sum(totals) - 3_000)
    volume = document.volume_context(facts, IMPRINT, Volume(1, 2, 1, 2))
    assert volume["officer_totals"].amounts[-1] == amount(totals[0] + totals[1] - 3_000)
    assert volume["sums"][-1] == amount(totals[0] + totals[1] - 3_000)
    said = text(printed(facts))
    assert "Allowed, is what reviewers and the decision left of the officer total." in said


def test_the_schedule_of_a_claim_from_which_nobody_took_says_so() -> None:
    said = text(printed(packet_facts(1, decided=True)))
    assert "Overtime allowed is by the rules; nobody took more." in said
    assert "nobody took more" not in text(printed(packet_facts(1)))


def test_the_schedule_of_a_denied_claim_says_that_nothing_is_paid() -> None:
    denied = packet_facts(2, adjusted=True, denied=True)
    words = "The claim is denied: nothing of these amounts is paid by it."
    assert words in text(printed(denied))
    assert words in text(made_volume(denied, Volume(1, 1, 1, 2)))
    totals = document.main_context(denied, IMPRINT)["officer_totals"]
    assert totals.amounts[-1] == "0.00"
    assert words not in text(printed(packet_facts(1, adjusted=True)))


def test_the_lines_say_how_shares_of_benefits_came_about() -> None:
    said = text(printed(packet_facts(1)))
    assert "Benefits: each component is divided and rounded by itself, then added;" in said


def test_days_that_are_not_payable_are_named_with_the_reason() -> None:
    calculation = packet_facts(1).calculation
    (officer,), (outcome,) = calculation.claim.officers, calculation.result.officers
    assert not [*not_payable(calculation.claim, officer, outcome)]
    (authorized, *others) = officer.roster
    roster = (authorized._replace(authorized_from=date(2025, 11, 17)), *others)
    late = officer._replace(roster=roster)
    unpaid = not_payable(calculation.claim, late, outcome._replace(eligible_days=45))
    row = officer_row(1, late, outcome, unpaid=unpaid)
    assert row.not_payable == (
        "Not payable 10/01/2025 – 11/16/2025: not authorized yet (in training)",
    )
