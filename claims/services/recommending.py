"""Recommending many clean claims at once: each by the same steps and guards as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from claims.models import ClaimVersion
from claims.rules.lifecycle import ACTIONS, State
from claims.selectors.claims import version_for
from claims.selectors.clean import doubts_of
from claims.selectors.story import did_last
from claims.services.claims import perform
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel.errors import BadInput, Refused

MOST = 100
"""So many claims are recommended in one go."""


class Shown(NamedTuple):
    """A claim by its number, and the hash of what its reviewer was shown."""

    number: str
    sha256: str


class Outcome(NamedTuple):
    """What became of one claim; `refusal` says why it was not recommended."""

    number: str
    version: ClaimVersion | None
    refusal: Refused | None


def recommend_clean(*, actor: Actor, claims: Sequence[Shown]) -> list[Outcome]:
    """Recommend each claim that is clean; what stands against one does not stop the others."""
    actor.require(Capability.REVIEW)
    if not claims:
        raise BadInput("nothing_chosen", "No claim is chosen.", "Tick the claims to recommend.")
    if len(claims) > MOST:
        raise BadInput(
            "too_many",
            f"{len(claims):,} claims are more than can be recommended in one go.",
            f"Choose at most {MOST}, then the others.",
        )
    return [_outcome(actor, shown) for shown in claims]


def _outcome(actor: Actor, shown: Shown) -> Outcome:
    version = None
    try:
        version = version_for(actor, shown.number)
        if version.state == State.RECOMMENDED and did_last(actor, version, ACTIONS["recommend"]):
            # Sent twice; the first time it was done.
            return Outcome(shown.number, version, None)
        return Outcome(shown.number, _recommend(actor, version, shown.sha256), None)
    except Refused as refusal:
        return Outcome(shown.number, version, refusal)


def _recommend(actor: Actor, version: ClaimVersion, sha256: str) -> ClaimVersion:
    doubts = doubts_of(actor, [version])[version.pk]
    if doubts:
        raise Refused(
            "not_clean",
            f"This claim is not clean: {'; '.join(doubts)}.",
            "Open the claim and look at it by itself.",
        )
    # Both steps or none: a review that nobody recommends would leave the list of those that wait.
    with transaction.atomic():
        if version.state == State.SUBMITTED:
            version = perform(actor=actor, version=version, code="start_review")
        return perform(actor=actor, version=version, code="recommend", shown_sha256=sha256)
