"""An appeal: filed for what was taken, decided, and final; the claim and the ledger follow."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from claims.models import Adjustment, Appeal, LedgerEntry, PayrollBatch
from claims.rules.lines import Reason
from claims.selectors.appeals import (
    appeal_until,
    contestable_lines,
    not_appealable,
    open_appeals,
    tally_of_appeals,
)
from claims.selectors.genuineness import is_current
from claims.selectors.lines import allowed_total
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.verification import problems
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.money import format_cents
from portal.records import storage
from portal.records.models import AuditEvent
from tests.claims.appealed import LINE, Office, code_of
from tests.claims.packets.reading import text
from tests.factories import PAYROLL, act, file_of, load_payroll, make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def office(db):
    return Office()


def test_granted_in_full_the_claim_is_approved_and_the_ledger_follows(office):
    total = office.version.calculation.total
    assert allowed_total(office.version) == total - 30_000
    office.file()
    office.propose()
    version = office.decide()
    assert version.state == office.version.state == "approved"
    assert allowed_total(version) == total
    given = Adjustment.objects.get(reason=Reason.APPEAL)
    assert (given.amount, Appeal.objects.get().granted, given.author) == (
        30_000,
        30_000,
        office.judge.user,
    )
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == total
    last = LedgerEntry.objects.latest("id")
    assert (last.amount, last.appeal) == (30_000, given.appeal)


def test_granted_in_part_it_stays_partly_approved_and_is_final(office):
    office.file()
    office.propose(10_000)
    assert office.decide(12_000).state == "partly_approved"
    assert allowed_total(office.version) == office.version.calculation.total - 18_000
    assert code_of(office.file) == "line_not_appealable"


def test_what_an_appeal_gives_back_is_in_a_packet_of_its_own(office):
    run_due()
    office.file()
    office.propose(10_000)
    office.decide(12_000)
    run_due()
    packets = {packet.slug: packet for packet in office.version.packets.all()}
    assert set(packets) == {"certified", "decided", "decided-1"}
    assert [slug for slug, packet in packets.items() if is_current(packet)] == ["decided-1"]
    first, again = (
        text(storage.read(file_of(packets[slug]).document)) for slug in ("decided", "decided-1")
    )
    total = office.version.calculation.total
    assert format_cents(total - 30_000) in first
    assert format_cents(total - 18_000) not in first
    assert format_cents(total - 18_000) in again
    assert list(problems()) == []


def test_an_appeal_that_gives_nothing_makes_no_packet(office):
    office.file()
    office.propose(0)
    office.decide(0)
    assert not office.version.packets.filter(appeals__gt=0).exists()


def test_nothing_granted_changes_nothing(office):
    before = allowed_total(office.version)
    office.file()
    office.propose(0)
    assert office.decide(0).state == "partly_approved"
    assert allowed_total(office.version) == before
    assert not Adjustment.objects.filter(reason=Reason.APPEAL).exists()
    assert tally_of_appeals(office.version).undecided == 0


def test_a_denied_claim_is_appealed_by_line_or_as_a_whole():
    office = Office(0, deny=True)
    total = office.version.calculation.total
    lines = contestable_lines(office.version)
    assert sum(lines.values()) == total
    first = min(lines)
    office.file({first: lines[first]})
    office.propose(lines[first])
    assert office.decide(lines[first]).state == "partly_approved"
    assert allowed_total(office.version) == lines[first]
    rest = contestable_lines(office.version)
    assert set(rest) == set(lines) - {first}
    office.file(rest)
    amounts = {one.pk: one.asked for one in open_appeals(office.version)}
    for do, who, words in (
        (propose_on_appeals, office.other, "proposal"),
        (decide_appeals, office.judge, "ruling"),
    ):
        do(actor=who, version=office.version, amounts=amounts, **{words: "Right."})
    assert office.version.state == "approved"
    assert allowed_total(office.version) == total


def test_every_step_is_told_and_the_proposal_only_to_the_federal_side(office):
    office.file()
    office.propose()
    office.decide()
    story = AuditEvent.objects.filter(thread=office.claim.thread).order_by("id")
    told = list(story.values_list("action", flat=True))
    assert [one for one in told if "appeal" in one] == [
        "appeal.file",
        "appeal.decide",
        "claim.grant_appeal",
    ]
    federal = AuditEvent.objects.filter(thread=f"{office.claim.thread}/federal")
    assert federal.filter(action="appeal.propose").exists()


def test_the_last_day_is_the_agencys():
    office = Office()
    until = appeal_until(office.version)
    assert f"{until}" == "2026-02-19"
    # Already 20 February in UTC, still the 19th in Texas.
    with clock.clock_at(datetime(2026, 2, 20, 5, tzinfo=UTC)):
        office.file({LINE: 1})
    with clock.clock_at(datetime(2026, 2, 20, 7, tzinfo=UTC)):
        assert code_of(office.file, {LINE: 2}) == "appeal_window_closed"


def test_sent_twice_it_is_one_appeal_one_proposal_one_decision(office):
    token = uuid.uuid4()
    assert office.file(token=token) == office.file(token=token)
    assert office.propose() == office.propose()
    office.decide()
    entries = LedgerEntry.objects.count()
    assert office.decide().state == "approved"
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({LINE: 30_001}, "more_than_taken"),
        ({LINE: 0}, "more_than_taken"),
        ({("0042", "regular"): 1}, "line_not_appealable"),
        ({("nobody", "sleep"): 1}, "line_not_appealable"),
    ],
)
def test_only_what_was_taken_is_asked_back(office, asked, code):
    assert code_of(office.file, asked) == code
    assert not Appeal.objects.exists()


def test_an_undecided_or_approved_claim_is_not_appealed():
    _, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, claim.agency)
    call = {"actor": certifier, "version": claim.version, "asked": {LINE: 1}, "grounds": "So."}
    assert code_of(file_appeals, **call, token=uuid.uuid4()) == "wrong_state"


def test_a_claim_that_was_followed_by_another_is_appealed_no_more(office):
    linked = act(office.preparer, office.claim, "amend").claim
    assert code_of(office.file) == "correction_open"
    batch = PayrollBatch.objects.get(agency=office.claim.agency, state="accepted")
    load_payroll(office.preparer, PAYROLL.replace("392.31", "390.00"), replaces=batch)
    for actor, step in (
        (office.preparer, "ready"),
        (office.certifier, "certify"),
        (office.reviewer, "start_review"),
        (office.reviewer, "recommend"),
    ):
        act(actor, linked, step)
    assert code_of(office.file) == "correction_open"
    # What was taken from the claim before it is carried over, so it is approved in part.
    assert act(office.approver, linked, "approve_partly").state == "partly_approved"
    assert code_of(office.file) == "decided_anew"
    office.claim = linked
    assert office.file()


def test_a_denied_correction_leaves_both_claims_open_to_appeals(office):
    linked = act(office.preparer, office.claim, "amend").claim
    batch = PayrollBatch.objects.get(agency=office.claim.agency, state="accepted")
    load_payroll(office.preparer, PAYROLL.replace("392.31", "390.00"), replaces=batch)
    act(office.preparer, linked, "ready")
    act(office.certifier, linked, "certify")
    act(office.reviewer, linked, "start_review")
    act(office.reviewer, linked, "recommend")
    act(office.approver, linked, "deny")
    assert not_appealable(office.version) is None
    linked.refresh_from_db()
    assert not_appealable(linked.version) is None
