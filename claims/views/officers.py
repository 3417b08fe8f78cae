"""How each amount of a claim came about, told from what was stored with it."""

from __future__ import annotations

from django.http import HttpResponse

from claims import selectors
from claims.models import Calculation, ClaimVersion
from claims.rules.explain import WHY_NOT, Section
from portal.kernel.errors import NotFound
from portal.kernel.parameters import Citation
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Listing
from portal.web.show import show


@signed_in
def officer(request: ActorRequest, number: str, version: int, position: int) -> HttpResponse:
    """One officer's days and amounts, step by step."""
    stored, calculation = _calculated(request, number, version)
    result = selectors.result_for(request.actor, number, version, position)
    explanation = selectors.explanation_of(result, calculation)
    return show(
        request,
        "claims/officer.html",
        claim=stored.claim,
        version=stored,
        calculation=calculation,
        officer=result,
        explanation=explanation,
        sections=[
            (section, _cited(section, explanation.rules)) for section in explanation.sections
        ],
        days=[(days, WHY_NOT[days.reason] if days.reason else "") for days in explanation.days],
        before=position - 1 if position > 1 else None,
        after=position + 1 if position < calculation.officers else None,
    )


@signed_in
def award(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """How the performance award came about."""
    stored, calculation = _calculated(request, number, version)
    section = selectors.award_explanation_of(calculation)
    rules = selectors.award_rules_of(calculation)
    return show(
        request,
        "claims/award.html",
        claim=stored.claim,
        version=stored,
        calculation=calculation,
        section=section,
        cited=_cited(section, rules),
        rules=rules,
    )


@signed_in
def waiting(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """The payroll lines that wait because they were not paid yet on the day of calculation."""
    stored, calculation = _calculated(request, number, version)
    officers = Listing(
        request.GET,
        selectors.waiting_of(stored),
        columns=(Column("Officer", "name", ("name",)),),
        order="name",
        search=("name", "officer_id"),
    )
    return show(
        request,
        "claims/waiting.html",
        claim=stored.claim,
        version=stored,
        calculation=calculation,
        officers=officers,
        waiting=[(item, selectors.explanation_of(item, calculation).waiting) for item in officers],
    )


def _cited(section: Section, rules: tuple[Citation, ...]) -> list[Citation]:
    """The rules that the steps of a section go by, each once."""
    names = {step.rule for step in section.steps}
    return [rule for rule in rules if rule.name in names]


def _calculated(
    request: ActorRequest, number: str, version: int
) -> tuple[ClaimVersion, Calculation]:
    stored = selectors.version_for(request.actor, number, version)
    if stored.calculation is None:
        raise NotFound("calculation")
    return stored, stored.calculation
