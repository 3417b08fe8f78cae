"""What happened to a claim until its packet's edition was closed, and nothing that is not submitted."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from claims.events import words, words_without_names
from claims.models import ClaimVersion
from claims.packets.facts import Happening, Ruling
from claims.packets.masking import WITHHELD
from claims.selectors.decisions import GRANTS
from portal.records.models import AuditEvent


def closing_event(version: ClaimVersion, rulings: Sequence[Ruling], appeals: int) -> int | None:
    """The key of the event that closes the edition; None where there is none.

    Appeals are granted by the same act again: `appeals` says which of them closes it.
    """
    if appeals:
        codes: Collection[str] = GRANTS
    else:
        codes = (rulings[-1].action if rulings else "certify",)
    acts = AuditEvent.objects.filter(
        thread=version.claim.thread,
        subject=version.claim.subject,
        action__in=[f"claim.{code}" for code in codes],
    )
    # Linked claims of the quarter go on in the same thread, each with versions of its own.
    own = [
        pk
        for pk, content in acts.order_by("id").values_list("pk", "content")
        if json.loads(content)["facts"].get("version") == version.number
    ]
    return own[max(appeals, 1) - 1] if len(own) >= max(appeals, 1) else None


def happenings(
    version: ClaimVersion, until: int | None, hidden: Collection[int]
) -> Iterator[Happening]:
    """The quarter's events up to the one that closes the edition, without those `hidden`.

    A late job tells no more.
    """
    # A packet does not tell of its own making.
    thread = AuditEvent.objects.filter(thread=version.claim.thread).exclude(
        action__startswith="packet."
    )
    if until is not None:
        thread = thread.filter(pk__lte=until)
    for event in thread.order_by("id").iterator():
        if event.pk not in hidden:
            yield _happening(event, is_linked=version.claim.follows_id is not None)


def _happening(event: AuditEvent, *, is_linked: bool) -> Happening:
    said: dict[str, Any] = json.loads(event.content)
    facts = said["facts"]
    return Happening(
        at=event.at,
        what=words(event.action, facts),
        name=said["actor_name"],
        side=said["actor_side"],
        note=said["note"],
        version=facts.get("version"),
        sha256=facts.get("calculation") or facts.get("sha256") or "",
        masked=words_without_names(event.action, facts, WITHHELD),
        claim=_claim_of(event) if is_linked else "",
    )


def _claim_of(event: AuditEvent) -> str:
    """The number of the claim that an event is about; empty where it is about something else."""
    kind, _, number = event.subject.partition("/")
    return number if kind == "claim" else ""
