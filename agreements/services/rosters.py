"""Receiving rosters: the file proposes, a person confirms the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from agreements import tasks
from agreements.models import RosterFinding, RosterUpload
from agreements.pipeline import rosters
from agreements.roster_changes import RosterChanges
from agreements.roster_roles import ROSTER_TARGET
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake import quarantine
from portal.intake import services as intake
from portal.intake.justifying import justify
from portal.intake.uploads import Upload
from portal.jobs.queue import announce
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping
from portal.kernel.tabular.patch import Edit
from portal.records import audit


def receive_roster(
    *, actor: Actor, agency: Agency, quarter: Quarter, upload: Upload, dry_run: bool = False
) -> RosterUpload:
    """Take a roster in: receipted, put in quarantine, and read by a job that proposes what would change."""
    actor.require(Capability.PREPARE, agency)
    with quarantine.arriving(upload.chunks) as sent, transaction.atomic():
        _lock(agency)
        received = intake.receive(
            RosterUpload,
            actor=actor,
            agency=agency,
            quarter=quarter,
            upload=upload,
            sent=sent,
            dry_run=dry_run,
        )
        _begin("roster.receive", received, actor, sha256=sent.sha256, dry_run=dry_run)
    return received


@transaction.atomic
def match_roster_columns(*, actor: Actor, batch: RosterUpload, mapping: Mapping) -> RosterUpload:
    """Say what a roster's columns mean, for this file and later ones like it; then it is read again."""
    actor.require(Capability.PREPARE, batch.agency)
    batch = _locked(batch)
    stored = intake.match(batch, actor=actor, target=ROSTER_TARGET, mapping=mapping)
    if not intake.waits_for_columns(batch):
        if not batch.is_finished and batch.mapping == stored:
            return batch
        if earlier := intake.correction_of(batch, mapping=stored, patch=batch.patch):
            return earlier
        return _correct(batch, actor, mapping=stored)
    intake.resume(batch, stored)
    _begin("roster.match", batch, actor, mapping=stored.number)
    return batch


@transaction.atomic
def correct_roster(*, actor: Actor, batch: RosterUpload, edits: Sequence[Edit]) -> RosterUpload:
    """Correct cells of a roster in the portal: a new proposal of the same bytes with the corrections."""
    actor.require(Capability.PREPARE, batch.agency)
    batch = _locked(batch)
    patch = intake.corrected_patch(batch, edits)
    if earlier := intake.correction_of(batch, patch=patch):
        return earlier
    if not edits:
        raise intake.nothing_corrected()
    return _correct(batch, actor, patch=patch, edits=len(edits))


def correct_roster_with_file(*, actor: Actor, batch: RosterUpload, upload: Upload) -> RosterUpload:
    """Correct a roster with its error workbook sent back: a job turns what changed into corrections."""
    actor.require(Capability.PREPARE, batch.agency)
    with quarantine.arriving(upload.chunks) as sent, transaction.atomic():
        batch = _locked(batch)
        if earlier := intake.correction_of(batch, sent_sha256=sent.sha256):
            quarantine.drop(sent.pk)
            return earlier
        corrected = intake.returned(batch, actor=actor, upload=upload, sent=sent)
        _begin("roster.receive", corrected, actor, sha256=sent.sha256, corrects=batch.reference)
    return corrected


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
    if upload.needs_columns:
        raise Refused(
            "not_proposed",
            "Nobody has said yet what the columns of this roster mean.",
            "Match its columns first; then you see what it would change.",
        )
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


def answer_roster_warnings(
    *, actor: Actor, batch: RosterUpload, findings: Sequence[RosterFinding], text: str
) -> int:
    """Say why warnings of a roster are in order; how many got an answer that they did not have."""
    return justify(
        actor=actor,
        agency=batch.agency,
        reference=batch.reference,
        findings=findings,
        text=text,
        thread=_thread(batch),
    )


@transaction.atomic
def withdraw_roster(*, actor: Actor, upload: RosterUpload, reason: str) -> RosterUpload:
    """Drop a proposed roster, or one that waits for its columns to be matched; nothing of it counted."""
    actor.require(Capability.PREPARE, upload.agency)
    refuse_personal_numbers(reason, what="reason")
    _lock(upload.agency)
    upload = RosterUpload.objects.select_for_update().get(pk=upload.pk)
    if not upload.needs_columns:
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


def _correct(batch: RosterUpload, actor: Actor, *, edits: int = 0, **facts: Any) -> RosterUpload:
    corrected = intake.once_more(batch, actor=actor, **facts)
    _begin("roster.correct", corrected, actor, corrects=batch.reference, edits=edits)
    return corrected


def _begin(action: str, upload: RosterUpload, actor: Actor, **facts: Any) -> None:
    intake.begin(upload, tasks.READ_ROSTER)
    _record(action, upload, actor, **facts)


def _lock(agency: Agency) -> Agency:
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _locked(batch: RosterUpload) -> RosterUpload:
    agency = _lock(batch.agency)
    locked = (
        RosterUpload.objects.select_for_update(of=("self",))
        .select_related("mapping")
        .get(pk=batch.pk)
    )
    locked.agency = agency
    return locked


def _thread(upload: RosterUpload) -> str:
    return f"agency/{upload.agency.number}/roster"


def _record(action: str, upload: RosterUpload, actor: Actor, note: str = "", **facts: Any) -> None:
    audit.record(
        action,
        subject=f"roster/{upload.pk}",
        thread=_thread(upload),
        actor=actor,
        agency_id=upload.agency_id,
        note=note,
        reference=upload.reference,
        file=upload.sent_name,
        **facts,
    )
