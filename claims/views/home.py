"""Home: what to do next, for each side and role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse

from agreements.selectors import agencies_for
from claims import selectors
from claims.models import ClaimVersion
from claims.rules.lifecycle import State
from claims.selectors import Standing
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show

SHOWN = 10
"""Rows of a queue on the home page; the list has all of them."""


class Next(NamedTuple):
    """The one next step: the reader's own, or whom it waits for."""

    title: str
    text: str
    yours: bool = False
    whose: str = ""
    url: str = ""
    action: str = ""


class Check(NamedTuple):
    """One line of a quarter's checklist. `state`: done, open, or waiting (for somebody else)."""

    what: str
    state: str
    text: str
    url: str = ""


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
        to_sign=to_sign if len(to_sign) > 1 else [],
        quarters=[(standing, list(_checklist(actor, standing))) for standing in shown],
        earlier=[s for s in standings[2:] if s.is_open and (s.version or s.files)],
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
        step = _step_of(standing)
        if step is not None:
            return step.told_to(actor)
    return Next("Nothing to do today", "Every quarter that is over has been submitted.")


class Step(NamedTuple):
    """What a preparer does next for a quarter; the others are told `meanwhile` and wait."""

    title: str
    text: str
    url: str
    action: str
    meanwhile: str

    def told_to(self, actor: Actor) -> Next:
        """The step as the actor reads it."""
        if actor.can(Capability.PREPARE):
            return Next(self.title, self.text, yours=True, url=self.url, action=self.action)
        return Next(self.meanwhile, "", whose="your preparer")


class Pause(NamedTuple):
    """Nothing for a preparer to do: everybody reads whom the quarter waits for."""

    title: str
    text: str
    whose: str

    def told_to(self, actor: Actor) -> Next:
        """The same for everybody."""
        return Next(self.title, self.text, whose=self.whose)


def _step_of(standing: Standing) -> Step | Pause | None:
    """What a quarter needs next; None when there is nothing to do for it."""
    quarter, version = standing.quarter, standing.version
    claim = reverse("claims:claim", args=[version.claim.number]) if version else ""
    begun = bool(version or standing.files)
    if not standing.is_open or not (standing.has_agreement or begun):
        return None
    if version and version.state in (State.RETURNED, State.WITHDRAWN):
        return Step(
            f"Correct the claim of {quarter}",
            "It came back. Read the note, correct the claim and submit it again.",
            claim,
            "Read the note",
            f"The claim of {quarter} came back and is to be corrected",
        )
    if not standing.officers:
        return Step(
            "Upload your roster",
            "The portal needs to know your officers, and from when to when each was authorized.",
            reverse("agreements:upload_roster"),
            "Upload a roster",
            "Your roster is to be uploaded",
        )
    if not standing.files:
        return Step(
            f"Upload the payroll of {quarter}",
            f"One file or several, with every pay period that overlaps the quarter. "
            f"{_until(standing)}",
            f"{reverse('claims:upload_payroll')}?quarter={quarter}",
            "Upload payroll",
            f"The payroll of {quarter} is to be uploaded",
        )
    if version and version.state == State.READY:
        return Pause(
            f"The claim of {quarter} waits for its signature",
            "A certifier who did not prepare it signs the amounts.",
            "your certifier",
        )
    if not standing.is_over:
        return Pause(
            "Nothing to do today",
            f"{_until(standing)} You can upload more payroll until then.",
            "the end of the quarter",
        )
    return Step(
        f"Check the claim of {quarter} and mark it ready",
        "Its payroll is in. Look at the amounts; when they are right, your certifier signs them.",
        claim,
        "Check the amounts",
        f"The claim of {quarter} is being prepared",
    )


def _until(standing: Standing) -> str:
    end = standing.quarter.end
    if standing.is_over:
        return "The program has published no filing deadline."
    ends_on = f"{end:%B} {end.day}, {end.year}"
    return f"{standing.quarter} ends on {ends_on}; its claim is signed after that."


def _checklist(actor: Actor, standing: Standing) -> Iterator[Check]:
    """The way of a quarter to its signature, in order."""
    quarter, version = standing.quarter, standing.version
    may = actor.can(Capability.PREPARE) and standing.is_open
    claim = reverse("claims:claim", args=[version.claim.number]) if version else ""
    done = {True: "done", False: "open"}
    yield Check(
        "Agreement",
        "done" if standing.has_agreement else "waiting",
        "An agreement that pays for officers is active."
        if standing.has_agreement
        else "No agreement that pays for officers is active in this quarter. "
        "The program office enters it.",
    )
    yield Check(
        "Roster",
        done[bool(standing.officers)],
        f"{standing.officers:,} officers are on your roster."
        if standing.officers
        else "No officer is on your roster yet.",
        reverse("agreements:officers")
        if standing.officers or not may
        else reverse("agreements:upload_roster"),
    )
    yield Check(
        "Payroll",
        done[bool(standing.files)],
        f"Accepted files: {standing.files:,}."
        if standing.files
        else "No payroll file of this quarter is accepted yet.",
        f"{reverse('claims:upload_payroll')}?quarter={quarter}"
        if may
        else reverse("claims:batches"),
    )
    counts = standing.counts
    yield Check(
        "Counts",
        "done" if counts else "waiting",
        f"{counts.located:,} located of {counts.referred:,} referred."
        if counts
        else "Not confirmed yet. The program office reports them; salaries do not wait for it.",
    )
    state = State(version.state) if version else State.DRAFT
    signed = not standing.is_open
    yield Check(
        "Ready",
        done[signed or state == State.READY],
        "The amounts are frozen for signature."
        if signed or state == State.READY
        else "A preparer checks the amounts and marks the claim ready.",
        claim,
    )
    yield Check(
        "Certified",
        done[signed],
        "Signed and submitted." if signed else "A certifier who did not prepare it signs.",
        claim,
    )


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
