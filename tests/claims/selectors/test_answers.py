"""Whoever reads a signed version reads the answers that came with it, not those of a draft."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import ClaimVersion
from claims.services.payroll import answer_payroll_warnings
from claims.warnings import tally_of, warnings_of
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, row
from tests.claims.pipeline.test_packet_snapshot import SIGNED, House, house
from tests.claims.pipeline.test_packet_unsent import LOW, SECRET, answered

pytestmark = pytest.mark.django_db

__all__ = ("house",)


def told(version: ClaimVersion) -> set[str]:
    """The texts that the version's page has, empty for a warning without an answer."""
    return {warning.answer.text if warning.answer else "" for warning in warnings_of(version)}


def test_an_answer_of_an_amendment_in_preparation_is_not_of_what_was_signed(house: House) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    answered(house, house.claim(FIRST).version, "Said before.")
    version = house.walk(FIRST, *TO_APPROVE)
    house.walk(FIRST, "amend")
    house.replace(FIRST, row(FIRST, **{**LOW, "overtime": "1750.00"}))
    draft = house.claim(FIRST).version
    answered(house, draft, SECRET)
    assert told(version) == {"Said before."}
    assert told(draft) == {SECRET}, "the agency works with its newest"
    house.walk(FIRST, *SIGNED)
    assert told(version) == {SECRET}, "once it is submitted it is the answer of all"


def test_an_answer_that_nobody_has_signed_is_not_counted(house: House) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    version = house.walk(FIRST, *TO_APPROVE)
    total = tally_of(version).total
    assert total
    house.walk(FIRST, "amend")
    answered(house, house.claim(FIRST).version, SECRET)
    assert tally_of(version) == (total, total)
    assert tally_of(house.claim(FIRST).version) == (total, 0)
    house.walk(FIRST, "drop")
    assert tally_of(version) == (total, total), "it was given up"


def test_an_answer_to_the_reviewer_counts_at_once(house: House) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    version = house.walk(FIRST, *SIGNED, "start_review")
    answered(house, version, "Said to the reviewer.")
    assert told(version) == {"Said to the reviewer."}
    assert tally_of(version).unanswered == 0


def test_the_same_words_again_are_told_apart_by_when_they_were_said(house: House) -> None:
    batch = house.send(FIRST, row(FIRST, **LOW))
    version = house.walk(FIRST, *SIGNED, "start_review")
    answered(house, version, "So it is.")
    answered(house, version, "No, it is so.")
    house.walk(FIRST, "return", "correct")
    (finding, *_) = batch.findings.filter(severity="warning")
    answer_payroll_warnings(actor=house.preparer, batch=batch, findings=[finding], text="So it is.")
    assert told(version) == {"No, it is so."}


def test_an_answer_for_another_quarters_draft_is_not_on_the_page(house: House) -> None:
    """Fingerprints of salaries name no quarter: the same warning comes up in each."""
    for quarter in (FIRST, SECOND):
        house.send(quarter, row(quarter, **LOW))
    answered(house, house.claim(FIRST).version, "Said before.")
    version = house.walk(FIRST, *TO_APPROVE)
    answered(house, house.claim(SECOND).version, SECRET)
    assert told(version) == {"Said before."}
    house.walk(SECOND, *SIGNED)
    assert SECRET in told(version)


def test_how_often_the_tally_asks_does_not_depend_on_the_number_of_answers(
    house: House, django_assert_num_queries: Any
) -> None:
    house.send(FIRST, row(FIRST, **LOW), row(FIRST, **LOW, officer="A-7"))
    version = house.walk(FIRST, *SIGNED, "start_review")
    total = tally_of(version).total
    assert total > 1
    with django_assert_num_queries(1):
        tally_of(version)
    first, *rest = warnings_of(version)
    for warnings in ([first], rest):
        for warning in warnings:
            answer_payroll_warnings(
                actor=house.preparer, batch=warning.batch, findings=[warning.finding], text="So."
            )
        with django_assert_num_queries(5):
            tally_of(version)
    assert tally_of(version) == (total, 0)
