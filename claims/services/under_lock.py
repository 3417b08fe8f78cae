"""Claims while somebody changes them: nobody else does until the transaction ends."""

from __future__ import annotations

from claims.models import Claim, ClaimVersion
from claims.pipeline.calculation import lock_agency


def version_under_lock(version_id: int) -> ClaimVersion:
    """A version with its claim and agency, locked; its agency's other claims and payroll wait too."""
    claim = Claim.objects.select_related("agency").get(versions=version_id)
    claim.agency = lock_agency(claim.agency_id)
    version = ClaimVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    version.claim = claim
    return version
