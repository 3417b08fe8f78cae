"""Claims: the list, one claim with all that belongs to it, and the steps that move it on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from claims import presentation
from claims.forms import ActionForm
from claims.models import Claim, ClaimVersion
from claims.rules.lifecycle import ACTIONS, Action
from claims.selectors.claims import version_for
from claims.selectors.linked import current_claim
from claims.selectors.quarters import claimable_quarters
from claims.selectors.story import did_last
from claims.services.claims import open_claim, perform
from claims.views import desk
from claims.views.claim_page import claim_page, is_current
from claims.views.own_quarters import own_quarters, with_earlier_claims
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotFound, Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show


@signed_in
def listing(request: ActorRequest) -> HttpResponse:
    """The agency's quarters, or on the federal side all claims that were submitted."""
    actor = request.actor
    if actor.side != Side.FEDERAL:
        return _own_quarters(request, actor)
    return desk.listing(request)


def _own_quarters(request: HttpRequest, actor: Actor) -> HttpResponse:
    if actor.agency is None or not actor.can(Capability.READ_AGENCY):
        raise NotFound("list of claims")
    return show(
        request,
        "claims/own.html",
        quarters=with_earlier_claims(actor, own_quarters(actor, actor.agency)),
        may_start=actor.can(Capability.PREPARE),
    )


@signed_in
@require_POST
def start(request: ActorRequest) -> HttpResponse:
    """Open the claim of a quarter that the list offers; when it is open already, go there."""
    agency = request.actor.agency
    if agency is None:
        raise NotFound("agency")
    offered = {str(q): q for q in claimable_quarters(clock.today(agency.time_zone))}
    quarter = offered.get(request.POST.get("quarter", ""))
    if quarter is None:
        raise BadInput("quarter", "There is no such quarter to claim.", "Choose one of the list.")
    opened = open_claim(actor=request.actor, agency=agency, quarter=quarter)
    return redirect("claims:claim", opened.number)


@signed_in
def claim(request: ActorRequest, number: str, version: int | None = None) -> HttpResponse:
    """One version of a claim, by default the current one."""
    return claim_page(request, version_for(request.actor, number, version))


@signed_in
def act(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Do one action of the lifecycle; what stands against it is said beside the button.

    After a refusal this address stands in the browser: read again, it leads back to the claim.
    """
    stored = version_for(request.actor, number, version)
    if request.method != "POST":
        return redirect("claims:claim", number)
    action = ACTIONS.get(request.POST.get("code", ""))
    if action is None:
        raise BadInput("unknown_action", "There is no such step.", "Go back to the claim.")
    if action.code == "certify":
        return redirect("claims:certify", number, version)
    if not is_current(stored):
        return redirect("claims:claim", number)
    form = ActionForm(action, request=request, data=request.POST)
    if not form.is_valid():
        return claim_page(request, stored, form=form, status=422)
    try:
        after = perform(
            actor=request.actor,
            version=stored,
            code=action.code,
            shown_sha256=form.cleaned_data["shown_sha256"],
            note=form.cleaned_data.get("note", ""),
        )
    except Refused as refusal:
        stored = version_for(request.actor, number, version)
        if _done_before(request.actor, stored, action, refusal):
            return redirect("claims:claim", _last_claim(stored).number)
        return claim_page(request, stored, form=form, refusal=refusal, status=refusal.status)
    messages.success(request, presentation.DONE[action.code])
    return redirect("claims:claim", after.claim.number)


def _done_before(actor: Actor, version: ClaimVersion, action: Action, refusal: Refused) -> bool:
    """Whether the step was sent twice, and the first time it was done.

    Only where the claim itself stands against it now: not the person, what they sent, or the amounts.
    """
    return type(refusal) is Refused and did_last(actor, version, action)


def _last_claim(version: ClaimVersion) -> Claim:
    claim = version.claim
    return current_claim(claim.agency_id, claim.quarter) or claim
