"""Chores: what is thrown away once a day because nobody needs it any more.

The apps above name theirs in `PORTAL_CHORES`. Each is a job of its own, so that one that fails is tried
again and keeps no other from being done.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from portal.jobs.models import Job
from portal.jobs.queue import enqueue
from portal.jobs.registry import job
from portal.jobs.running import Progress

CHORE = "jobs.chore"
EVERY = timedelta(days=1)


@transaction.atomic
def enqueue_chores() -> int:
    """Queue the chores that were not queued within a day; how many. Two sweepers at once queue them once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(287030)")
    recent = Job.objects.filter(kind=CHORE, created_at__gt=Now() - EVERY)
    done = set(recent.values_list("subject", flat=True))
    due = [chore for chore in settings.PORTAL_CHORES if chore not in done]
    for chore in due:
        enqueue(CHORE, chore, rings=False)
    return len(due)


@job(CHORE)
def do_chore(name: str, progress: Progress) -> None:
    """Do one chore; one that is no longer named is passed over."""
    if name in settings.PORTAL_CHORES:
        import_string(name)()
