"""Asking for an archive of claims."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction

from claims import tasks
from claims.models import Archive
from claims.selectors.archives import claims_in
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import enqueue
from portal.kernel.errors import BadInput, Refused
from portal.kernel.quarter import Quarter
from portal.records import audit

LARGEST = 500
"""Claims of one archive: more would not be packed within the time a job has."""


@transaction.atomic
def ask_for_archive(
    *,
    actor: Actor,
    agency: Agency | None,
    quarter: Quarter | None,
    sample: int | None,
    token: UUID,
) -> Archive:
    """Have an archive made of an agency's claims, of a quarter's, or of some drawn from it by lot.

    The form sent twice asks once. Refused when nothing or too much would be in it.
    """
    actor.require(Capability.READ_AUDIT)
    asked = Archive.objects.filter(token=token).first()
    if asked is not None:
        return asked
    if agency is None and quarter is None:
        raise BadInput(
            "nothing_chosen", "Neither an agency nor a quarter is chosen.", "Choose one of them."
        )
    count = claims_in(actor, agency, quarter).count()
    if not count:
        raise Refused(
            "no_claims", "No claim was submitted there yet.", "Choose another agency or quarter."
        )
    if min(count, sample or count) > LARGEST:
        raise Refused(
            "too_many_claims",
            f"That is {count:,} claims; an archive takes at most {LARGEST:,}.",
            "Draw a sample, or ask agency by agency.",
        )
    archive = Archive.objects.create(
        agency=agency,
        quarter=quarter,  # type: ignore[misc]  # the column's type does not know that it may be null
        sample=sample,
        seed=secrets.token_hex(8) if sample else "",
        asked_by=actor.user,
        token=token,
    )
    archive.job = enqueue(tasks.BUILD_ARCHIVE, archive.pk)
    archive.save(update_fields=["job"])
    audit.record(
        "archive.ask",
        subject=f"archive/{archive.pk}",
        actor=actor,
        agency_id=agency.pk if agency else None,
        quarter=str(quarter) if quarter else "",
        sample=sample or 0,
        seed=archive.seed,
    )
    return archive


@transaction.atomic
def retry_archive(*, actor: Actor, archive: Archive) -> Archive:
    """Make an archive again that could not be made."""
    actor.require(Capability.READ_AUDIT)
    archive = (
        Archive.objects.select_for_update(of=("self",)).select_related("job").get(pk=archive.pk)
    )
    if archive.document_id is None and archive.job is not None and archive.job.is_finished:
        archive.job = enqueue(tasks.BUILD_ARCHIVE, archive.pk)
        archive.reason = ""
        archive.save(update_fields=["job", "reason"])
        audit.record(
            "archive.retry",
            subject=f"archive/{archive.pk}",
            actor=actor,
            agency_id=archive.agency_id,
        )
    return archive
