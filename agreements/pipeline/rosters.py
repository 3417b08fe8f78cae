"""Open a roster file, read it, keep its rows as a proposal; and apply a proposal that was confirmed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import transaction

from agreements.models import Officer, RosterEntry, RosterFinding, RosterUpload
from agreements.pipeline.roster_checks import check_all
from agreements.roster_changes import (
    KEY_FIELDS,
    OFFICER_FIELDS,
    VALUE_FIELDS,
    Known,
    RosterChanges,
    compare,
)
from agreements.roster_file import RosterFileRow, check_kind, parse_roster
from agreements.roster_roles import ROSTER_TARGET
from portal.accounts.models import Agency
from portal.intake import quarantine
from portal.intake.opening import FileKind, Person, open_batch, settle, why_given_up
from portal.intake.samples import faulty_of
from portal.jobs.running import Progress
from portal.kernel import clock
from portal.kernel.canonical import canonical_json
from portal.kernel.findings import Finding, has_errors
from portal.records import audit
from portal.records.models import Document

DATES = ("hired_on", "separated_on", "trained_on", "authorized_from", "authorized_to")


def people_of(agency_id: int) -> list[Person]:
    """The officers of an agency's roster: payroll id, last name, first name."""
    officers = Officer.objects.filter(agency=agency_id).order_by("payroll_id")
    return list(officers.values_list("payroll_id", "last_name", "first_name"))


ROSTER_FILE = FileKind(ROSTER_TARGET, Document.Kind.ROSTER, check_kind, people_of)
RELATED = ("agency", "document", "mapping", "corrects__document")


def read(upload_id: str, progress: Progress) -> None:
    """Read an uploaded roster; afterwards it is `proposed`, or `rejected` with findings."""
    upload = RosterUpload.objects.select_related(*RELATED).get(pk=upload_id)
    if upload.is_finished:
        # The job may have died between keeping the result and dropping the file.
        quarantine.drop(upload.pk)
        return
    RosterUpload.objects.filter(pk=upload.pk, state=RosterUpload.State.RECEIVED).update(
        state=RosterUpload.State.VALIDATING
    )
    progress.step("Reading the file")
    opened = open_batch(upload, ROSTER_FILE, progress)
    rows, findings = parse_roster(opened.reading)
    progress.step(f"Keeping {len(rows):,} rows")
    with transaction.atomic():
        progress.hold()
        agency = Agency.objects.select_for_update(no_key=True).get(pk=upload.agency_id)
        upload = (
            RosterUpload.objects.select_for_update(of=("self",))
            .select_related(*RELATED, "uploaded_by")
            .get(pk=upload_id)
        )
        upload.agency = agency
        settle(upload, opened, ROSTER_FILE)
        if opened.table is not None and opened.source is not None:
            findings += check_all(upload, rows)
            upload.faulty = faulty_of(opened.source, opened.sources, findings)
        _keep(upload, rows, findings)
    quarantine.drop(upload.pk)


def _keep(upload: RosterUpload, rows: list[RosterFileRow], findings: list[Finding]) -> None:
    upload.rows = len(rows)
    upload.count(findings)
    upload.finished_at = clock.now()
    if has_errors(findings):
        upload.state = RosterUpload.State.REJECTED
    else:
        upload.state = RosterUpload.State.PROPOSED
        upload.content = canonical_json([row._asdict() for row in rows])
        _supersede(upload)
    upload.save()
    # A file whose columns were matched since is read for the second time.
    RosterFinding.objects.filter(upload=upload).delete()
    RosterFinding.objects.bulk_create(RosterFinding.rows_of(findings, upload=upload))
    _record(
        "roster.reject" if has_errors(findings) else "roster.propose",
        upload,
        rows=upload.rows,
        errors=upload.errors,
    )


def _supersede(upload: RosterUpload) -> None:
    """The proposal that this one corrects waits for nobody any more."""
    if upload.corrects_id is None:
        return
    before = RosterUpload.objects.select_for_update().get(pk=upload.corrects_id)
    if before.state != RosterUpload.State.PROPOSED or before.dry_run:
        return
    before.state = RosterUpload.State.SUPERSEDED
    before.reason = f"Corrected by file {upload.reference}."
    before.save(update_fields=["state", "reason"])
    before.agency = upload.agency
    _record("roster.supersede", before, by=upload.reference)


def gave_up(upload_id: str, reason: str) -> None:
    """End an upload whose reading failed for good."""
    with transaction.atomic():
        agency_id = RosterUpload.objects.values_list("agency", flat=True).get(pk=upload_id)
        agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
        upload = RosterUpload.objects.select_for_update().get(pk=upload_id)
        upload.agency = agency
        if not upload.is_finished:
            upload.state = RosterUpload.State.REJECTED
            upload.finished_at = clock.now()
            upload.reason = why_given_up(reason)
            upload.save(update_fields=["state", "finished_at", "reason"])
            _record("roster.fail", upload, note=reason)
    quarantine.drop(upload.pk)


def changes_of(upload: RosterUpload) -> RosterChanges:
    """What the upload's rows would change in the roster as it stands now."""
    rows = [_dated(row) for row in json.loads(upload.content or "[]")]
    return compare(rows, _known(upload.agency_id, {row["officer_id"] for row in rows}))


def apply(upload: RosterUpload, changes: RosterChanges) -> None:
    """Write the changes; the caller holds the agency's lock."""
    Officer.objects.bulk_create(
        [
            Officer(agency_id=upload.agency_id, payroll_id=change.officer_id, **change.after)
            for change in changes.officers
        ],
        update_conflicts=True,
        unique_fields=["agency", "payroll_id"],
        update_fields=OFFICER_FIELDS,
    )
    touched = {change.officer_id for change in changes.entries}
    keys = dict(
        Officer.objects.filter(agency_id=upload.agency_id, payroll_id__in=touched).values_list(
            "payroll_id", "pk"
        )
    )
    entries = [
        RosterEntry(
            pk=change.entry,
            officer_id=keys[change.officer_id],
            upload=upload,
            source_row=change.row,
            **change.after,
        )
        for change in changes.entries
    ]
    # Told apart before creating, which gives the new ones their keys.
    known = [entry for entry in entries if entry.pk is not None]
    RosterEntry.objects.bulk_create([entry for entry in entries if entry.pk is None])
    RosterEntry.objects.bulk_update(
        known, [*KEY_FIELDS, *VALUE_FIELDS, "upload", "source_row"], batch_size=1000
    )


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    for name in DATES:
        row[name] = date.fromisoformat(row[name]) if row[name] else None
    return row


def _known(agency_id: int, officer_ids: set[str]) -> dict[str, Known]:
    officers = Officer.objects.filter(
        agency_id=agency_id, payroll_id__in=officer_ids
    ).prefetch_related("entries")
    return {
        officer.payroll_id: Known(
            {name: getattr(officer, name) for name in OFFICER_FIELDS},
            {
                entry.pk: {name: getattr(entry, name) for name in (*KEY_FIELDS, *VALUE_FIELDS)}
                for entry in officer.entries.all()
            },
        )
        for officer in officers
    }


def _record(action: str, upload: RosterUpload, note: str = "", **facts: object) -> None:
    audit.record(
        action,
        subject=f"roster/{upload.pk}",
        thread=f"agency/{upload.agency.number}/roster",
        agency_id=upload.agency_id,
        note=note,
        reference=upload.reference,
        **facts,
    )
