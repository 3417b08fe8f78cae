"""Jobs: done at least once, kept once, ended always."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from celery import Celery
from django.db import transaction
from django.db.models.functions import Now

from portal.jobs import queue, registry, running
from portal.jobs.management.commands.sweep import sweep
from portal.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    monkeypatch.setattr(registry, "KINDS", {})
    monkeypatch.setattr(running, "KINDS", registry.KINDS)
    monkeypatch.setattr(queue, "KINDS", registry.KINDS)
    return registry.KINDS


def test_a_job_runs_with_its_subject_and_is_done(kinds):
    seen = []
    registry.job("greet")(lambda subject, progress: seen.append(subject))
    job = queue.enqueue("greet", 7)
    running.run(job.pk)
    job.refresh_from_db()
    assert (seen, job.state) == (["7"], Job.State.DONE)


def test_rung_twice_it_is_done_once(kinds):
    seen = []
    registry.job("greet")(lambda subject, progress: seen.append(subject))
    job = queue.enqueue("greet", 7)
    running.run(job.pk)
    running.run(job.pk)
    assert seen == ["7"]


def test_a_failing_job_is_tried_three_times_and_tells_its_subject(kinds):
    told = []

    @registry.job("break", gave_up=lambda subject, reason: told.append((subject, reason)))
    def work(subject, progress):
        raise RuntimeError("the roof leaks")

    job = queue.enqueue("break", "house")
    assert running.run_due() == 3
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert told == [("house", "RuntimeError")]


def test_work_that_will_always_fail_is_tried_once_and_tells_its_subject(kinds):
    told = []

    @registry.job("break", gave_up=lambda subject, reason: told.append((subject, reason)))
    def work(subject, progress):
        raise registry.Fruitless("there is no roof")

    job = queue.enqueue("break", "house")
    assert running.run_due() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 1)
    assert told == [("house", "Fruitless")]


def test_a_worker_that_died_is_followed_by_another_and_keeps_nothing_itself(kinds):
    kept = []

    @registry.job("slow")
    def work(subject, progress):
        if not kept:
            # Meanwhile another worker found the lease run out and took over.
            kept.append("first")
            Job.objects.update(lease_until=Now() - timedelta(seconds=1))
            running.run(job.pk)
        with transaction.atomic():
            progress.hold()
            kept.append("kept")

    job = queue.enqueue("slow", 1)
    running.run(job.pk)
    job.refresh_from_db()
    assert kept == ["first", "kept"]
    assert job.state == Job.State.DONE


def test_a_job_that_kills_its_workers_is_given_up_by_the_sweeper(kinds):
    registry.job("poison")(lambda subject, progress: None)
    job = queue.enqueue("poison", 1)
    Job.objects.update(
        state=Job.State.RUNNING,
        attempts=running.ATTEMPTS,
        lease=uuid.uuid4(),
        lease_until=Now() - timedelta(seconds=1),
    )
    sweep()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_a_job_whose_last_worker_was_killed_does_not_give_the_reason_of_an_earlier_one(kinds):
    told = []
    registry.job("poison", gave_up=lambda subject, reason: told.append(reason))(lambda *_: None)
    killed, failed = queue.enqueue("poison", 1), queue.enqueue("poison", 2)
    Job.objects.update(attempts=running.ATTEMPTS, reason="OSError")
    Job.objects.filter(pk=failed.pk).update(due_at=Now() - timedelta(seconds=1))
    Job.objects.filter(pk=killed.pk).update(
        state=Job.State.RUNNING,
        lease=uuid.uuid4(),
        lease_until=Now() - timedelta(seconds=2),
        due_at=Now() - timedelta(seconds=2),
    )
    sweep()
    killed.refresh_from_db()
    failed.refresh_from_db()
    assert told == [killed.reason, failed.reason] == ["Abandoned", "OSError"]


def test_the_sweeper_finds_what_was_never_rung_and_what_was_abandoned(kinds):
    never = queue.enqueue("a", 1)
    rung = queue.enqueue("a", 2)
    Job.objects.filter(pk=rung.pk).update(rung_at=Now())
    abandoned = queue.enqueue("a", 3)
    Job.objects.filter(pk=abandoned.pk).update(
        state=Job.State.RUNNING, lease_until=Now() - timedelta(seconds=1)
    )
    assert {job.pk for job in running.due()} == {never.pk, abandoned.pk}


def test_a_transaction_that_fails_leaves_no_job(kinds):
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.enqueue("a", 1)
        raise RuntimeError
    assert not Job.objects.exists()


def test_without_a_broker_the_work_is_queued_all_the_same(
    kinds, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(
        queue,
        "current_app",
        Celery("away", broker="redis+socket:///nonexistent/valkey.sock", set_as_current=False),
    )
    with django_capture_on_commit_callbacks(execute=True):
        job = queue.enqueue("a", 1)
    job.refresh_from_db()
    assert (job.state, job.rung_at) == (Job.State.QUEUED, None)


def test_announcements_reach_the_kinds_that_follow(kinds):
    registry.job("recount", follows=["facts"])(lambda subject, progress: None)
    registry.job("other")(lambda subject, progress: None)
    queue.announce("facts", 5)
    assert list(Job.objects.values_list("kind", "subject")) == [("recount", "5")]
