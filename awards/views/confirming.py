"""The second pair of eyes: counts that one program manager reported and another confirms or rejects."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from awards.forms import RejectForm
from awards.presentation import share
from awards.selectors import measure_to_confirm, measures_to_confirm
from awards.services import confirm_counts, reject_counts
from portal.accounts.roles import Capability
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Listing
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import posted
from portal.web.show import show


@signed_in
def waiting(request: ActorRequest) -> HttpResponse:
    """Every report that waits for a second person, the longest waiting first."""
    actor = request.actor
    actor.require(Capability.REPORT_COUNTS)
    listing = Listing(
        request.GET,
        measures_to_confirm(actor),
        columns=[
            Column("Agency", "name", ("agency__name",)),
            Column("Quarter", "quarter", ("quarter",)),
            Column("Referred", "referred", ("referred",), numeric=True),
            Column("Located", "located", ("located",), numeric=True),
            Column("Share", numeric=True),
            Column("Reported", "reported", ("reported_at",)),
            Column("Decision"),
        ],
        order="reported",
        search=("agency__name", "agency__number", "quarter"),
    )
    for measure in listing:
        measure.share = share(measure.referred, measure.located)
        measure.is_own = measure.reported_by_id == actor.user.pk
    return show(
        request,
        "awards/waiting.html",
        fragment="awards/_waiting.html",
        listing=listing,
        crumbs=[("Counts", reverse("awards:counts"))],
    )


@signed_in
@require_POST
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    """Let reported counts count."""
    measure = measure_to_confirm(request.actor, pk)
    with refused_as_message(request):
        confirm_counts(actor=request.actor, measure=measure)
        messages.success(
            request, f"The counts of {measure.agency.name} for {measure.quarter} count now."
        )
    return redirect("awards:waiting")


@signed_in
def reject(request: ActorRequest, pk: int) -> HttpResponse:
    """Refuse reported counts and say what is wrong."""
    measure = measure_to_confirm(request.actor, pk)
    form = RejectForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            reject_counts(actor=request.actor, measure=measure, note=form.cleaned_data["note"])
        if form.is_valid():
            messages.success(
                request,
                f"The counts of {measure.agency.name} for {measure.quarter} are rejected. "
                f"{measure.reported_by} finds your note on the agency's page.",
            )
            return redirect("awards:waiting")
    return show(
        request,
        "awards/reject.html",
        status=422 if form.errors else 200,
        form=form,
        measure=measure,
        crumbs=[
            ("Counts", reverse("awards:counts")),
            ("To confirm", reverse("awards:waiting")),
        ],
    )
