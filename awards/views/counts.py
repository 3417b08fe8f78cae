"""Counts of persons referred and located: reported for every agency, read by each of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from awards.forms import CountsForm
from awards.presentation import counted, share, waiting
from awards.rules import reportable_quarters
from awards.selectors import (
    agencies_with_counts,
    disputes_of,
    measures_of,
    measures_to_confirm,
    open_disputes,
)
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

STANDINGS = [
    ("missing", "Missing"),
    ("waiting", "Waiting for confirmation"),
    ("confirmed", "Confirmed"),
]


@signed_in
def counts(request: ActorRequest) -> HttpResponse:
    """Every agency with its counts of one quarter, and the ways to report and confirm them."""
    actor = request.actor
    actor.require(Capability.REPORT_COUNTS)
    quarters = reportable_quarters(clock.today())
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
            Column("Standing", "standing", ("standing", "confirmed_at")),
        ],
        order="name",
        search=("name", "number"),
        filters=[Filter("standing", "Show", STANDINGS)],
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
        to_confirm=measures_to_confirm(actor).exclude(reported_by=actor.user).count(),
        disputed=open_disputes(actor).count(),
    )


@signed_in
def report(request: ActorRequest, number: str, quarter: str) -> HttpResponse:
    """Report an agency's counts of a quarter; a later report replaces an earlier one."""
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
            messages.success(
                request,
                f"The counts of {agency.name} for {wanted} are recorded. They count once another "
                "program manager has confirmed them.",
            )
            return redirect(back)
    return show(
        request,
        "awards/report.html",
        status=422 if form.errors else 200,
        form=form,
        agency=agency,
        quarter=wanted,
        earlier=earlier,
        waiting=next(iter(waiting(earlier)), None),
        crumbs=[("Counts", back)],
    )


@signed_in
def agency(request: ActorRequest, number: str) -> HttpResponse:
    """An agency's counts, quarter by quarter, with who reported and confirmed them."""
    actor = request.actor
    found = agency_for(actor, number)
    above = (
        ("Agencies", reverse("agreements:agencies"))
        if actor.side == Side.FEDERAL
        else (found.name, reverse("agreements:own_agency"))
    )
    measures = list(measures_of(found))
    return show(
        request,
        "awards/agency.html",
        fragment="awards/_agency.html",
        agency=found,
        reports=list(counted(measures)),
        # What nobody has confirmed is the program office's own affair.
        waiting=waiting(measures) if actor.side == Side.FEDERAL else [],
        disputes=disputes_of(actor, found),
        may_dispute=actor.side == Side.AGENCY
        and (actor.can(Capability.PREPARE) or actor.can(Capability.CERTIFY)),
        crumbs=[above],
        may_report=actor.can(Capability.REPORT_COUNTS),
    )


def _usual(quarters: list[Quarter]) -> Quarter:
    """The last quarter that is over, or the present one in the program's first."""
    return quarters[1] if len(quarters) > 1 else quarters[0]


def _known_quarter(text: str) -> Quarter:
    for quarter in reportable_quarters(clock.today()):
        if str(quarter) == text:
            return quarter
    raise NotFound("quarter")
