"""Claims: the list, one claim with all that belongs to it, and the steps that move it on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import presentation
from claims.forms import ActionForm
from claims.models import Claim, ClaimVersion, Decision, Packet, PayrollBatch
from claims.nil import statement_of
from claims.policies import Offer, offers
from claims.rules.lifecycle import ACTIONS, OPEN_TO_AGENCY, Action, State
from claims.selectors.claims import version_for, versions_of
from claims.selectors.decisions import sent_back_with
from claims.selectors.holds import may_hold
from claims.selectors.lines import allowed_total, is_readable, shown_hash
from claims.selectors.linked import current_claim
from claims.selectors.payroll import batches_for
from claims.selectors.quarters import claimable_quarters
from claims.selectors.results import award_explanation_of
from claims.selectors.story import did_last, last_word_on, story_of
from claims.services.claims import open_claim, perform
from claims.services.holding import not_holdable
from claims.views import desk
from claims.views.lines import officers_listing
from claims.views.own_quarters import own_quarters
from claims.views.panels import ABOVE, BELOW, panels
from claims.warnings import tally_of
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.asked_once import asking_once
from portal.kernel.errors import BadInput, NotFound, Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.show import show, wants_fragment

LATEST = 8


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
        quarters=own_quarters(actor, actor.agency),
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
    return _page(request, version_for(request.actor, number, version))


@signed_in
@require_POST
def act(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Do one action of the lifecycle; what stands against it is said beside the button."""
    stored = version_for(request.actor, number, version)
    action = ACTIONS.get(request.POST.get("code", ""))
    if action is None:
        raise BadInput("unknown_action", "There is no such step.", "Go back to the claim.")
    if action.code == "certify":
        return redirect("claims:certify", number, version)
    if not _is_current(stored):
        return redirect("claims:claim", number)
    form = ActionForm(action, request=request, data=request.POST)
    if not form.is_valid():
        return _page(request, stored, form=form, status=422)
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
        return _page(request, stored, form=form, refusal=refusal, status=refusal.status)
    effect = presentation.effect_of(action, nil=stored.nil)
    messages.success(request, f"{action.label}: done. {effect}")
    return redirect("claims:claim", after.claim.number)


def _done_before(actor: Actor, version: ClaimVersion, action: Action, refusal: Refused) -> bool:
    """Whether the step was sent twice, and the first time it was done.

    Only where the claim itself stands against it now: not the person, what they sent, or the amounts.
    """
    return type(refusal) is Refused and did_last(actor, version, action)


def _last_claim(version: ClaimVersion) -> Claim:
    claim = version.claim
    return current_claim(claim.agency_id, claim.quarter) or claim


@dataclass(frozen=True, slots=True)
class Choice:
    """An action as the page shows it: its button with what is posted, or why not."""

    offer: Offer
    form: ActionForm
    label: str
    kind: str
    effect: str


