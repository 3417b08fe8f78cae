"""Merging two records of one agency, on a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from claims.forms import MergeForm
from claims.services.merging import merge_agencies
from portal.accounts.roles import Capability
from portal.accounts.selectors import agencies_for, agency_for
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show


@signed_in
def merge(request: ActorRequest, number: str) -> HttpResponse:
    """Let this record become part of another one."""
    actor = request.actor
    actor.require(Capability.MANAGE_AGENCIES)
    merged = agency_for(actor, number)
    form = MergeForm(posted(request), agencies=agencies_for(actor))
    if form.is_valid():
        with refused_on(form):
            kept = merge_agencies(
                actor=actor,
                merged=merged,
                kept=form.cleaned_data["kept"],
                note=form.cleaned_data["note"],
            )
        if form.is_valid():
            messages.success(request, f"{merged.name} ({merged.number}) is part of this record.")
            return redirect("agreements:agency", kept.number)
    return show(
        request,
        "agreements/form.html",
        status=422 if form.errors else 200,
        form=form,
        heading="Merge into another record",
        lead=f"{merged.name}, {merged.number}, and another record are one agency. The names, agreements "
        "and officers of this record move to the other. Claims and files stay under this number. "
        "This cannot be undone.",
        button="Merge the records",
        crumbs=[
            ("Agencies", reverse("agreements:agencies")),
            (merged.name, reverse("agreements:agency", args=[merged.number])),
        ],
    )
