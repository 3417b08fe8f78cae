"""The lines of a claim: what is allowed of them, adjusting many at once, and the list of adjustments."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path

from claims.models import Adjustment, Calculation, ClaimVersion, OfficerResult
from claims.rules.lines import Category, Line, Reason
from claims.selectors import lines
from claims.selectors.claims import version_for
from claims.selectors.results import results_of
from claims.services.adjusting import LineKey, Outcome, disallow, not_adjustable
from claims.views.line_forms import DisallowForm
from claims.views.line_money import Made
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel.errors import NotFound
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.refusals import refused_on
from portal.web.show import show

FIRST = 10
"""So many adjusted lines stand on the claim's own page."""
FIRST_RESULTS = 100
"""So many lines of each kind stand on the page that says what came of many."""


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What the claim's page shows of it to this reader; None when there is nothing."""
    count = lines.count_of_adjustments(actor, version)
    may_adjust = not_adjustable(version, actor) is None
    if not count and not may_adjust:
        return None
    totals = lines.totals_by_category(version)
    return {
        "count": count,
        "totals": totals,
        "sum": _sum(totals),
        "first": _named(version, lines.adjustments_of(version).order_by("-id")[:FIRST])
        if count
        else [],
        "may_adjust": may_adjust,
    }


class OfficerListing(Listing):
    """The officers of a claim; with `shows_allowed` also what people left of their totals."""

    shows_allowed = False


def officers_listing(request: HttpRequest, version: ClaimVersion) -> OfficerListing:
    """The officers of a version as the claim's page lists them."""
    actor = request.actor  # type: ignore[attr-defined]  # an ActorRequest wherever it is called
    shows_allowed = lines.count_of_adjustments(actor, version) > 0
    allowed = (Column("Allowed", "left", ("allowed",), numeric=True),)
    adjusted = (Filter("adjusted", "Adjustments", [("True", "Adjusted only")], "is_adjusted"),)
    listing = OfficerListing(
        request.GET,
        lines.officers_with_allowed(version) if shows_allowed else results_of(version),
        columns=(
            Column("Officer", "name", ("name",)),
            Column("Days", "days", ("eligible_days",), numeric=True),
            Column("Regular pay", "regular", ("regular",), numeric=True),
            Column("Benefits", "benefits", ("benefits",), numeric=True),
            Column("Overtime allowed", "allowed", ("overtime_allowed",), numeric=True),
            Column("Overtime disallowed", "disallowed", ("overtime_disallowed",), numeric=True),
            Column("Total", "total", ("total",), numeric=True),
            *(allowed if shows_allowed else ()),
        ),
        order="name",
        search=("name", "officer_id"),
        filters=adjusted if shows_allowed else (),
        per_page=25,
    )
    listing.shows_allowed = shows_allowed
    return listing


