"""The files an agency sent, for an archive: bytes as they were kept, and what became of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from django.db.models import QuerySet

from agreements.models import RosterUpload
from claims.archives.layout import FILE, ORIGINAL, ArchiveWriter, pieces
from claims.models import Claim
from claims.selectors.answers import sent_answers
from claims.selectors.payroll import batches_for
from claims.selectors.unsent import unsent
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.intake.justifying import answers_of, last_answers
from portal.intake.models import Batch, BatchFinding, Justification
from portal.records import storage
from portal.records.models import AuditEvent, Document

_FINDING = ("code", "severity", "row", "column", "value", "expected", "message", "dollars")

_STATES = {
    "payroll.accept": Batch.State.ACCEPTED,
    "payroll.supersede": Batch.State.SUPERSEDED,
    "payroll.withdraw": Batch.State.WITHDRAWN,
}


def pack_payroll(
    writer: ArchiveWriter, reader: Actor, claim: Claim, references: set[str], folder: str
) -> None:
    """Add a quarter's payroll files that were submitted, and those of other quarters in `references`.

    A pay period that straddles two quarters is in both claims and came with one file. What the agency did
    to a file since, for a claim that nobody has signed, is not told.
    """
    given = sent_answers(Justification.objects.filter(agency=claim.agency))
    told = cache(_told)
    files = batches_for(reader).filter(agency=claim.agency)
    for batch in files.order_by("quarter", "number"):
        if batch.quarter != claim.quarter and batch.reference not in references:
            continue
        state = _submitted_state(batch, told)
        if state is None and batch.reference not in references:
            continue
        state = state or Batch.State.ACCEPTED
        _file(
            writer,
            batch,
            f"{folder}/{batch.reference}",
            last_answers(given.filter(fingerprint__in=_fingerprints(batch))),
            replaces=batch.replaces.reference if batch.replaces else None,
            state=state,
            reason=batch.reason if state == batch.state else "",
        )


def _told(thread: str) -> set[int]:
    """The keys of a story's events that are submitted by now; what happens later is none of them."""
    # Read before what is unsent: an event that is written down in between is in neither.
    written = set(AuditEvent.objects.filter(thread=thread).values_list("pk", flat=True))
    return written - unsent(thread)


def _submitted_state(batch: Batch, told: Callable[[str], Collection[int]]) -> Batch.State | None:
    """What had become of a file when a claim was last signed; None for what is of no signed claim."""
    events = AuditEvent.objects.filter(subject=f"payroll/{batch.pk}", action__in=_STATES)
    rows = events.order_by("id").values_list("pk", "action", "thread")
    states = [_STATES[action] for key, action, thread in rows if key in told(thread)]
    return states[-1] if states else None


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
            answers_of(agency.pk, _fingerprints(roster)),
            confirmed_by=roster.confirmed_by.name if roster.confirmed_by else None,
            confirmed_at=roster.confirmed_at,
        )


def pack_document(writer: ArchiveWriter, document: Document, path: str, what: str) -> None:
    """Add the bytes of a document, unless they were purged; its record beside it says so."""
    if storage.is_there(document):
        with storage.path_of(document.sha256).open("rb") as file:
            writer.add(path, pieces(file), what)


def _file(
    writer: ArchiveWriter,
    batch: Batch,
    folder: str,
    answers: Mapping[str, Justification],
    **rest: Any,
) -> None:
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
            "findings": _findings(batch, answers),
            **rest,
        },
        "What became of a file, and its findings",
    )
    if document is not None:
        path = f"{folder}/{ORIGINAL}/{document.filename}"
        pack_document(writer, document, path, "The file as it was kept")


def _findings(batch: Batch, answers: Mapping[str, Justification]) -> list[dict[str, Any]]:
    """What was found in a file, each warning with its agency's answer."""
    return [
        {
            **{name: getattr(finding, name) for name in (*_FINDING, "officer_id")},
            "answer": {"text": answer.text, "by": answer.user.name, "at": answer.at}
            if (answer := answers.get(finding.fingerprint))
            else None,
        }
        for finding in _found(batch)
    ]


def _fingerprints(batch: Batch) -> set[str]:
    return {finding.fingerprint for finding in _found(batch)} - {""}


def _found(batch: Batch) -> QuerySet[BatchFinding]:
    found: QuerySet[BatchFinding] = batch.findings.order_by("number")  # type: ignore[attr-defined]  # of either kind of batch
    return found
