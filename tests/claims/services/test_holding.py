"""A hold keeps a claim from being decided, says why, and ends by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from claims.rules.lifecycle import State
from claims.selectors.holds import hold_on
from claims.services.holding import place_hold, release_hold
from portal.kernel.clock import clock_at
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.claims.office import TO_RECOMMENDED, TO_REVIEW, make_office
from tests.factories import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def hold(office, who="reviewer", **changes):
    said = {"why": "funds", "note": "No funds.", "until_on": date(2026, 2, 1), "token": uuid4()}
    return place_hold(actor=office.people[who], version=office.version, **{**said, **changes})


@pytest.mark.parametrize("code", ["approve", "deny", "endorse"])
def test_nobody_decides_on_a_claim_on_hold(code):
    office = make_office()
    office.walk(*TO_RECOMMENDED)
    hold(office, "approver")
    with pytest.raises(Refused) as refusal:
        act(office.people["approver"], office.claim, code)
    assert refusal.value.code in {"on_hold", "one_approver_suffices"}
    assert office.version.state == State.RECOMMENDED


def test_a_claim_on_hold_can_still_be_returned():
    office = make_office()
    office.walk(*TO_REVIEW)
    hold(office)
    assert office.walk("return").state == State.RETURNED


def test_a_hold_ends_after_its_last_day_at_the_agency():
    office = make_office()
    office.walk(*TO_REVIEW)
    hold(office, until_on=date(2026, 1, 21))
    with clock_at(datetime(2026, 1, 22, 5, tzinfo=UTC)):
        assert hold_on(office.version.claim), "in Texas it is still the 21st"
    with clock_at(datetime(2026, 1, 22, 7, tzinfo=UTC)):
        assert hold_on(office.version.claim) is None
        assert office.walk("recommend").state == State.RECOMMENDED


def test_a_hold_is_released_once_and_both_are_told_in_the_history():
    office = make_office()
    office.walk(*TO_REVIEW)
    placed = hold(office)
    for _ in range(2):
        release_hold(actor=office.people["approver"], version=office.version, hold=placed)
    told = AuditEvent.objects.filter(thread=office.claim.thread).values_list("action", flat=True)
    assert [action for action in told if action in ("claim.hold", "claim.release")] == [
        "claim.hold",
        "claim.release",
    ]


def test_a_claim_is_held_once_at_a_time():
    office = make_office()
    office.walk(*TO_REVIEW)
    token = uuid4()
    assert hold(office, token=token) == hold(office, token=token)
    with pytest.raises(Refused) as refusal:
        hold(office)
    assert refusal.value.code == "on_hold"


def test_only_what_waits_for_the_federal_side_is_held():
    office = make_office()
    office.walk("ready")
    with pytest.raises(Refused) as refusal:
        hold(office)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize("changes", [{"why": "mood"}, {"note": " "}])
def test_a_hold_has_a_reason(changes):
    office = make_office()
    office.walk(*TO_REVIEW)
    with pytest.raises(BadInput):
        hold(office, **changes)


@pytest.mark.parametrize("who", ["preparer", "certifier"])
def test_the_agency_holds_nothing(who):
    office = make_office()
    office.walk(*TO_REVIEW)
    with pytest.raises(NotAllowed):
        hold(office, who)
    stranger = make_office()
    with pytest.raises(NotFound):
        place_hold(
            actor=stranger.people["certifier"],
            version=office.version,
            why="funds",
            note="Mine.",
            until_on=date(2026, 1, 21),
            token=uuid4(),
        )
