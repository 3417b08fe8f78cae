"""What a packet shows beside the calculation is bound to the instant that closed its edition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agreements.services.agencies import edit_agency
from claims.models import Claim, ClaimVersion, Evidence, Packet
from claims.packets.facts import EarlierQuarter, Edition, Snapshot
from claims.packets.masking import WITHHELD, masked
from claims.packets.sections import record
from claims.pipeline.packet import load
from claims.pipeline.packet_quarters import earlier_quarters
from claims.pipeline.packet_snapshot import take_snapshot
from claims.rules.address import Address
from claims.rules.lifecycle import STATE_LABELS, State
from claims.rules.lines import Category, Reason
from claims.selectors.appeals import open_appeals
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.services.evidencing import send_evidence
from claims.warnings import warnings_of
from portal.accounts.fresh import proven
from portal.accounts.roles import Role
from portal.intake.justifying import justify
from portal.kernel import clock
from tests.claims.linked import FIRST, SECOND, Office, row
from tests.claims.reviewing import pdf
from tests.factories import act, make_person, report

pytestmark = pytest.mark.django_db

JULY = datetime(2026, 7, 2, 15, tzinfo=UTC)
LINE = ("0042", "overtime")
SIGNED = ("ready", "certify")
REVIEWED = ("start_review", "take", "recommend", "approve_partly")


class House(Office):
    """The office, and the steps of its claims without the jobs that follow them."""

    def go(self, claim: Claim, *codes: str) -> ClaimVersion:
        """Steps of a claim; `take` takes 300 dollars of overtime."""
        for code in codes:
            if code == "take":
                self.take(claim.quarter, 300_00)
            else:
                act(self.who(code), claim, code)
        claim.refresh_from_db()
        return claim.version

    def answer(self, version: ClaimVersion, text: str) -> None:
        """One answer to every warning of the claim."""
        for warning in warnings_of(version):
            justify(
                actor=self.preparer,
                agency=self.agency,
                reference=warning.batch.reference,
                findings=[warning.finding],
                text=text,
            )

    def grant(self, version: ClaimVersion, line: tuple[str, str], cents: int) -> None:
        """An appeal of one line, granted with so much."""
        file_appeals(
            actor=self.certifier,
            version=version,
            asked={line: cents},
            grounds="See.",
            token=uuid4(),
        )
        amounts = {appeal.pk: cents for appeal in open_appeals(version)}
        other, judge = make_person(Role.REVIEWER), proven(make_person(Role.PAYMENT_APPROVER))
        propose_on_appeals(actor=other, version=version, amounts=amounts, proposal="Good.")
        decide_appeals(actor=judge, version=version, amounts=amounts, ruling="It was there.")


@pytest.fixture
def house() -> Iterator[House]:
    with clock.clock_at(JULY):
        yield House()


def packet_of(version: ClaimVersion, edition: Edition, appeals: int = 0) -> Packet:
    """The packet of an edition, which nobody has made yet."""
    packet, _ = Packet.objects.get_or_create(
        version_id=version.pk, edition=edition.value, appeals=appeals
    )
    return Packet.objects.select_related(
        "version__claim__agency", "version__calculation", "version__certification"
    ).get(pk=packet.pk)


def taken_anew(packet: Packet) -> Snapshot:
    """What would be written down if the packet were made only now."""
    fresh = packet_of(packet.version, Edition(packet.edition), packet.appeals)
    return take_snapshot(fresh, load(fresh).calculation.claim)


def test_nothing_that_happens_after_the_signature_is_in_the_certified_edition(
    house: House,
) -> None:
    house.send(FIRST, row(FIRST, salary="7228.00", regular="1807.00", overtime="1700.00"))
    report(house.agency, 200, 160)
    claim = house.claim(FIRST)
    house.answer(claim.version, "Said before.")
    version = house.go(claim, *SIGNED)
    packet = packet_of(version, Edition.CERTIFIED)
    first = load(packet).snapshot
    named = first.agency.name

    house.answer(version, "Said after.")
    edit_agency(
        actor=make_person(Role.PROGRAM_MANAGER),
        agency=house.agency,
        name="Renamed",
        ori="TX9990000",
    )
    house.go(claim, *REVIEWED)

    assert load(packet_of(version, Edition.CERTIFIED)).snapshot == first
    assert taken_anew(packet) == first
    assert {warning.answer for warning in first.warnings} == {"Said before."}
    assert first.agency.name == named != "Renamed"
    assert first.happenings[-1].what.startswith("Certified and submitted")
    assert first.counts is not None
    assert first.counts.reported_at < first.counts.confirmed_at < first.signature.certified_at
    assert (first.rulings, first.adjustments) == ((), ())


def test_each_granted_appeal_is_in_an_edition_of_its_own(house: House) -> None:
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    version = house.go(claim, *SIGNED, "start_review", "take")
    house.take(FIRST, 100_00, "regular")
    version = house.go(claim, "recommend", "approve_partly")
    decided = load(packet_of(version, Edition.DECIDED)).snapshot

    house.grant(version, LINE, 50_00)
    once = load(packet_of(version, Edition.DECIDED, 1))
    house.grant(version, ("0042", "regular"), 20_00)
    twice = load(packet_of(version, Edition.DECIDED, 2))

    assert taken_anew(packet_of(version, Edition.DECIDED)) == decided
    assert taken_anew(packet_of(version, Edition.DECIDED, 1)) == once.snapshot
    assert decided.decided_appeals == ()
    assert [row.reason for row in decided.adjustments] == [Reason.UNSUPPORTED] * 2
    assert [len(facts.snapshot.decided_appeals) for facts in (once, twice)] == [1, 2]
    assert (once.granted, twice.granted) == (50_00, 70_00)
    assert once.allowed == once.calculation.result.total - 350_00
    for facts in (once, twice):
        assert facts.snapshot.rulings[-1].action == "grant_appeal_partly"
        assert facts.snapshot.happenings[-1].what == "Appeal granted in part"
        assert facts.closed_at == facts.snapshot.rulings[-1].decided_at
    assert once.edition_label == "As decided on appeal"
    assert twice.edition_label == "As decided on appeal, 2 rulings"


def test_events_are_told_without_what_could_name_an_officer(house: House) -> None:
    house.send(FIRST, row(FIRST))
    claim = house.claim(FIRST)
    send_evidence(
        actor=house.preparer,
        version=claim.version,
        kind=Evidence.Kind.TIMESHEET,
        address=Address(*LINE),
        upload=pdf("Reyes, Ana.pdf"),
        token=uuid4(),
    )
    facts = load(packet_of(house.go(claim, *SIGNED), Edition.CERTIFIED))
    full = [row.what for row in facts.snapshot.happenings]
    copy = [row.what for row in masked(facts).snapshot.happenings]
    label = Evidence.Kind.TIMESHEET.label
    assert f"{label} sent, for overtime of officer 0042: Reyes, Ana.pdf" in full
    assert f"{label} sent, for {WITHHELD}: {WITHHELD}" in copy
    assert f"Payroll file FY2026Q1-1 received ({WITHHELD})" in copy
    assert [row for row in copy if "0042" in row or "Ana" in row or "payroll.csv" in row] == []


def test_the_earlier_quarter_counts_as_it_stood(house: House) -> None:
    """Claimed while it was open, allowed once it was decided, and more after an appeal."""
    house.send(FIRST, row(FIRST))
    house.send(SECOND, row(SECOND))
    first, second = house.claim(FIRST), house.claim(SECOND)
    stood: dict[str, datetime] = {"before": clock.now()}
    version = house.go(first, *SIGNED)
    stood["signed"] = clock.now()
    house.go(first, *REVIEWED)
    stood["decided"] = clock.now()
    house.grant(version, LINE, 50_00)
    stood["appealed"] = clock.now()

    def told(when: str) -> EarlierQuarter:
        (quarter,) = earlier_quarters(second, stood[when])
        return quarter

    assert (told("before").claim_number, told("before").status) == ("", "Nothing claimed")
    assert sum(told("before").claimed.values()) == 0
    assert told("signed").claim_number == first.number
    assert told("signed").status == STATE_LABELS[State.SUBMITTED]
    assert told("signed").allowed is None
    claimed = told("decided").claimed[Category.OVERTIME]
    assert told("decided").status == told("appealed").status == "Partly approved"
    for when, taken in (("decided", 300_00), ("appealed", 250_00)):
        allowed = told(when).allowed
        assert allowed is not None
        assert allowed[Category.OVERTIME] == claimed - taken
    assert version.calculation is not None
    assert sum(told("decided").claimed.values()) == version.calculation.total


def test_a_denied_or_withdrawn_quarter_allows_nothing(house: House) -> None:
    house.send(FIRST, row(FIRST))
    house.send(SECOND, row(SECOND))
    first, second = house.claim(FIRST), house.claim(SECOND)
    house.go(first, *SIGNED)
    house.go(first, "withdraw")
    (withdrawn,) = earlier_quarters(second, clock.now())
    assert withdrawn.claim_number == ""
    house.go(first, "correct", *SIGNED, "start_review", "recommend", "deny")
    (denied,) = earlier_quarters(second, clock.now())
    assert (denied.claim_number, denied.status) == (first.number, "Denied")
    assert sum(denied.claimed.values()) > 0
    assert denied.allowed == dict.fromkeys(Category, 0)


def test_overtime_used_before_opens_by_quarter(house: House) -> None:
    house.send(FIRST, row(FIRST))
    house.go(house.claim(FIRST), *SIGNED, *REVIEWED)
    house.send(SECOND, row(SECOND))
    facts = load(packet_of(house.go(house.claim(SECOND), *SIGNED), Edition.CERTIFIED))
    (officer,) = (row for row in facts.calculation.claim.officers if row.officer_id == "0042")
    assert officer.overtime_used_before > 0
    (used,) = facts.snapshot.used_before
    assert used.overtime == {"0042": officer.overtime_used_before}


def test_the_record_of_a_correction_ends_with_its_own_last_event(house: House) -> None:
    """Linked claims go on in one thread, and each of them begins with version 1."""
    house.send(FIRST, row(FIRST))
    original = house.go(house.claim(FIRST), *SIGNED, "start_review", "recommend", "approve")
    act(house.preparer, original.claim, "amend", note="Overtime of May was missing.")
    house.replace(FIRST, row(FIRST, overtime="9500.00"))
    amendment = house.claim(FIRST)
    certified = load(packet_of(house.go(amendment, *SIGNED), Edition.CERTIFIED))
    decided = load(packet_of(house.go(amendment, *REVIEWED), Edition.DECIDED))

    for facts, last in ((certified, "Certified"), (decided, "Approved in part")):
        told = facts.snapshot.happenings
        assert told[-1].what.startswith(last)
        assert (told[-1].claim, told[-1].version) == (amendment.number, 1)
        assert "Overtime of May was missing." in {event.note for event in told}
        assert {event.claim for event in told} == {"", original.claim.number, amendment.number}
        shown = record.context(facts)["happenings"]
        assert shown[-1]["where"] == f"claim {amendment.number}, version 1"

    own = load(packet_of(original, Edition.DECIDED))
    assert own.snapshot.happenings[-1].what.startswith("Approved")
    assert {event.claim for event in own.snapshot.happenings} == {""}
    assert record.context(own)["happenings"][-1]["where"] == "version 1"
