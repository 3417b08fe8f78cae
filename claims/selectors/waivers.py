"""Reading which requirements were waived for a claim or a line of it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from claims.models import Claim, Waiver
from claims.rules.address import Address
from portal.kernel import clock
from portal.kernel.asked_once import asked_once


@asked_once
def waivers_at_hand(claim: Claim) -> list[Waiver]:
    """`waivers_of`, for several parts of one page."""
    return list(waivers_of(claim))


def waivers_of(claim: Claim) -> QuerySet[Waiver]:
    """Every waiver of a claim, those that ended too, the newest first."""
    rows = Waiver.objects.filter(claim=claim).select_related("granted_by", "revoked_by")
    return rows.order_by("-id")


def is_in_force(waiver: Waiver, today: date) -> bool:
    """Whether a waiver is good on a day of its agency's time zone."""
    return waiver.revoked_at is None and waiver.expires_on >= today


def waived_places(claim: Claim, rule: str) -> set[Address]:
    """Where in a claim a requirement is lifted today; compare with `Address.covering`."""
    today = clock.today(claim.agency.time_zone)
    return {
        Address(waiver.officer_id, waiver.category)
        for waiver in waivers_at_hand(claim)
        if waiver.rule == rule and is_in_force(waiver, today)
    }
