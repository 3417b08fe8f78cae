"""The whole story of a quarter: its claim, what is linked to it, its files and counts, day by day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone

from claims.presentation import Entry, entry
from claims.selectors.claims import version_for
from claims.selectors.story import story_of
from portal.kernel.money import format_cents
from portal.records.models import AuditEvent
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show

PER_PAGE = 50
TO_PRINT = 500
CALCULATED = "claim.calculate"
STEPS = Q(action__startswith="claim.") & ~Q(action=CALCULATED) | Q(action="counts.confirm")
"""What people did to the claim itself; the rest are files, answers and calculations."""


class Day(NamedTuple):
    """A day of the reader's time zone and what happened on it, the newest first."""

    on: date
    entries: list[Entry]


@signed_in
def history(request: ActorRequest, number: str) -> HttpResponse:
    """Everything that happened in a claim's quarter, or only its steps, the newest first."""
    version = version_for(request.actor, number)
    story = story_of(request.actor, version)
    only_steps = request.GET.get("show") == "steps"
    to_print = request.GET.get("print") == "1"
    shown = story.filter(STEPS) if only_steps else story
    page = Paginator(shown, TO_PRINT if to_print else PER_PAGE).get_page(request.GET.get("page"))
    events = list(page)
    kept = request.GET.copy()
    kept.pop("page", None)
    return show(
        request,
        "claims/history.html",
        claim=version.claim,
        days=list(days_of(told(events, _before(story, events)))),
        paged=page,
        only_steps=only_steps,
        to_print=to_print,
        kept=f"{kept.urlencode()}&" if kept else "",
    )


def told(events: Iterable[AuditEvent], before: dict[str, int]) -> list[Entry]:
    """Events, the newest first, in words; a calculation also says what the amount was before.

    Of calculations in a row only the newest is told. `before` has earlier totals in cents, by subject.
    """
    later, kept = "", []
    for event in events:
        if not event.action == later == CALCULATED:
            kept.append(event)
        later = event.action
    totals, entries = dict(before), []
    for event in reversed(kept):
        line = entry(event)
        if event.action == CALCULATED:
            total, was = json.loads(event.content)["facts"]["total"], totals.get(event.subject)
            totals[event.subject] = total
            if was is not None and was != total:
                line = line._replace(what=f"{line.what}, before {format_cents(was)}")
        entries.append(line)
    return entries[::-1]


def days_of(entries: Iterable[Entry]) -> Iterator[Day]:
    """The entries by day of the reader's time zone."""
    for on, of_day in groupby(entries, lambda line: timezone.localtime(line.at).date()):
        yield Day(on, list(of_day))


def _before(story: QuerySet[AuditEvent], events: list[AuditEvent]) -> dict[str, int]:
    """The total that was calculated last before these events, by what it was calculated of."""
    if not events:
        return {}
    older = story.filter(action=CALCULATED, id__lt=events[-1].pk).first()
    return {older.subject: json.loads(older.content)["facts"]["total"]} if older else {}
