"""Putting work into the queue: a row in the caller's transaction, and a ring of the doorbell after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import kombu.exceptions
import redis.exceptions
from celery import current_app
from django.db import transaction
from django.db.models.functions import Now

from portal.jobs.models import Job
from portal.jobs.registry import KINDS

log = logging.getLogger(__name__)

ONE_QUICK_TRY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
"""How hard to ring: whoever uploads does not wait for a broker that is away."""
FIRST, LAST = 0, 9
"""Priorities as the broker knows them: workers take what rings first before anything that rings last."""

_kept: ContextVar[list[UUID] | None] = ContextVar("jobs_kept", default=None)


def enqueue(kind: str, subject: Any, *, rings: bool = True) -> Job:
    """Queue work of `kind` on `subject` (an id). It starts after the transaction commits, or not at all.

    Without ringing it waits for the sweeper: for many jobs at once, or work that is in no hurry.
    """
    job = Job.objects.create(kind=kind, subject=str(subject))
    kept = _kept.get()
    if kept is not None:
        kept.append(job.pk)
    elif rings:
        transaction.on_commit(lambda: ring(job))
    return job


def announce(topic: str, subject: Any, *, rings: bool = True) -> None:
    """Queue every kind of job that follows `topic`."""
    for kind in KINDS.values():
        if topic in kind.follows:
            enqueue(kind.name, subject, rings=rings)


def ring(job: Job) -> None:
    """Tell the workers about a job. When the broker is away the sweeper will ring again."""
    options = {**current_app.conf.broker_transport_options, **ONE_QUICK_TRY}
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            current_app.send_task(
                "portal.jobs.tasks.run_job",
                [str(job.pk)],
                connection=connection,
                retry=False,
                priority=_priority(job),
            )
    except (kombu.exceptions.OperationalError, redis.exceptions.RedisError, OSError) as error:
        log.warning("doorbell out of order, job %s waits for the sweeper: %s", job.pk, error)
        return
    Job.objects.filter(pk=job.pk).update(rung_at=Now())


def _priority(job: Job) -> int:
    # A release may have dropped the kind; its jobs still end.
    kind = KINDS.get(job.kind)
    return LAST if kind is not None and kind.is_patient else FIRST


@contextmanager
def silent_doorbell() -> Iterator[None]:
    """Queue without ringing, for a command that runs its own jobs, and no others (`running.run_due`)."""
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def own_jobs() -> list[UUID] | None:
    """The jobs queued under the silent doorbell so far; None where it rings."""
    return _kept.get()
