"""What a nil claim says of itself: why there is nothing to claim, and who said so."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from claims.models import ClaimVersion
from portal.records.models import AuditEvent

SAID = "claim.nil"
"""The event that keeps the reason: it is evidence, and cannot be rewritten."""


class Statement(NamedTuple):
    """“Nothing to claim”, in somebody's words."""

    reason: str
    name: str
    at: datetime


def statement_of(version: ClaimVersion, at: datetime | None = None) -> Statement | None:
    """What was last said for a version that is a nil claim, by an instant; None for one with amounts."""
    if not version.nil:
        return None
    events = AuditEvent.objects.filter(thread=version.claim.thread, action=SAID)
    if at is not None:
        events = events.filter(at__lte=at)
    for event in events.order_by("-id"):
        content = json.loads(event.content)
        if content["facts"]["version"] == version.number:
            return Statement(content["note"], content["actor_name"], event.at)
    return None
