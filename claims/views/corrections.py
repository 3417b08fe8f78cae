"""Linked claims: what a correction changes, and what decisions made due, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.urls import URLPattern, path

from claims.differences import ChangedOfficer
from claims.models import Claim, ClaimVersion, LedgerEntry
from claims.presentation import Turn, entry
from claims.rules.lifecycle import ALLOWS_NOTHING, SETTLED, Kind, State
from claims.selectors.claims import claims_for, version_for
from claims.selectors.differences import (
    difference_from,
    difference_of,
    names_in,
    places_in,
    version_before,
)
from claims.selectors.ledger import agencies_with_entries, balance_of, entries_for
from claims.selectors.linked import base_of, chain_of, first_certified_at, was_dropped
from claims.selectors.story import last_word_on, opened_because
from claims.views.turns import followed_by
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side
from portal.accounts.selectors import agencies_for
from portal.kernel.errors import NotFound
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Listing, MemoryListing
from portal.web.show import show

FIRST = 5
"""So many changed officers stand on the claim's own page."""


class Named(NamedTuple):
    """A changed officer under the name that the claim has, with the places in it and in the one before."""

    name: str
    officer: ChangedOfficer
    before: int | None
    now: int | None


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What the claim's page shows of it to this reader; None when there is nothing."""
    claim = version.claim
    linked = _linked(actor, claim)
    entries = _entries(actor, version) if version.state in SETTLED else []
    before = version_before(actor, version)
    if not linked and not entries and not before and base_of(claim) is None:
        return None
    return {
        **_correction(actor, version),
        "turns": _turns(claim, linked) if version.state in SETTLED else (),
        "before": before,
        "came_back": last_word_on(before) if before else None,
        "title": _title(claim, entries, has_linked=bool(linked)),
        "why": entry(because) if (because := opened_because(claim)) else None,
        "linked": linked,
        "entries": entries,
        "balance": balance_of(claim.agency) if entries else None,
        "is_decided": version.state in SETTLED,
    }


def _turns(claim: Claim, linked: list[Claim]) -> list[Turn]:
    """Where it goes on, when a later claim of the quarter has followed and was not given up."""
    later = [
        one
        for one in linked
        if one.sequence > claim.sequence and one.version.state not in ALLOWS_NOTHING
    ]
    return [followed_by(later[-1])] if later else []


def _title(claim: Claim, entries: list[LedgerEntry], *, has_linked: bool) -> str:
    if claim.kind != Kind.ORIGINAL:
        return f"What this {claim.kind} changes"
    if entries:
        return "What the decision made due"
    return f"Claims of {claim.quarter}" if has_linked else "The version before"


def _linked(actor: Actor, claim: Claim) -> list[Claim]:
    if len(chain_of(claim.agency_id, claim.quarter)) == 1:
        return []
    others = claims_for(actor).filter(agency=claim.agency_id, quarter=claim.quarter)
    return list(others.exclude(pk=claim.pk).order_by("sequence"))


def _entries(actor: Actor, version: ClaimVersion) -> list[LedgerEntry]:
    rows = entries_for(actor, version.claim.agency).filter(version=version)
    return list(rows.order_by("id"))


def _correction(actor: Actor, version: ClaimVersion) -> dict[str, Any]:
    base = base_of(version.claim)
    if base is None or version.calculation is None:
        return {"base": base}
    changes = difference_of(actor, version, base)
    first = changes.officers[:FIRST]
    return {
        "first_certified_at": first_certified_at(version.claim),
        "base": base,
        "changes": changes,
        "first": _named(base.version, version, first),
        "is_over": version.state == State.DENIED or was_dropped(version.claim),
    }


def _named(
    before: ClaimVersion, now: ClaimVersion, officers: Sequence[ChangedOfficer]
) -> list[Named]:
    only = [one.officer_id for one in officers]
    names, earlier, places = (
        names_in(before, now, only=only),
        places_in(before, only),
        places_in(now, only),
    )
    return [
        Named(names[one.officer_id], one, earlier.get(one.officer_id), places.get(one.officer_id))
        for one in officers
    ]


@signed_in
def differences(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """A correction by officer and dollar: beside the claim it corrects, or the version before it.

    A linked claim of several versions is read beside its own version before with `beside=version`.
    """
    actor = request.actor
    stored = version_for(actor, number, version)
    base, before = base_of(stored.claim), version_before(actor, stored)
    if before is not None and (base is None or request.GET.get("beside") == "version"):
        base, changes, earlier = None, difference_from(before, stored), before
    elif base is not None and stored.calculation is not None:
        before, changes, earlier = None, difference_of(actor, stored, base), base.version
    else:
        raise NotFound("correction")
    officers = MemoryListing(
        request.GET,
        _named(earlier, stored, changes.officers),
        columns=(
            Column("Officer"),
            Column("Regular pay", numeric=True),
            Column("Benefits", numeric=True),
            Column("Overtime", numeric=True),
            Column("Before", numeric=True),
            Column("Now", numeric=True),
            Column("Difference", numeric=True),
        ),
        text=lambda row: f"{row.name} {row.officer.officer_id}",
    )
    return show(
        request,
        "claims/differences.html",
        fragment="claims/_differences.html",
        claim=stored.claim,
        version=stored,
        base=base,
        before=before,
        earlier=earlier,
        came_back=last_word_on(before) if before else None,
        changes=changes,
        officers=officers,
        first_certified_at=first_certified_at(stored.claim),
    )


@signed_in
def ledger(request: ActorRequest, number: str = "") -> HttpResponse:
    """What decisions made due to an agency, entry by entry; without a number the reader's own."""
    actor = request.actor
    if not number and actor.side == Side.FEDERAL:
        return _balances(request)
    agency = found(agencies_for(actor), "agency", number=number or _own_number(actor))
    entries = Listing(
        request.GET,
        entries_for(actor, agency),
        columns=(
            Column("Entered", "entered", ("id",)),
            Column("Quarter", "quarter", ("quarter", "id")),
            Column("Claim"),
            Column("Amount", "amount", ("amount", "id"), numeric=True),
            Column("Balance", numeric=True),
        ),
        order="-entered",
    )
    return show(
        request,
        "claims/ledger.html",
        fragment="claims/_ledger.html",
        agency=agency,
        balance=balance_of(agency),
        entries=entries,
    )


def _balances(request: ActorRequest) -> HttpResponse:
    agencies = Listing(
        request.GET,
        agencies_with_entries(request.actor),
        columns=(
            Column("Agency", "name", ("name",)),
            Column("State", "state", ("state", "name")),
            Column("Entries", "entries", ("entries", "name"), numeric=True),
            Column("Balance", "balance", ("balance", "name"), numeric=True),
        ),
        order="name",
        search=("name", "number"),
    )
    return show(
        request, "claims/balances.html", fragment="claims/_balances.html", agencies=agencies
    )


def _own_number(actor: Actor) -> str:
    agency: Agency | None = actor.agency
    return agency.number if agency else ""


paths: list[URLPattern] = [
    path("claims/ledger/", ledger, name="ledger"),
    path("claims/ledger/<slug:number>/", ledger, name="agency_ledger"),
    path(
        "claims/<slug:number>/versions/<int:version>/differences/", differences, name="differences"
    ),
]
