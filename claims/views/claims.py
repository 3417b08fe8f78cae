"""Claims: the list, one claim with all that belongs to it, and the steps that move it on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from claims import presentation, selectors
from claims.forms import ActionForm
from claims.models import ClaimVersion, PayrollBatch
from claims.nil import statement_of
from claims.policies import Offer, offers
from claims.rules.lifecycle import ACTIONS, OPEN_TO_AGENCY, STATE_LABELS, State
from claims.selectors import NOT_YET_FEDERAL
from claims.services.claims import open_claim, perform
from claims.views.panels import ABOVE, BELOW, panels
from claims.warnings import tally_of
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotFound, Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.show import show, wants_fragment

LATEST = 8
HISTORY_PER_PAGE = 50


@signed_in
def listing(request: ActorRequest) -> HttpResponse:
    """The agency's quarters, or on the federal side all claims that were submitted."""
    actor = request.actor
    if actor.side != Side.FEDERAL:
        return _own_quarters(request, actor)
    quarters = [(str(q), str(q)) for q in reversed(selectors.claimable_quarters(clock.today()))]
    codes = selectors.current_versions(actor).values_list("claim__agency__state", flat=True)
    states = [(code, code) for code in codes.order_by("claim__agency__state").distinct() if code]
    claims = Listing(
        request.GET,
        selectors.current_versions(actor),
        columns=(
            Column("Agency", "agency", ("claim__agency__name", "claim__quarter")),
            Column("Quarter", "quarter", ("claim__quarter",)),
            Column("State", "state", ("state",)),
            Column("Since", "since", ("changed_at",)),
            Column("Total", "total", ("calculation__total",), numeric=True),
        ),
        order="since",
        search=("claim__agency__name", "claim__number"),
        filters=(
            Filter(
                "status",
                "State of the claim",
                [(s, label) for s, label in STATE_LABELS.items() if s not in NOT_YET_FEDERAL],
                "state",
            ),
            Filter("quarter", "Quarter", quarters, "claim__quarter"),
            Filter("us", "US state", states, "claim__agency__state"),
        ),
    )
    return show(
        request,
        "claims/list.html",
        fragment="claims/_list.html",
        claims=claims,
    )


def _own_quarters(request: HttpRequest, actor: Actor) -> HttpResponse:
    if actor.agency is None or not actor.can(Capability.READ_AGENCY):
        raise NotFound("list of claims")
    return show(
        request,
        "claims/own.html",
        standings=selectors.standings(actor, actor.agency),
        may_start=actor.can(Capability.PREPARE),
    )


@signed_in
@require_POST
def start(request: ActorRequest) -> HttpResponse:
    """Open the claim of a quarter that the list offers; when it is open already, go there."""
    agency = request.actor.agency
    if agency is None:
        raise NotFound("agency")
    offered = {str(q): q for q in selectors.claimable_quarters(clock.today(agency.time_zone))}
    quarter = offered.get(request.POST.get("quarter", ""))
    if quarter is None:
        raise BadInput("quarter", "There is no such quarter to claim.", "Choose one of the list.")
    opened = open_claim(actor=request.actor, agency=agency, quarter=quarter)
    return redirect("claims:claim", opened.number)


@signed_in
def claim(request: ActorRequest, number: str, version: int | None = None) -> HttpResponse:
    """One version of a claim, by default the current one."""
    return _page(request, selectors.version_for(request.actor, number, version))


