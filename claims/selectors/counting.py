"""Which claim counts for a quarter among those that were signed: now, or as it stood at an instant."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from claims.models import ClaimVersion
from claims.rules.lifecycle import ACTIONS, IN_FORCE, State
from portal.accounts.models import Agency
from portal.kernel.quarter import Quarter

TAKEN_BACK = (State.WITHDRAWN, State.RETURNED)
"""The signature under such a claim no longer counts."""


class Counting(NamedTuple):
    """A signed version that counts for its quarter, and where it stands or stood."""

    version: ClaimVersion
    state: State


def counting(
    agency: Agency | int, quarter: Quarter, at: datetime | None = None, *, before: int | None = None
) -> Counting | None:
    """The version in force, or without one the last that was signed; None where nothing counts.

    As it stands, or stood at an instant; of the claims `before` a place in the quarter, or of all.
    """
    rows = signed_versions(agency, quarter, at).select_related("claim__agency", "calculation")
    if before is not None:
        rows = rows.filter(claim__sequence__lt=before)
    found = None
    for version in rows.defer("calculation__content").order_by("claim__sequence", "number"):
        state = State(version.state) if at is None else state_at(version, at)
        stands_behind = found is not None and found.state in IN_FORCE
        if state in IN_FORCE or (state not in TAKEN_BACK and not stands_behind):
            found = Counting(version, state)
    return found


def signed_versions(
    agency: Agency | int, quarter: Quarter, at: datetime | None = None
) -> QuerySet[ClaimVersion]:
    """The versions of a quarter that somebody signed, or had signed by an instant."""
    rows = ClaimVersion.objects.filter(
        claim__agency=agency, claim__quarter=quarter, certification__isnull=False
    )
    return rows if at is None else rows.filter(certification__certified_at__lte=at)


def state_at(version: ClaimVersion, at: datetime) -> State:
    """Where a signed version stood, by what was decided until then."""
    state = State.SUBMITTED
    for code in version.decisions.filter(decided_at__lte=at).values_list("action", flat=True):
        if not ACTIONS[code].stays:
            state = ACTIONS[code].to
    return state
