"""The program page: what the program is made of, how it grew, and where."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from agreements import figures
from agreements.forms import SinceForm
from agreements.views.program_charts import (
    CHARTS,
    Program,
    csv_file,
    states_table,
)
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, NotFound
from portal.web.access import ActorRequest, signed_in
from portal.web.charts import Chart
from portal.web.download import attachment
from portal.web.paging import Column, MemoryListing
from portal.web.show import show


class Shown(NamedTuple):
    """A chart and the address of its numbers."""

    chart: Chart
    csv_url: str


@signed_in
def program(request: ActorRequest) -> HttpResponse:
    """The whole program in numbers, charts and tables, for the federal side."""
    _require_federal(request.actor)
    form = SinceForm(request.GET if "since" in request.GET else None)
    found = _read(request.actor, form)
    kept = f"?since={found.since.isoformat()}"
    return show(
        request,
        "agreements/program.html",
        status=422 if form.errors else 200,
        form=form,
        program=found,
        figures=_key_figures(found),
        charts={
            key.replace("-", "_"): Shown(make(found), _csv_url(key, kept))
            for key, make in CHARTS.items()
        },
        growth_url=_csv_url("growth", kept),
        states=states_table(found),
        states_url=_csv_url("states", kept),
        counties_url=reverse("agreements:counties"),
        county_count=len(found.counties),
    )


@signed_in
def counties(request: ActorRequest) -> HttpResponse:
    """Every county with an active agreement, searched by its name or state."""
    _require_federal(request.actor)
    listing = MemoryListing(
        request.GET,
        figures.counties(request.actor, clock.today()),
        columns=[
            Column("County"),
            Column("State"),
            Column("Agencies", numeric=True),
            Column("Agreements", numeric=True),
        ],
        text=lambda row: f"{row.county} {row.state_name}",
    )
    return show(
        request,
        "agreements/counties.html",
        fragment="agreements/_counties.html",
        listing=listing,
        csv_url=_csv_url("counties"),
        crumbs=[("Program", reverse("agreements:program"))],
    )


@signed_in
def program_csv(request: ActorRequest, name: str) -> HttpResponse:
    """The numbers behind one chart or table as a CSV file."""
    _require_federal(request.actor)
    found = _read(request.actor, SinceForm(request.GET if "since" in request.GET else None))
    content = csv_file(found, name)
    if content is None:
        raise NotFound("file")
    return attachment(content, f"{name}-{found.on.isoformat()}.csv", "text/csv; charset=utf-8")


def _read(actor: Actor, form: SinceForm) -> Program:
    """The program of today; a day that makes no sense is answered with the usual one."""
    return Program.read(actor, clock.today(), form.chosen)


def _require_federal(actor: Actor) -> None:
    actor.require(Capability.READ_AGENCY)
    if actor.side != Side.FEDERAL:
        raise NotAllowed(
            "not_allowed",
            "The program as a whole is shown to the federal side.",
            "Your own agency's agreements and officers are under Agency and Officers.",
        )


def _csv_url(name: str, query: str = "") -> str:
    return reverse("agreements:program_csv", args=[name]) + query


def _key_figures(found: Program) -> list[tuple[str, str, str]]:
    agreements, agencies, trained = found.growth
    pending, _ = figures.total(found.pending)
    learning, _ = figures.total(found.in_training)
    roster = found.roster
    states = _some(len({row.state for row in found.agencies if row.now}), "state", "states")
    counties = _some(len(found.counties), "named county", "named counties")
    return [
        ("Active agreements", f"{agreements.after:,}", f"and {pending:,} pending"),
        (
            "Agencies with one",
            f"{agencies.after:,}",
            f"in {states} and {counties}",
        ),
        (
            "Officers trained",
            f"{trained.after:,}",
            f"{roster.authorized:,} authorized today; {roster.left:,} left since",
        ),
        ("Officers in training", f"{learning:,}", "on a roster and not trained yet"),
    ]


def _some(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
