"""Role by state by action, generated from the lifecycle's table: what is offered is what can be done."""

from __future__ import annotations

import pytest
from django.db import transaction

from claims.models import ClaimVersion
from claims.policies import offers, refusal_of
from claims.rules.lifecycle import LIFECYCLE, SETTLED, Action, State
from claims.selectors.lines import shown_hash
from claims.services.claims import move, perform
from portal.accounts.fresh import proven
from portal.accounts.policies import Actor
from portal.accounts.roles import CAPABILITIES, Capability, Role, Side
from portal.kernel.errors import Refused
from tests.claims.office import PLACES, Place, make_office
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


class UndoneError(Exception):
    """Takes back what a test tried."""


def may(action: Action, place: Place, role: Role) -> bool:
    """What the table says: the state, the role's capability, and that the action applies at all."""
    has_it = Capability(action.capability) in CAPABILITIES[role]
    return place.state in action.frm and has_it and action.code not in place.without


def attempt(action: Action, version: ClaimVersion, actor: Actor) -> str:
    """Do it, and take it back: `done`, or the code of the refusal."""
    try:
        with transaction.atomic():
            if action.by_button:
                perform(
                    actor=proven(actor),
                    version=version,
                    code=action.code,
                    shown_sha256=shown_hash(version),
                    note="See the note.",
                    title="Sheriff",
                )
            else:
                move(proven(actor), version, action.code)
            raise UndoneError
    except UndoneError:
        return "done"
    except Refused as refusal:
        return refusal.code


@pytest.mark.parametrize("name", PLACES)
def test_every_role_is_offered_what_the_table_says_and_can_do_just_that(name):
    place = PLACES[name]
    office = make_office(place.payroll)
    version = office.walk(*place.way)
    assert version.state == place.state
    # A reviewer has taken the claim once its review started; of the others somebody new tries.
    people = {role: newcomer(role, office) for role in Role}
    if any(step == "start_review" for step in place.way) and place.state is State.IN_REVIEW:
        people[Role.REVIEWER] = office.people["reviewer"]
    if name == "linked draft":
        assert attempt(BY_CODE["drop"], version, people[Role.PREPARER]) == "done"
    for role, actor in people.items():
        offered = {offer.action.code for offer in offers(version, actor) if offer.is_possible}
        for action in LIFECYCLE:
            expected = may(action, place, role)
            said = f"{role} does {action.code} where the claim is {name}"
            if action.by_button:
                assert (action.code in offered) == expected, said
                outcome = attempt(action, version, actor)
                assert (outcome == "done") == expected, f"{said}: {outcome}"
            elif not expected:
                assert refusal_of(action, version, actor) is not None, said
            version = office.version


BY_CODE = {action.code: action for action in LIFECYCLE}


def newcomer(role: Role, office) -> Actor:
    """Somebody with the role who had no part in the claim yet."""
    return make_person(role, office.claim.agency if role.side == Side.AGENCY else None)


def test_claims_come_to_every_state_but_those_of_the_payment_system():
    assert {place.state for place in PLACES.values()} == set(State) - {State.PAID, State.CLOSED}
    assert {State.PAID, State.CLOSED} < SETTLED


def test_every_button_of_the_table_is_pressed_somewhere():
    pressed = {
        action.code
        for action in LIFECYCLE
        for place in PLACES.values()
        if place.state in action.frm and action.code not in place.without
    }
    assert pressed == {action.code for action in LIFECYCLE}


def test_an_action_that_follows_from_something_else_has_no_button():
    office = make_office()
    version = office.walk("ready", "certify", "start_review", "recommend", "deny")
    actor = office.people["endorser"]
    assert "grant_appeal" not in {offer.action.code for offer in offers(version, actor)}
    with pytest.raises(Refused) as refusal:
        perform(actor=proven(actor), version=version, code="grant_appeal")
    assert refusal.value.code == "unknown_action"
