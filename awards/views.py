"""Counts of persons referred and located: entered for every agency, read by each of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from awards.forms import CountsForm
from awards.models import PerformanceMeasure
from awards.rules import Counts, rules_on, tier_of
from awards.selectors import agencies_with_counts, measures_of
from awards.services import report_counts
from portal.accounts.roles import Capability, Side
from portal.accounts.selectors import agency_for
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.quarter import Quarter
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show


@signed_in
def counts(request: ActorRequest) -> HttpResponse:
    """Every agency with its counts of one quarter, and the way to enter them."""
    actor = request.actor
    actor.require(Capability.REPORT_COUNTS)
    quarters = list(_quarters(clock.today()))
    quarter = next((q for q in quarters if str(q) == request.GET.get("quarter")), _usual(quarters))
    listing = Listing(
        request.GET,
        agencies_with_counts(actor, quarter),
        columns=[
            Column("Agency", "name", ("name",)),
            Column("State", "state", ("state", "name")),
            Column("Referred", "referred", ("referred",), numeric=True),
            Column("Located", "located", ("located",), numeric=True),
            Column("Share", numeric=True),
            Column("Reported", "reported", ("reported_at",)),
        ],
        order="name",
        search=("name", "number"),
        filters=[Filter("reported", "Show", [("no", "Missing"), ("yes", "Reported")])],
    )
    for agency in listing:
        agency.share = share(agency.referred, agency.located)
    return show(
        request,
        "awards/counts.html",
        fragment="awards/_counts.html",
        listing=listing,
        quarter=quarter,
        quarters=quarters,
    )


@signed_in
def report(request: ActorRequest, number: str, quarter: str) -> HttpResponse:
    """Enter an agency's counts of a quarter; a later report replaces an earlier one."""
    actor = request.actor
    actor.require(Capability.REPORT_COUNTS)
    agency = agency_for(actor, number)
    wanted = _known_quarter(quarter)
    earlier = list(measures_of(agency).filter(quarter=wanted))
    initial = {"referred": earlier[0].referred, "located": earlier[0].located} if earlier else {}
    form = CountsForm(posted(request), initial=initial)
    back = f"{reverse('awards:counts')}?quarter={wanted}"
    if form.is_valid():
        with refused_on(form):
            report_counts(actor=actor, agency=agency, quarter=wanted, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, f"The counts of {agency.name} for {wanted} are recorded.")
            return redirect(back)
    return show(
        request,
        "awards/report.html",
        status=422 if form.errors else 200,
        form=form,
        agency=agency,
        quarter=wanted,
        earlier=earlier,
        crumbs=[("Counts", back)],
    )


@signed_in
def agency(request: ActorRequest, number: str) -> HttpResponse:
    """An agency's counts, quarter by quarter, with who reported them and what they earn."""
    actor = request.actor
    found = agency_for(actor, number)
    above = (
        ("Agencies", reverse("agreements:agencies"))
        if actor.side == Side.FEDERAL
        else (found.name, reverse("agreements:own_agency"))
    )
    return show(
        request,
        "awards/agency.html",
        fragment="awards/_agency.html",
        agency=found,
        reports=list(_current(measures_of(found))),
        crumbs=[above],
        may_report=actor.can(Capability.REPORT_COUNTS),
    )


class Report(NamedTuple):
    """The report of a quarter that counts, what it earns per officer, and how many it replaced."""

    measure: PerformanceMeasure
    share: str
    per_officer: int
    replaced: int


def share(referred: int | None, located: int | None) -> str:
    """Located of referred in percent, cut after one decimal: no share looks like the next tier."""
    if not referred or located is None:
        return ""
    tenths = 1000 * located // referred
    return f"{tenths // 10}.{tenths % 10}%"


def _current(measures: Any) -> Iterator[Report]:
    """The latest report of each quarter out of reports sorted by quarter, newest first."""
    by_quarter: dict[Quarter, list[PerformanceMeasure]] = {}
    for measure in measures:
        by_quarter.setdefault(measure.quarter, []).append(measure)
    for quarter, reports in by_quarter.items():
        latest = reports[0]
        counted = Counts(latest.referred, latest.located)
        tier = tier_of(counted, rules_on(quarter.start)) if latest.referred else None
        yield Report(
            latest,
            share(latest.referred, latest.located),
            tier.amount if tier else 0,
            len(reports) - 1,
        )


def _quarters(today: date) -> Iterator[Quarter]:
    """The quarters that can have counts, from the present one back to the program's first."""
    quarter = Quarter.of(today)
    first = Quarter.of(min(cited.from_on for cited in rules_on(today).citations))
    while quarter > first:
        yield quarter
        quarter = quarter.previous
    yield quarter


def _usual(quarters: list[Quarter]) -> Quarter:
    """The last quarter that is over, or the present one in the program's first."""
    return quarters[1] if len(quarters) > 1 else quarters[0]


def _known_quarter(text: str) -> Quarter:
    for quarter in _quarters(clock.today()):
        if str(quarter) == text:
            return quarter
    raise NotFound("quarter")
