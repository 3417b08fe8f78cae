"""An appeal: filed by the agency, proposed on by another reviewer, decided by an approver, and final."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from claims.models import Adjustment, Appeal, Decision, LedgerEntry, PayrollBatch
from claims.rules.lines import Reason
from claims.selectors.appeals import (
    appeal_until,
    appeals_for,
    appeals_to_decide,
    appeals_to_propose,
    contestable_lines,
    not_appealable,
    open_appeals,
    tally_of_appeals,
)
from claims.selectors.genuineness import is_current
from claims.selectors.lines import allowed_total
from claims.services.adjusting import adjust
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.verification import problems
from portal.accounts.fresh import proven
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.kernel.money import format_cents
from portal.records import storage
from portal.records.models import AuditEvent
from tests.claims.office import LARGE, TO_RECOMMENDED
from tests.claims.office import make_office as make_large_office
from tests.claims.packets.reading import text
from tests.factories import (
    PAYROLL,
    act,
    file_of,
    load_payroll,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

LINE = ("0042", "overtime")


class Office:
    """An agency's claim that was decided, and everybody who had a part in it."""

    def __init__(self, taken: int = 30_000, *, deny: bool = False) -> None:
        self.preparer, self.claim = make_draft()
        self.certifier = make_person(Role.CERTIFIER, self.claim.agency)
        self.reviewer = make_person(Role.REVIEWER)
        self.approver = proven(make_person(Role.PAYMENT_APPROVER))
        self.other = make_person(Role.REVIEWER)
        self.judge = proven(make_person(Role.PAYMENT_APPROVER))
        act(self.preparer, self.claim, "ready")
        act(self.certifier, self.claim, "certify")
        version = act(self.reviewer, self.claim, "start_review")
        if taken:
            adjust(
                actor=self.reviewer,
                version=version,
                officer_id=LINE[0],
                category=LINE[1],
                amount=taken,
                reason=Reason.UNSUPPORTED,
                note="No authorization.",
                token=uuid.uuid4(),
            )
        act(self.reviewer, self.claim, "recommend")
        act(self.approver, self.claim, "deny" if deny else "approve_partly")

    @property
    def version(self):
        self.claim.refresh_from_db()
        return self.claim.version

    def file(self, asked=None, *, actor=None, token=None):
        return file_appeals(
            actor=actor or self.certifier,
            version=self.version,
            asked=asked or {LINE: 30_000},
            grounds="The authorization is attached.",
            token=token or uuid.uuid4(),
        )

    def propose(self, amount=30_000, *, actor=None):
        return propose_on_appeals(
            actor=actor or self.other,
            version=self.version,
            amounts={one.pk: amount for one in open_appeals(self.version)},
            proposal="The authorization is good.",
        )

    def decide(self, amount=30_000, *, actor=None):
        return decide_appeals(
            actor=actor or self.judge,
            version=self.version,
            amounts={one.pk: amount for one in Appeal.objects.all()},
            ruling="The authorization was there.",
        )


@pytest.fixture
def office(db):
    return Office()


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


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


def test_only_a_certifier_of_the_agency_appeals(office):
    with pytest.raises(NotAllowed):
        office.file(actor=office.preparer)
    with pytest.raises(NotFound):
        office.file(actor=make_person(Role.CERTIFIER, make_agency("Other County")))
    with pytest.raises(BadInput):
        file_appeals(
            actor=office.certifier,
            version=office.version,
            asked={LINE: 1},
            grounds="He is 123-45-6789.",
            token=uuid.uuid4(),
        )


def test_who_took_part_in_the_decision_does_not_propose_or_decide(office):
    office.file()
    assert code_of(office.propose, actor=office.reviewer) == "own_work"
    both = office.approver.user
    grant_role(actor=None, user=both, role=Role.REVIEWER, agency=None)
    assert code_of(office.propose, actor=actor_for(both)) == "own_work"
    grant_role(actor=None, user=office.other.user, role=Role.PAYMENT_APPROVER, agency=None)
    office.propose()
    assert code_of(office.decide, actor=proven(actor_for(office.other.user))) == "own_work"
    assert code_of(office.decide, actor=office.approver) == "own_decision"
    assert code_of(office.decide, actor=replace(office.judge, proved_at=None)) == "not_fresh"


def test_nothing_is_decided_without_a_proposal_nor_twice_by_two(office):
    office.file()
    assert code_of(office.decide) == "proposal_missing"
    office.propose()
    assert code_of(office.propose, actor=make_person(Role.REVIEWER)) == "appeal_not_waiting"
    office.decide(0)
    other = proven(make_person(Role.PAYMENT_APPROVER))
    assert code_of(office.decide, 1, actor=other) == "appeal_not_waiting"
    assert code_of(office.decide, 30_001) == "more_than_asked"


def test_what_waits_is_found_by_those_who_may_do_it(office):
    assert not appeals_to_propose(office.other).exists()
    office.file()
    found = appeals_to_propose(office.other).get()
    assert found == office.version
    assert vars(found)["appeal_lines"] == 1
    assert not appeals_to_propose(office.reviewer).exists()
    assert not appeals_to_decide(office.judge).exists()
    office.propose()
    assert not appeals_to_propose(office.other).exists()
    assert appeals_to_decide(office.judge).get().pk == office.version.pk
    assert not appeals_to_decide(office.certifier).exists()
    office.decide(0)
    assert not appeals_to_decide(office.judge).exists()


def test_the_agency_does_not_read_the_proposal(office):
    office.file()
    office.propose()
    assert {"proposed", "proposal", "proposed_by_id", "proposed_at"} <= (
        appeals_for(office.certifier, office.version).get().get_deferred_fields()
    )


