"""The words about claims: complete, and true to the tables they speak of."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from claims.events import EVENTS
from claims.presentation import DONE, NIL_EFFECTS, OUTCOMES, effect_of, entry, timeline, turn
from claims.rules.lifecycle import ACTIONS, LIFECYCLE, State
from portal.intake.models import Batch

MORNING = datetime(2026, 1, 20, 15, tzinfo=UTC)


def event(action: str, name: str = "Ana Reyes", side: str = "agency", **facts: object):
    """An audit event as it is stored."""
    content = {
        "facts": facts,
        "actor_name": name,
        "actor_side": side,
        "note": facts.pop("note", ""),
    }
    return SimpleNamespace(action=action, at=MORNING, content=json.dumps(content))


def test_every_step_of_the_lifecycle_has_words_in_the_history():
    assert {f"claim.{action.code}" for action in LIFECYCLE} <= EVENTS.keys()


def test_every_state_of_a_file_that_can_be_shown_has_words():
    assert {s.value for s in Batch.State} <= OUTCOMES.keys()


@pytest.mark.parametrize("state", State)
def test_every_state_says_whose_turn_it_is(state):
    told = turn(state, [])
    assert told.title
    assert not told.yours
    over = {State.APPROVED, State.PARTLY_APPROVED, State.DENIED, State.PAID, State.CLOSED}
    assert bool(told.whose) == (state not in over)


def test_whoever_can_act_is_told_that_it_is_their_turn():
    assert turn("in_review", ["recommend", "return"]).yours
    assert turn("ready", ["certify"]).title == "Check the amounts, then certify"
    assert not turn("ready", ["unready"]).yours


def test_a_nil_claim_has_turns_and_effects_of_its_own():
    assert turn("ready", ["certify"], nil=True).title.startswith("Read why there is nothing")
    assert turn("approved", [], nil=True).title == "“Nothing to claim” is approved"
    assert turn("submitted", [], nil=True) == turn("submitted", [])
    assert effect_of(ACTIONS["approve"], nil=True) != effect_of(ACTIONS["approve"])
    assert NIL_EFFECTS.keys() <= ACTIONS.keys()


def test_amounts_and_notes_stand_in_the_history():
    certified = entry(event("claim.certify", total=123_456, version=2, note="Checked twice."))
    assert certified.what == "Certified and submitted: $1,234.56 (version 2)"
    assert (certified.who, certified.note) == ("Ana Reyes", "Checked twice.")


def test_federal_people_are_told_from_the_agencys():
    assert entry(event("claim.return", "Ruth Okafor", "federal")).who == "Ruth Okafor, federal side"


def test_an_event_without_words_of_its_own_is_still_readable():
    assert entry(event("claim.frozen_by_hand")).what == "Claim frozen by hand"


def test_a_fact_that_was_not_kept_does_not_break_the_history():
    assert (
        entry(event("counts.report", located=3)).what
        == "Counts reported: 3 located of not recorded referred"
    )


def test_of_calculations_in_a_row_only_the_newest_is_told():
    newest_first = [
        event("claim.ready", total=300),
        event("claim.calculate", total=300),
        event("claim.calculate", total=200),
        event("payroll.accept", reference="FY2026Q1-1"),
        event("claim.calculate", total=100),
    ]
    assert [told.what for told in timeline(newest_first)] == [
        "Marked ready to certify: $3.00",
        "Amounts calculated: $3.00",
        "Payroll file FY2026Q1-1 accepted",
        "Amounts calculated: $1.00",
    ]


def test_every_button_says_what_was_done():
    assert set(DONE) == {one.code for one in LIFECYCLE if one.by_button} - {"certify"}
