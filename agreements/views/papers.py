"""The papers of an agreement: kept by the program office, read by whoever may see the agency."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from agreements import selectors
from agreements.forms import PapersForm
from agreements.services.papers import note_papers
from agreements.views.scope import crumbs_to_agency
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.kernel.errors import NotFound
from portal.records.originals import read_original
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show


@signed_in
def papers(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Attach the signed agreement, and note its clauses about recruitment and pay."""
    actor = request.actor
    actor.require(Capability.MANAGE_AGENCIES)
    agreement = selectors.agreement_for(actor, number, pk)
    form = PapersForm(
        posted(request), request.FILES or None, initial={"clauses": agreement.clauses}
    )
    if form.is_valid():
        file = form.cleaned_data["file"]
        with refused_on(form):
            note_papers(
                actor=actor,
                agreement=agreement,
                clauses=form.cleaned_data["clauses"],
                upload=Upload.of_form(file) if file else None,
            )
        if form.is_valid():
            messages.success(request, "The agreement’s papers are recorded.")
            return redirect("agreements:agency", number)
    return show(
        request,
        "agreements/form.html",
        status=422 if form.errors else 200,
        form=form,
        heading=f"Papers of the {agreement.model} agreement",
        lead=f"Of {agreement.agency.name}.",
        button="Record the papers",
        crumbs=crumbs_to_agency(actor, agreement.agency),
    )


@signed_in
def moa(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """The signed agreement as it was sent, to be saved."""
    agreement = selectors.agreement_for(request.actor, number, pk)
    if agreement.moa is None:
        raise NotFound("file")
    content = read_original(agreement.moa, actor=request.actor)
    return attachment(content, agreement.moa.filename, agreement.moa.media_type)
