"""Home: what to do next, for each side and role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from agreements.selectors import agencies_for, uploads_for
from agreements.views.rosters import DESK as ROSTERS
from awards.selectors import open_disputes
from claims.models import Appeal, ClaimVersion, Question
from claims.rules.lifecycle import State
from claims.selectors import claims as read
from claims.selectors.agencies import (
    agencies_taking_part,
    with_counts_to_confirm,
    without_agreement,
    without_counts,
    without_roster,
)
from claims.selectors.appeals import not_appealable, open_appeals
from claims.selectors.assignments import REVIEWABLE
from claims.selectors.corrections import to_supplement
from claims.selectors.decisions import to_decide
from claims.selectors.desk import next_claim, queue
from claims.selectors.ledger import balance_of
from claims.selectors.payroll import batches_for
from claims.selectors.quarters import Standing, claimable_quarters
from claims.selectors.questions import questions_to_answer
from claims.views.deadlines import when
from claims.views.own_quarters import last_decided, own_quarters
from claims.views.payroll import DESK as PAYROLL
from claims.views.quarter_steps import Next, checklist, step_of
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.accounts.selectors import keys_ending_soon
from portal.intake.models import Batch
from portal.kernel import clock
from portal.kernel.counting import counted
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
    own = own_quarters(actor, agency)
    to_sign = list(read.to_sign(actor)) if actor.can(Capability.CERTIFY) else []
    questions = list(questions_to_answer(agency).order_by("due_on", "id"))
    today = clock.today(agency.time_zone)
    decided = last_decided(actor)
    return show(
        request,
        "claims/home_agency.html",
        agency=agency,
        next=_next_for_agency(actor, [one.standing for one in own], to_sign, questions),
        unmatched=list(_unmatched(actor)) if actor.can(Capability.PREPARE) else [],
        to_sign=to_sign if len(to_sign) > 1 else [],
        questions=[(one, when(one.due_on, today), one.due_on < today) for one in questions],
        returned=[one for one in own if one.due and one.due.returned],
        quarters=[(one, list(checklist(actor, one.standing))) for one in own[1::-1]],
        federal=[one for one in own[2:] if one.is_with_federal_side],
        decided=decided,
        appeal=_appeal_of(decided.version) if decided else "",
        supplements=list(to_supplement(Agency.objects.filter(pk=agency.pk)))
        if decided and actor.can(Capability.PREPARE)
        else [],
        balance=balance_of(agency) if decided else None,
        earlier=[one for one in own[2:] if one.standing.is_open and one.standing.has_begun],
        ending_keys=list(keys_ending_soon(actor)),
    )


def _appeal_of(version: ClaimVersion) -> str:
    """How it stands with appealing a decision: it is `possible`, it is `open`, or neither."""
    if open_appeals(version).exists():
        return "open"
    was_filed = Appeal.objects.filter(version=version).exists()
    return "" if was_filed or not_appealable(version) else "possible"


def _unmatched(actor: Actor) -> Iterator[Unmatched]:
    """The agency's files that wait for somebody to say what their columns mean, the oldest first."""
    for desk, files in ((ROSTERS, uploads_for(actor)), (PAYROLL, batches_for(actor))):
        waiting = files.filter(needs_columns=True, state=Batch.State.PROPOSED)
        for file in waiting.defer("sample", "faulty", "patch").order_by("received_at")[:SHOWN]:
            yield Unmatched(
                desk.kind.label.lower(), file.reference, file.sent_name, desk.url(file, "columns")
            )


