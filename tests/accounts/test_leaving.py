"""People who go: a role handed over in one step, somebody removed, and never silently the last one."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.db import connection

from portal.accounts.leaving import remove_person, rename_person, replace_person, what_stops
from portal.accounts.models import ApiKey, Membership, User
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import create_key, end_role, grant_role, invite_person
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.factories import act, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def administrator(db):
    return make_person(Role.ADMINISTRATOR, make_agency())


def role_of(actor, role: Role | None = None) -> Membership:
    roles = Membership.objects.filter(user=actor.user, ended_at=None)
    return roles.get(role=role) if role else roles.get()


def roles_of(user: User) -> set[str]:
    return set(Membership.objects.filter(user=user, ended_at=None).values_list("role", flat=True))


def make_key(administrator, owner, name="Payroll") -> ApiKey:
    return create_key(
        actor=administrator,
        agency=administrator.agency,
        owner=owner.user,
        name=name,
        scopes="payroll:write",
    )[0]


def test_the_last_certifier_is_replaced_in_one_step(administrator):
    certifier = make_person(Role.CERTIFIER, administrator.agency)
    successor = replace_person(
        actor=administrator,
        membership=role_of(certifier),
        email=" New@County.Example",
        name="Nora New",
    )
    assert successor.email == "new@county.example"
    assert roles_of(successor) == {Role.CERTIFIER}
    assert not roles_of(certifier.user)
    recorded = AuditEvent.objects.values_list("action", flat=True)
    assert {"membership.grant", "membership.end", "user.invite"} <= set(recorded)


def test_a_preparers_keys_go_over_and_keep_working(administrator):
    leaving = make_person(Role.PREPARER, administrator.agency)
    successor = make_person(Role.VIEWER, administrator.agency)
    key, revoked = make_key(administrator, leaving), make_key(administrator, leaving, "Old")
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at="2026-01-01T00:00Z")
    replace_person(
        actor=administrator,
        membership=role_of(leaving),
        email=successor.user.email,
        name="ignored",
    )
    key.refresh_from_db()
    revoked.refresh_from_db()
    assert key.user == successor.user
    assert revoked.user == leaving.user
    assert roles_of(successor.user) == {Role.VIEWER, Role.PREPARER}
    assert AuditEvent.objects.filter(action="key.hand_over").exists()


def test_somebody_who_has_the_role_already_only_keeps_it(administrator):
    first, second = (make_person(Role.CERTIFIER, administrator.agency) for _ in range(2))
    replace_person(
        actor=administrator, membership=role_of(first), email=second.user.email, name="x"
    )
    assert roles_of(second.user) == {Role.CERTIFIER}
    assert not roles_of(first.user)


def test_a_handover_that_is_refused_changes_nothing(administrator):
    certifier = make_person(Role.CERTIFIER, administrator.agency)
    reviewer = make_person(Role.REVIEWER)
    closed = make_person(Role.VIEWER, administrator.agency)
    User.objects.filter(pk=closed.user.pk).update(is_active=False)
    wrong = {
        reviewer.user.email: "two_sides",
        certifier.user.email: "same_person",
        closed.user.email: "inactive_account",
        administrator.user.email: "own_role",
    }
    for email, code in wrong.items():
        with pytest.raises((Refused, BadInput, NotAllowed)) as refusal:
            replace_person(
                actor=administrator, membership=role_of(certifier), email=email, name="x"
            )
        assert refusal.value.code == code
        assert roles_of(certifier.user) == {Role.CERTIFIER}


def test_the_last_administrator_hands_over_but_does_not_just_go(administrator):
    with pytest.raises(Refused) as refusal:
        end_role(actor=administrator, membership=role_of(administrator), even_if_last=True)
    assert refusal.value.code == "own_last_role"
    with pytest.raises(Refused):
        remove_person(actor=administrator, user=administrator.user, even_if_last=True)
    replace_person(
        actor=administrator,
        membership=role_of(administrator),
        email="new@county.example",
        name="Nora New",
    )
    assert not roles_of(administrator.user)


def test_a_person_is_removed_from_this_agency_only(administrator):
    user = make_person(Role.PREPARER, administrator.agency).user
    grant_role(actor=None, user=user, role=Role.VIEWER, agency=administrator.agency)
    elsewhere = make_agency("Other County")
    grant_role(actor=None, user=user, role=Role.VIEWER, agency=elsewhere)
    assert set(remove_person(actor=administrator, user=user)) == {Role.PREPARER, Role.VIEWER}
    assert Membership.objects.get(user=user, ended_at=None).agency == elsewhere


def test_removing_the_last_certifier_is_refused_whole_until_it_is_meant(administrator):
    user = make_person(Role.VIEWER, administrator.agency).user
    grant_role(actor=None, user=user, role=Role.CERTIFIER, agency=administrator.agency)
    with pytest.raises(Refused) as refusal:
        remove_person(actor=administrator, user=user)
    assert refusal.value.code == "last_holder"
    assert roles_of(user) == {Role.VIEWER, Role.CERTIFIER}
    remove_person(actor=administrator, user=user, even_if_last=True)
    assert not roles_of(user)


def test_others_people_cannot_be_removed_or_replaced(administrator):
    stranger = make_person(Role.CERTIFIER, make_agency("Other County"))
    with pytest.raises(NotFound):
        replace_person(
            actor=administrator, membership=role_of(stranger), email="a@b.example", name="A"
        )
    assert not remove_person(actor=administrator, user=stranger.user)
    assert roles_of(stranger.user) == {Role.CERTIFIER}
    viewer = make_person(Role.VIEWER, administrator.agency)
    with pytest.raises(NotAllowed):
        remove_person(actor=viewer, user=administrator.user)


def test_what_stops_is_said_before(administrator, after_quarter):
    preparer, claim = make_draft(administrator.agency)
    make_key(administrator, preparer, "Night job")
    assert any("“Night job”" in said for said in what_stops([role_of(preparer)]))
    certifier = make_person(Role.CERTIFIER, claim.agency)
    act(preparer, claim, "ready")
    said = " ".join(what_stops([role_of(certifier)]))
    assert "no claim can be signed" in said
    assert "1 claim waits for a signature that nobody else can give." in said
    make_person(Role.CERTIFIER, claim.agency)
    assert not list(what_stops([role_of(certifier)]))


def test_a_mistyped_name_is_corrected_until_they_sign_in(administrator):
    new = invite_person(
        actor=administrator,
        email="new@county.example",
        name="Nroa New",
        role=Role.VIEWER,
        agency=administrator.agency,
    )
    rename_person(actor=administrator, user=new, name=" Nora New ")
    new.refresh_from_db()
    assert new.name == "Nora New"
    new.set_password("a-long-enough-one")
    new.save()
    with pytest.raises(Refused) as refusal:
        rename_person(actor=administrator, user=new, name="Somebody Else")
    assert refusal.value.code == "name_fixed"


def test_a_name_that_another_agency_reads_too_stays(administrator):
    other = make_person(Role.ADMINISTRATOR, make_agency("Other County"))
    for actor in (administrator, other):
        new = invite_person(
            actor=actor,
            email="new@county.example",
            name="Nora New",
            role=Role.VIEWER,
            agency=actor.agency,
        )
    with pytest.raises(Refused):
        rename_person(actor=administrator, user=new, name="Somebody Else")


def test_the_pages_say_what_follows_and_tell_both(browse, administrator):
    certifier = make_person(Role.CERTIFIER, administrator.agency)
    client = browse(administrator)
    person = f"/people/{certifier.user.pk}/"
    handing = f"/people/roles/{role_of(certifier).pk}/hand-over/"
    assert handing in text(client.get(person))
    removing = text(client.get(f"{person}remove/"))
    assert "no claim can be signed" in removing
    assert client.post(handing, {"email": "no", "name": ""}).status_code == 422
    sent = {"email": "new@county.example", "name": "Nora New"}
    page = text(client.post(handing, sent, follow=True))
    assert "An invitation went to new@county.example" in page
    assert {message.to[0] for message in mail.outbox} == {sent["email"], certifier.user.email}
    assert client.post(handing, sent).status_code == 404
    listed = text(client.get("/people/"))
    assert "Invited, not yet here" in listed


def test_somebody_is_removed_on_the_page(browse, administrator):
    certifier = make_person(Role.CERTIFIER, administrator.agency)
    client = browse(administrator)
    address = f"/people/{certifier.user.pk}/remove/"
    unaware = text(client.post(address))
    assert "no claim can be signed" in unaware
    assert roles_of(certifier.user)
    page = text(client.post(address, {"even_if_last": "yes"}, follow=True))
    assert "has no role here any more" in page
    assert not roles_of(certifier.user)
    assert client.get(address).status_code == 404
    assert mail.outbox[0].to == [certifier.user.email]
    own = client.post(
        f"/people/{administrator.user.pk}/remove/", {"even_if_last": "yes"}, follow=True
    )
    assert "Hand the role over" in text(own)
    assert roles_of(administrator.user)


def test_a_name_is_corrected_on_the_page(browse, administrator):
    new = invite_person(
        actor=administrator,
        email="new@county.example",
        name="Nroa New",
        role=Role.VIEWER,
        agency=administrator.agency,
    )
    client = browse(administrator)
    address = f"/people/{new.pk}/name/"
    assert address in text(client.get(f"/people/{new.pk}/"))
    assert "Nora New" in text(client.post(address, {"name": "Nora New"}, follow=True))
    refused = client.post(f"/people/{administrator.user.pk}/name/", {"name": "Other"})
    assert refused.status_code == 422


def test_the_federal_side_hands_over_too(browse):
    admin, reviewer = make_person(Role.SYSTEM_ADMINISTRATOR), make_person(Role.REVIEWER)
    sent = {"email": "new@program.example", "name": "Nora New"}
    page = browse(admin).post(f"/people/roles/{role_of(reviewer).pk}/hand-over/", sent, follow=True)
    assert "has the role" in text(page)
    assert roles_of(User.objects.get(email=sent["email"])) == {Role.REVIEWER}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR])
def test_two_administrators_who_end_each_other_leave_one(role):
    agency = make_agency() if role is Role.ADMINISTRATOR else None
    pair = [make_person(role, agency) for _ in range(2)]
    barrier, refused = threading.Barrier(2), []

    def end(actor, membership) -> None:
        barrier.wait()
        try:
            end_role(actor=actor, membership=membership)
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=end, args=(actor_for(pair[i].user), role_of(pair[1 - i])))
        for i in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = Membership.objects.filter(role=role, agency=agency, ended_at=None).count()
    assert left == 1
    assert refused == ["last_holder"]
