"""Counts an agency contests: its form, the program office's list, and one dispute with its answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from awards.forms import CountsForm, DisputeForm, KeepForm
from awards.presentation import share
from awards.rules import reportable_quarters
from awards.selectors import (
    counting_measure,
    dispute_for,
    disputes_for,
    disputes_of,
    waiting_measures,
)
from awards.services import dispute_counts, keep_counts
from portal.accounts.roles import Capability, Side
from portal.accounts.selectors import agency_for
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show

STANDINGS = [("True", "Open"), ("False", "Settled")]


@signed_in
def contest(request: ActorRequest, number: str, quarter: str) -> HttpResponse:
    """Contest the counts of a quarter with the agency's own two numbers."""
    actor = request.actor
    agency = agency_for(actor, number)
    wanted = next((q for q in reportable_quarters(clock.today()) if str(q) == quarter), None)
    measure = counting_measure(agency, wanted) if wanted else None
    if measure is None or actor.side != Side.AGENCY:
        raise NotFound("counts")
    form = DisputeForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            made = dispute_counts(actor=actor, measure=measure, **form.cleaned_data)
        if form.is_valid():
            messages.success(
                request,
                "Your dispute is with the program office. The claim does not wait for it.",
            )
            return redirect("awards:dispute", made.pk)
    return show(
        request,
        "awards/contest.html",
        status=422 if form.errors else 200,
        form=form,
        measure=measure,
        share=share(measure.referred, measure.located),
        known=disputes_of(actor, agency, measure.quarter).filter(is_open=True).first(),
        may_dispute=actor.can(Capability.PREPARE) or actor.can(Capability.CERTIFY),
        crumbs=[("Counts", reverse("awards:agency", args=[agency.number]))],
    )


@signed_in
def disputes(request: ActorRequest) -> HttpResponse:
    """Every dispute of counts, the longest waiting first."""
    actor = request.actor
    actor.require(Capability.REPORT_COUNTS)
    listing = Listing(
        request.GET,
        disputes_for(actor),
        columns=[
            Column("Agency", "name", ("measure__agency__name",)),
            Column("Quarter", "quarter", ("measure__quarter",)),
            Column("What counts"),
            Column("The agency says"),
            Column("Why", "reason", ("reason",)),
            Column("Since", "since", ("filed_at",)),
            Column("Standing", "standing", ("is_open", "filed_at")),
        ],
        order="since",
        search=("measure__agency__name", "measure__agency__number", "measure__quarter"),
        filters=[Filter("standing", "Show", STANDINGS, "is_open")],
    )
    return show(
        request,
        "awards/disputes.html",
        fragment="awards/_disputes.html",
        listing=listing,
        crumbs=[("Counts", reverse("awards:counts"))],
    )


@signed_in
def dispute(request: ActorRequest, pk: int) -> HttpResponse:
    """One dispute for both sides; a program manager keeps the counts here, or goes to change them."""
    actor = request.actor
    found = dispute_for(actor, pk)
    measure = found.measure
    may_answer = actor.can(Capability.REPORT_COUNTS) and found.is_open
    form = KeepForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            keep_counts(actor=actor, dispute=found, answer=form.cleaned_data["answer"])
        if form.is_valid():
            messages.success(request, "The counts stay. The agency reads your answer.")
            return redirect("awards:dispute", pk)
    federal = actor.side == Side.FEDERAL
    waiting = waiting_measures().filter(agency=measure.agency, quarter=measure.quarter)
    return show(
        request,
        "awards/dispute.html",
        status=422 if form.errors else 200,
        form=form,
        counts_form=CountsForm(initial={"referred": found.referred, "located": found.located}),
        dispute=found,
        measure=measure,
        may_answer=may_answer,
        is_reporter=measure.reported_by_id == actor.user.pk,
        # What nobody has confirmed is the program office's own affair.
        waiting=waiting.first() if federal else None,
        crumbs=[("Disputes", reverse("awards:disputes"))]
        if actor.can(Capability.REPORT_COUNTS)
        else [("Counts", reverse("awards:agency", args=[measure.agency.number]))],
    )
