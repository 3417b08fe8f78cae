"""Mails go out once; a mail server that is away, or refuses somebody, loses none and doubles none."""

from __future__ import annotations

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from claims import tasks
from claims.models import Notice
from claims.pipeline import notices
from portal.accounts.roles import Role
from portal.jobs.models import Job
from portal.jobs.queue import enqueue
from portal.jobs.running import run
from portal.kernel import clock
from tests.factories import make_agency, make_person, settle

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
AWAY = "django.core.mail.backends.smtp.EmailBackend"


class ChoosyBackend(EmailBackend):
    """A mail server that refuses one recipient."""

    def send_messages(self, messages):
        if any("refused" in address for message in messages for address in message.to):
            raise SMTPRecipientsRefused({"refused": (550, b"no such user")})
        return super().send_messages(messages)


@pytest.fixture
def people(db):
    agency = make_agency()
    return [make_person(Role.VIEWER, agency).user for _ in range(3)]


def write(*people, key="news", **fields) -> None:
    notices.write(
        Notice(user=person, key=key, subject="News", text="Read it.", **fields) for person in people
    )


def test_a_notice_is_written_and_sent_once(people):
    write(*people)
    write(*people)
    assert Notice.objects.count() == 3
    for _ in range(2):
        assert notices.send() is False
    assert sorted(message.to[0] for message in mail.outbox) == sorted(p.email for p in people)
    assert all(Notice.objects.values_list("sent_at", flat=True))


def test_a_mail_server_that_is_away_loses_nothing_and_doubles_nothing(people, settings):
    write(*people)
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = AWAY, 1
    job = enqueue(tasks.SEND_NOTICES, tasks.FIRST_TRY, rings=False)
    for _ in range(3):
        run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert not Notice.objects.exclude(sent_at=None).exists()
    later = Job.objects.get(kind=tasks.SEND_NOTICES, state=Job.State.QUEUED)
    assert later.subject == "1"
    assert later.due_at - later.created_at >= timedelta(minutes=9)
    settings.EMAIL_BACKEND = LOCMEM
    settle()
    assert len(mail.outbox) == 3
    settle()
    assert len(mail.outbox) == 3


def test_it_gives_up_some_time_and_leaves_the_rest_to_the_day(people, settings):
    write(*people)
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = AWAY, 1
    enqueue(tasks.SEND_NOTICES, tasks.FIRST_TRY, rings=False)
    settle()
    assert Job.objects.filter(kind=tasks.SEND_NOTICES).count() == tasks.LAST_TRY + 1
    settings.EMAIL_BACKEND = LOCMEM
    settings.PORTAL_CHORES = ["claims.chores.send_unsent"]
    enqueue("jobs.chore", "claims.chores.send_unsent", rings=False)
    settle()
    assert len(mail.outbox) == 3


def test_an_address_that_is_refused_keeps_nobody_elses_mail_back(people, settings):
    people[0].email = "refused@test.example"
    people[0].save()
    write(*people)
    settings.EMAIL_BACKEND = f"{__name__}.ChoosyBackend"
    assert notices.send() is False
    assert len(mail.outbox) == 2
    assert Notice.objects.get(sent_at=None).user == people[0]


def test_what_is_more_than_one_job_sends_goes_to_the_next(people, monkeypatch):
    monkeypatch.setattr(notices, "PER_RUN", 2)
    write(*people)
    enqueue(tasks.SEND_NOTICES, tasks.FIRST_TRY, rings=False)
    settle()
    assert len(mail.outbox) == 3


def test_a_mail_of_last_week_is_not_sent_any_more(people):
    write(people[0], written_at=clock.now() - timedelta(days=8))
    assert notices.send() is False
    assert not mail.outbox


def test_who_has_left_gets_no_mail(people):
    write(*people)
    people[0].is_active = False
    people[0].save()
    notices.send()
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_send_each_mail_once():
    agency = make_agency()
    write(*(make_person(Role.VIEWER, agency).user for _ in range(8)))

    def work() -> None:
        notices.send()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    addresses = [message.to[0] for message in mail.outbox]
    assert len(addresses) == len(set(addresses)) == 8
