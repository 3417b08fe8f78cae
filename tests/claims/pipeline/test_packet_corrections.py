"""Packets of quarters that are corrected: every edition stands on what was in force when it was closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from claims.models import ClaimVersion
from claims.packets.facts import Edition
from claims.packets.sections import summary
from claims.pipeline.packet import load
from claims.pipeline.packet_quarters import corrected_at
from claims.rules.lines import Category
from claims.selectors.linked import first_certified_at
from claims.services.nil import declare_nil
from portal.jobs.running import run_due
from portal.kernel import clock
from tests.claims.linked import FIRST, SECOND, row
from tests.claims.pipeline.test_packet_snapshot import (
    JULY,
    REVIEWED,
    SIGNED,
    House,
    packet_of,
    taken_anew,
)

pytestmark = pytest.mark.django_db

APPROVED = (*SIGNED, "start_review", "recommend", "approve")
DENIED = (*SIGNED, "start_review", "recommend", "deny")
WARNED: dict[str, Any] = {"salary": "7228.00", "regular": "1807.00", "overtime": "1700.00"}


@pytest.fixture
def house() -> Iterator[House]:
    with clock.clock_at(JULY):
        yield House()


def amended(house: House, *codes: str, **options: Any) -> ClaimVersion:
    """The first quarter's decided claim amended by another file, and steps of the amendment."""
    house.go(house.claim(FIRST), "amend")
    house.replace(FIRST, row(FIRST, **options))
    return house.go(house.claim(FIRST), *codes)


def test_a_denied_correction_leaves_its_quarter_what_it_was_allowed(house: House) -> None:
    house.send(FIRST, row(FIRST))
    house.go(house.claim(FIRST), *APPROVED)
    version = amended(house, *DENIED, regular="10400.00")
    facts = load(packet_of(version, Edition.DECIDED))
    corrected = facts.snapshot.corrected
    assert corrected is not None
    assert corrected.allowed == 19_000_00
    assert corrected.by_category[Category.OVERTIME] == 9_000_00
    total = {line["label"]: line["groups"] for line in summary.context(facts)["summary"]}["Total"]
    this_quarter, _, to_date = total
    assert this_quarter[-1] == "0.00", "nothing of the correction itself"
    assert to_date[-1] == "19,000.00"


def test_what_is_decided_after_the_signature_changes_no_overtime_used_before(house: House) -> None:
    house.send(FIRST, row(FIRST))
    house.go(house.claim(FIRST), *SIGNED, *REVIEWED)
    house.send(SECOND, row(SECOND))
    version = house.go(house.claim(SECOND), *SIGNED)
    amended(house, *APPROVED, overtime="5000.00")

    packet = packet_of(version, Edition.CERTIFIED)
    (officer,) = (
        row for row in load(packet).calculation.claim.officers if row.officer_id == "0042"
    )
    assert officer.overtime_used_before == 9_000_00 - 300_00
    (used,) = taken_anew(packet).used_before
    assert used.overtime == {"0042": officer.overtime_used_before}


def test_a_late_packet_of_a_correction_shows_what_it_corrected_then(house: House) -> None:
    house.send(FIRST, row(FIRST))
    house.go(house.claim(FIRST), *SIGNED, "withdraw", "correct", *APPROVED)
    first = house.claim(FIRST)
    version = amended(house, *SIGNED, regular="10400.00")
    taken = load(packet_of(version, Edition.CERTIFIED)).snapshot
    assert taken.corrected is not None
    assert taken.corrected.number == first.number
    assert taken.corrected.first_certified_at == first_certified_at(version.claim)
    assert taken.corrected.first_certified_at == first.version.certification.certified_at

    house.go(house.claim(FIRST), "withdraw")
    assert taken_anew(packet_of(version, Edition.CERTIFIED)) == taken
    assert corrected_at(first, clock.now()) is None


def test_the_record_ends_with_the_claims_own_act_and_tells_of_no_packet(house: House) -> None:
    house.send(FIRST, row(FIRST))
    house.go(house.claim(FIRST), *APPROVED)
    run_due()
    version = amended(house, *SIGNED, regular="10400.00")
    told = load(packet_of(version, Edition.CERTIFIED)).snapshot.happenings
    assert told[-1].at >= version.certification.certified_at
    assert len([event for event in told if event.what.startswith("Certified and submitted")]) == 2
    assert [event.what for event in told if "acket" in event.what] == []


def test_a_file_that_was_replaced_later_counted_then(house: House) -> None:
    house.send(FIRST, row(FIRST, **WARNED))
    version = house.go(house.claim(FIRST), *APPROVED)
    later = amended(house, *SIGNED, **(WARNED | {"regular": "1800.00"}))
    for edition in Edition:
        warnings = load(packet_of(version, edition)).snapshot.warnings
        assert {warning.reference for warning in warnings} == {"FY2026Q1-1"}
    warnings = load(packet_of(later, Edition.CERTIFIED)).snapshot.warnings
    assert {warning.reference for warning in warnings} == {"FY2026Q1-2"}


def test_a_nil_claim_keeps_the_reason_it_was_signed_with(house: House) -> None:
    def say(reason: str) -> None:
        declare_nil(actor=house.preparer, agency=house.agency, quarter=FIRST, reason=reason)

    say("Nobody worked.")
    version = house.go(house.claim(FIRST), *APPROVED)
    house.go(house.claim(FIRST), "amend")
    say("Still nobody.")
    facts = load(packet_of(version, Edition.CERTIFIED))
    assert facts.snapshot.nil_reason == "Nobody worked."
