"""Telling people that a hold is over which nobody released: its last day has passed."""

from __future__ import annotations

from datetime import timedelta

from claims.models import Hold
from claims.pipeline import telling
from claims.selectors.holds import HOLDABLE, hold_on
from portal.kernel import clock

_LOOK_BACK = timedelta(days=4)
"""For days on which the portal stood still; what was over before that has been told."""


def write() -> bool:
    """Write the mails about holds that have ended, once for each; whether there are any."""
    today = clock.today()
    ended = Hold.objects.filter(
        released_at=None,
        until_on__gte=today - _LOOK_BACK,
        until_on__lte=today,
        claim__version__state__in=HOLDABLE,
    )
    written = False
    for hold in ended.select_related("claim__agency").order_by("pk"):
        claim = hold.claim
        is_over = hold.until_on < clock.today(claim.agency.time_zone)
        if is_over and hold_on(claim) is None:
            matter = telling.matter_of(claim)
            written |= telling.write("claim.hold_end", matter, {"once": hold.pk})
    return written
