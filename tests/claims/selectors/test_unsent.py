"""The federal side reads what was submitted, and of trial runs and work on a correction nothing."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest

from claims.models import ClaimVersion, PayrollBatch, Waiver
from claims.packets.facts import Edition
from claims.pipeline.packet import load
from claims.selectors.payroll import findings_of
from claims.selectors.story import story_of
from claims.services.payroll import answer_payroll_warnings, correct_payroll
from claims.services.waiving import grant_waiver, revoke_waiver
from portal.accounts.fresh import proven
from portal.accounts.policies import Actor
from portal.kernel.findings import Severity
from portal.kernel.tabular.patch import Edit
from tests.claims.linked import FIRST, row
from tests.claims.pipeline.test_packet_snapshot import REVIEWED, SIGNED, House, house, packet_of
from tests.claims.pipeline.test_packet_unsent import LOW
from tests.factories import act, settle

pytestmark = pytest.mark.django_db

LOWER = {**LOW, "salary": "7000.00", "regular": "1750.00"}
"""A row that is warned of in other words."""
__all__ = ("house",)


def told(reader: Actor, version: ClaimVersion, action: str) -> int:
    """How many events of a kind somebody reads."""
    return story_of(reader, version).filter(action=action).count()


def test_a_trial_run_is_told_to_the_agency_alone(house: House) -> None:
    house.send(FIRST, row(FIRST))
    version = house.go(house.claim(FIRST), *SIGNED)
    house.send(FIRST, row(FIRST, overtime="9100.00"), dry_run=True)
    assert told(house.preparer, version, "payroll.receive") == 2
    assert told(house.reviewer, version, "payroll.receive") == 1


def test_a_trial_run_is_not_submitted_with_the_next_signature(house: House) -> None:
    trial = house.send(FIRST, row(FIRST, overtime="9100.00"), dry_run=True)
    correct_payroll(
        actor=house.preparer, batch=trial, edits=[Edit(2, "overtime_pay", "9100.00", "9200.00")]
    )
    settle()
    house.send(FIRST, row(FIRST))
    version = house.go(house.claim(FIRST), *SIGNED)
    assert told(house.preparer, version, "payroll.receive") == 2
    assert told(house.preparer, version, "payroll.correct") == 1
    assert told(house.reviewer, version, "payroll.receive") == 1
    assert told(house.reviewer, version, "payroll.correct") == 0


def test_work_on_a_returned_claim_is_told_when_it_is_sent_again(house: House) -> None:
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review", "return")
    house.go(claim, "correct")
    house.replace(FIRST, row(FIRST, overtime="8000.00"))
    for action, before in (("payroll.accept", 1), ("claim.correct", 0), ("claim.return", 1)):
        assert told(house.reviewer, version, action) == before, action
    house.go(claim, *SIGNED)
    for action, after in (("payroll.accept", 2), ("claim.correct", 1), ("claim.ready", 2)):
        assert told(house.reviewer, version, action) == after, action


def test_a_claim_that_a_file_reopened_is_told_so_when_it_is_sent_again(house: House) -> None:
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review", "return")
    house.replace(FIRST, row(FIRST, overtime="8000.00"))
    assert told(house.preparer, version, "claim.correct") == 1
    assert told(house.reviewer, version, "claim.correct") == 0
    house.go(claim, *SIGNED)
    assert told(house.reviewer, version, "claim.correct") == 1


def test_the_federal_side_reads_its_own_acts_while_a_draft_is_open(house: House) -> None:
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review", "return", "correct")
    approver = proven(house.approver)
    waiver = grant_waiver(
        actor=approver,
        claim=claim,
        rule=Waiver.Rule.EVIDENCE,
        officer_id="0042",
        category="overtime",
        reason="The server burned.",
        expires_on=date(2026, 12, 31),
        token=uuid4(),
    )
    revoke_waiver(actor=approver, waiver=waiver, note="It was restored.")
    assert version.number == 2
    for action in ("claim.waive", "claim.waive_end"):
        assert told(house.reviewer, version, action) == 1, action
    assert told(house.reviewer, version, "claim.correct") == 0


def test_an_answer_about_a_file_that_was_submitted_is_read_at_once(house: House) -> None:
    file = house.send(FIRST, row(FIRST, **LOW))
    version = house.go(house.claim(FIRST), *SIGNED, "start_review")
    answer(house, file, "Said to the reviewer.")
    assert notes(house, version) == {"Said to the reviewer."}


def test_an_answer_about_a_trial_run_is_the_agencys_own_affair(house: House) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review")
    trial = house.send(FIRST, row(FIRST, **LOWER), dry_run=True)
    answer(house, trial, "Not for you.")
    assert notes(house, version) == set()
    house.go(claim, "return")
    house.replace(FIRST, row(FIRST, **{**LOW, "overtime": "1650.00"}))
    version = house.go(claim, *SIGNED)
    assert notes(house, version) == set(), "what it was about is of no file that was submitted"


def test_an_answer_about_a_trial_run_goes_with_the_file_that_it_answers_too(house: House) -> None:
    trial = house.send(FIRST, row(FIRST, **LOW), dry_run=True)
    answer(house, trial, "We looked at it.")
    house.send(FIRST, row(FIRST, **LOW))
    version = house.go(house.claim(FIRST), *SIGNED)
    assert notes(house, version) == {"We looked at it."}
    snapshot = load(packet_of(version, Edition.CERTIFIED)).snapshot
    assert {warning.answer for warning in snapshot.warnings} == {"We looked at it."}
    assert "We looked at it." in {event.note for event in snapshot.happenings}


def test_an_answer_about_what_was_given_up_waits_until_its_file_counts(house: House) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, *REVIEWED)
    act(house.preparer, claim, "amend")
    file = house.replace(FIRST, row(FIRST, **LOWER))
    act(house.preparer, house.claim(FIRST), "drop")
    answer(house, file, "For the next one.")
    assert notes(house, version) == set()
    act(house.preparer, claim, "amend")
    version = house.go(house.claim(FIRST), *SIGNED)
    assert notes(house, version) == {"For the next one."}


def test_what_was_submitted_does_not_end_in_silence(house: House) -> None:
    house.send(FIRST, row(FIRST))
    version = house.go(house.claim(FIRST), *SIGNED, *REVIEWED, "amend")
    house.replace(FIRST, row(FIRST, overtime="8000.00"))
    house.walk(FIRST, *SIGNED, "start_review", "return", "correct")
    house.replace(FIRST, row(FIRST, overtime="8100.00"))
    calculation = house.claim(FIRST).version.calculation
    assert calculation is not None
    act(house.preparer, house.claim(FIRST), "drop", note="")
    event = story_of(house.reviewer, version).get(action="claim.drop")
    for secret in (calculation.sha256, str(calculation.total), "FY2026Q1-3"):
        assert secret not in event.content, secret
    assert told(house.reviewer, version, "claim.correct") == 0


def test_words_about_a_draft_that_is_given_up_stay_the_agencys(house: House) -> None:
    house.send(FIRST, row(FIRST))
    version = house.go(house.claim(FIRST), *SIGNED, *REVIEWED, "amend")
    house.replace(FIRST, row(FIRST, overtime="8000.00"))
    house.walk(FIRST, *SIGNED, "start_review", "return", "correct")
    act(house.preparer, house.claim(FIRST), "drop", note="The third officer was wrong as well.")
    assert told(house.reviewer, version, "claim.drop") == 0


def test_a_story_that_was_asked_for_does_not_grow(house: House) -> None:
    """Its pages are counted, then read: what the agency does in between is judged by nobody yet."""
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review", "return")
    story = story_of(house.reviewer, version)
    before = story.count()
    house.go(claim, "correct")
    assert story.count() == before


def test_what_is_hidden_is_one_parameter(house: House) -> None:
    """However long a draft's history is: thousands of them took the database longer than the answer."""
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review", "return")

    def parameters() -> int:
        _, given = story_of(house.reviewer, version).query.sql_with_params()
        return len(given)

    short = parameters()
    house.go(claim, "correct")
    house.replace(FIRST, row(FIRST, overtime="8000.00"))
    assert parameters() == short


def answer(house: House, file: PayrollBatch, text: str) -> None:
    """The preparer's answer to every warning of a file."""
    warnings = list(findings_of(file).filter(severity=Severity.WARNING))
    assert warnings
    answer_payroll_warnings(actor=house.preparer, batch=file, findings=warnings, text=text)


def notes(house: House, version: ClaimVersion) -> set[str]:
    """The answers that the reviewer reads; the preparer reads each that there is."""
    own = story_of(house.preparer, version).filter(action="warning.justify")
    assert own.exists()
    read = story_of(house.reviewer, version).filter(action="warning.justify")
    return {json.loads(content)["note"] for content in read.values_list("content", flat=True)}
