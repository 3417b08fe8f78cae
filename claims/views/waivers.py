"""Requirements that do not apply to a line or claim."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path

from claims.models import Claim, ClaimVersion, Waiver
from claims.rules.address import Address
from claims.selectors.claims import version_for
from claims.selectors.waivers import is_in_force, waivers_at_hand, waivers_of
from claims.services.waiving import grant_waiver, not_waivable, revoke_waiver
from claims.views.line_forms import RevokeForm, WaiverForm
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What the claim's page shows of it to this reader; None when there is nothing."""
    waivers = _shown(version.claim)
    if not waivers:
        return None
    return {"waivers": waivers, "may_waive": not_waivable(version, actor) is None}


@signed_in
def waive(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Lift a requirement for the claim or a part of it."""
    stored = version_for(request.actor, number, version)
    request.actor.require(Capability.APPROVE, stored.claim.agency)
    first = {name: request.GET.get(name, "") for name in ("rule", "officer_id", "category")}
    form = WaiverForm(posted(request), initial=first, request=request)
    if form.is_valid():
        with refused_on(form):
            given = form.cleaned_data
            given.pop("password", None)
            grant_waiver(actor=request.actor, claim=stored.claim, **given)
        if form.is_valid():
            messages.success(request, "The requirement is waived. The agency sees it.")
            return redirect("claims:version", number, version)
    return show(
        request,
        "claims/waive.html",
        status=422 if form.errors else 200,
        claim=stored.claim,
        version=stored,
        form=form,
        refusal=not_waivable(stored, request.actor),
    )


@signed_in
def revoke(request: ActorRequest, number: str, version: int, pk: int) -> HttpResponse:
    """End a waiver before its day."""
    stored = version_for(request.actor, number, version)
    request.actor.require(Capability.APPROVE, stored.claim.agency)
    waiver = found(waivers_of(stored.claim), "waiver of this claim", pk=pk)
    form = RevokeForm(posted(request), request=request)
    if form.is_valid():
        with refused_on(form):
            revoke_waiver(actor=request.actor, waiver=waiver, note=form.cleaned_data["note"])
        if form.is_valid():
            messages.success(request, "The waiver has ended. The requirement applies again.")
            return redirect("claims:version", number, version)
    return show(
        request,
        "claims/revoke_waiver.html",
        status=422 if form.errors else 200,
        claim=stored.claim,
        version=stored,
        form=form,
        waiver=waiver,
        scope=_scope(waiver),
        refusal=not_waivable(stored, request.actor),
    )


def _scope(waiver: Waiver) -> str:
    return Address(waiver.officer_id, waiver.category).words()


def _shown(claim: Claim) -> list[tuple[Waiver, str, bool]]:
    today = clock.today(claim.agency.time_zone)
    return [
        (waiver, _scope(waiver), is_in_force(waiver, today)) for waiver in waivers_at_hand(claim)
    ]


_VERSION = "claims/<slug:number>/versions/<int:version>/"
paths: list[URLPattern] = [
    path(f"{_VERSION}waivers/", waive, name="waive"),
    path(f"{_VERSION}waivers/<int:pk>/end/", revoke, name="revoke_waiver"),
]
