"""Under which name somebody acted, as the audit event of the act has it: today's may be another."""

from __future__ import annotations

import json
from bisect import bisect_left
from datetime import datetime

from portal.accounts.models import User
from portal.records.models import AuditEvent


class Acts:
    """What people did for or about one agency. Each person's events are read once."""

    def __init__(self, agency_id: int) -> None:
        self._agency_id = agency_id
        self._known: dict[int, tuple[list[datetime], list[str]]] = {}

    def name(self, user: User, at: datetime) -> str:
        """Who did what was written down at an instant: its event follows in the same transaction."""
        if user.pk not in self._known:
            self._known[user.pk] = self._read(user)
        instants, names = self._known[user.pk]
        place = bisect_left(instants, at)
        return names[place] if place < len(names) else user.name

    def _read(self, user: User) -> tuple[list[datetime], list[str]]:
        events = AuditEvent.objects.filter(agency=self._agency_id, actor=user)
        rows = list(events.order_by("at", "id").values_list("at", "content"))
        names = [json.loads(content)["actor_name"] for _, content in rows]
        return [at for at, _ in rows], names
