"""Under which name somebody acted, as the audit event of the act has it: today's may be another."""

from __future__ import annotations

import json
from bisect import bisect_left
from datetime import datetime
from typing import NamedTuple

from portal.accounts.models import User
from portal.records.models import AuditEvent


class Act(NamedTuple):
    """An act as it is on record: the key of its event, and the name in it."""

    event: int
    name: str


class Acts:
    """What people did for or about one agency. Each person's events are read once."""

    def __init__(self, agency_id: int) -> None:
        self._agency_id = agency_id
        self._known: dict[int, tuple[list[datetime], list[Act]]] = {}

    def name(self, user: User, at: datetime) -> str:
        """Who did what was written down at an instant."""
        return self.act(user, at).name

    def act(self, user: User, at: datetime) -> Act:
        """The event of what was written down at an instant: it follows in the same transaction."""
        if user.pk not in self._known:
            self._known[user.pk] = self._read(user)
        instants, acts = self._known[user.pk]
        place = bisect_left(instants, at)
        return acts[place] if place < len(acts) else Act(0, user.name)

    def _read(self, user: User) -> tuple[list[datetime], list[Act]]:
        events = AuditEvent.objects.filter(agency=self._agency_id, actor=user)
        rows = list(events.order_by("at", "id").values_list("at", "pk", "content"))
        acts = [Act(pk, json.loads(content)["actor_name"]) for _, pk, content in rows]
        return [at for at, _, _ in rows], acts
