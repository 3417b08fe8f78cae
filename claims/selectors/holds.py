"""Reading holds."""

from __future__ import annotations

from claims.models import Claim, Hold
from portal.kernel import clock
from portal.kernel.errors import Refused


def hold_on(claim: Claim) -> Hold | None:
    """The hold that keeps a claim from being decided today; None when there is none or it has ended."""
    holds = Hold.objects.filter(claim=claim, released_at=None, until_on__gte=clock.today())
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
