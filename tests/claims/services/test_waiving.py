"""Waivers: who grants them, what they cover, and how they end."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Claim, Waiver
from claims.rules.address import Address
from claims.rules.lifecycle import Part
from claims.selectors.parts import part_of
from claims.selectors.waivers import waived_places
from claims.services.waiving import grant_waiver, revoke_waiver
from portal.accounts.fresh import proven
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.records.models import AuditEvent
from tests.factories import act, make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

UNTIL = date(2026, 3, 1)


@pytest.fixture
def office() -> dict[str, Actor]:
    preparer, claim = make_draft()
    return {
        "preparer": preparer,
        "certifier": make_person(Role.CERTIFIER, claim.agency),
        "reviewer": make_person(Role.REVIEWER),
        "approver": proven(make_person(Role.PAYMENT_APPROVER)),
    }


@pytest.fixture
def claim(office: dict[str, Actor]) -> Claim:
    """A claim in review."""
    claim = Claim.objects.get()
    act(office["preparer"], claim, "ready")
    act(office["certifier"], claim, "certify")
    act(office["reviewer"], claim, "start_review")
    claim.refresh_from_db()
    return claim


def grant(actor: Actor, claim: Claim, **other: object) -> Waiver:
    facts: dict[str, object] = {
        "rule": "evidence",
        "officer_id": "0042",
        "category": "overtime",
        "reason": "The timesheets burned with the annex.",
        "expires_on": UNTIL,
        "token": uuid.uuid4(),
        **other,
    }
    return grant_waiver(actor=actor, claim=claim, **facts)  # type: ignore[arg-type]  # of many kinds


def waived(claim, *line: str) -> bool:
    return not waived_places(claim, "evidence").isdisjoint(Address(*line).covering)


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (("0042", "overtime"), {("0042", "overtime")}),
        (("0042", ""), {("0042", "overtime"), ("0042", "regular")}),
        (("", "award"), {("", "award")}),
        (("", ""), {("0042", "overtime"), ("0042", "regular"), ("A-7", "overtime"), ("", "award")}),
    ],
    ids=["line", "officer", "award", "claim"],
)
def test_a_waiver_covers_its_scope_and_nothing_beside(office, claim, scope, covered):
    grant(office["approver"], claim, officer_id=scope[0], category=scope[1])
    for line in {("0042", "overtime"), ("0042", "regular"), ("A-7", "overtime"), ("", "award")}:
        assert waived(claim, *line) == (line in covered)


def test_it_is_good_through_its_last_day_in_the_agencys_time_zone(office, claim):
    grant(office["approver"], claim)
    with clock.clock_at(datetime(2026, 3, 2, 5, 59, tzinfo=UTC)):
        assert waived(claim, "0042", "overtime")
    with clock.clock_at(datetime(2026, 3, 2, 6, 1, tzinfo=UTC)):
        assert not waived(claim, "0042", "overtime")


def test_it_ends_when_it_is_revoked_and_its_story_stays(office, claim):
    made = grant(office["approver"], claim)
    other = proven(make_person(Role.PAYMENT_APPROVER))
    revoke_waiver(actor=other, waiver=made, note="The timesheets were found.")
    revoke_waiver(actor=other, waiver=made, note="Again.")
    assert not waived(claim, "0042", "overtime")
    said = AuditEvent.objects.filter(thread=claim.thread, action__startswith="claim.waive")
    assert [event.action for event in said.order_by("id")] == ["claim.waive", "claim.waive_end"]


def test_a_form_sent_twice_grants_once(office, claim):
    token = uuid.uuid4()
    assert grant(office["approver"], claim, token=token) == grant(
        office["approver"], claim, token=token
    )
    assert Waiver.objects.count() == 1


def test_who_waived_does_not_review_the_claim_then_nor_in_its_next_version(office, claim):
    both = office["approver"]
    grant(both, claim)
    grant_role(actor=None, user=both.user, role=Role.REVIEWER, agency=None)
    both = actor_for(both.user)
    version = claim.version
    assert part_of(both, version) == Part.APPROVER
    with pytest.raises(NotAllowed) as refusal:
        act(both, claim, "recommend")
    assert refusal.value.code == "own_work"
    act(office["reviewer"], claim, "return")
    act(office["preparer"], claim, "correct")
    claim.refresh_from_db()
    assert claim.version != version
    assert part_of(both, claim.version) == Part.APPROVER


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"rule": "cap"}, "rule_required"),
        ({"rule": "answer"}, "rule_required"),
        ({"reason": " "}, "reason_required"),
        ({"reason": "See 123-45-6789."}, "reason_not_kept"),
        ({"officer_id": "nobody"}, "no_such_officer"),
        ({"category": "award"}, "no_such_line"),
        ({"expires_on": date(2026, 1, 19)}, "expired"),
    ],
)
def test_what_is_wrong_is_said(office, claim, wrong, code):
    with pytest.raises(BadInput) as refusal:
        grant(office["approver"], claim, **wrong)
    assert refusal.value.code == code
    assert refusal.value.fix


def test_only_an_approver_who_gave_the_password_and_only_before_the_decision(office, claim):
    for person in ("preparer", "certifier", "reviewer"):
        with pytest.raises(NotAllowed):
            grant(office[person], claim)
    with pytest.raises(NotAllowed) as refusal:
        grant(make_person(Role.PAYMENT_APPROVER), claim)
    assert refusal.value.code == "not_fresh"
    act(office["reviewer"], claim, "recommend")
    act(office["approver"], claim, "approve")
    claim.refresh_from_db()
    with pytest.raises(Refused) as late:
        grant(office["approver"], claim)
    assert late.value.code == "wrong_state"


def test_by_sql_nobody_else_grants_or_revokes(office, claim):
    made = grant(office["approver"], claim)
    with pytest.raises(DatabaseError, match="payment_approver"), transaction.atomic():
        Waiver.objects.create(
            claim=claim,
            rule="evidence",
            reason="x",
            granted_by=office["reviewer"].user,
            expires_on=UNTIL,
        )
    with (
        pytest.raises(DatabaseError, match="payment_approver"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE claims_waiver SET revoked_by_id = %s, revoked_at = now() WHERE id = %s",
            [office["preparer"].user.pk, made.pk],
        )
