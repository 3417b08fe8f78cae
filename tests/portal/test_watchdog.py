"""Nothing is pending for ever: whatever befalls a worker, the job ends, and the file with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from agreements.models import RosterUpload
from agreements.services.rosters import receive_roster
from claims.models import PayrollBatch
from claims.services.payroll import receive_payroll
from claims.verification import problems
from portal.accounts.roles import Role
from portal.intake.models import Batch
from portal.intake.uploads import Upload
from portal.intake.watchdog import unfinished
from portal.jobs import queue, registry, running
from portal.jobs.management.commands.sweep import sweep
from portal.jobs.models import Job
from tests.factories import PAYROLL, QUARTER, ROSTER, make_agency, make_person

pytestmark = pytest.mark.django_db

PAST = timedelta(seconds=1)
HOURS = timedelta(hours=2)


@pytest.fixture(params=["payroll", "roster"])
def batch(request) -> Batch:
    """A file that was sent and that nobody has read yet."""
    preparer = make_person(Role.PREPARER, make_agency())
    service, text = {
        "payroll": (receive_payroll, PAYROLL),
        "roster": (receive_roster, ROSTER),
    }[request.param]
    upload = Upload("file.csv", "text/csv", [text.encode()])
    return service(actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=upload)


@pytest.fixture
def kinds(monkeypatch):
    """No kind of job but those of the test."""
    kinds: dict[str, registry.Kind] = {}
    for module in (registry, running, queue):
        monkeypatch.setattr(module, "KINDS", kinds)
    return kinds


def die_holding_the_lease(job: Job) -> None:
    """A worker takes the job and is killed; its lease runs out."""
    assert running._take(job.pk) is not None
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - PAST)


def test_a_file_that_kills_every_worker_is_rejected_and_says_so(batch, client):
    job = batch.job
    for _ in range(running.ATTEMPTS):
        assert job in list(running.due())
        die_holding_the_lease(job)
    assert running._take(job.pk) is None, "nobody tries a fourth time"
    sweep()
    job.refresh_from_db()
    batch.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert batch.state == Batch.State.REJECTED
    assert batch.reason
    client.force_login(batch.uploaded_by)
    rooms = {PayrollBatch: "payroll", RosterUpload: "officers/rosters"}
    page = client.get(f"/{rooms[type(batch)]}/{batch.pk}/").content.decode()
    assert batch.reason in page
    assert "data-poll" not in page


def test_a_file_whose_reading_fails_every_time_is_rejected(batch, monkeypatch):
    def broken(subject, progress):
        raise MemoryError

    kind = registry.KINDS[batch.job.kind]
    broken_kind = registry.Kind(kind.name, broken, kind.gave_up, kind.follows)
    monkeypatch.setitem(registry.KINDS, kind.name, broken_kind)
    for _ in range(running.ATTEMPTS):
        running.run(batch.job.pk)
    batch.refresh_from_db()
    assert batch.state == Batch.State.REJECTED
    assert batch.reason


LEFT = {
    "never rung": {"state": "queued"},
    "rung in vain": {"state": "queued", "rung_at": Now() - timedelta(minutes=2)},
    "abandoned": {"state": "running", "attempts": 1, "lease_until": Now() - PAST},
    "abandoned at last": {"state": "running", "attempts": 3, "lease_until": Now() - PAST},
    "put back, not given up": {"state": "queued", "attempts": 3, "reason": "MemoryError"},
}
"""What a process that dies can leave of a job."""


@pytest.mark.parametrize("left", LEFT)
def test_however_a_job_was_left_it_ends(kinds, left):
    registry.job("work")(lambda subject, progress: None)
    job = queue.enqueue("work", 1)
    Job.objects.filter(pk=job.pk).update(**LEFT[left])
    assert job in list(running.due())
    sweep()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.is_finished


def test_a_job_of_a_kind_that_is_gone_ends_all_the_same(kinds):
    job = queue.enqueue("of an earlier release", 1)
    assert running.run_due() == running.ATTEMPTS
    job.refresh_from_db()
    assert (job.state, job.reason) == (Job.State.FAILED, "KeyError")


def test_a_subject_that_cannot_be_told_is_told_later_and_keeps_nobody_waiting(kinds):
    told = []

    def tell(subject, reason):
        if len(told) == 0:
            told.append("tried")
            raise ConnectionError
        told.append(subject)

    registry.job("poison", gave_up=tell)(lambda subject, progress: None)
    first, second = queue.enqueue("poison", "first"), queue.enqueue("poison", "second")
    Job.objects.update(state="running", attempts=3, lease_until=Now() - PAST)
    sweep()
    first.refresh_from_db()
    second.refresh_from_db()
    assert not first.is_finished
    assert second.is_finished
    sweep()
    first.refresh_from_db()
    assert first.is_finished
    assert told == ["tried", "second", "first"]


def test_what_has_been_unfinished_for_long_is_told(batch):
    assert list(unfinished(type(batch))) == []
    Job.objects.update(created_at=Now() - HOURS)
    [told] = unfinished(type(batch))
    assert batch.reference in told
    assert told in list(problems())
    assert batch.job in list(running.overdue())
    running.run_due()
    assert list(unfinished(type(batch))) == []
    assert list(running.overdue()) == []
