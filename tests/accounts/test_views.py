"""People, roles and keys: an agency looks after its own, the system administrator after others."""

import re

import pytest
from django.core import mail

from portal.accounts.models import ApiKey, Membership, User
from portal.accounts.roles import Role
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def administrator(db):
    return make_person(Role.ADMINISTRATOR, make_agency())


def role_of(actor) -> Membership:
    return Membership.objects.get(user=actor.user, ended_at=None)


def invite(client, **fields):
    sent = {"email": "new@county.example", "name": "Nora New", "role": "viewer", **fields}
    return client.post("/people/invite/", sent, follow=True)


def test_an_invited_person_chooses_a_password_and_signs_in(browse, administrator, client):
    page = text(invite(browse(administrator)))
    assert "An invitation went to new@county.example" in page
    assert "Invited, not yet here" in page
    message = mail.outbox[0]
    assert administrator.agency.name in message.subject
    found = re.search(r"http://testserver(\S+)", message.body)
    assert found
    form = client.get(found[1], follow=True)
    passwords = {"password1": "a-long-enough-one", "password2": "a-long-enough-one"}
    assert client.post(form.request["PATH_INFO"], passwords).status_code == 302
    sent = {"login": "new@county.example", "password": "a-long-enough-one"}
    assert client.post("/account/login/", sent).status_code == 302
    assert client.get("/officers/").status_code == 200


def test_somebody_with_an_account_gets_the_role_and_a_way_to_sign_in(browse, administrator):
    elsewhere = make_person(Role.VIEWER, make_agency("Other County"))
    invite(browse(administrator), email=elsewhere.user.email.upper(), name="Another Name")
    assert Membership.objects.filter(user=elsewhere.user, ended_at=None).count() == 2
    assert User.objects.get(pk=elsewhere.user.pk).name == elsewhere.user.name
    assert "/account/login/" in mail.outbox[0].body


def test_nobody_serves_two_sides(browse, administrator):
    federal = make_person(Role.REVIEWER)
    page = text(invite(browse(administrator), email=federal.user.email))
    assert "already serves the other side" in page
    assert not mail.outbox


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no"},
        {"email": ""},
        {"name": ""},
        {"role": ""},
        {"role": "reviewer"},
        {"name": "x" * 200},
    ],
)
def test_wrong_invitations_are_said_beside_the_form(browse, administrator, wrong):
    sent = {"email": "a@b.example", "name": "A", "role": "viewer", **wrong}
    assert browse(administrator).post("/people/invite/", sent).status_code == 422
    assert not User.objects.filter(email="a@b.example").exists()


def test_the_same_invitation_twice_gives_the_role_once(browse, administrator):
    client = browse(administrator)
    invite(client)
    assert "already has this role" in text(invite(client))
    assert len(mail.outbox) == 1


def test_an_unused_invitation_is_sent_again(browse, administrator):
    client = browse(administrator)
    invite(client)
    person = User.objects.get(email="new@county.example")
    assert "Send the invitation again" in text(client.get(f"/people/{person.pk}/"))
    client.post(f"/people/{person.pk}/invite-again/")
    assert len(mail.outbox) == 2
    page = client.post(f"/people/{administrator.user.pk}/invite-again/", follow=True)
    assert "needs no invitation" in text(page)


