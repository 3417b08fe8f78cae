"""What a packet prints of long texts: one ordinary letter must not keep it from being made."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from claims.packets import document, failures, pdf, writing
from claims.packets.document import main_context
from claims.packets.enclosures import claim_json, enclosures
from claims.packets.facts import PacketFacts
from claims.packets.process import Limits, NotInTime, TookTooLong, TookTooMuchMemory, write_apart
from claims.packets.signed import NotWhatWasSigned
from portal.jobs.registry import Fruitless
from portal.jobs.running import ABANDONED
from tests.claims.packets.sample import IMPRINT, appealed, packet_facts, retold

LETTER = "It was a long story, and here is all of it. " * 90


def _with_letters(facts: PacketFacts, rows: int, letter: str) -> PacketFacts:
    """The sample with so many rows in every table of what people wrote, each with its own letter."""
    said = facts.snapshot

    def many(row: Any, *fields: str) -> tuple[Any, ...]:
        return tuple(
            dataclasses.replace(row, **dict.fromkeys(fields, f"{place}. {letter}"[:4000]))
            for place in range(rows)
        )

    return retold(
        facts,
        decided_appeals=many(said.decided_appeals[0], "grounds", "ruling"),
        adjustments=many(said.adjustments[0], "note"),
        waivers=many(said.waivers[0], "reason"),
        warnings=many(said.warnings[0], "answer"),
        rulings=many(said.rulings[-1], "note"),
        happenings=many(said.happenings[0], "note"),
    )


@pytest.fixture
def facts() -> PacketFacts:
    return appealed(packet_facts(1, adjusted=True))


def test_a_short_text_is_printed_as_it_is() -> None:
    assert writing.brief("One.\n\nTwo.\nThree.") == "One.\n\nTwo.\nThree."
    assert writing.brief("") == ""


def test_blank_lines_take_no_pages() -> None:
    assert writing.brief("One.\r\n" + "\n \t\n" * 1900 + "Two.\n\n\n") == "One.\n\nTwo."


@pytest.mark.parametrize("text", [LETTER, "a\n" * 2000, "\u00a0\n" * 2000])
def test_of_a_long_text_the_beginning_is_printed(text: str) -> None:
    said = writing.brief(text)
    assert said.endswith("… (whole in the attached JSON)")
    assert len(said) < 640
    assert said.count("\n") < writing.PRINTED_LINES


def test_one_letter_for_many_lines_is_printed_once(facts: PacketFacts) -> None:
    appeal = dataclasses.replace(facts.snapshot.decided_appeals[0], grounds=LETTER, ruling="So.")
    other = dataclasses.replace(appeal, grounds=f"But {LETTER}")
    shown = main_context(retold(facts, decided_appeals=(other, appeal, appeal)), IMPRINT)["appeals"]
    assert shown[1]["grounds"] == writing.brief(LETTER)
    assert shown[2]["grounds"].startswith("It was a long story")
    assert shown[2]["grounds"].endswith("… (as in row 2 of this table)")
    assert [row["ruling"] for row in shown] == ["So."] * 3, "short words are no shorter by a row"


def test_every_table_of_what_people_wrote_is_bounded(facts: PacketFacts) -> None:
    many = writing.LISTED + 3
    shown = main_context(_with_letters(facts, many, LETTER), IMPRINT)
    for table, field in (
        ("appeals", "ruling"),
        ("adjustments", "note"),
        ("waivers", "reason"),
        ("warnings", "answer"),
        ("rulings", "note"),
        ("happenings", "note"),
    ):
        assert len(shown[table]) == writing.LISTED
        assert shown[f"{table}_left_out"].startswith("3 ")
        assert max(len(row[field]) for row in shown[table]) < 640


def test_the_attached_json_has_what_is_not_printed(facts: PacketFacts) -> None:
    said = json.loads(claim_json(_with_letters(facts, 300, LETTER)))["snapshot"]
    assert said["decided_appeals"][299]["grounds"] == f"299. {LETTER}"[:4000]


def test_the_most_that_people_can_write_is_set_within_the_limits(facts: PacketFacts) -> None:
    worst = _with_letters(facts, 500, "\u05d0\u05d1\u05d2\u05d3 " * 800)
    html = document.main_html(worst, IMPRINT)
    limits = Limits(computing_seconds=30)
    assert write_apart(lambda: (html, enclosures(worst)), worst.closed_at, "worst", limits)


@pytest.mark.parametrize(
    "error", [TookTooLong, TookTooMuchMemory, pdf.OutsideResource, NotWhatWasSigned]
)
def test_nobody_is_told_to_try_again_what_ends_the_same(error: type[Exception]) -> None:
    assert issubclass(error, Fruitless)
    failed = failures.failure_of(error.__name__)
    assert failed.fix.startswith("Tell the program office")
    assert not failed.may_pass


def test_what_a_busy_machine_did_not_do_in_time_may_be_asked_for_again() -> None:
    assert not issubclass(NotInTime, Fruitless)
    for reason in (NotInTime.__name__, ABANDONED, "OSError"):
        failed = failures.failure_of(reason)
        assert failed.fix.startswith("Have it made again")
        assert failed.may_pass


def test_a_making_that_was_ended_by_force_is_told_as_such() -> None:
    failed = failures.failure_of(ABANDONED)
    assert failures.failure(failed.code) is failed
    assert "ended by force" in failed.message
