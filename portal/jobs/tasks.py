"""What Celery carries: the id of a job. Everything else is in PostgreSQL."""

from __future__ import annotations

import uuid

from celery import shared_task

from portal.jobs import running


@shared_task(name="portal.jobs.tasks.run_job", ignore_result=True)
def run_job(job_id: str) -> None:
    """The doorbell rang for this job."""
    running.run(uuid.UUID(job_id))
