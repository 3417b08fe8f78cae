"""Home: what to do next, for each side and role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from agreements.selectors import agencies_for, uploads_for
from agreements.views.rosters import DESK as ROSTERS
from claims import selectors
from claims.models import ClaimVersion
from claims.rules.lifecycle import State
from claims.selectors import Standing
from claims.views.payroll import DESK as PAYROLL
from claims.views.quarter_steps import Next, checklist, step_of
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.accounts.selectors import keys_ending_soon
from portal.intake.models import Batch
from portal.kernel import clock
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show

SHOWN = 10
"""Rows of a queue on the home page; the list has all of them."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Claims that wait for the reader's decision; `rows` are the first of `count`."""

    title: str
    count: int
    rows: list[ClaimVersion]
    url: str
    empty: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Agencies that lack something; `rows` are the first of `count`."""

    title: str
    count: int
    rows: list[Agency]
    url: str
    action: str


class Unmatched(NamedTuple):
    """A file whose columns nobody has matched yet."""

    kind: str
    reference: str
    sent_name: str
    url: str


@signed_in
def home(request: ActorRequest) -> HttpResponse:
    """The home page of whoever asks."""
    actor: Actor = request.actor
    if actor.agency is not None and actor.can(Capability.READ_AGENCY):
        return _agency(request, actor, actor.agency)
    if actor.side == Side.FEDERAL and actor.can(Capability.READ_AGENCY):
        return _federal(request, actor)
    return show(request, "claims/home_other.html", manages=actor.can(Capability.MANAGE_USERS))


def _agency(request: ActorRequest, actor: Actor, agency: Agency) -> HttpResponse:
    standings = selectors.standings(actor, agency)
    to_sign = list(selectors.to_sign(actor)) if actor.can(Capability.CERTIFY) else []
    shown = standings[1::-1] if len(standings) > 1 else standings
    return show(
        request,
        "claims/home_agency.html",
        agency=agency,
        next=_next_for_agency(actor, standings, to_sign),
        unmatched=list(_unmatched(actor)) if actor.can(Capability.PREPARE) else [],
        to_sign=to_sign if len(to_sign) > 1 else [],
        quarters=[(standing, list(checklist(actor, standing))) for standing in shown],
        earlier=[s for s in standings[2:] if s.is_open and (s.version or s.files)],
        ending_keys=list(keys_ending_soon(actor)),
    )


def _unmatched(actor: Actor) -> Iterator[Unmatched]:
    """The agency's files that wait for somebody to say what their columns mean, the oldest first."""
    for desk, files in ((ROSTERS, uploads_for(actor)), (PAYROLL, selectors.batches_for(actor))):
        waiting = files.filter(needs_columns=True, state=Batch.State.PROPOSED)
        for file in waiting.defer("sample", "faulty", "patch").order_by("received_at")[:SHOWN]:
            yield Unmatched(
                desk.kind.label.lower(), file.reference, file.sent_name, desk.url(file, "columns")
            )


def _next_for_agency(actor: Actor, standings: list[Standing], to_sign: list[ClaimVersion]) -> Next:
    if to_sign:
        version = to_sign[0]
        return Next(
            f"Sign the claim of {version.claim.quarter}",
            "Your colleagues have prepared it. Check the amounts, then certify and submit it.",
            yours=True,
            url=reverse("claims:certify", args=[version.claim.number, version.number]),
            action="Check and certify",
        )
    for standing in reversed(standings):
        step = step_of(standing)
        if step is not None:
            return step.told_to(actor)
    return Next("Nothing to do today", "Every quarter that is over has been submitted.")


def _federal(request: ActorRequest, actor: Actor) -> HttpResponse:
    queues, gaps = list(_queues(actor)), list(_gaps(actor))
    return show(
        request,
        "claims/home_federal.html",
        next=_next_for_federal(queues, gaps),
        queues=queues,
        gaps=gaps,
        reads_audit=actor.can(Capability.READ_AUDIT),
    )


def _queues(actor: Actor) -> Iterator[Queue]:
    if actor.can(Capability.REVIEW):
        yield _queue(actor, "Waiting for review", State.SUBMITTED, "No claim waits for its review.")
        yield _queue(actor, "In review", State.IN_REVIEW, "No review has been started.")
    if actor.can(Capability.APPROVE):
        yield _queue(
            actor, "Waiting for your decision", State.RECOMMENDED, "No claim waits for a decision."
        )


def _queue(actor: Actor, title: str, state: State, empty: str) -> Queue:
    waiting = selectors.in_queue(actor, state)
    url = f"{reverse('claims:list')}?status={state}"
    return Queue(title, waiting.count(), list(waiting[:SHOWN]), url, empty)


def _gaps(actor: Actor) -> Iterator[Gap]:
    quarters = selectors.claimable_quarters(clock.today())
    agencies = reverse("agreements:agencies")
    if actor.can(Capability.MANAGE_AGENCIES):
        outside = selectors.without_agreement(agencies_for(actor).order_by("name"))
        yield _gap("No active agreement", outside, agencies, "Go to agencies")
        bare = selectors.without_roster(selectors.agencies_taking_part(actor, quarters[-1]))
        yield _gap("No roster yet", bare, agencies, "Go to agencies")
    if actor.can(Capability.REPORT_COUNTS):
        for last in quarters[-2:-1]:
            missing = selectors.without_counts(selectors.agencies_taking_part(actor, last), last)
            counts = f"{reverse('awards:counts')}?quarter={last}"
            yield _gap(f"Counts of {last} missing", missing, counts, "Report counts")
        waiting = selectors.with_counts_to_confirm(actor, agencies_for(actor).order_by("name"))
        yield _gap("Counts to confirm", waiting, reverse("awards:waiting"), "Confirm counts")


def _gap(title: str, agencies: QuerySet[Agency], url: str, action: str) -> Gap:
    return Gap(title, agencies.count(), list(agencies[:SHOWN]), url, action)


def _next_for_federal(queues: list[Queue], gaps: list[Gap]) -> Next:
    for queue in queues:
        if queue.rows:
            version = queue.rows[0]
            claim = version.claim
            return Next(
                f"Next claim: {claim.agency}, {claim.quarter}",
                f"It has stood longest in “{version.get_state_display()}”.",
                yours=True,
                url=reverse("claims:claim", args=[claim.number]),
                action="Open the claim",
            )
    for gap in reversed(gaps):
        if gap.count:
            agencies = "agency" if gap.count == 1 else "agencies"
            return Next(
                f"{gap.title}: {gap.count:,} {agencies}",
                "Their claims or awards wait for it.",
                yours=True,
                url=gap.url,
                action=gap.action,
            )
    return Next("Nothing waits for you", "New claims appear here as agencies submit them.")
