"""The files an agency sent, for an archive: bytes as they were kept, and what became of each."""

from __future__ import annotations

import json
from typing import Any

from agreements.models import RosterUpload
from claims.archives.layout import FILE, ORIGINAL, ArchiveWriter, pieces
from claims.models import Claim
from claims.selectors.payroll import batches_for
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.intake.justifying import answers_of
from portal.intake.models import Batch, BatchFinding
from portal.records import storage
from portal.records.models import Document

_FINDING = ("code", "severity", "row", "column", "value", "expected", "message", "dollars")


def pack_payroll(
    writer: ArchiveWriter, reader: Actor, claim: Claim, references: set[str], folder: str
) -> None:
    """Add a quarter's payroll files, and those of other quarters named in `references`.

    A pay period that straddles two quarters is in both claims and came with one file.
    """
    files = batches_for(reader).filter(agency=claim.agency)
    for batch in files.order_by("quarter", "number"):
        if batch.quarter == claim.quarter or batch.reference in references:
            replaces = batch.replaces.reference if batch.replaces else None
            _file(writer, batch, f"{folder}/{batch.reference}", replaces=replaces)


def pack_rosters(writer: ArchiveWriter, agency: Agency, folder: str) -> None:
    """Add the rosters of an agency that somebody confirmed, also those replaced since."""
    rosters = RosterUpload.objects.filter(agency=agency, dry_run=False, confirmed_at__isnull=False)
    related = ("document", "mapping", "uploaded_by", "confirmed_by", "key")
    light = rosters.select_related(*related).defer("content", *RosterUpload.BULKY)
    for roster in light.order_by("confirmed_at", "pk"):
        _file(
            writer,
            roster,
            f"{folder}/{roster.reference}",
            confirmed_by=roster.confirmed_by.name if roster.confirmed_by else None,
            confirmed_at=roster.confirmed_at,
        )


def pack_document(writer: ArchiveWriter, document: Document, path: str, what: str) -> None:
    """Add the bytes of a document, unless they were purged; its record beside it says so."""
    if storage.is_there(document):
        with storage.path_of(document.sha256).open("rb") as file:
            writer.add(path, pieces(file), what)


def _file(writer: ArchiveWriter, batch: Batch, folder: str, **rest: Any) -> None:
    document: Document | None = batch.document
    writer.add_json(
        f"{folder}/{FILE}",
        {
            "reference": batch.reference,
            "state": batch.state,
            "reason": batch.reason,
            "sent_name": batch.sent_name,
            "sent_size": batch.sent_size,
            "sent_sha256": batch.sent_sha256,
            "kept_name": document.filename if document else None,
            "kept_sha256": storage.kept_sha256(document) if document else None,
            "uploaded_by": batch.uploaded_by.name,
            "key": batch.key.name if batch.key else None,
            "received_at": batch.received_at,
            "corrects": batch.corrects.reference if batch.corrects else None,
            "patch": json.loads(batch.patch) if batch.patch else None,
            "mapping": json.loads(batch.mapping.content) if batch.mapping else None,
            "rows": batch.rows,
            "findings": _findings(batch),
            **rest,
        },
        "What became of a file, and its findings",
    )
    if document is not None:
        path = f"{folder}/{ORIGINAL}/{document.filename}"
        pack_document(writer, document, path, "The file as it was kept")


def _findings(batch: Batch) -> list[dict[str, Any]]:
    """What was found in a file, each warning with its agency's answer."""
    findings: list[BatchFinding] = list(batch.findings.order_by("number"))  # type: ignore[attr-defined]  # of either kind of batch
    answers = answers_of(batch.agency_id, {finding.fingerprint for finding in findings} - {""})
    return [
        {
            **{name: getattr(finding, name) for name in (*_FINDING, "officer_id")},
            "answer": {"text": answer.text, "by": answer.user.name, "at": answer.at}
            if (answer := answers.get(finding.fingerprint))
            else None,
        }
        for finding in findings
    ]
