"""Reading the claims of one quarter: the original and what was linked to it after its decision."""

from __future__ import annotations

from django.db.models import QuerySet

from claims.models import Claim, ClaimVersion
from portal.accounts.models import Agency
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter


def claims_of(agency: Agency | int, quarter: Quarter) -> QuerySet[Claim]:
    """An agency's claims of a quarter, the first one first."""
    rows = Claim.objects.filter(agency=agency, quarter=quarter).select_related("version")
    return rows.order_by("sequence")


def current_claim(agency: Agency | int, quarter: Quarter) -> Claim | None:
    """The claim of a quarter that came last; None before there is any."""
    return claims_of(agency, quarter).last()


def nothing_changed(version: ClaimVersion) -> Refused | None:
    """Why a resubmission or correction is not one: it says what was said before."""
    return None
