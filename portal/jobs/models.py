"""Durable work: the row is written in the transaction that needs it; PostgreSQL is the queue."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now


class Job(models.Model):
    """One piece of work to be done at least once. Its times are real time, not the program's clock."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to start"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_default=Now())
    rung_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=120, default="Waiting to start")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["due_at"],
                name="job_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
        )

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
