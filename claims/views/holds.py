"""Holding a claim, and releasing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from claims.forms import HoldForm
from claims.models import ClaimVersion
from claims.selectors.claims import version_for
from claims.selectors.holds import HOLDABLE, hold_on, longest_hold, may_hold
from claims.services.holding import not_holdable, place_hold, release_hold
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel.errors import NotFound
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import posted
from portal.web.show import show


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What the claim's page shows of it to this reader; None when there is nothing."""
    if version.claim.version_id != version.pk or version.state not in HOLDABLE:
        return None
    hold = hold_on(version.claim)
    return None if hold is None else {"hold": hold, "may_release": may_hold(actor)}


@signed_in
def place(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """The form that puts a claim on hold."""
    actor, stored = request.actor, version_for(request.actor, number, version)
    if not may_hold(actor):
        actor.require(Capability.REVIEW)
    last_on = longest_hold(stored.claim)
    form = HoldForm(posted(request), last_on=last_on)
    if form.is_valid():
        with refused_on(form):
            hold = place_hold(actor=actor, version=stored, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, f"On hold until {hold.until_on:%B %-d, %Y}.")
            return redirect("claims:version", number, version)
    return show(
        request,
        "claims/hold.html",
        status=422 if form.errors else 200,
        claim=stored.claim,
        version=stored,
        form=form,
        refusal=None if form.is_bound else not_holdable(stored),
    )


@signed_in
@require_POST
def release(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """End the hold of a claim; pressed twice, it ends once."""
    stored = version_for(request.actor, number, version)
    if request.actor.side != "federal":
        raise NotFound("hold")
    hold = hold_on(stored.claim)
    with refused_as_message(request):
        if hold is not None:
            release_hold(actor=request.actor, version=stored, hold=hold)
        messages.success(request, "The claim is no longer on hold.")
    return redirect("claims:version", number, version)


paths: list[URLPattern] = [
    path("claims/<slug:number>/versions/<int:version>/hold/", place, name="hold"),
    path("claims/<slug:number>/versions/<int:version>/hold/release/", release, name="release_hold"),
]
