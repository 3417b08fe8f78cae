"""Files whose reading should have ended long ago: nothing waits for ever without somebody being told."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models.functions import Now

from portal.intake.models import Batch
from portal.jobs.running import OVERDUE


def unfinished(model: type[Batch]) -> Iterator[str]:
    """Every file of a kind that has been unfinished for longer than an hour, one sentence each.

    By the clock of its job, which is real time.
    """
    late = model._default_manager.filter(
        state__in=Batch.UNFINISHED, job__created_at__lt=Now() - OVERDUE
    )
    for batch in late.select_related("agency", "job").order_by("received_at"):
        yield (
            f"{model._meta.verbose_name} {batch.reference} of {batch.agency} has been unfinished for more "
            f"than an hour (its job: {batch.job.get_state_display() if batch.job else 'none'})"
        )
