"""What people have just sent is not kept waiting behind packets: a real broker and a real worker."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from claims import tasks
from portal.jobs.models import Job
from portal.jobs.queue import enqueue
from portal.jobs.running import RETRY_AFTER
from tests.worker import running_worker

pytestmark = pytest.mark.django_db(transaction=True)

NO_PACKET = 10**9
PATIENCE_SECONDS = 60


def test_what_hurries_goes_before_packets_that_were_asked_for_earlier():
    packets = [enqueue(tasks.RENDER_PACKET, NO_PACKET) for _ in range(5)]
    hurried = enqueue(tasks.SEND_NOTICES, tasks.FIRST_TRY)
    with running_worker():
        deadline = time.monotonic() + PATIENCE_SECONDS
        # There is no such packet, so each job fails and is put back for later.
        while Job.objects.filter(pk__in=[job.pk for job in packets], attempts__gt=0).count() < 5:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    hurried.refresh_from_db()
    assert hurried.state == Job.State.DONE
    for job in packets:
        job.refresh_from_db()
        tried_at = job.due_at - RETRY_AFTER
        assert tried_at > hurried.finished_at - timedelta(milliseconds=1)
