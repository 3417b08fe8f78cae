"""Reading claims and their versions, as an actor may see them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from claims.models import Claim, ClaimVersion, Participant
from claims.rules.lifecycle import State
from claims.selectors.linked import DROPPED
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side

NOT_YET_FEDERAL = (State.DRAFT, State.READY)
"""A claim is the agency's own affair until it has been submitted once."""
NEVER_SENT = Q(state__in=NOT_YET_FEDERAL) | DROPPED
"""Versions that the federal side has not seen and does not see."""


def claims_for(actor: Actor) -> QuerySet[Claim]:
    """The claims the actor may see; the federal side sees those that were submitted at least once."""
    rows = actor.scope(
        Claim.objects.select_related("agency", "version__calculation", "version__certification")
    )
    if actor.side == Side.FEDERAL:
        sent = ClaimVersion.objects.filter(claim=OuterRef("pk")).exclude(NEVER_SENT)
        rows = rows.filter(Exists(sent))
    return rows


def claim_for(actor: Actor, number: str) -> Claim:
    """The claim with this number; NotFound for strangers."""
    return found(claims_for(actor), "claim", number=number)


def version_for(actor: Actor, number: str, version: int | None = None) -> ClaimVersion:
    """One version of a claim, by default the current one as the actor may see it.

    While the agency works on a correction the federal side still reads the version it returned.
    """
    claim = claim_for(actor, number)
    rows = ClaimVersion.objects.filter(claim=claim).select_related("calculation", "certification")
    if actor.side == Side.FEDERAL:
        rows = rows.exclude(NEVER_SENT)
    if version is not None:
        stored = found(rows, "version of this claim", number=version)
    else:
        stored = found(rows.order_by("-number"), "claim")
    stored.claim = claim
    return stored


def current_versions(actor: Actor) -> QuerySet[ClaimVersion]:
    """One version per claim: the current one, as the actor may see it (see `version_for`)."""
    rows = actor.scope(
        ClaimVersion.objects.select_related("claim__agency", "calculation").defer(
            "calculation__content"
        ),
        "claim__agency",
    )
    current = Q(claim__version=F("pk"))
    if actor.side == Side.FEDERAL:
        rows = rows.exclude(NEVER_SENT)
        current |= Q(
            claim__version__certification=None,
            number=F("claim__version__number") - 1,
        )
    return rows.filter(current)


def versions_of(actor: Actor, claim: Claim) -> QuerySet[ClaimVersion]:
    """The versions of a claim that the actor may see, the newest first."""
    rows = ClaimVersion.objects.filter(claim=claim).select_related("calculation")
    if actor.side == Side.FEDERAL:
        rows = rows.exclude(NEVER_SENT)
    return rows.defer("calculation__content").order_by("-number")


def in_queue(actor: Actor, *states: State) -> QuerySet[ClaimVersion]:
    """Claims that stand in one of the states, the longest waiting first."""
    return current_versions(actor).filter(state__in=states).order_by("changed_at", "pk")


def to_sign(actor: Actor) -> QuerySet[ClaimVersion]:
    """The claims of the actor's agency that they can certify: ready, and prepared by others."""
    own = Participant.objects.filter(version=OuterRef("pk"), user=actor.user)
    return current_versions(actor).filter(~Exists(own), state=State.READY).order_by("changed_at")
