"""What the amount would be: now, after the open warnings, and what is left under the cap."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from claims.rules.facts import CapPeriod, rules_on
from claims.selectors.claims import version_for
from claims.selectors.what_if import overtime_left, what_if
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.show import show

STANDINGS = (
    ("over", "Over the cap"),
    ("near", "Near the cap"),
    ("within", "Within the cap"),
    ("unknown", "No salary known"),
)


@signed_in
def estimates(request: ActorRequest, number: str) -> HttpResponse:
    """The estimates of a claim's current version, and its officers by the overtime left to them."""
    version = version_for(request.actor, number)
    officers = Listing(
        request.GET,
        overtime_left(request.actor, version),
        columns=(
            Column("Officer", "name", ("name",)),
            Column("Cap", "cap", ("overtime_cap",), numeric=True),
            Column("Used before", "before", ("overtime_used_before",), numeric=True),
            Column("In this claim", "used", ("used",), numeric=True),
            Column("Left", "left", ("left",), numeric=True),
            Column("Disallowed", "disallowed", ("overtime_disallowed",), numeric=True),
        ),
        order="left",
        search=("name", "officer_id"),
        filters=(Filter("standing", "Overtime", STANDINGS),),
        per_page=25,
    )
    return show(
        request,
        "claims/what_if.html",
        fragment="claims/_overtime_left.html",
        claim=version.claim,
        version=version,
        estimate=what_if(request.actor, version),
        officers=officers,
        by_year=rules_on(version.claim.quarter.start).overtime_cap_period is CapPeriod.FISCAL_YEAR,
    )


paths = [path("claims/<slug:number>/what-if/", estimates, name="what_if")]
