"""The safety net under the doorbell: a process of its own that looks after jobs every 15 seconds.

Once an hour it looks whether the day's chores are queued.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from portal.jobs import chores, queue, running

log = logging.getLogger(__name__)

EVERY_SECONDS = 15
CHORES_EVERY_SECONDS = 60 * 60


class Command(BaseCommand):
    help = "Rings again for jobs that were not heard or whose worker died; ends those that failed thrice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        stop = threading.Event()
        if not once:
            for signum in (signal.SIGTERM, signal.SIGINT):
                signal.signal(signum, lambda *_: stop.set())
        chores_at = time.monotonic()
        while not stop.is_set():
            try:
                if time.monotonic() >= chores_at:
                    chores.enqueue_chores()
                    chores_at = time.monotonic() + CHORES_EVERY_SECONDS
                sweep()
            except OperationalError as error:
                # The database is away: this process outlives it and tries again in the next round.
                log.warning("sweep skipped: %s", error)
            if once:
                return
            close_old_connections()
            stop.wait(EVERY_SECONDS)


def sweep() -> None:
    """One round over the jobs that are due; one that cannot be ended does not keep the others waiting."""
    for job in running.due():
        if job.attempts < running.ATTEMPTS:
            queue.ring(job)
            continue
        try:
            running.give_up(job)
        except OperationalError:
            raise
        except Exception:
            log.exception(
                "job %s (%s) could not be given up; the next round tries again", job.pk, job.kind
            )
