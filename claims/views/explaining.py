"""Explain this number: a claim's amounts as sums of its officers', a payroll row, an officer's sheet."""

from __future__ import annotations

import json
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from claims.models import ClaimVersion, OfficerResult, PayrollLine
from claims.presentation import standing_of
from claims.rules.explain import BENEFIT, Section, Step, component_in_words, employment
from claims.rules.explain.plain import (
    days_in_words,
    overtime_in_words,
    pay_in_words,
    sheet_rows,
)
from claims.rules.lifecycle import SETTLED, Kind
from claims.selectors.claims import version_for
from claims.selectors.explained import (
    changes_of,
    counted_in,
    counted_officers,
    payroll_row_for,
    used_before,
)
from claims.selectors.fiscal_year import year_to_date
from claims.selectors.lines import OPEN_TO_THE_AGENCY, adjustments_of, officers_by_line
from claims.selectors.payroll import batch_with_rows_for
from claims.selectors.results import (
    benefits_in,
    claim_explanation_of,
    explanation_of,
    positions_with,
    result_for,
    results_of,
    rules_of,
)
from claims.views.explained import cited, shown_section
from portal.accounts.policies import found
from portal.kernel.errors import NotFound
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Listing
from portal.web.show import show

COLUMNS = {
    "regular": "regular",
    "benefits": "benefits",
    "overtime": "overtime_submitted",
    "overtime_allowed": "overtime_allowed",
    "overtime_disallowed": "overtime_disallowed",
    "reimbursement": "total",
}
"""Where an officer's stored result has what goes into an amount of the claim."""


