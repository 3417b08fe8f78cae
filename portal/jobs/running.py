"""Running jobs: one worker at a time holds a job's lease, and only the holder may keep results."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from portal.jobs import queue
from portal.jobs.models import Job
from portal.jobs.registry import KINDS, Fruitless

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
HEARTBEAT_SECONDS = 10
ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=5)
OVERDUE = timedelta(hours=1)
ABANDONED = "Abandoned"
"""The reason of a job whose last worker was ended by force: it could not say why, like an exception does."""

_LAPSED = Q(state=Job.State.RUNNING, lease_until__lt=Now())


class LeaseLost(Exception):
    """Another worker has taken the job over; whatever this one computed is dropped."""


class Progress:
    """A running job's handle: says how far it is, and guards what it keeps."""

    def __init__(self, job_id: uuid.UUID, lease: uuid.UUID) -> None:
        self._mine = Q(pk=job_id, lease=lease, state=Job.State.RUNNING)

    def step(self, text: str, done: int = 0, total: int = 0) -> None:
        """Show `text` (and `done` of `total`) to whoever waits. Call it outside transactions."""
        if not Job.objects.filter(self._mine).update(step=text, done=done, total=total):
            raise LeaseLost

    def hold(self) -> None:
        """Inside the transaction that keeps results: fail unless the lease is still held."""
        if not Job.objects.select_for_update().filter(self._mine).exists():
            raise LeaseLost

    def renew(self) -> bool:
        return bool(Job.objects.filter(self._mine).update(lease_until=Now() + LEASE))

    def finish(self) -> None:
        """End the job: when its work has returned, or where it hands over, in the same transaction."""
        Job.objects.filter(self._mine).update(
            state=Job.State.DONE, step="Done", finished_at=Now(), lease=None, lease_until=None
        )

    def put_back(self, reason: str) -> None:
        """Queue the job again after a failure; the sweeper rings when it is due."""
        Job.objects.filter(self._mine).update(
            state=Job.State.QUEUED,
            step="Waiting to try again",
            reason=reason[:500],
            due_at=Now() + RETRY_AFTER,
            rung_at=None,
            lease=None,
            lease_until=None,
        )


def run(job_id: uuid.UUID) -> None:
    """Do a job if nobody else is doing it and it is not done. Rung twice, it is still done once."""
    progress = _take(job_id)
    if progress is None:
        return
    job = Job.objects.get(pk=job_id)
    try:
        with _heartbeat(progress):
            KINDS[job.kind].work(job.subject, progress)
    except LeaseLost:
        log.warning("job %s (%s) was taken over by another worker", job.pk, job.kind)
    except Exception as error:
        log.exception("job %s (%s %s) failed", job.pk, job.kind, job.subject)
        # Only its kind: an error's words may repeat what was in a file, and the reason stays on record.
        progress.put_back(type(error).__name__)
        if job.attempts >= ATTEMPTS or isinstance(error, Fruitless):
            give_up(job)
    else:
        progress.finish()


def _take(job_id: uuid.UUID) -> Progress | None:
    free = Q(state=Job.State.QUEUED) | _LAPSED
    lease = uuid.uuid4()
    taken = Job.objects.filter(free, pk=job_id, attempts__lt=ATTEMPTS).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        lease=lease,
        lease_until=Now() + LEASE,
    )
    return Progress(job_id, lease) if taken else None


def give_up(job: Job) -> None:
    """End a job that failed too often or always will, and tell its subject: nobody waits for ever.

    Both or neither: a subject that cannot be told is told in the sweeper's next round.
    """
    with transaction.atomic():
        # What stopped an earlier attempt is not why this one ended.
        Job.objects.filter(_LAPSED, pk=job.pk).update(reason=ABANDONED)
        ended = Job.objects.filter(
            pk=job.pk, state__in=[Job.State.QUEUED, Job.State.RUNNING]
        ).update(
            state=Job.State.FAILED,
            step="Stopped because it failed",
            finished_at=Now(),
            lease=None,
            lease_until=None,
        )
        job.refresh_from_db(fields=["reason"])
        # A release may have dropped the kind; its jobs end all the same.
        kind = KINDS.get(job.kind)
        if ended and kind is not None and kind.gave_up is not None:
            kind.gave_up(job.subject, job.reason)
    log.error("job %s (%s %s) was given up", job.pk, job.kind, job.subject)


def due() -> Iterator[Job]:
    """Jobs nobody is working on although they should be: never rung, rung in vain, or abandoned."""
    unheard = Q(state=Job.State.QUEUED, due_at__lte=Now()) & (
        Q(rung_at=None) | Q(rung_at__lt=Now() - timedelta(seconds=60))
    )
    yield from Job.objects.filter(_LAPSED | unheard).order_by("due_at")[:500]


def overdue() -> Iterator[Job]:
    """Jobs that should have ended long ago, whatever keeps them: for `verify`, so that people look."""
    late = Job.objects.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    yield from late.filter(created_at__lt=Now() - OVERDUE).order_by("created_at")


def run_due(*, leave: Collection[str] = ()) -> int:
    """Run queued jobs here, in order, until none is left but the kinds in `leave`; how many ran.

    Under `queue.silent_doorbell` only the jobs queued there: a command with a clock of its own must not
    do other people's work by it.
    """
    count = 0
    queued = Job.objects.filter(state=Job.State.QUEUED).exclude(kind__in=leave)
    while job := _own(queued).order_by("created_at").first():
        run(job.pk)
        count += 1
    return count


def _own(jobs: QuerySet[Job]) -> QuerySet[Job]:
    own = queue.own_jobs()
    return jobs if own is None else jobs.filter(pk__in=own)


@contextmanager
def _heartbeat(progress: Progress) -> Iterator[None]:
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            if not progress.renew():
                break
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=HEARTBEAT_SECONDS)
