"""Reading which requirements were waived for a claim or a line of it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from claims.models import Claim, Waiver
from portal.kernel import clock


def waivers_of(claim: Claim) -> QuerySet[Waiver]:
    """Every waiver of a claim, those that ended too, the newest first."""
    rows = Waiver.objects.filter(claim=claim).select_related("granted_by", "revoked_by")
    return rows.order_by("-id")


def is_in_force(waiver: Waiver, today: date) -> bool:
    """Whether a waiver is good on a day of its agency's time zone."""
    return waiver.revoked_at is None and waiver.expires_on >= today


def waived(claim: Claim, rule: str, officer_id: str = "", category: str = "") -> Waiver | None:
    """The waiver that lifts a requirement for a line today; None when it stands.

    One for the whole claim covers every line, one for an officer all of theirs.
    """
    today = clock.today(claim.agency.time_zone)
    covers = Q(officer_id="", category="") | Q(officer_id=officer_id, category="")
    covers |= Q(officer_id=officer_id, category=category)
    rows = Waiver.objects.filter(
        covers, claim=claim, rule=rule, revoked_at=None, expires_on__gte=today
    )
    return rows.order_by("-expires_on", "-id").first()
