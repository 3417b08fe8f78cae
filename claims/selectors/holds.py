"""Reading whether a claim is on hold, who may hold it, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

from claims.models import Claim, Hold
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import State
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.asked_once import asked_once
from portal.kernel.errors import Refused

HOLDABLE = (State.SUBMITTED, State.IN_REVIEW, State.RECOMMENDED)
"""Where a claim stands while it can be held."""


@asked_once
def hold_on(claim: Claim) -> Hold | None:
    """The hold that keeps a claim from being decided today; None when there is none or it has ended."""
    today = clock.today(claim.agency.time_zone)
    holds = Hold.objects.filter(claim=claim, released_at=None, until_on__gte=today)
    return holds.select_related("placed_by").order_by("-until_on").first()


def held(claim: Claim) -> Refused | None:
    """Why a claim cannot be decided today, or None when nothing holds it."""
    hold = hold_on(claim)
    if hold is None:
        return None
    return Refused(
        "on_hold",
        f"This claim is on hold until {hold.until_on:%B %-d, %Y}: {hold.get_why_display().lower()}.",
        "Release the hold first, or wait until it ends.",
    )


def may_hold(actor: Actor) -> bool:
    """Whether the actor may put claims on hold and release them: whoever reviews or decides."""
    return actor.key is None and (actor.can(Capability.REVIEW) or actor.can(Capability.APPROVE))


def longest_hold(claim: Claim) -> date:
    """The last day until which the claim may be held from today on, at its agency."""
    days = rules_on(claim.quarter.start).hold_days
    return clock.today(claim.agency.time_zone) + timedelta(days)