def _page(
    request: ActorRequest,
    version: ClaimVersion,
    *,
    form: ActionForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    with asking_once():
        return _shown(request, version, form, refusal, status)


def _shown(
    request: ActorRequest,
    version: ClaimVersion,
    form: ActionForm | None,
    refusal: Refused | None,
    status: int,
) -> HttpResponse:
    actor, claim = request.actor, version.claim
    officers = officers_listing(request, version)
    page, fragment = "claims/claim.html", "claims/_officers.html"
    if wants_fragment(request):
        return show(request, page, fragment=fragment, version=version, officers=officers)
    offered = list(offers(version, actor)) if _is_current(version) else []
    possible = [offer.action.code for offer in offered if offer.is_possible]
    shown, allowed = shown_hash(version), allowed_total(version)
    choices = [
        Choice(
            offer,
            _form_of(request, offer, form, shown),
            presentation.label_of(offer.action, allowed, nil=version.nil),
            "" if offer.action.code in possible[:1] else "outline",
            presentation.effect_of(offer.action, nil=version.nil),
        )
        for offer in offered
    ]
    calculation = version.calculation
    return show(
        request,
        page,
        fragment=fragment,
        status=status,
        claim=claim,
        version=version,
        calculation=calculation,
        turn=presentation.turn(version.state, possible, nil=version.nil),
        statement=statement_of(version),
        tally=tally_of(version),
        is_current=_is_current(version),
        decision=_last_word(actor, version),
        choices=choices,
        above=list(panels(ABOVE, actor, version)),
        below=list(panels(BELOW, actor, version)),
        may_hold=may_hold(actor) and not_holdable(version) is None,
        void=presentation.why_void(version.state),
        refusal=refusal,
        form=form,
        figures=_figures(version, allowed if is_readable(actor, version) else None),
        officers=officers,
        award=award_explanation_of(calculation) if calculation else None,
        **_files(actor, version),
        may_upload=actor.can(Capability.PREPARE) and version.state in OPEN_TO_AGENCY,
        may_be_nil=actor.can(Capability.PREPARE) and version.state == State.DRAFT,
        upload_url=f"{reverse('claims:upload_payroll')}?quarter={claim.quarter}",
        versions=versions_of(actor, claim) if claim.version.number > 1 else (),
        packets=_packets(version),
        entries=_latest(actor, version),
    )


NOT_COUNTED = {
    PayrollBatch.State.REJECTED: "rejected",
    PayrollBatch.State.SUPERSEDED: "replaced by a later one",
    PayrollBatch.State.WITHDRAWN: "taken back",
}
"""What became of files that do not count, as the claim's page tells it."""


def _files(actor: Actor, version: ClaimVersion) -> dict[str, object]:
    """The quarter's payroll files that count or are still read; of the others, how many became what."""
    claim = version.claim
    rows = batches_for(actor).filter(agency=claim.agency, quarter=claim.quarter, dry_run=False)
    files = list(rows.order_by("-number"))
    states = Counter(file.state for file in files)
    return {
        "files": [file for file in files if file.state not in NOT_COUNTED],
        "not_counted": [
            (state, f"{states[state]:,} {words}")
            for state, words in NOT_COUNTED.items()
            if states[state]
        ],
    }


def _packets(version: ClaimVersion) -> list[Packet]:
    if not hasattr(version, "certification"):
        return []
    return list(version.packets.select_related("document", "job").order_by("requested_at"))


def _is_current(version: ClaimVersion) -> bool:
    return version.claim.version_id == version.pk


def _form_of(
    request: ActorRequest, offer: Offer, sent: ActionForm | None, shown: str
) -> ActionForm:
    code = offer.action.code
    own = sent if sent is not None and sent.data.get("code") == code else None
    if own is not None and own.errors:
        return own
    # After a refusal too, over the amounts as they are now, with what the person had written.
    note = own.data.get("note", "") if own is not None else ""
    initial = {"code": code, "shown_sha256": shown, "note": note}
    return ActionForm(offer.action, request=request, initial=initial)


def _last_word(actor: Actor, version: ClaimVersion) -> Decision | None:
    sent_back = sent_back_with(version) if actor.side == Side.FEDERAL else None
    return sent_back or last_word_on(version)


def _latest(actor: Actor, version: ClaimVersion) -> list[presentation.Entry]:
    # Calculations in a row are told as one, so that a few more events fill the few lines.
    events = story_of(actor, version)[: 5 * LATEST]
    return list(presentation.timeline(events))[:LATEST]


def _figures(version: ClaimVersion, allowed: int | None) -> list[tuple[str, int]]:
    """The amounts on top; `allowed` in cents is None for those who may not know it yet."""
    calculation = version.calculation
    if calculation is None:
        return []
    total = calculation.total
    totals = [("Total claimed", total)]
    if allowed not in (None, total):
        totals = [
            ("Allowed", allowed),
            ("Claimed", total + calculation.overtime_disallowed),
            ("By the rules", total),
        ]
    return [
        *totals,
        ("Regular pay", calculation.regular),
        ("Benefits", calculation.benefits),
        ("Overtime allowed", calculation.overtime_allowed),
        ("Overtime disallowed", calculation.overtime_disallowed),
        ("Performance award", calculation.award_amount),
    ]
