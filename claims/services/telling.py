"""Telling people by mail that something is theirs to do, or that something happened to their claim."""

from __future__ import annotations

from typing import Any

from claims import tasks
from claims.models import Claim
from claims.pipeline import notices, telling
from portal.accounts.models import Agency
from portal.jobs.queue import enqueue
from portal.kernel.quarter import Quarter


def tell(event: str, claim: Claim, **facts: Any) -> None:
    """Write the mails that an event causes, inside the transaction of whoever caused it.

    `event` is the code of the audit event, such as `claim.certify`; an event nobody waits for causes none.
    `facts` are those of `claims.pipeline.telling.write`. A job sends the mails after the commit.
    """
    _tell(event, telling.matter_of(claim), facts)


def tell_office(event: str, agency: Agency, quarter: Quarter, **facts: Any) -> None:
    """The same for a quarter that may have no claim yet."""
    _tell(event, telling.Matter(agency, quarter), facts)


def send_written(agency: Agency) -> None:
    """Have a job send what calculating an agency's claims has written, as of one that fell back to draft."""
    if notices.wait_for(agency.pk):
        enqueue(tasks.SEND_NOTICES, tasks.FIRST_TRY)


def _tell(event: str, matter: telling.Matter, facts: dict[str, Any]) -> None:
    if telling.write(event, matter, facts):
        enqueue(tasks.SEND_NOTICES, tasks.FIRST_TRY)
