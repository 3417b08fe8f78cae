"""Writing and checking the record of who did what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from portal.kernel import clock
from portal.kernel.canonical import canonical_json, sha256_text
from portal.records.models import AuditEvent

FIRST_HASH = "0" * 64


def record(
    action: str,
    *,
    subject: str,
    thread: str = "",
    actor: Any = None,
    agency_id: int | None = None,
    note: str = "",
    **facts: Any,
) -> None:
    """Add one event inside the caller's transaction.

    `actor` is a `portal.accounts.policies.Actor`, or None when the portal itself acted. Facts must be
    plain values; they are kept word for word in the event's canonical JSON.
    """
    event = {
        "action": action,
        "at": clock.now(),
        "subject": subject,
        "thread": thread or subject,
        "agency": agency_id,
        "actor": actor.user.pk if actor else None,
        "actor_name": actor.name if actor else "The portal",
        "actor_side": actor.side if actor else "system",
        "note": note,
        "facts": facts,
    }
    if actor and actor.key:
        event["key"] = actor.key.name
    # The BEFORE INSERT trigger fills the other columns from `content`: they cannot tell another story.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_auditevent (content) VALUES (%s)", [canonical_json(event)]
        )


def subjects_of(action: str) -> set[str]:
    """The subjects of every event of one kind."""
    return set(AuditEvent.objects.filter(action=action).values_list("subject", flat=True))


def broken_links() -> Iterator[str]:
    """Every event whose place or hash does not follow from the one before it, as a sentence."""
    before, last_hash = 0, FIRST_HASH
    events = AuditEvent.objects.exclude(position=None).order_by("position")
    for event in events.iterator(chunk_size=2000):
        position, own_hash = event.position or 0, event.hash or ""
        if position != before + 1:
            yield f"audit event {before + 1} is missing"
        if event.previous_hash != last_hash or own_hash != sha256_text(last_hash + event.content):
            yield f"audit event {position} ({event.action}) does not match its hash"
        before, last_hash = position, own_hash
