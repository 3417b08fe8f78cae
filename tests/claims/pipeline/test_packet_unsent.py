"""What an agency has not submitted is in no packet, although it lies in the same thread."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from claims.models import ClaimVersion, PayrollBatch
from claims.packets.facts import Edition, PacketFacts
from claims.packets.masking import masked
from claims.pipeline.packet import load
from claims.selectors.appeals import open_appeals
from claims.selectors.story import story_of
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.services.payroll import answer_payroll_warnings
from claims.warnings import warnings_of
from portal.accounts.fresh import proven
from portal.accounts.roles import Role
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, row
from tests.claims.pipeline.test_packet_snapshot import (
    JULY,
    LINE,
    REVIEWED,
    SIGNED,
    House,
    house,
    packet_of,
)
from tests.factories import act, make_person

pytestmark = pytest.mark.django_db

LOW: dict[str, Any] = {"salary": "7228.00", "regular": "1807.00", "overtime": "1700.00"}
"""A row that the checks warn of."""
SECRET = "Nobody has signed this yet"
__all__ = ("house",)


def answered(house: House, version: ClaimVersion, text: str) -> None:
    """An answer to every warning of the quarter's files, on the quarter's record."""
    for warning in warnings_of(version):
        answer_payroll_warnings(
            actor=house.preparer, batch=warning.batch, findings=[warning.finding], text=text
        )


def appealed(house: House) -> ClaimVersion:
    """The second quarter decided in part, and its appeal proposed on; its warnings were answered."""
    for quarter in (FIRST, SECOND):
        house.send(quarter, row(quarter, **LOW))
    answered(house, house.claim(SECOND).version, "Said before.")
    house.walk(FIRST, *TO_APPROVE)
    house.walk(SECOND, "ready", "certify", "start_review")
    house.take(SECOND, 50_00)
    version = house.walk(SECOND, "recommend", "approve_partly")
    file_appeals(
        actor=house.certifier, version=version, asked={LINE: 50_00}, grounds="See.", token=uuid4()
    )
    amounts = {appeal.pk: 50_00 for appeal in open_appeals(version)}
    other = make_person(Role.REVIEWER)
    propose_on_appeals(actor=other, version=version, amounts=amounts, proposal="Good.")
    return version


def granted(version: ClaimVersion) -> PacketFacts:
    """The edition as decided on appeal, which closes now."""
    decide_appeals(
        actor=proven(make_person(Role.PAYMENT_APPROVER)),
        version=version,
        amounts={appeal.pk: 50_00 for appeal in open_appeals(version)},
        ruling="It was there.",
    )
    return load(packet_of(version, Edition.DECIDED, 1))


def worked_on(house: House) -> None:
    """Payroll for the draft of the second quarter, and an answer to the same warnings as before."""
    draft = house.claim(SECOND)
    assert draft.kind == "amendment"
    house.replace(SECOND, row(SECOND, **{**LOW, "overtime": "1750.00"}))
    answered(house, draft.version, SECRET)


def drafted(house: House) -> None:
    """An amendment that the portal opened, because the quarter before was corrected."""
    house.walk(FIRST, "amend")
    house.replace(FIRST, row(FIRST, **{**LOW, "overtime": "800.00"}))
    house.walk(FIRST, *TO_APPROVE)
    worked_on(house)


def test_a_draft_that_the_portal_opened_is_not_in_the_edition_on_appeal(house: House) -> None:
    version = appealed(house)
    drafted(house)
    draft, file = house.claim(SECOND), PayrollBatch.objects.get(quarter=SECOND, number=2)
    assert (draft.version.state, file.state) == ("draft", "accepted")
    facts = granted(version)
    for copy in (facts, masked(facts)):
        told = str(copy.snapshot)
        for secret in (SECRET, draft.number, file.reference, "replaced by a later", "used before"):
            assert secret not in told, secret
        assert [event.what for event in copy.snapshot.happenings[-3:]] == [
            "Appealed: $50.00 asked back (lines: 1)",
            "Appeal decided: $50.00 granted (lines: 1)",
            "Appeal granted: the claim is approved",
        ]
    warnings = facts.snapshot.warnings
    assert {warning.reference for warning in warnings} == {"FY2026Q2-1"}
    assert {warning.answer for warning in warnings} == {"Said before."}
    auditor = make_person(Role.AUDITOR)
    told = str(list(story_of(auditor, version).values_list("content", flat=True)))
    assert SECRET not in told
    assert draft.number not in told
    assert "appeal.file" in told
    whole = story_of(house.preparer, version)
    assert whole.filter(content__contains=draft.number).exists(), "the agency reads its own"


def test_what_was_signed_by_then_is_in_it(house: House) -> None:
    version = appealed(house)
    drafted(house)
    house.walk(SECOND, "ready", "certify")
    happenings = granted(version).snapshot.happenings
    told = [event.what for event in happenings]
    assert f"Amendment {house.claim(SECOND).number} of claim {version.claim.number} opened" in told
    assert "Payroll file FY2026Q2-2 accepted" in told
    assert {event.note for event in happenings} >= {SECRET}


def test_what_was_returned_and_sent_again_stays_and_what_was_given_up_does_not(
    house: House,
) -> None:
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    house.go(claim, *SIGNED, "start_review", "return", "correct")
    house.replace(FIRST, row(FIRST, overtime="8500.00"))
    version = house.go(claim, *SIGNED, *REVIEWED)
    told = [event.what for event in load(packet_of(version, Edition.DECIDED)).snapshot.happenings]
    assert "Correction started" in told
    assert "Payroll file FY2026Q1-2 accepted" in told

    act(house.preparer, claim, "amend", note=SECRET)
    act(house.preparer, house.claim(FIRST), "drop")
    story = str(list(story_of(house.reviewer, version).values_list("content", flat=True)))
    assert SECRET not in story
    assert "claim.drop" not in story
    act(house.preparer, claim, "amend", note="We found more.")
    amendment = house.claim(FIRST)
    house.replace(FIRST, row(FIRST, overtime="8600.00"))
    facts = load(packet_of(house.go(amendment, *SIGNED), Edition.CERTIFIED))
    notes = {event.note for event in facts.snapshot.happenings}
    assert "We found more." in notes
    assert SECRET not in notes


def test_an_answer_after_the_signature_is_in_the_decision_unless_it_is_for_a_draft(
    house: House,
) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review")
    answered(house, version, "Said to the reviewer.")
    house.take(FIRST, 50_00)
    version = house.go(claim, "recommend", "approve_partly")
    snapshot = load(packet_of(version, Edition.DECIDED)).snapshot
    assert {warning.answer for warning in snapshot.warnings} == {"Said to the reviewer."}
    assert "Said to the reviewer." in {event.note for event in snapshot.happenings}
    assert snapshot.signature.certified_at > JULY
