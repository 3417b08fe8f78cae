"""The rosters' kind of job: an id in, one stage called."""

from __future__ import annotations

from agreements.pipeline import rosters
from portal.jobs.registry import job
from portal.jobs.running import Progress

READ_ROSTER = "agreements.read_roster"


@job(READ_ROSTER, gave_up=rosters.gave_up)
def read_roster(upload_id: str, progress: Progress) -> None:
    """Read a roster file and propose what it changes."""
    rosters.read(upload_id, progress)
