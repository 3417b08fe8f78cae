"""How each amount of a claim came about, told from what was stored with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from awards.selectors import counting_measure, disputes_of
from claims.models import Calculation, ClaimVersion, OfficerResult
from claims.rules.address import Address
from claims.rules.explain import WHY_NOT, agreement, employment
from claims.selectors.claims import version_for
from claims.selectors.evidence import refusal_to_send, standing_evidence
from claims.selectors.explained import used_before
from claims.selectors.questions import questions_about, refusal_to_ask
from claims.selectors.results import (
    award_explanation_of,
    award_rules_of,
    explanation_of,
    result_for,
    waiting_of,
)
from claims.views import notes
from claims.views.explained import ShownStep, cited, row_urls, shown_section, shown_sections
from claims.views.line_money import Sent, line_money, send
from portal.accounts.roles import Capability, Side
from portal.kernel.errors import NotFound
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Listing
from portal.web.show import show, wants_fragment

LINES = "claims/_line_money.html"
"""The part of the pages below that changes when a reviewer adjusts a line."""
HERE = "claims/_officer_here.html"
"""An officer's lines in place, on the page of the claim."""


@signed_in
def officer(request: ActorRequest, number: str, version: int, position: int) -> HttpResponse:
    """One officer's days and amounts, step by step; a reviewer adjusts their lines here."""
    stored, calculation = _calculated(request, number, version)
    result = result_for(request.actor, number, version, position)
    sent = send(request, stored, result.officer_id) if request.method == "POST" else Sent()
    if sent.done and not wants_fragment(request):
        return _told(request, sent)
    explanation = explanation_of(result, calculation)
    urls = row_urls(request.actor, stored, explanation.waiting)
    return show(
        request,
        "claims/officer.html",
        fragment=HERE if request.headers.get("HX-Target") == "officer-here" else LINES,
        status=422 if sent.form else 200,
        money=line_money(request.actor, stored, result.officer_id, sent),
        claim=stored.claim,
        version=stored,
        calculation=calculation,
        officer=result,
        explanation=explanation,
        waiting=[ShownStep(step, urls.get(step, "")) for step in explanation.waiting],
        sections=shown_sections(request.actor, stored, explanation),
        rules=cited(explanation.rules, explanation.quarter),
        roster=[employment(row) for row in explanation.roster],
        agreements=[agreement(period) for period in explanation.agreements],
        used=used_before(request.actor, stored, result),
        days=[(days, WHY_NOT[days.reason] if days.reason else "") for days in explanation.days],
        **_said(request, stored, result),
        before=position - 1 if position > 1 else None,
        after=position + 1 if position < calculation.officers else None,
    )


@signed_in
def award(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """How the performance award came about; a reviewer adjusts it here."""
    actor = request.actor
    stored, calculation = _calculated(request, number, version)
    sent = send(request, stored, "") if request.method == "POST" else Sent()
    if sent.done and not wants_fragment(request):
        return _told(request, sent)
    measure = counting_measure(stored.claim.agency, stored.claim.quarter)
    rules = cited(award_rules_of(calculation), stored.claim.quarter)
    return show(
        request,
        "claims/award.html",
        fragment=LINES,
        status=422 if sent.form else 200,
        money=line_money(request.actor, stored, "", sent),
        claim=stored.claim,
        version=stored,
        calculation=calculation,
        shown=shown_section(award_explanation_of(calculation), rules),
        rules=rules,
        measure=measure,
        dispute=measure and disputes_of(actor, measure.agency, measure.quarter).first(),
        may_dispute=actor.side == Side.AGENCY
        and (actor.can(Capability.PREPARE) or actor.can(Capability.CERTIFY)),
    )


@signed_in
def waiting(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """The payroll lines that wait because they were not paid yet on the day of calculation."""
    stored, calculation = _calculated(request, number, version)
    officers = Listing(
        request.GET,
        waiting_of(stored),
        columns=(Column("Officer", "name", ("name",)),),
        order="name",
        search=("name", "officer_id"),
    )
    found = [(item, explanation_of(item, calculation).waiting) for item in officers]
    urls = row_urls(request.actor, stored, (step for _, steps in found for step in steps))
    return show(
        request,
        "claims/waiting.html",
        claim=stored.claim,
        version=stored,
        calculation=calculation,
        officers=officers,
        waiting=[
            (item, [ShownStep(step, urls.get(step, "")) for step in steps]) for item, steps in found
        ],
    )


def _said(
    request: ActorRequest, version: ClaimVersion, officer: OfficerResult
) -> dict[str, object]:
    """What was asked, sent and noted about one officer."""
    actor, officer_id = request.actor, officer.officer_id
    records = standing_evidence(actor, version.claim)
    return {
        "threads": questions_about(version, officer_id),
        "records": [
            (one, Address(officer_id, one.category).words(officer.name))
            for one in records
            if one.officer_id == officer_id
        ],
        "may_ask": actor.can(Capability.REVIEW) and refusal_to_ask(version, actor) is None,
        "may_send": refusal_to_send(version, actor) is None,
        "notes": notes.panel(actor, version, officer_id),
    }


def _told(request: ActorRequest, sent: Sent) -> HttpResponse:
    messages.success(request, sent.done)
    return redirect(f"{request.path}#lines")


def _calculated(
    request: ActorRequest, number: str, version: int
) -> tuple[ClaimVersion, Calculation]:
    stored = version_for(request.actor, number, version)
    if stored.calculation is None:
        raise NotFound("calculation")
    return stored, stored.calculation
