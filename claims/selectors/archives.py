"""Reading the archives that auditors asked for, and the claims there are to put into one."""

from __future__ import annotations

from django.db.models import QuerySet

from claims.models import Archive, Claim
from claims.selectors.claims import claims_for
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Capability
from portal.kernel.quarter import Quarter


def claims_in(actor: Actor, agency: Agency | None, quarter: Quarter | None) -> QuerySet[Claim]:
    """The claims of an agency, a quarter or both, as far as they exist for the actor."""
    rows = claims_for(actor).select_related(None).select_related("agency", "follows", "version")
    if agency is not None:
        rows = rows.filter(agency=agency)
    return rows if quarter is None else rows.filter(quarter=quarter)


def archives_for(actor: Actor) -> QuerySet[Archive]:
    """The archives, the newest first, for those who read the whole record."""
    rows = Archive.objects.select_related("agency", "asked_by", "document", "job")
    return rows if actor.can(Capability.READ_AUDIT) else rows.none()


def archive_for(actor: Actor, pk: object) -> Archive:
    """One archive; NotFound for everybody else."""
    return found(archives_for(actor), "archive", pk=pk)