@signed_in
def many(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """The lines of one category: a reviewer ticks some, or takes all of the list, and disallows them."""
    stored = version_for(request.actor, number, version)
    request.actor.require(Capability.REVIEW, stored.claim.agency)
    category = _category(request.GET)
    listing = Listing(
        request.GET,
        lines.officers_with_allowed(stored, category=category),
        columns=(
            Column("Officer", "name", ("name",)),
            Column("Submitted", "claimed", ("claimed",), numeric=True),
            Column("Claimed", "computed", ("computed",), numeric=True),
            Column("Allowed", "left", ("allowed",), numeric=True),
        ),
        order="name",
        search=("name", "officer_id"),
        filters=(Filter("adjusted", "Adjustments", [("True", "Adjusted only")], "is_adjusted"),),
    )
    form = DisallowForm(
        [officer.officer_id for officer in listing],
        f"All {listing.total} in this list, on every page",
        data=request.POST if request.method == "POST" else None,
    )
    if form.is_valid():
        with refused_on(form):
            outcomes = disallow(
                actor=request.actor,
                version=stored,
                keys=_keys(form, listing, category),
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                token=form.cleaned_data["token"],
            )
            return _results(request, stored, category, outcomes)
    return show(
        request,
        "claims/lines.html",
        status=422 if form.errors else 200,
        claim=stored.claim,
        version=stored,
        category=category,
        categories=lines.COLUMNS,
        officers=listing,
        ticked=set(request.POST.getlist("officers")),
        form=form,
        refusal=not_adjustable(stored, request.actor),
    )


@signed_in
def adjustments(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Everything that was taken from the lines of a version or given back."""
    stored = version_for(request.actor, number, version)
    if not lines.is_readable(request.actor, stored) or stored.calculation is None:
        raise NotFound("list of adjustments")
    listing = Listing(
        request.GET,
        _with_names(lines.adjustments_of(stored), stored.calculation),
        columns=(
            Column("Officer", "name", ("name", "officer_id")),
            Column("Line", "line", ("category",)),
            Column("Change", "change", ("amount",), numeric=True),
            Column("Reason", "reason", ("reason",)),
            Column("By", "when", ("made_at",)),
        ),
        order="name",
        search=("name", "officer_id"),
        filters=(
            Filter("line", "Line", [(c.value, c.label) for c in Category], "category"),
            Filter("reason", "Reason", [(r.value, r.label) for r in Reason]),
        ),
    )
    return show(
        request,
        "claims/adjustments.html",
        fragment="claims/_adjustments.html",
        claim=stored.claim,
        version=stored,
        adjustments=listing,
    )


def _results(
    request: ActorRequest, version: ClaimVersion, category: Category, outcomes: list[Outcome]
) -> HttpResponse:
    done = [outcome for outcome in outcomes if outcome.adjustment is not None]
    refused = [outcome for outcome in outcomes if outcome.refusal is not None]
    first = [*refused[:FIRST_RESULTS], *done[:FIRST_RESULTS]]
    officers = results_of(version).filter(officer_id__in=[outcome.key[0] for outcome in first])
    by_id = {officer.officer_id: officer for officer in officers}
    return show(
        request,
        "claims/lines_done.html",
        claim=version.claim,
        version=version,
        category=category,
        done=len(done),
        refused=len(refused),
        taken=-sum(outcome.adjustment.amount for outcome in done if outcome.adjustment),
        results=[(by_id.get(outcome.key[0]), outcome) for outcome in first],
        left_out=len(outcomes) - len(first),
    )


def _keys(form: DisallowForm, listing: Listing, category: Category) -> list[LineKey]:
    officers = form.cleaned_data["officers"]
    if form.cleaned_data["which"] == DisallowForm.ALL:
        officers = listing.queryset.filter(allowed__gt=0).values_list("officer_id", flat=True)
    return [(officer, category.value) for officer in officers]


def _category(params: QueryDict) -> Category:
    asked = params.get("category", "")
    return Category(asked) if asked in lines.COLUMNS else Category.OVERTIME


def _sum(totals: list[Line]) -> Line:
    claimed = sum(line.claimed for line in totals)
    computed = sum(line.computed for line in totals)
    return Line("", Category.AWARD, claimed, computed, sum(line.allowed for line in totals))


def _with_names(rows: Any, calculation: Calculation) -> Any:
    officers = OfficerResult.objects.filter(
        calculation=calculation, officer_id=OuterRef("officer_id")
    )
    return rows.annotate(
        name=Subquery(officers.values("name")[:1]),
        position=Subquery(officers.values("position")[:1]),
    )


def _named(version: ClaimVersion, rows: Any) -> list[tuple[OfficerResult | None, Made]]:
    shown: list[Adjustment] = list(rows)
    officers = results_of(version).filter(officer_id__in={row.officer_id for row in shown})
    by_id = {officer.officer_id: officer for officer in officers}
    given_back = lines.reversed_ids(shown)
    return [(by_id.get(row.officer_id), Made(row, row.pk in given_back)) for row in shown]


_VERSION = "claims/<slug:number>/versions/<int:version>/"
paths: list[URLPattern] = [
    path(f"{_VERSION}lines/", many, name="lines"),
    path(f"{_VERSION}adjustments/", adjustments, name="adjustments"),
]
