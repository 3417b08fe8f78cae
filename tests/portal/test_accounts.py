"""People, roles and keys: one table says who may do what, and nobody serves two sides."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import Membership, User
from portal.accounts.policies import actor_for, agencies_of
from portal.accounts.roles import CAPABILITIES, Capability, Role, Side
from portal.accounts.services import create_agency, create_key, end_role, grant_role, revoke_key
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db

SIGNING = {Capability.PREPARE, Capability.CERTIFY, Capability.REVIEW, Capability.APPROVE}


def test_every_role_has_a_side_and_capabilities():
    assert set(CAPABILITIES) == set(Role)
    assert {role.side for role in Role} == set(Side)


def test_no_role_holds_two_of_the_four_signatures():
    assert all(len(SIGNING & capabilities) <= 1 for capabilities in CAPABILITIES.values())


def test_nobody_serves_the_agency_and_the_federal_side_at_once():
    agency = make_agency()
    preparer = make_person(Role.PREPARER, agency)
    with pytest.raises(Refused) as refusal:
        grant_role(actor=None, user=preparer.user, role=Role.REVIEWER, agency=None)
    assert refusal.value.code == "two_sides"
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=preparer.user, role=Role.REVIEWER, side=Side.FEDERAL)


def test_a_person_serves_several_agencies_one_at_a_time():
    first, second = make_agency("Ash Police"), make_agency("Birch Police")
    user = make_person(Role.PREPARER, first).user
    grant_role(actor=None, user=user, role=Role.VIEWER, agency=second)
    assert list(agencies_of(user)) == [first, second]
    assert actor_for(user, first.pk).can(Capability.PREPARE)
    assert not actor_for(user, second.pk).can(Capability.PREPARE)
    assert not actor_for(user, second.pk).sees(first.pk)


def test_an_agency_that_is_not_theirs_is_not_entered():
    mine, other = make_agency("Ash Police"), make_agency("Birch Police")
    user = make_person(Role.PREPARER, mine).user
    assert actor_for(user, other.pk).agency == mine


def test_an_ended_role_gives_nothing():
    agency = make_agency()
    administrator = make_person(Role.ADMINISTRATOR, agency)
    preparer = make_person(Role.PREPARER, agency)
    end_role(actor=administrator, membership=preparer.user.memberships.get())
    assert not actor_for(preparer.user).roles


def test_an_administrator_manages_only_the_own_agency():
    administrator = make_person(Role.ADMINISTRATOR, make_agency("Ash Police"))
    with pytest.raises(NotFound):
        grant_role(
            actor=administrator,
            user=User.objects.create_user("new@test.example", name="New"),
            role=Role.PREPARER,
            agency=make_agency("Birch Police"),
        )


def test_nobody_makes_themselves_a_certifier():
    agency = make_agency()
    administrator = make_person(Role.ADMINISTRATOR, agency)
    with pytest.raises(NotAllowed) as refusal:
        grant_role(actor=administrator, user=administrator.user, role=Role.CERTIFIER, agency=agency)
    assert refusal.value.code == "own_role"


def test_a_program_manager_appoints_administrators_and_nobody_else():
    manager = make_person(Role.PROGRAM_MANAGER)
    agency = make_agency()
    user = User.objects.create_user("new@test.example", name="New")
    with pytest.raises(NotAllowed):
        grant_role(actor=manager, user=user, role=Role.CERTIFIER, agency=agency)
    grant_role(actor=manager, user=user, role=Role.ADMINISTRATOR, agency=agency)


def test_portal_numbers_are_never_used_twice():
    manager = make_person(Role.PROGRAM_MANAGER)
    numbers = {create_agency(actor=manager, name=f"Agency {n}").number for n in range(5)}
    assert len(numbers) == 5


@pytest.mark.parametrize("email", ["CLERK@Test.Example", " clerk@test.example "])
def test_one_person_has_one_email_whatever_its_case(email):
    User.objects.create_user("clerk@test.example", name="Clerk")
    with pytest.raises(Exception, match="already"):
        User.objects.create_user(email, name="Clerk again")


def test_a_key_belongs_to_an_agency_and_a_preparer_who_answers_for_it():
    agency = make_agency()
    administrator = make_person(Role.ADMINISTRATOR, agency)
    owner = make_person(Role.PREPARER, agency).user
    key, secret = create_key(
        actor=administrator, agency=agency, owner=owner, name="Payroll", scopes="payroll:write"
    )
    assert secret not in key.client_secret
    revoke_key(actor=administrator, key=key)
    assert not key.is_usable(None)


@pytest.mark.parametrize("scopes", ["", "everything", "payroll:write admin"])
def test_a_key_has_only_scopes_there_are(scopes):
    agency = make_agency()
    with pytest.raises(BadInput):
        create_key(
            actor=make_person(Role.ADMINISTRATOR, agency),
            agency=agency,
            owner=make_person(Role.PREPARER, agency).user,
            name="Payroll",
            scopes=scopes,
        )


def test_a_viewer_cannot_answer_for_a_key():
    agency = make_agency()
    with pytest.raises(Refused) as refusal:
        create_key(
            actor=make_person(Role.ADMINISTRATOR, agency),
            agency=agency,
            owner=make_person(Role.VIEWER, agency).user,
            name="Payroll",
            scopes="payroll:write",
        )
    assert refusal.value.code == "key_owner"
