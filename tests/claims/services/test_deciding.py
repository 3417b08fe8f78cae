"""Decisions on money: what was shown is decided on, by people fresh at their desk, and by enough of them."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import ClaimVersion, Decision, Lateness, Packet
from claims.pipeline.packet import load
from claims.policies import offers
from claims.rules.lifecycle import State
from claims.selectors.lines import allowed_total, shown_hash
from claims.services.claims import move, perform
from claims.services.under_lock import version_under_lock
from claims.verification import problems
from portal.accounts.fresh import FRESH, proven
from portal.accounts.models import Membership
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel.clock import clock_at
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.records.models import AuditEvent
from tests.claims.office import LARGE, TO_PARTLY_RECOMMENDED, TO_RECOMMENDED, TO_REVIEW, make_office
from tests.factories import act, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def refused(actor, office, code) -> str:
    with pytest.raises(Refused) as refusal:
        act(actor, office.claim, code)
    return refusal.value.code


def test_a_claim_that_lost_something_is_approved_in_part_and_no_other_way():
    office = make_office()
    version = office.walk(*TO_PARTLY_RECOMMENDED)
    offered = {offer.action.code for offer in offers(version, office.people["approver"])}
    assert "approve_partly" in offered
    assert "approve" not in offered
    assert refused(office.people["approver"], office, "approve") == "adjusted"
    version = office.walk("approve_partly")
    decision = version.decisions.get(action="approve_partly")
    assert version.state == State.PARTLY_APPROVED
    assert decision.allowed == allowed_total(version) == version.calculation.total - 100
    assert Packet.objects.filter(version=version, edition="decided").count() == 1
    assert not list(problems())


def test_a_whole_claim_is_not_approved_in_part():
    office = make_office()
    office.walk(*TO_RECOMMENDED)
    assert refused(office.people["approver"], office, "approve_partly") == "not_adjusted"


def test_a_denied_claim_allows_nothing():
    office = make_office()
    version = office.walk(*TO_PARTLY_RECOMMENDED, "deny")
    assert version.state == State.DENIED
    assert allowed_total(version) == 0
    assert version.decisions.get(action="deny").allowed == 0


def test_what_the_reviewer_takes_after_the_page_was_shown_is_not_recommended():
    office = make_office()
    version = office.walk(*TO_REVIEW)
    shown = shown_hash(version)
    office.take(100)
    with pytest.raises(Refused) as refusal:
        perform(
            actor=office.people["reviewer"], version=version, code="recommend", shown_sha256=shown
        )
    assert refusal.value.code == "amounts_changed"


def test_a_large_amount_is_approved_by_two_different_people():
    office = make_office(LARGE)
    office.walk(*TO_RECOMMENDED)
    assert refused(office.people["approver"], office, "approve") == "first_approval_missing"
    version = office.walk("endorse")
    assert version.state == State.RECOMMENDED
    assert refused(office.people["endorser"], office, "approve") == "own_endorsement"
    assert refused(office.people["approver"], office, "endorse") == "endorsed_already"
    assert office.walk("approve").state == State.APPROVED
    assert not list(problems())


def test_a_first_approval_counts_for_the_recommendation_it_was_given_to():
    office = make_office(LARGE)
    office.walk(*TO_RECOMMENDED, "endorse", "send_back", "recommend")
    assert refused(office.people["approver"], office, "approve") == "first_approval_missing"
    assert office.walk("endorse", "approve").state == State.APPROVED


def test_a_small_amount_needs_no_first_approval():
    office = make_office()
    office.walk(*TO_RECOMMENDED)
    assert refused(office.people["endorser"], office, "endorse") == "one_approver_suffices"


@pytest.mark.parametrize(
    ("way", "who", "code"),
    [
        (("ready",), "certifier", "certify"),
        (TO_RECOMMENDED, "approver", "approve"),
        (TO_RECOMMENDED, "approver", "deny"),
        (TO_PARTLY_RECOMMENDED, "approver", "approve_partly"),
    ],
)
def test_signing_and_deciding_want_the_password_again(way, who, code):
    office = make_office()
    version = office.walk(*way)
    person = office.people[who]
    long_ago = datetime.now(UTC) - FRESH
    for stale in (person, replace(person, proved_at=long_ago)):
        with pytest.raises(NotAllowed) as refusal:
            perform(
                actor=stale,
                version=version,
                code=code,
                shown_sha256=shown_hash(version),
                note="Why.",
                title="Sheriff",
            )
        assert refusal.value.code == "not_fresh"
    assert office.version.state == version.state


def test_why_a_claim_was_sent_back_stays_on_the_federal_side():
    office = make_office()
    version = office.walk(*TO_RECOMMENDED, "send_back")
    assert version.state == State.IN_REVIEW
    told = AuditEvent.objects.filter(thread=version.claim.thread)
    assert told.filter(action="claim.review_again").exists()
    assert not told.filter(action="claim.send_back").exists()
    kept = AuditEvent.objects.get(
        thread=f"{version.claim.thread}/federal", action="claim.send_back"
    )
    assert "See the note." in kept.content
    assert not list(problems())


def test_the_packet_does_not_tell_the_agency_either():
    office = make_office()
    version = office.walk(*TO_RECOMMENDED, "send_back", "recommend", "approve")
    facts = load(Packet.objects.get(version=version, edition="decided"))
    notes = {ruling.action: ruling.note for ruling in facts.snapshot.rulings}
    assert notes["recommend"] == "See the note."
    assert notes["send_back"] == ""


def test_withdrawing_is_signed_for():
    office = make_office()
    version = office.walk("ready", "certify", "withdraw")
    decision = version.decisions.get()
    assert (decision.action, decision.user) == ("withdraw", office.people["certifier"].user)
    assert not list(problems())


def test_a_late_claim_says_why_it_is_late():
    office = make_office()
    with clock_at(datetime(2026, 2, 2, 15, tzinfo=UTC)):
        version = office.walk("ready")
        signer = proven(office.people["certifier"])
        said = {"shown_sha256": shown_hash(version), "title": "Sheriff"}
        with pytest.raises(BadInput) as refusal:
            perform(actor=signer, version=version, code="certify", **said)
        assert refusal.value.code == "late_reason_required"
        perform(
            actor=signer,
            version=version,
            code="certify",
            late_why="payroll",
            late_note="New system.",
            **said,
        )
    late = Lateness.objects.get()
    assert (late.why, late.note, late.said_by) == ("payroll", "New system.", signer.user)


def test_a_claim_in_time_says_nothing_about_lateness():
    office = make_office()
    office.walk("ready", "certify")
    assert not Lateness.objects.exists()


@pytest.mark.parametrize("part", ["preparer", "certifier", "reviewer"])
def test_nobody_decides_on_what_they_had_a_part_in(part):
    office = make_office()
    version = office.walk(*TO_RECOMMENDED)
    user = version.participants.get(part=part).user
    Membership.objects.filter(user=user).update(ended_at="2026-01-01T00:00Z")
    grant_role(actor=None, user=user, role=Role.PAYMENT_APPROVER, agency=None)
    insider = actor_for(user)
    for code in ("approve", "deny", "send_back", "return_recommended"):
        assert refused(insider, office, code) == "own_work"


# What the database refuses, whoever asks


def decide(office, person, action, **values):
    """Write a decision as the application's role could by itself."""
    version = office.version
    kept = {
        "sha256": version.calculation.sha256,
        "allowed": allowed_total(version),
        **values,
    }
    return Decision.objects.create(
        version=version, user=office.people[person].user, action=action, **kept
    )