@signed_in
@require_POST
def act(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Do one action of the lifecycle; what stands against it is said beside the button."""
    stored = selectors.version_for(request.actor, number, version)
    action = ACTIONS.get(request.POST.get("code", ""))
    if action is None:
        raise BadInput("unknown_action", "There is no such step.", "Go back to the claim.")
    if action.code == "certify":
        return redirect("claims:certify", number, version)
    if not _is_current(stored):
        return redirect("claims:claim", number)
    form = ActionForm(action, data=request.POST)
    if not form.is_valid():
        return _page(request, stored, form=form, status=422)
    try:
        perform(
            actor=request.actor,
            version=stored,
            code=action.code,
            shown_sha256=form.cleaned_data["shown_sha256"],
            note=form.cleaned_data.get("note", ""),
        )
    except Refused as refusal:
        stored = selectors.version_for(request.actor, number, version)
        if refusal.code == "wrong_state" and selectors.did_last(request.actor, stored, action):
            # Sent twice; the first time it was done.
            return redirect("claims:claim", number)
        return _page(request, stored, form=form, refusal=refusal, status=refusal.status)
    effect = presentation.effect_of(action, nil=stored.nil)
    messages.success(request, f"{action.label}: done. {effect}")
    return redirect("claims:claim", number)


@signed_in
def history(request: ActorRequest, number: str) -> HttpResponse:
    """Everything that happened to a claim and its payroll files, the newest first."""
    version = selectors.version_for(request.actor, number)
    events = Paginator(selectors.story_of(request.actor, version), HISTORY_PER_PAGE)
    page = events.get_page(request.GET.get("page"))
    return show(
        request,
        "claims/history.html",
        claim=version.claim,
        entries=list(presentation.timeline(page)),
        paged=page,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """An action as the page shows it: its button with what is posted, or why not."""

    offer: Offer
    form: ActionForm
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
    actor, claim = request.actor, version.claim
    officers = _officers(request, version)
    page, fragment = "claims/claim.html", "claims/_officers.html"
    if wants_fragment(request):
        return show(request, page, fragment=fragment, version=version, officers=officers)
    offered = list(offers(version, actor)) if _is_current(version) else []
    possible = [offer.action.code for offer in offered if offer.is_possible]
    choices = [
        Choice(
            offer,
            _form_of(version, offer, form),
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
        decision=selectors.last_word_on(version),
        choices=choices,
        above=list(panels(ABOVE, actor, version)),
        below=list(panels(BELOW, actor, version)),
        refusal=refusal,
        form=form,
        figures=_figures(version),
        officers=officers,
        award=selectors.award_explanation_of(calculation) if calculation else None,
        **_files(actor, version),
        may_upload=actor.can(Capability.PREPARE) and version.state in OPEN_TO_AGENCY,
        may_be_nil=actor.can(Capability.PREPARE) and version.state == State.DRAFT,
        upload_url=f"{reverse('claims:upload_payroll')}?quarter={claim.quarter}",
        versions=selectors.versions_of(actor, claim),
        packets=version.packets.select_related("document", "job").order_by("requested_at"),
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
    rows = selectors.batches_for(actor).filter(
        agency=claim.agency, quarter=claim.quarter, dry_run=False
    )
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


def _is_current(version: ClaimVersion) -> bool:
    return version.claim.version_id == version.pk


def _form_of(version: ClaimVersion, offer: Offer, sent: ActionForm | None) -> ActionForm:
    code = offer.action.code
    own = sent if sent is not None and sent.data.get("code") == code else None
    if own is not None and own.errors:
        return own
    # After a refusal too, over the amounts as they are now, with what the person had written.
    shown = version.calculation.sha256 if version.calculation else ""
    note = own.data.get("note", "") if own is not None else ""
    return ActionForm(offer.action, initial={"code": code, "shown_sha256": shown, "note": note})


def _officers(request: HttpRequest, version: ClaimVersion) -> Listing:
    return Listing(
        request.GET,
        selectors.results_of(version),
        columns=(
            Column("Officer", "name", ("name",)),
            Column("Days", "days", ("eligible_days",), numeric=True),
            Column("Regular pay", "regular", ("regular",), numeric=True),
            Column("Benefits", "benefits", ("benefits",), numeric=True),
            Column("Overtime allowed", "allowed", ("overtime_allowed",), numeric=True),
            Column("Overtime disallowed", "disallowed", ("overtime_disallowed",), numeric=True),
            Column("Total", "total", ("total",), numeric=True),
        ),
        order="name",
        search=("name", "officer_id"),
        per_page=25,
    )


def _latest(actor: Actor, version: ClaimVersion) -> list[presentation.Entry]:
    # Calculations in a row are told as one, so that a few more events fill the few lines.
    events = selectors.story_of(actor, version)[: 5 * LATEST]
    return list(presentation.timeline(events))[:LATEST]


def _figures(version: ClaimVersion) -> list[tuple[str, int]]:
    calculation = version.calculation
    if calculation is None:
        return []
    return [
        ("Total claimed", calculation.total),
        ("Regular pay", calculation.regular),
        ("Benefits", calculation.benefits),
        ("Overtime allowed", calculation.overtime_allowed),
        ("Overtime disallowed", calculation.overtime_disallowed),
        ("Performance award", calculation.award_amount),
    ]
