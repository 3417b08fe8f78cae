"""Which agency a page is about: the one in its address, or the one the reader acts for."""

from __future__ import annotations

from django.urls import reverse

from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Side
from portal.accounts.selectors import agency_for
from portal.kernel.errors import NotFound

Crumbs = list[tuple[str, str]]


def agency_meant(actor: Actor, number: str | None) -> Agency:
    """The agency with this number, or without one the reader's own; NotFound when there is none."""
    if number is not None:
        return agency_for(actor, number)
    if actor.agency is None:
        raise NotFound("agency")
    return agency_for(actor, actor.agency.number)


def officers_url(actor: Actor, agency: Agency) -> str:
    """Where the reader finds the agency's officers."""
    if actor.side == Side.AGENCY:
        return reverse("agreements:officers")
    return reverse("agreements:agency_officers", args=[agency.number])


def rosters_url(actor: Actor, agency: Agency) -> str:
    """Where the reader finds the agency's roster files."""
    if actor.side == Side.AGENCY:
        return reverse("agreements:uploads")
    return reverse("agreements:agency_uploads", args=[agency.number])


def crumbs_to_agency(actor: Actor, agency: Agency) -> Crumbs:
    """The way up to the agency's page, itself included."""
    if actor.side == Side.AGENCY:
        return [(agency.name, reverse("agreements:own_agency"))]
    return [
        ("Agencies", reverse("agreements:agencies")),
        (agency.name, reverse("agreements:agency", args=[agency.number])),
    ]


def crumbs_to_officers(actor: Actor, agency: Agency) -> Crumbs:
    """The way up to the agency's officers, that list included."""
    above = [] if actor.side == Side.AGENCY else crumbs_to_agency(actor, agency)
    return [*above, ("Officers", officers_url(actor, agency))]
