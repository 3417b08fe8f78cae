"""“Nothing to claim”: the page that says it for a quarter, and the step that takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from claims.forms import NilForm
from claims.selectors.claims import version_for
from claims.selectors.quarters import standings
from claims.services.nil import declare_nil, obstacle, take_back_nil
from portal.accounts.roles import Capability
from portal.kernel.errors import NotFound
from portal.kernel.quarter import Quarter
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import posted
from portal.web.show import show


@signed_in
def declare(request: ActorRequest, quarter: str) -> HttpResponse:
    """Say that the agency has nothing to claim for a quarter, and why."""
    actor, asked = request.actor, _quarter(quarter)
    if actor.agency is None:
        raise NotFound("agency")
    actor.require(Capability.PREPARE, actor.agency)
    form = NilForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            claim = declare_nil(
                actor=actor,
                agency=actor.agency,
                quarter=asked,
                reason=form.cleaned_data["reason"],
            )
        if form.is_valid():
            messages.success(request, f"The claim of {asked} says that there is nothing to claim.")
            return redirect("claims:claim", claim.number)
    return show(
        request,
        "claims/nil.html",
        status=422 if form.errors else 200,
        form=form,
        quarter=asked,
        standing=next(
            (found for found in standings(actor, actor.agency) if found.quarter == asked), None
        ),
        refusal=obstacle(actor.agency, asked),
    )


@signed_in
@require_POST
def take_back(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Make a nil draft an ordinary one again."""
    stored = version_for(request.actor, number, version)
    with refused_as_message(request):
        take_back_nil(actor=request.actor, version=stored)
        messages.success(
            request, "Taken back. The claim is an ordinary draft again and takes payroll."
        )
    return redirect("claims:claim", number)


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise NotFound("quarter") from error
