"""The answers to warnings that an agency has submitted: one for a draft is its own affair still."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import QuerySet

from claims.selectors.unsent import unsent
from portal.accounts.policies import Actor
from portal.accounts.roles import Side
from portal.intake.justifying import last_answers
from portal.intake.models import Justification
from portal.records.models import AuditEvent


def sent_answers(
    answers: QuerySet[Justification], until: int | None = None
) -> QuerySet[Justification]:
    """Those of the answers that are not for a draft, of any quarter: the same warning comes up in several.

    Drafts are those of the instant after the event `until`, or those there are now. What is answered after
    the call is not among them, however late they are read.
    """
    # Before the events: what is answered in between would look as if no draft had it.
    rows = list(answers.order_by("pk").values_list("pk", "user", "at"))
    if not rows:
        return answers.none()
    acts = _acts({user for _, user, _ in rows})
    act_of = {pk: _act(acts[user], at) for pk, user, at in rows}
    hidden: set[int] = set()
    for thread in {act.thread for act in act_of.values() if act}:
        if thread.startswith("claim/"):
            hidden |= unsent(thread, until)
    drafted = [pk for pk, act in act_of.items() if act and act.event in hidden]
    return answers.filter(pk__lte=rows[-1][0]).exclude(pk__in=drafted)


def answers_for(
    actor: Actor, agency_id: int, fingerprints: Collection[str]
) -> dict[str, Justification]:
    """The last answers to these warnings, by fingerprint; the federal side reads what was submitted."""
    answers = Justification.objects.filter(agency=agency_id, fingerprint__in=fingerprints)
    return last_answers(sent_answers(answers) if actor.side == Side.FEDERAL else answers)


class _Act(NamedTuple):
    """Somebody answered: when, the key of the event, and the story it is in."""

    at: datetime
    event: int
    thread: str


def _acts(people: Collection[int]) -> dict[int, list[_Act]]:
    acts: defaultdict[int, list[_Act]] = defaultdict(list)
    events = AuditEvent.objects.filter(action="warning.justify", actor__in=people)
    rows = events.order_by("at", "pk").values_list("actor", "at", "pk", "thread")
    for person, at, key, thread in rows:
        acts[person].append(_Act(at, key, thread))
    return acts


def _act(acts: list[_Act], at: datetime) -> _Act | None:
    """The act that an answer was written down in: its event follows in the same transaction."""
    place = bisect_left(acts, at, key=attrgetter("at"))
    return acts[place] if place < len(acts) else None