@signed_in
def amounts(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """How each amount of a claim came about: sums, what people left of them, the fiscal year so far."""
    stored = _calculated(request, number, version)
    assert stored.calculation is not None
    rules = cited(rules_of(stored.calculation), stored.claim.quarter)
    sums = claim_explanation_of(stored.calculation)
    changes = changes_of(request.actor, stored)
    told = [*(one for one in sums if one.key == "award"), *([changes] if changes else [])]
    return show(
        request,
        "claims/amounts.html",
        claim=stored.claim,
        version=stored,
        calculation=stored.calculation,
        sums=sums,
        sections=[
            *(shown_section(section, rules, _to_officers(stored, section)) for section in told),
            *(shown_section(year, rules, _to_claims(year)) for year in year_to_date(stored)),
        ],
        rules=rules,
    )


@signed_in
def amount(request: ActorRequest, number: str, version: int, key: str) -> HttpResponse:
    """The officers behind one amount of a claim, each with their own."""
    stored = _calculated(request, number, version)
    assert stored.calculation is not None
    section = _section(claim_explanation_of(stored.calculation), key)
    if not (key in COLUMNS or key == "award" or key.startswith(BENEFIT)):
        # What is the sum of other sums is told beside them.
        return redirect(f"{reverse('claims:amounts', args=[number, version])}#sum-{key}")
    officers = Listing(
        request.GET,
        _officers(stored, key),
        columns=(
            Column("Officer", "name", ("name",)),
            Column("Payable days", "days", ("eligible_days",), numeric=True),
            Column("Amount", "amount", (COLUMNS[key],) if key in COLUMNS else (), numeric=True),
        ),
        order="name",
        search=("name", "officer_id"),
        per_page=50,
    )
    for officer in officers:
        officer.amount = _amount(officer, key)
    return show(
        request,
        "claims/amount.html",
        fragment="claims/_amount.html",
        claim=stored.claim,
        version=stored,
        calculation=stored.calculation,
        section=section,
        anchor=_ANCHORS.get(key, f"sum-{key}"),
        officers=officers,
    )


@signed_in
def payroll_row(request: ActorRequest, pk: UUID, row: int) -> HttpResponse:
    """One row of an accepted payroll file as it was read, and the claims it counts in."""
    line = payroll_row_for(request.actor, pk, row)
    return show(
        request,
        "claims/payroll_row.html",
        line=line,
        file=line.batch,
        benefits=[
            (component_in_words(name), paid) for name, paid in json.loads(line.benefits).items()
        ],
        ext=json.loads(line.ext),
        counted=counted_in(request.actor, line),
    )


@signed_in
def payroll_rows(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The rows behind a payroll file's totals; none of a file that never counted."""
    file = batch_with_rows_for(request.actor, pk)
    rows = Listing(
        request.GET,
        PayrollLine.objects.filter(batch=file),
        columns=(
            Column("Row", "row", ("row",)),
            Column("Officer", "officer", ("officer_id", "row")),
            Column("Pay period", "period", ("period_start", "row")),
            Column("Paid on", "paid", ("paid_on", "row")),
            Column("Regular pay", "regular", ("regular_pay",), numeric=True),
            Column("Benefits", numeric=True),
            Column("Overtime pay", "overtime", ("overtime_pay",), numeric=True),
        ),
        order="row",
        search=("officer_id",),
    )
    for line in rows:
        line.benefits_paid = sum(json.loads(line.benefits).values())
    return show(
        request,
        "claims/payroll_rows.html",
        fragment="claims/_payroll_rows.html",
        file=file,
        rows=rows,
    )


@signed_in
def officer_by_id(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """To an officer's page by the payroll id, where a list does not know the officer's place."""
    stored = version_for(request.actor, number, version)
    officer_id = request.GET.get("officer_id", "")
    officer = found(results_of(stored), "officer in this claim", officer_id=officer_id)
    return redirect("claims:officer", number, version, officer.position)


@signed_in
def sheet(request: ActorRequest, number: str, version: int, position: int) -> HttpResponse:
    """One officer's quarter in plain words on a sheet to print."""
    stored = _calculated(request, number, version)
    assert stored.calculation is not None
    result = result_for(request.actor, number, version, position)
    explanation = explanation_of(result, stored.calculation)
    # Paper goes on its way: what a reviewer takes stands on it once the agency may read it too.
    decided = adjustments_of(stored)
    if stored.state not in OPEN_TO_THE_AGENCY:
        decided = decided.none()
    return show(
        request,
        "claims/officer_sheet.html",
        claim=stored.claim,
        version=stored,
        calculation=stored.calculation,
        officer=result,
        explanation=explanation,
        days=days_in_words(explanation),
        roster=[employment(row) for row in explanation.roster],
        rows=sheet_rows(explanation),
        pay=pay_in_words(explanation),
        overtime=overtime_in_words(explanation),
        used=used_before(request.actor, stored, result),
        standing=standing_of(stored.state, is_linked=stored.claim.kind != Kind.ORIGINAL),
        adjustments=decided.filter(officer_id=result.officer_id),
        own=officers_by_line(request.actor, stored).filter(position=position).first()
        if stored.state in SETTLED
        else None,
        rules=cited(explanation.rules, explanation.quarter),
    )


_ANCHORS = {"reimbursement": "sum-total", "award": "days"}
"""Where on an officer's page what goes into these amounts is explained."""


def _to_officers(version: ClaimVersion, section: Section) -> dict[Step, str]:
    """From the headcount to the officers who are in it."""
    address = reverse("claims:amount", args=[version.claim.number, version.number, section.key])
    counted = [step for step in section.steps if step.key == "headcount"]
    return dict.fromkeys(counted, address)


def _to_claims(year: Section) -> dict[Step, str]:
    """From each quarter of the year to its claim."""
    return {step: reverse("claims:claim", args=[step.key]) for step in year.steps}


def _officers(version: ClaimVersion, key: str) -> QuerySet[OfficerResult]:
    """The officers with a part in an amount."""
    if key == "award":
        return counted_officers(version)
    rows = results_of(version)
    if key.startswith(BENEFIT):
        name = key.removeprefix(BENEFIT)
        return rows.defer(None).filter(position__in=positions_with(version, name))
    return rows.filter(**{f"{COLUMNS[key]}__gt": 0})


def _amount(officer: OfficerResult, key: str) -> int | None:
    if key.startswith(BENEFIT):
        return benefits_in(json.loads(officer.detail)).get(key.removeprefix(BENEFIT), 0)
    return getattr(officer, COLUMNS[key]) if key in COLUMNS else None


def _section(sections: tuple[Section, ...], key: str) -> Section:
    for section in sections:
        if section.key == key:
            return section
    raise NotFound("amount of this claim")


def _calculated(request: ActorRequest, number: str, version: int) -> ClaimVersion:
    stored = version_for(request.actor, number, version)
    if stored.calculation is None:
        raise NotFound("calculation")
    return stored


_VERSION = "claims/<slug:number>/versions/<int:version>/"
paths: list[URLPattern] = [
    path(f"{_VERSION}amounts/", amounts, name="amounts"),
    path(f"{_VERSION}amounts/<str:key>/", amount, name="amount"),
    path(f"{_VERSION}officers/<int:position>/print/", sheet, name="officer_sheet"),
    path(f"{_VERSION}officers/", officer_by_id, name="officer_by_id"),
    path("payroll/<uuid:pk>/lines/", payroll_rows, name="payroll_rows"),
    path("payroll/<uuid:pk>/lines/<int:row>/", payroll_row, name="payroll_row"),
]