def _next_for_agency(
    actor: Actor,
    standings: list[Standing],
    to_sign: list[ClaimVersion],
    questions: list[Question],
) -> Next:
    if to_sign:
        version = to_sign[0]
        return Next(
            f"Sign the {version.claim.name}",
            "Your colleagues have prepared it. Check the amounts, then certify and submit it.",
            yours=True,
            url=reverse("claims:certify", args=[version.claim.number, version.number]),
            action="Check and certify",
        )
    returned = [s for s in standings if s.version and s.version.state == State.RETURNED]
    if questions and not returned and actor.can(Capability.PREPARE):
        first = questions[0]
        return Next(
            f"Answer {counted(len(questions), 'question')} of the federal reviewers",
            f"The first one is due {first.due_on:%B %-d, %Y}. The review goes on with your answer.",
            yours=True,
            url=f"{reverse('claims:claim', args=[first.version.claim.number])}#question-{first.pk}",
            action="Read the question",
        )
    for standing in returned[::-1] or standings[::-1]:
        step = step_of(standing)
        if step is not None:
            return step.told_to(actor)
    return Next("Nothing to do today", "Every quarter that is over has been submitted.")


def _federal(request: ActorRequest, actor: Actor) -> HttpResponse:
    queues, gaps = list(_queues(actor)), list(_gaps(actor))
    return show(
        request,
        "claims/home_federal.html",
        next=_next_for_federal(actor, gaps),
        queues=queues,
        gaps=gaps,
        disputes=list(open_disputes(actor)[:SHOWN]) if actor.can(Capability.REPORT_COUNTS) else [],
        reads_audit=actor.can(Capability.READ_AUDIT),
    )


def _queues(actor: Actor) -> Iterator[Queue]:
    rows = queue(actor).order_by("changed_at", "pk")
    if actor.can(Capability.REVIEW):
        free, mine = rows.filter(whose="nobody"), rows.filter(whose="me", state__in=REVIEWABLE)
        submitted, in_review = State.SUBMITTED, State.IN_REVIEW
        if mine.exists():
            yield _queue("Your claims", mine, "whose=me", "")
        yield _queue(
            "Waiting for review",
            free.filter(state=submitted),
            f"status={submitted}&whose=nobody",
            "No claim waits for its review.",
        )
        yield _queue(
            "In review",
            rows.filter(state=in_review).exclude(whose="me"),
            f"status={in_review}",
            "No colleague has a review under way.",
        )
    if actor.can(Capability.APPROVE):
        yield _queue(
            "Waiting for your decision",
            rows.filter(to_decide(actor)),
            f"status={State.RECOMMENDED}",
            "No claim waits for a decision.",
        )


def _queue(title: str, waiting: QuerySet[Any], query: str, empty: str) -> Queue:
    url = f"{reverse('claims:list')}?{query}"
    return Queue(title, waiting.count(), list(waiting[:SHOWN]), url, empty)


def _gaps(actor: Actor) -> Iterator[Gap]:
    quarters = claimable_quarters(clock.today())
    agencies = reverse("agreements:agencies")
    if actor.can(Capability.MANAGE_AGENCIES):
        outside = without_agreement(agencies_for(actor).order_by("name"))
        yield _gap("No active agreement", outside, agencies, "Go to agencies")
        bare = without_roster(agencies_taking_part(actor, quarters[-1]))
        yield _gap("No roster yet", bare, agencies, "Go to agencies")
    if actor.can(Capability.REPORT_COUNTS):
        for last in quarters[-2:-1]:
            missing = without_counts(agencies_taking_part(actor, last), last)
            counts = f"{reverse('awards:counts')}?quarter={last}"
            yield _gap(f"Counts of {last} missing", missing, counts, "Report counts")
        waiting = with_counts_to_confirm(actor, agencies_for(actor).order_by("name"))
        yield _gap("Counts to confirm", waiting, reverse("awards:waiting"), "Confirm counts")


def _gap(title: str, agencies: QuerySet[Agency], url: str, action: str) -> Gap:
    return Gap(title, agencies.count(), list(agencies[:SHOWN]), url, action)


def _next_for_federal(actor: Actor, gaps: list[Gap]) -> Next:
    version = next_claim(actor)
    if version is not None:
        claim = version.claim
        return Next(
            f"Next claim: {claim.agency}, {claim.quarter}",
            f"Of those that you can work on it was signed first. It is “{version.get_state_display()}”.",
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
