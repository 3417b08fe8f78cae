"""POST /api/v1/oauth/token/ and what a token is good for."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from portal.accounts.models import ApiKey, Membership
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import end_role, revoke_key
from portal.kernel import clock
from tests.api.client import TOKEN, Machine, ask_token, make_machine, post_form
from tests.factories import make_person


def test_a_key_gets_a_token_for_all_its_scopes(machine: Machine) -> None:
    answer = ask_token(machine)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    token = answer.json()
    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 3600
    assert set(token["scope"].split()) == {"roster:write", "payroll:write", "claims:read"}
    assert "refresh_token" not in token


def test_the_id_and_secret_may_travel_as_basic(machine: Machine) -> None:
    pair = f"{machine.key.client_id}:{machine.secret}".encode()
    answer = post_form(
        {"grant_type": "client_credentials", "scope": "claims:read"},
        HTTP_AUTHORIZATION=f"Basic {base64.b64encode(pair).decode()}",
    )
    assert answer.status_code == 200
    assert answer.json()["scope"] == "claims:read"


def test_only_a_hash_of_the_token_is_stored(machine: Machine) -> None:
    (stored,) = get_access_token_model().objects.filter(application=machine.key)
    assert machine.token not in str(vars(stored))
    assert len(machine.secret) == 128
    assert ApiKey.objects.get(pk=machine.key.pk).client_secret.startswith("pbkdf2_key$")
    assert machine.secret not in ApiKey.objects.get(pk=machine.key.pk).client_secret


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "a\0b"}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"resource": "x"}, 400, "invalid_request"),
        (
            {"grant_type": "password", "username": "a", "password": "b"},
            400,
            "unsupported_grant_type",
        ),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "unsupported_grant_type"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"scope": "a" * 20_000}, 400, "invalid_request"),
    ],
)
def test_a_bad_request_is_refused_in_words(
    machine: Machine, fields: dict[str, str], status: int, error: str
) -> None:
    answer = ask_token(machine, **fields)
    assert answer.status_code == status
    said = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert (said["error"], said["code"], said["status"]) == (error, error, status)
    assert said["detail"]
    assert said["fix"]


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic ",
        "Basic !!!!",
        "Basic YQ==",
        "Basic " + base64.b64encode(b"a\0:b").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:b").decode(),
        "Basic é",
        "Bearer abc",
        "Digest abc",
    ],
)
def test_unreadable_credentials_are_refused(db: None, authorization: str) -> None:
    form = {"grant_type": "client_credentials"}
    answer = post_form(form, HTTP_AUTHORIZATION=authorization)
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/plain", b"x", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/x-www-form-urlencoded", b"", 400),
        ("application/x-www-form-urlencoded", b"grant_type=client_credentials&grant_type=x", 400),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00&&&=", 400),
        ("application/x-www-form-urlencoded; charset=utf-16", b"grant_type=x", 400),
        ("application/x-www-form-urlencoded; charset=klingon", b"grant_type=x", 400),
    ],
)
def test_other_bodies_are_refused(db: None, kind: str, body: bytes, status: int) -> None:
    client = Client(raise_request_exception=False)
    answer = client.generic("POST", TOKEN, body, content_type=kind)
    assert answer.status_code == status, answer.content


def test_nothing_travels_in_the_address(machine: Machine) -> None:
    secret = f"?client_id={machine.key.client_id}&client_secret={machine.secret}"
    answer = post_form({"grant_type": "client_credentials"}, TOKEN + secret)
    assert answer.status_code == 400
    assert Client().get(TOKEN).status_code == 405


def test_a_key_cannot_ask_for_scopes_it_does_not_have(machine: Machine) -> None:
    small = make_machine(machine.agency, "claims:read")
    assert ask_token(small, scope="payroll:write").json()["error"] == "invalid_scope"
    assert ask_token(small).json()["scope"] == "claims:read"


def test_a_revoked_key_stops_at_once(machine: Machine) -> None:
    assert machine.get("/api/v1/quarters/").status_code == 200
    revoke_key(actor=make_person(Role.ADMINISTRATOR, machine.agency), key=machine.key)
    answer = machine.get("/api/v1/quarters/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert ask_token(machine).json()["error"] == "invalid_client"


def test_an_expired_token_is_refused(machine: Machine) -> None:
    tokens = get_access_token_model().objects.filter(application=machine.key)
    tokens.update(expires=timezone.now() - timedelta(seconds=1))
    assert machine.get("/api/v1/quarters/").status_code == 401


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer a b", "Bearer \xff", "Token x", "Bearer " + "x" * 9000],
)
def test_without_a_good_token_nothing_is_told(machine: Machine, authorization: str) -> None:
    machine.token = ""
    answer = machine.get("/api/v1/claims/", authorization=authorization)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert machine.get(f"/api/v1/claims/?access_token={machine.token}").status_code == 401


def test_a_session_opens_no_api(machine: Machine) -> None:
    client = Client()
    client.force_login(machine.owner.user)
    assert client.get("/api/v1/claims/").status_code == 401


def test_a_key_does_no_more_than_its_owner_may(machine: Machine) -> None:
    roles = Membership.objects.filter(user=machine.owner.user)
    admin = make_person(Role.ADMINISTRATOR, machine.agency)
    viewer = make_person(Role.VIEWER, machine.agency)
    for membership in roles:
        end_role(actor=admin, membership=membership)
    answer = machine.get("/api/v1/quarters/")
    assert (answer.status_code, answer.json()["code"]) == (403, "key_without_owner")
    ApiKey.objects.filter(pk=machine.key.pk).update(user=viewer.user)
    assert machine.get("/api/v1/quarters/").status_code == 200
    answer = machine.send_file("/api/v1/payroll-batches/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_an_owner_of_another_agency_answers_for_nothing(
    machine: Machine, stranger: Machine
) -> None:
    assert actor_for(stranger.owner.user).agency == stranger.agency
    ApiKey.objects.filter(pk=machine.key.pk).update(user=stranger.owner.user)
    assert machine.get("/api/v1/quarters/").json()["code"] == "key_without_owner"


def test_the_last_use_is_noted_once_a_minute(machine: Machine) -> None:
    machine.get("/api/v1/quarters/")
    first = ApiKey.objects.get(pk=machine.key.pk).last_used_at
    machine.get("/api/v1/quarters/")
    assert ApiKey.objects.get(pk=machine.key.pk).last_used_at == first
    with clock.clock_at(clock.now() + timedelta(minutes=2)):
        machine.get("/api/v1/quarters/")
    assert ApiKey.objects.get(pk=machine.key.pk).last_used_at > first