def test_a_mail_that_cannot_be_sent_is_said(browse, administrator, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    page = text(invite(browse(administrator)))
    assert "could not be sent" in page
    assert Membership.objects.filter(user__email="new@county.example").exists()


def test_roles_are_given_and_ended_and_stay_on_record(browse, administrator):
    viewer = make_person(Role.VIEWER, administrator.agency)
    client = browse(administrator)
    page = client.post(f"/people/{viewer.user.pk}/", {"role": "preparer"}, follow=True)
    assert "is now preparer" in text(page)
    asked = text(client.get(f"/people/roles/{role_of_kind(viewer, 'preparer').pk}/end/"))
    assert "They are the last one" not in asked
    client.post(f"/people/roles/{role_of_kind(viewer, 'preparer').pk}/end/")
    page = text(client.get(f"/people/{viewer.user.pk}/"))
    assert "Earlier roles" in page


def role_of_kind(actor, role: str) -> Membership:
    return Membership.objects.get(user=actor.user, role=role, ended_at=None)


def test_the_last_certifier_does_not_go_unnoticed(browse, administrator):
    certifier = make_person(Role.CERTIFIER, administrator.agency)
    client = browse(administrator)
    address = f"/people/roles/{role_of(certifier).pk}/end/"
    assert "no claim can be signed" in text(client.get(address))
    # Somebody whose page did not warn yet is warned now.
    unaware = client.post(address)
    assert "no claim can be signed" in text(unaware)
    assert role_of(certifier)
    client.post(address, {"even_if_last": "yes"})
    assert not Membership.objects.filter(user=certifier.user, ended_at=None).exists()


def test_one_of_two_certifiers_goes_without_a_warning(browse, administrator):
    certifier = make_person(Role.CERTIFIER, administrator.agency)
    make_person(Role.CERTIFIER, administrator.agency)
    address = f"/people/roles/{role_of(certifier).pk}/end/"
    browse(administrator).post(address)
    assert not Membership.objects.filter(user=certifier.user, ended_at=None).exists()


def test_nobody_makes_themselves_certifier(browse, administrator):
    page = browse(administrator).post(
        f"/people/{administrator.user.pk}/", {"role": "certifier"}, follow=True
    )
    assert page.status_code == 422
    assert "Nobody makes themselves certifier" in text(page)


def test_people_of_another_agency_do_not_exist(browse, administrator):
    stranger = make_person(Role.VIEWER, make_agency("Other County"))
    federal = make_person(Role.AUDITOR)
    client = browse(administrator)
    listed = text(client.get("/people/"))
    for other in (stranger, federal):
        assert other.user.email not in listed
        assert client.get(f"/people/{other.user.pk}/").status_code == 404
        assert client.post(f"/people/{other.user.pk}/invite-again/").status_code == 404
        assert client.post(f"/people/roles/{role_of(other).pk}/end/").status_code == 404
        assert role_of(other)


def test_the_system_administrator_looks_after_the_federal_side(browse):
    admin = make_person(Role.SYSTEM_ADMINISTRATOR)
    reviewer = make_person(Role.REVIEWER)
    viewer = make_person(Role.VIEWER, make_agency())
    client = browse(admin)
    listed = text(client.get("/people/"))
    assert reviewer.user.email in listed
    assert viewer.user.email not in listed
    page = text(invite(client, role="auditor"))
    assert "has the role" in page
    assert "the program office" in mail.outbox[0].subject
    assert client.get("/keys/").status_code == 403


@pytest.mark.parametrize("role", [Role.PREPARER, Role.CERTIFIER, Role.VIEWER, Role.REVIEWER])
def test_others_manage_nobody(browse, role):
    agency = make_agency()
    actor = make_person(role, agency if role.side == "agency" else None)
    client = browse(actor)
    for address in (
        "/people/",
        "/people/invite/",
        f"/people/{actor.user.pk}/",
        "/keys/",
        "/keys/new/",
    ):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403


def test_a_key_shows_its_secret_once_and_is_revoked(browse, administrator):
    client = browse(administrator)
    assert "A preparer must answer for the key" in text(client.get("/keys/new/"))
    preparer = make_person(Role.PREPARER, administrator.agency)
    sent = {
        "name": "Payroll",
        "owner": preparer.user.pk,
        "scopes": ["payroll:write"],
        "valid_days": 365,
    }
    made = client.post("/keys/new/", sent)
    secret = re.findall(r"<code>(\w{64,})</code>", text(made))[0]
    assert "no-store" in made["Cache-Control"]
    key = ApiKey.objects.get()
    assert key.client_secret != secret
    listed = text(client.get("/keys/"))
    assert secret not in listed
    assert "Send payroll and read what came of it" in listed
    again = client.post("/keys/new/", sent)
    assert again.status_code == 422
    assert "already a key called" in text(again)
    client.post(f"/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is not None


@pytest.mark.parametrize(
    "wrong", [{"owner": "0"}, {"owner": "x"}, {"scopes": ["all"]}, {"scopes": []}]
)
def test_a_key_needs_an_owner_and_known_scopes(browse, administrator, wrong):
    preparer = make_person(Role.PREPARER, administrator.agency)
    sent = {"name": "P", "owner": preparer.user.pk, "scopes": ["payroll:write"], **wrong}
    assert browse(administrator).post("/keys/new/", sent).status_code == 422
    assert not ApiKey.objects.exists()


def test_keys_of_another_agency_do_not_exist(browse, administrator):
    preparer = make_person(Role.PREPARER, administrator.agency)
    sent = {"name": "P", "owner": preparer.user.pk, "scopes": ["payroll:write"], "valid_days": 365}
    browse(administrator).post("/keys/new/", sent)
    stranger = make_person(Role.ADMINISTRATOR, make_agency("Other County"))
    client = browse(stranger)
    key = ApiKey.objects.get()
    assert client.post(f"/keys/{key.pk}/revoke/").status_code == 404
    assert client.post("/keys/new/", sent).status_code == 422


def test_one_switches_only_between_ones_own_agencies(browse, administrator):
    other, third = make_agency("Other County"), make_agency("Third County")
    Membership.objects.create(user=administrator.user, agency=other, role="viewer", side="agency")
    client = browse(administrator)
    assert client.post("/switch-agency/", {"agency": other.pk}).url == "/"
    assert "Other County" in text(client.get("/agency/"))
    assert client.get("/people/").status_code == 403
    for wrong in (third.pk, "", "x", "9" * 30, "-1", "٣"):
        assert client.post("/switch-agency/", {"agency": wrong}).status_code == 404
    assert client.get("/switch-agency/").status_code == 405


def test_signing_in_is_asked_for_with_the_way_back(client):
    assert client.get("/people/").url == "/account/login/?next=/people/"
    part = client.get("/people/", headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert part["HX-Redirect"] == "/account/login/"
