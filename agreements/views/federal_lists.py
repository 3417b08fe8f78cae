"""The federal list of authorizations: the one that counts, those before it, and taking a new one in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agreements import selectors
from agreements.officer_forms import FederalListForm
from agreements.services.federal_lists import ListRefused, take_federal_list
from portal.accounts.policies import found
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.kernel.findings import Finding
from portal.records.originals import read_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.paging import Column, Listing
from portal.web.refusals import in_words, refused_on
from portal.web.sending import posted
from portal.web.show import show

SHOWN_FINDINGS = 50


@signed_in
def federal_lists(request: ActorRequest) -> HttpResponse:
    """Every list that was taken in, the newest first: that one counts."""
    rows = selectors.federal_lists_for(request.actor)
    latest = rows.order_by("-id").first()
    listing = Listing(
        request.GET,
        rows,
        columns=[
            Column("Received", "received", ("id",)),
            Column("File"),
            Column("Sent by", "by", ("uploaded_by__name", "id")),
            Column("Authorizations", "rows", ("rows", "id"), numeric=True),
            Column("State"),
        ],
        order="-received",
    )
    return show(
        request,
        "agreements/federal_lists.html",
        fragment="agreements/_federal_lists.html",
        listing=listing,
        latest=latest,
        may_upload=request.actor.can(Capability.MANAGE_AGENCIES),
    )


@signed_in
def upload_federal_list(request: ActorRequest) -> HttpResponse:
    """Take a list in. It counts at once: it only marks what agencies say, and changes no amount."""
    actor = request.actor
    actor.require(Capability.MANAGE_AGENCIES)
    form = FederalListForm(posted(request), request.FILES or None)
    findings: list[Finding] = []
    if form.is_valid():
        with refused_on(form):
            try:
                taken = take_federal_list(
                    actor=actor, upload=Upload.of_form(form.cleaned_data["file"])
                )
            except ListRefused as refusal:
                findings = list(refusal.findings)
                form.add_error("file", in_words(refusal))
        if form.is_valid():
            messages.success(
                request, f"The list counts now: {taken.rows:,} authorizations by credential number."
            )
            return redirect("agreements:federal_lists")
    return show(
        request,
        "agreements/upload_federal_list.html",
        status=422 if form.errors else 200,
        form=form,
        findings=findings[:SHOWN_FINDINGS],
        hidden_findings=max(0, len(findings) - SHOWN_FINDINGS),
        crumbs=[("Federal list of authorizations", reverse("agreements:federal_lists"))],
    )


@signed_in
def federal_list_original(request: ActorRequest, pk: int) -> HttpResponse:
    """A list as it came in, to be saved."""
    document = found(selectors.federal_lists_for(request.actor), "list", pk=pk).document
    content = read_original(document, actor=request.actor)
    return attachment(content, document.filename, document.media_type)