def row(office, **changes) -> Appeal:
    return Appeal(
        **{
            "version": office.version,
            "officer_id": LINE[0],
            "category": LINE[1],
            "asked": 30_000,
            "grounds": "So.",
            "filed_by": office.certifier.user,
            **changes,
        }
    )


def test_the_database_lets_only_the_agencys_certifier_ask_for_what_was_taken(office):
    for wrong, match in (
        ({"filed_by": office.preparer.user}, "certifier"),
        ({"filed_by": office.reviewer.user}, "certifier"),
        ({"asked": 30_001}, "no more than was taken"),
        ({"category": "regular"}, "no more than was taken"),
        (
            {
                "proposed": 1,
                "proposed_by": office.other.user,
                "proposed_at": clock.now(),
            },
            "undecided",
        ),
    ):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            row(office, **wrong).save()
    row(office).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.all().delete()


def test_the_database_wants_an_appealable_claim(db):
    preparer, claim = make_draft()
    office = Office()
    office.claim = claim
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    with pytest.raises(DatabaseError, match="denied or approved in part"), transaction.atomic():
        row(office, filed_by=certifier.user).save()


def test_the_database_keeps_the_four_eyes_of_an_appeal(office):
    row(office).save()
    appeals, now = Appeal.objects.all(), clock.now()

    def proposed(user):
        return {"proposed": 5, "proposal": "So.", "proposed_by": user, "proposed_at": now}

    def decided(user):
        return {"granted": 0, "ruling": "So.", "decided_by": user, "decided_at": now}

    def refused(match, **values):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            appeals.update(**values)

    refused("proposed on first", **decided(office.judge.user))
    refused("already the reviewer", **proposed(office.reviewer.user))
    for person in (office.certifier, office.approver):
        refused("only a federal reviewer", **proposed(person.user))
    refused("never changed", asked=5)
    refused("stays", ruling="So.")
    appeals.update(**proposed(office.other.user))
    refused("stays", proposal="Otherwise.")
    refused("never changed", proposed=6)
    grant_role(actor=None, user=office.other.user, role=Role.PAYMENT_APPROVER, agency=None)
    refused("already the reviewer", **decided(office.other.user))
    refused("only a federal payment_approver", **decided(office.reviewer.user))
    refused("against their own decision", **decided(office.approver.user))
    appeals.update(**decided(office.judge.user))
    refused("stays", ruling="Otherwise.")
    refused("never changed", granted=6)


def test_the_database_lets_nobody_grant_against_their_own_decision(office):
    with (
        pytest.raises(DatabaseError, match="against their own decision"),
        transaction.atomic(),
    ):
        Decision.objects.create(
            version=office.version,
            action="grant_appeal_partly",
            user=office.approver.user,
            sha256=office.version.calculation.sha256,
            allowed=allowed_total(office.version),
        )


def appeal_everything(large, version):
    """Every line of a denied claim appealed and proposed on: what is asked of each, by appeal."""
    file_appeals(
        actor=large.people["certifier"],
        version=version,
        asked=contestable_lines(version),
        grounds="All of it is right.",
        token=uuid.uuid4(),
    )
    amounts = {one.pk: one.asked for one in open_appeals(version)}
    propose_on_appeals(
        actor=make_person(Role.REVIEWER), version=version, amounts=amounts, proposal="It is."
    )
    return amounts


def test_of_a_large_amount_two_approvers_grant_the_same_who_did_not_deny_it():
    large = make_large_office(LARGE)
    large.walk(*TO_RECOMMENDED, "deny")
    version = large.version
    assert version.decisions.get(action="recommend").approvers == 2
    amounts = appeal_everything(large, version)
    first, second = (proven(large.people["endorser"]), proven(make_person(Role.PAYMENT_APPROVER)))

    def decide(actor, less=0):
        granted = {pk: cents - less for pk, cents in amounts.items()}
        return decide_appeals(actor=actor, version=version, amounts=granted, ruling="It is.")

    assert code_of(decide, proven(large.people["approver"])) == "own_decision"
    for _ in range(2):
        assert decide(first).state == "denied"
    assert version.decisions.filter(action="endorse_appeal").count() == 1
    assert open_appeals(version).count() == len(amounts)
    assert code_of(decide, first, less=1) == "own_endorsement"
    assert version not in appeals_to_decide(first)
    assert version in appeals_to_decide(second)
    # Who grants something else is the first to do so.
    assert decide(second, less=1).state == "denied"
    assert version not in appeals_to_decide(second)
    assert decide(first, less=1).state == "partly_approved"
    assert not list(problems())


def test_what_was_endorsed_before_it_was_denied_is_granted_by_one_other():
    large = make_large_office(LARGE)
    version = large.walk(*TO_RECOMMENDED, "endorse", "deny")
    amounts = appeal_everything(large, version)
    judge = proven(make_person(Role.PAYMENT_APPROVER))
    after = decide_appeals(actor=judge, version=version, amounts=amounts, ruling="It is.")
    assert after.state == "approved"
    assert after.decisions.get(action="grant_appeal").approvers == 2


def test_the_database_too_wants_two_approvers_of_a_large_amount_on_appeal():
    large = make_large_office(LARGE)
    version = large.walk(*TO_RECOMMENDED, "deny")
    with (
        pytest.raises(DatabaseError, match="approved by 2 payment approvers"),
        transaction.atomic(),
    ):
        Decision.objects.create(
            version=version,
            user=make_person(Role.PAYMENT_APPROVER).user,
            action="grant_appeal_partly",
            sha256=version.calculation.sha256,
            allowed=0,
            approvers=2,
        )


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
