"""Receiving rosters: the file proposes, a person confirms the difference."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from agreements import tasks
from agreements.models import RosterUpload
from agreements.pipeline import rosters
from agreements.roster_changes import RosterChanges
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.jobs.queue import announce, enqueue
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter
from portal.records import audit, storage
from portal.records.models import Document


@transaction.atomic
def receive_roster(
    *, actor: Actor, agency: Agency, quarter: Quarter, upload: Upload, dry_run: bool = False
) -> RosterUpload:
    """Take a roster in: stored, receipted, and read by a job, which proposes what would change."""
    actor.require(Capability.PREPARE, agency)
    _lock(agency)
    document = storage.keep(
        upload.chunks,
        kind=Document.Kind.ROSTER,
        filename=upload.filename,
        media_type=upload.media_type,
        agency=agency,
        created_by=actor.user,
    )
    before = RosterUpload.objects.filter(agency=agency, quarter=quarter)
    received = RosterUpload.objects.create(
        agency=agency,
        quarter=quarter,
        number=(before.aggregate(last=Max("number"))["last"] or 0) + 1,
        document=document,
        uploaded_by=actor.user,
        key=actor.key,
        dry_run=dry_run,
    )
    received.job = enqueue(tasks.READ_ROSTER, received.pk)
    received.save(update_fields=["job"])
    _record("roster.receive", received, actor, sha256=document.sha256, dry_run=dry_run)
    return received


def changes_proposed(upload: RosterUpload) -> RosterChanges:
    """What confirming the upload would change, compared with the roster as it stands now."""
    return rosters.changes_of(upload)


@transaction.atomic
def confirm_roster(*, actor: Actor, upload: RosterUpload, shown_sha256: str = "") -> RosterUpload:
    """Let a proposed roster count. `shown_sha256` is the hash of the changes the person saw.

    A person confirms exactly what they were shown; a REST client, which sends no hash, whatever the file
    changes now.
    """
    actor.require(Capability.PREPARE, upload.agency)
    _lock(upload.agency)
    upload = RosterUpload.objects.select_for_update().get(pk=upload.pk)
    _require_proposed(upload)
    changes = changes_proposed(upload)
    if shown_sha256 and shown_sha256 != changes.sha256:
        raise Refused(
            "roster_changed",
            "The roster was changed while you were looking at these differences.",
            "Look at the new differences, then confirm again.",
        )
    rosters.apply(upload, changes)
    upload.state = RosterUpload.State.ACCEPTED
    upload.confirmed_at = clock.now()
    upload.confirmed_by = actor.user
    upload.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    _record("roster.confirm", upload, actor, changes=changes.counts)
    announce("agency.facts_changed", upload.agency_id)
    return upload


@transaction.atomic
def withdraw_roster(*, actor: Actor, upload: RosterUpload, reason: str) -> RosterUpload:
    """Drop a proposed roster; nothing of it counted."""
    actor.require(Capability.PREPARE, upload.agency)
    _lock(upload.agency)
    upload = RosterUpload.objects.select_for_update().get(pk=upload.pk)
    _require_proposed(upload)
    upload.state = RosterUpload.State.WITHDRAWN
    upload.reason = reason.strip()[:500]
    upload.save(update_fields=["state", "reason"])
    _record("roster.withdraw", upload, actor, note=upload.reason)
    return upload


def _require_proposed(upload: RosterUpload) -> None:
    if upload.state != RosterUpload.State.PROPOSED or upload.dry_run:
        raise Refused(
            "not_proposed",
            f"This roster is “{upload.get_state_display()}”; there is nothing to confirm or drop.",
            "Upload the roster again if it should count.",
        )


def _lock(agency: Agency) -> None:
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _record(action: str, upload: RosterUpload, actor: Actor, note: str = "", **facts: Any) -> None:
    audit.record(
        action,
        subject=f"roster/{upload.pk}",
        thread=f"agency/{upload.agency.number}/roster",
        actor=actor,
        agency_id=upload.agency_id,
        note=note,
        reference=upload.reference,
        file=upload.document.filename,
        **facts,
    )
