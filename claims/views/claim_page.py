"""One claim as a page: whose turn it is, its amounts, and the panels of the rooms around it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from claims import presentation
from claims.forms import ActionForm
from claims.models import ClaimVersion, Decision, PayrollBatch
from claims.nil import statement_of
from claims.policies import Offer, offers
from claims.rules.lifecycle import OPEN_TO_AGENCY, State
from claims.selectors.claims import versions_of
from claims.selectors.decisions import sent_back_with
from claims.selectors.holds import may_hold
from claims.selectors.lines import allowed_total, is_readable, shown_hash
from claims.selectors.payroll import batches_for
from claims.selectors.recipients import why_nobody_signs
from claims.selectors.results import award_explanation_of
from claims.selectors.story import last_word_on, story_of
from claims.services.holding import not_holdable
from claims.services.waiving import not_waivable
from claims.views.lines import officers_listing
from claims.views.packets import packets_shown
from claims.views.panels import ABOVE, AMOUNTS, BELOW, panels
from claims.views.turns import nobody_signs, turn_of
from claims.warnings import tally_of
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel.asked_once import asking_once
from portal.kernel.errors import Refused
from portal.web.access import ActorRequest
from portal.web.show import show, wants_fragment

LATEST = 8
LONG = 3
"""From so many panels on a page names its parts at the top."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An action as the page shows it: its button with what is posted, or why not."""

    offer: Offer
    form: ActionForm
    label: str
    kind: str
    effect: str


def claim_page(
    request: ActorRequest,
    version: ClaimVersion,
    *,
    form: ActionForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one version; with `form` and `refusal` after a step that could not be done."""
    with asking_once():
        return _shown(request, version, form, refusal, status)


def is_current(version: ClaimVersion) -> bool:
    """Whether the version is the one its claim stands at."""
    return version.claim.version_id == version.pk


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
    offered = _offered(actor, version) if is_current(version) else []
    possible = [offer.action.code for offer in offered if offer.is_possible]
    # Only for a button that posts it: it reads every line that a denial took.
    decides = any(offer.action.shows_hash for offer in offered)
    shown, allowed = shown_hash(version) if decides else "", allowed_total(version)
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
    above, amounts, below = (
        list(panels(rooms, actor, version)) for rooms in (ABOVE, AMOUNTS, BELOW)
    )
    told = [one for panel in (*amounts, *below) for one in panel.context.get("turns", ())]
    if version.state == State.READY and (why := why_nobody_signs(version)):
        told.append(nobody_signs(why))
    upload_url = f"{reverse('claims:upload_payroll')}?quarter={claim.quarter}"
    return show(
        request,
        page,
        fragment=fragment,
        status=status,
        claim=claim,
        version=version,
        calculation=calculation,
        turn=turn_of(version.state, offered, told, nil=version.nil, upload_url=upload_url),
        statement=statement_of(version),
        tally=tally_of(version),
        is_current=is_current(version),
        decision=_last_word(actor, version),
        choices=choices,
        above=above,
        amounts=amounts,
        below=below,
        is_long=len(amounts) + len(below) >= LONG,
        may_hold=may_hold(actor) and not_holdable(version) is None,
        may_waive=not_waivable(version, actor) is None,
        void=presentation.why_void(version.state),
        refusal=refusal,
        form=form,
        figures=_figures(version, allowed if is_readable(actor, version) else None),
        officers=officers,
        award=award_explanation_of(calculation) if calculation else None,
        **_files(actor, version),
        may_upload=actor.can(Capability.PREPARE) and version.state in OPEN_TO_AGENCY,
        may_be_nil=actor.can(Capability.PREPARE) and version.state == State.DRAFT,
        upload_url=upload_url,
        versions=versions_of(actor, claim) if claim.version.number > 1 else (),
        packets=packets_shown(actor, version),
        reads_audit=actor.can(Capability.READ_AUDIT),
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


def _offered(actor: Actor, version: ClaimVersion) -> list[Offer]:
    """The steps to show: the reader's own, or one that says whose they are.

    A correction of what is decided is shown only to those who could begin one.
    """
    own, of_others = [], []
    for offer in offers(version, actor):
        refused = offer.refusal.code if offer.refusal else ""
        if offer.action.opens_claim and refused in ("correction_open", "not_current"):
            # The page leads to the claim that has followed instead.
            continue
        if refused != "not_allowed":
            own.append(offer)
        elif not offer.action.opens_claim:
            of_others.append(offer)
    return own or of_others[:1]


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


def _figures(version: ClaimVersion, allowed: int | None) -> list[tuple[str, int, str]]:
    """The amounts on top, each with where it is explained; `allowed` in cents is None for those who may
    not know it yet.
    """
    calculation = version.calculation
    if calculation is None:
        return []
    total = calculation.total
    totals = [("Total claimed", total, "total")]
    if allowed not in (None, total):
        totals = [
            ("Allowed", allowed, "allowed"),
            ("Submitted", total + calculation.overtime_disallowed, "claimed"),
            ("Claimed", total, "total"),
        ]
    return [
        *totals,
        ("Regular pay", calculation.regular, "regular"),
        ("Benefits", calculation.benefits, "benefits"),
        ("Overtime allowed", calculation.overtime_allowed, "overtime_allowed"),
        ("Overtime disallowed", calculation.overtime_disallowed, "overtime_disallowed"),
        ("Performance award", calculation.award_amount, "award"),
    ]
