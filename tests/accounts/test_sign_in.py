"""Signing in: what of allauth is open, and what somebody signed in may not do with it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.accounts import sign_in_urls
from portal.accounts.models import User
from portal.accounts.roles import Role
from tests.factories import PASSWORD, make_agency, make_person

pytestmark = pytest.mark.django_db


def test_only_these_pages_of_allauth_are_open():
    open_pages = {
        pattern.name
        for pattern in sign_in_urls.urlpatterns
        if pattern.callback is not sign_in_urls.closed
    }
    assert open_pages == {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }


@pytest.mark.parametrize("name", ["account_email", "account_signup"])
def test_nobody_gives_themselves_an_address_or_an_account(client, name):
    person = make_person(Role.VIEWER, make_agency())
    client.force_login(person.user)
    answer = client.post(
        reverse(name), {"email": "certifier@test.example", "action_add": "", "password1": PASSWORD}
    )
    assert answer.status_code == 404
    assert not User.objects.filter(email="certifier@test.example").exists()


def test_a_person_signs_in_by_email_whatever_its_case(client):
    user = make_person(Role.VIEWER, make_agency()).user
    answer = client.post(
        reverse("account_login"), {"login": user.email.upper(), "password": PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(client):
    user = make_person(Role.VIEWER, make_agency()).user
    answers = [
        client.post(reverse("account_login"), {"login": email, "password": "wrong-password"})
        for email in (user.email, "nobody@test.example")
    ]
    words = [answer.content.decode().replace(user.email, "@") for answer in answers]
    assert "not correct" in words[0]
    assert [answer.status_code for answer in answers] == [answers[0].status_code] * 2
