"""Chores: ended sessions, expired tokens and old answers are thrown away, once a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from portal.accounts.models import ApiKey, IdempotentRequest
from portal.accounts.roles import Role
from portal.accounts.services import create_key
from portal.jobs.chores import CHORE, enqueue_chores
from portal.jobs.models import Job
from portal.jobs.running import run_due
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> ApiKey:
    agency = make_agency()
    return create_key(
        actor=make_person(Role.ADMINISTRATOR, agency),
        agency=agency,
        owner=make_person(Role.PREPARER, agency).user,
        name="Payroll system",
        scopes="claims:read",
    )[0]


def do_chores() -> set[str]:
    """The day's chores, done; their states."""
    enqueue_chores()
    run_due()
    return set(Job.objects.filter(kind=CHORE).values_list("state", flat=True))


def test_ended_sessions_go_and_open_ones_stay():
    for _ in range(2):
        Client().force_login(make_person(Role.AUDITOR).user)
    ended = Session.objects.first()
    Session.objects.filter(pk=ended.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert do_chores() == {Job.State.DONE}
    assert Session.objects.count() == 1
    assert not Session.objects.filter(pk=ended.pk).exists()


def test_expired_tokens_go_and_good_ones_stay(key):
    for token, hours in (("old", -1), ("good", 1)):
        AccessToken.objects.create(
            application=key,
            token=token,
            expires=timezone.now() + timedelta(hours=hours),
            scope="claims:read",
        )
    assert do_chores() == {Job.State.DONE}
    assert AccessToken.objects.count() == 1
    assert AccessToken.objects.get().expires > timezone.now()


def test_answers_are_remembered_for_thirty_days(key):
    for days in (29, 31):
        request = IdempotentRequest.objects.create(
            key=key, name=f"{days}", fingerprint="", status=202, body="{}", headers="{}"
        )
        IdempotentRequest.objects.filter(pk=request.pk).update(at=Now() - timedelta(days=days))
    assert do_chores() == {Job.State.DONE}
    assert IdempotentRequest.objects.get().name == "29"


def test_chores_are_queued_once_a_day(settings):
    assert enqueue_chores() == len(settings.PORTAL_CHORES)
    assert enqueue_chores() == 0
    Job.objects.update(created_at=Now() - timedelta(days=1, seconds=1))
    assert enqueue_chores() == len(settings.PORTAL_CHORES)


def test_the_sweeper_queues_them(settings):
    call_command("sweep", "--once")
    assert Job.objects.filter(kind=CHORE).count() == len(settings.PORTAL_CHORES)


def test_a_chore_that_is_no_longer_named_is_passed_over(settings):
    queued = enqueue_chores()
    settings.PORTAL_CHORES = []
    assert run_due() == queued
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
