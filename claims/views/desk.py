"""The federal desk: the queue, the next claim, many clean claims at once, the quarter before."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from claims.models import ClaimVersion
from claims.rules.hints import hints_of
from claims.rules.lifecycle import STATE_LABELS, Kind
from claims.selectors.assignments import REVIEWABLE
from claims.selectors.before import side_by_side, version_before
from claims.selectors.claims import NOT_YET_FEDERAL, current_versions, version_for
from claims.selectors.clean import doubts_with
from claims.selectors.desk import AMOUNTS, Marks, marks_of, next_claim, queue
from claims.selectors.quarters import claimable_quarters
from claims.services.recommending import MOST, Shown, recommend_clean
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.errors import NotFound, Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing, MemoryListing
from portal.web.refusals import in_words
from portal.web.show import show

LINKED = 5
"""Officers that a hint names; the list has all of them."""


class Row(NamedTuple):
    """A claim in the queue, and why it is not clean."""

    version: ClaimVersion
    marks: Marks
    doubts: list[str]

    @property
    def allowed(self) -> int:
        """What people left of the total, in cents."""
        calculation = self.version.calculation
        return (calculation.total if calculation else 0) + self.marks.taken


class DeskListing(Listing):
    """The queue's page of claims with their marks, which are read for all of its rows at once."""

    def __init__(self, actor: Actor, params: QueryDict, queryset: Any, **rest: Any) -> None:
        self.actor = actor
        super().__init__(params, queryset, **rest)

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of this page."""
        versions: list[ClaimVersion] = super().rows
        marks = marks_of(self.actor, versions)
        doubts = doubts_with(marks, versions)
        return [Row(version, marks[version.pk], doubts[version.pk]) for version in versions]


_COLUMNS = (
    Column("Agency", "agency", ("claim__agency__name", "claim__quarter")),
    Column("Quarter", "quarter", ("claim__quarter",)),
    Column("State", "state", ("state",)),
    Column("Reviewer"),
    Column("Age", "age", ("age",)),
    Column("Total", "total", ("calculation__total",), numeric=True),
)
_SEARCH = ("claim__agency__name", "claim__number")


def listing(request: ActorRequest) -> HttpResponse:
    """Every claim that was submitted at least once, what has waited longest on the desk first."""
    actor = request.actor
    claims = DeskListing(
        actor,
        request.GET,
        queue(actor),
        columns=_COLUMNS,
        order="-age",
        search=_SEARCH,
        filters=(
            Filter(
                "status",
                "State of the claim",
                [(s, label) for s, label in STATE_LABELS.items() if s not in NOT_YET_FEDERAL],
                "state",
            ),
            Filter(
                "whose",
                "Assigned to",
                [("me", "Me"), ("nobody", "Nobody"), ("other", "A colleague")],
            ),
            *_filters(actor),
            Filter(
                "kind",
                "Kind of claim",
                [(kind.value, kind.value.capitalize()) for kind in Kind],
                "claim__kind",
            ),
            Filter("held", "Hold", [("1", "On hold"), ("0", "Not on hold")]),
            Filter(
                "age",
                "Age",
                [("7", "A week or more"), ("14", "Two weeks or more"), ("30", "30 days or more")],
                "age__gte",
            ),
        ),
    )
    return show(
        request,
        "claims/list.html",
        fragment="claims/_list.html",
        claims=claims,
        works=actor.can(Capability.REVIEW) or actor.can(Capability.APPROVE),
        may_review=actor.can(Capability.REVIEW),
    )


def _filters(actor: Actor) -> tuple[Filter, ...]:
    quarters = [(str(q), str(q)) for q in reversed(claimable_quarters(clock.today()))]
    codes = current_versions(actor).values_list("claim__agency__state", flat=True)
    states = [(code, code) for code in codes.order_by("claim__agency__state").distinct() if code]
    return (
        Filter("quarter", "Quarter", quarters, "claim__quarter"),
        Filter("us", "US state", states, "claim__agency__state"),
        Filter("amount", "Total", [(code, label) for code, label, _ in AMOUNTS]),
    )


@signed_in
def go_on(request: ActorRequest) -> HttpResponse:
    """The next claim that the actor can work on."""
    version = next_claim(_at_the_desk(request), request.GET.get("after", "").replace("\0", ""))
    if version is None:
        messages.info(request, "No other claim waits for you.")
        return redirect("claims:list")
    return redirect("claims:claim", version.claim.number)


@signed_in
def clean(request: ActorRequest) -> HttpResponse:
    """The claims the actor may review, those that are clean with a box to tick."""
    return _clean(request)


def _clean(request: ActorRequest, refusal: Refused | None = None) -> HttpResponse:
    actor = _at_the_desk(request)
    actor.require(Capability.REVIEW)
    claims = DeskListing(
        actor,
        request.GET,
        queue(actor).filter(state__in=REVIEWABLE, held=False, whose__in=("me", "nobody")),
        columns=(
            Column("Recommend"),
            *(column for column in _COLUMNS if column.name not in ("state", "")),
        ),
        order="-age",
        search=_SEARCH,
        filters=_filters(actor),
    )
    return show(
        request,
        "claims/clean.html",
        fragment="claims/_clean.html",
        status=refusal.status if refusal else 200,
        claims=claims,
        clean_count=sum(not row.doubts for row in claims.rows),
        ticked=request.GET.get("ticked") == "all",
        tick_url=claims.url(ticked="all"),
        most=MOST,
        refusal=refusal,
    )


@signed_in
@require_POST
def recommend(request: ActorRequest) -> HttpResponse:
    """Recommend the ticked claims, and say of each what became of it."""
    actor = _at_the_desk(request)
    shown = [Shown(*value.partition(":")[::2]) for value in request.POST.getlist("claim")]
    try:
        outcomes = recommend_clean(actor=actor, claims=shown)
    except Refused as refusal:
        return _clean(request, refusal)
    return show(
        request,
        "claims/recommended.html",
        outcomes=[(one, in_words(one.refusal) if one.refusal else "") for one in outcomes],
        done=sum(one.refusal is None for one in outcomes),
    )


@signed_in
def before(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """A claim beside the one of the quarter before, officer by officer, the biggest change first."""
    actor = _at_the_desk(request)
    stored = version_for(actor, number, version)
    if stored.calculation is None:
        raise NotFound("calculation")
    earlier = version_before(stored)
    compared = side_by_side(stored, earlier)
    names = {one.officer_id: one for one in compared}
    hints = hints_of({one.officer_id: (one.now, one.before) for one in compared})
    chosen = next((hint for hint in hints if hint.code == request.GET.get("hint")), None)
    officers = MemoryListing(
        request.GET,
        [names[key] for key in chosen.officers] if chosen else compared,
        columns=(
            Column("Officer"),
            Column("Days", numeric=True),
            Column("Regular pay", numeric=True),
            Column("Benefits", numeric=True),
            Column("Overtime claimed", numeric=True),
            Column("Total", numeric=True),
            Column("Change", numeric=True),
        ),
        text=lambda one: f"{one.officer_id} {one.name}",
        per_page=25,
    )
    return show(
        request,
        "claims/before.html",
        fragment="claims/_before.html",
        claim=stored.claim,
        version=stored,
        earlier=earlier,
        figures=_figures(stored, earlier),
        hints=[(hint, [names[key] for key in hint.officers[:LINKED]]) for hint in hints],
        chosen=chosen,
        officers=officers,
        caption=f"Officers, the {'biggest change' if earlier else 'largest total'} first",
        came=sum(one.before is None for one in compared) if earlier else 0,
        left=sum(one.now is None for one in compared),
    )


class Figure(NamedTuple):
    """A total of both quarters, in cents; `before` is None without a claim of the quarter before."""

    label: str
    now: int
    before: int | None

    @property
    def change(self) -> int:
        return self.now - (self.before or 0)


def _figures(version: ClaimVersion, earlier: ClaimVersion | None) -> list[Figure]:
    ways: tuple[tuple[str, Callable[[Any], int]], ...] = (
        ("Total", lambda one: one.total),
        ("Regular pay", lambda one: one.regular),
        ("Benefits", lambda one: one.benefits),
        ("Overtime claimed", lambda one: one.overtime_allowed + one.overtime_disallowed),
        ("Performance award", lambda one: one.award_amount),
    )
    then = earlier.calculation if earlier else None
    return [
        Figure(label, amount(version.calculation), amount(then) if then else None)
        for label, amount in ways
    ]


def _at_the_desk(request: ActorRequest) -> Actor:
    """The actor, if they are on the federal side: for others there is no desk."""
    actor: Actor = request.actor
    if actor.side != Side.FEDERAL or not actor.can(Capability.READ_AGENCY):
        raise NotFound
    return actor


paths: list[URLPattern] = [
    path("claims/next/", go_on, name="next"),
    path("claims/clean/", clean, name="clean"),
    path("claims/clean/recommend/", recommend, name="recommend_clean"),
    path("claims/<slug:number>/versions/<int:version>/before/", before, name="before"),
]
