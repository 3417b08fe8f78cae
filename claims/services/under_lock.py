"""Claims while somebody changes them: nobody else does until the transaction ends."""

from __future__ import annotations

from claims.models import Claim, ClaimVersion
from claims.pipeline.calculation import lock_agency


def version_under_lock(version_id: int) -> ClaimVersion:
    """A version with its claim and agency, locked; its agency's other claims and payroll wait too."""
    agency_id = Claim.objects.values_list("agency_id", flat=True).get(versions=version_id)
    agency = lock_agency(agency_id)
    version = ClaimVersion.objects.select_for_update(of=("self",)).get(pk=version_id)
    # Read only now: while this one waited, somebody may have opened the next version.
    version.claim = Claim.objects.get(pk=version.claim_id)
    version.claim.agency = agency
    return version
