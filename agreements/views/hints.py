"""Hints for federal readers: officers of an agency whose credential or name another agency has too."""

from __future__ import annotations

from django.http import HttpResponse

from agreements.hints import SharedCredential, shared_credentials
from agreements.views.scope import crumbs_to_officers
from portal.accounts.selectors import agency_for
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, MemoryListing
from portal.web.show import show


@signed_in
def shared(request: ActorRequest, number: str) -> HttpResponse:
    """The officers an agency shares with others, by credential first; a name alone is only a hint."""
    agency = agency_for(request.actor, number)
    listing = MemoryListing(
        request.GET,
        shared_credentials(request.actor, agency),
        columns=[
            Column("Officer"),
            Column("At the other agency"),
            Column("In common"),
        ],
        text=_searched,
    )
    return show(
        request,
        "agreements/shared.html",
        fragment="agreements/_shared.html",
        agency=agency,
        listing=listing,
        crumbs=crumbs_to_officers(request.actor, agency),
    )


def _searched(hint: SharedCredential) -> str:
    return f"{hint.own} {hint.other} {hint.other.agency} {hint.number}"