def put(office, state) -> None:
    ClaimVersion.objects.filter(pk=office.version.pk).update(state=state)


def test_in_the_database_too_a_large_amount_takes_two():
    office = make_office(LARGE)
    office.walk(*TO_RECOMMENDED)
    with pytest.raises(DatabaseError, match="2 payment approvers"), transaction.atomic():
        decide(office, "approver", "approve")
        put(office, "approved")
    with pytest.raises(DatabaseError, match="2 payment approvers"), transaction.atomic():
        decide(office, "approver", "endorse")
        decide(office, "approver", "approve")
        put(office, "approved")
    decide(office, "endorser", "endorse")
    decide(office, "approver", "approve")
    put(office, "approved")


@pytest.mark.parametrize(
    ("way", "action", "state"),
    [
        (TO_PARTLY_RECOMMENDED, "approve", "approved"),
        (TO_RECOMMENDED, "approve_partly", "partly_approved"),
        (TO_PARTLY_RECOMMENDED, "deny", "denied"),
        (TO_RECOMMENDED, "approve", "denied"),
        (TO_RECOMMENDED, "endorse", "approved"),
        (TO_RECOMMENDED, "send_back", "returned"),
        (("ready", "certify"), "withdraw", "withdrawn"),
    ],
)
def test_in_the_database_too_a_state_follows_from_its_decision(way, action, state):
    office = make_office()
    office.walk(*way)
    with pytest.raises(DatabaseError), transaction.atomic():
        decide(office, "approver", action)
        put(office, state)


