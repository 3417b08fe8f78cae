"""Open a roster file, read it, keep its rows as a proposal; and apply a proposal that was confirmed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import transaction

from agreements.models import Officer, RosterEntry, RosterFinding, RosterUpload
from agreements.roster_changes import (
    KEY_FIELDS,
    OFFICER_FIELDS,
    VALUE_FIELDS,
    Known,
    RosterChanges,
    compare,
)
from agreements.roster_file import parse_roster
from portal.intake.uploads import purge_if_forbidden, read_document
from portal.jobs.running import Progress
from portal.kernel import clock
from portal.kernel.canonical import canonical_json
from portal.kernel.findings import has_errors
from portal.records import audit

DATES = ("hired_on", "separated_on", "trained_on", "authorized_from", "authorized_to")


def read(upload_id: str, progress: Progress) -> None:
    """Read an uploaded roster; afterwards it is `proposed`, or `rejected` with findings."""
    upload = RosterUpload.objects.select_related("document", "agency").get(pk=upload_id)
    if upload.is_finished:
        # It may have died between keeping the findings and deleting the file.
        purge_if_forbidden(upload)
        return
    RosterUpload.objects.filter(pk=upload.pk, state=RosterUpload.State.RECEIVED).update(
        state=RosterUpload.State.VALIDATING
    )
    progress.step("Reading the file")
    rows, findings = parse_roster(read_document(upload.document))
    progress.step(f"Keeping {len(rows):,} rows")
    with transaction.atomic():
        progress.hold()
        upload = (
            RosterUpload.objects.select_for_update(of=("self",))
            .select_related("document", "agency")
            .get(pk=upload_id)
        )
        upload.rows = len(rows)
        upload.count(findings)
        upload.finished_at = clock.now()
        if has_errors(findings):
            upload.state = RosterUpload.State.REJECTED
        else:
            upload.state = RosterUpload.State.PROPOSED
            upload.content = canonical_json([row._asdict() for row in rows])
        upload.save()
        RosterFinding.objects.bulk_create(RosterFinding.rows_of(findings, upload=upload))
        audit.record(
            "roster.reject" if has_errors(findings) else "roster.propose",
            subject=f"roster/{upload.pk}",
            thread=f"agency/{upload.agency.number}/roster",
            agency_id=upload.agency_id,
            reference=upload.reference,
            rows=upload.rows,
            errors=upload.errors,
        )
    purge_if_forbidden(upload)


def gave_up(upload_id: str, reason: str) -> None:
    """End an upload whose reading failed for good."""
    upload = RosterUpload.objects.select_related("agency").get(pk=upload_id)
    if upload.is_finished:
        return
    upload.state = RosterUpload.State.REJECTED
    upload.finished_at = clock.now()
    upload.reason = (
        "The portal could not read this file. Send it again, or save it in another format."
    )
    upload.save(update_fields=["state", "finished_at", "reason"])
    audit.record(
        "roster.fail",
        subject=f"roster/{upload.pk}",
        thread=f"agency/{upload.agency.number}/roster",
        agency_id=upload.agency_id,
        note=reason,
        reference=upload.reference,
    )


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
    RosterEntry.objects.bulk_create([entry for entry in entries if entry.pk is None])
    RosterEntry.objects.bulk_update(
        [entry for entry in entries if entry.pk is not None],
        [*KEY_FIELDS, *VALUE_FIELDS, "upload", "source_row"],
        batch_size=1000,
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