def test_in_the_database_too_an_old_decision_moves_nothing_twice():
    office = make_office()
    office.walk(*TO_RECOMMENDED, "send_back")
    with pytest.raises(DatabaseError, match="recorded decision"), transaction.atomic():
        put(office, "recommended")


@pytest.mark.parametrize("allowed", [0, 1])
def test_in_the_database_too_what_is_allowed_is_what_was_left(allowed):
    office = make_office()
    office.walk(*TO_RECOMMENDED)
    with pytest.raises(DatabaseError, match="what people left"), transaction.atomic():
        decide(office, "approver", "approve", allowed=allowed)


def test_in_the_database_too_an_original_draft_is_not_given_up():
    office = make_office()
    with pytest.raises(DatabaseError, match="linked claim"), transaction.atomic():
        put(office, "withdrawn")


@pytest.mark.parametrize("person", ["preparer", "reviewer", "stranger"])
def test_in_the_database_too_only_the_agencys_certifiers_withdraw(person):
    office = make_office()
    office.walk("ready", "certify")
    office.people["stranger"] = make_office().people["certifier"]
    with pytest.raises(DatabaseError, match="certifier of the agency"), transaction.atomic():
        decide(office, person, "withdraw")


# Appeals move a claim from here


def test_a_granted_appeal_is_moved_under_the_same_rules():
    office = make_office()
    version = office.walk(*TO_RECOMMENDED, "deny")
    insider = proven(office.people["reviewer"])
    outsider = make_person(Role.PAYMENT_APPROVER)
    with transaction.atomic():
        locked = version_under_lock(version.pk)
        with pytest.raises(NotAllowed):
            move(insider, locked, "grant_appeal_partly")
        with pytest.raises(NotAllowed) as refusal:
            move(outsider, locked, "grant_appeal_partly")
        assert refusal.value.code == "not_fresh"


# Two people at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pair", [("approve", "deny"), ("approve", "approve")])
def test_of_two_approvers_at_once_one_decides(pair):
    office = make_office()
    version = office.walk(*TO_RECOMMENDED)
    shown = shown_hash(version)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def decide_now(code: str, person: str) -> None:
        try:
            start.wait(10)
            perform(
                actor=proven(office.people[person]),
                version=version,
                code=code,
                shown_sha256=shown,
                note="Decided.",
            )
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide_now, args=one)
        for one in zip(pair, ("approver", "endorser"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["done", "wrong_state"]
    assert office.version.decisions.filter(action__in=pair).count() == 1
