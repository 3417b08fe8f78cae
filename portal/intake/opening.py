"""From the bytes somebody sent to a table in the template's columns: scan, open, correct, match.

Reads a batch and its file, writes nothing: what becomes of it is kept by `settle`, in the transaction
that keeps the result. So a job that died begins again with the same bytes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from portal.intake import quarantine, scanner
from portal.intake.agency_named import check_agency
from portal.intake.catalogue import INTAKE_FINDINGS
from portal.intake.corrections import edits_in, patch_with
from portal.intake.models import Batch, BatchFinding, ColumnMapping
from portal.intake.return_sheet import RETURN_FINDINGS
from portal.intake.samples import sample_of, sources_of
from portal.intake.uploads import JSON_MEDIA_TYPE
from portal.intake.workbook import edits_of, read_returned
from portal.jobs.running import Progress
from portal.kernel.findings import Finding, Severity, has_errors
from portal.kernel.tabular import Reading, Table, table_from_rows
from portal.kernel.tabular.apart import read_apart
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.mapping import (
    Mapping,
    People,
    Target,
    agencies_named,
    apply_mapping,
    fits,
    recognise,
    resembles,
    signature_of,
)
from portal.kernel.tabular.patch import MAX_EDITS, apply_patch
from portal.kernel.tabular.sensitive import (
    NEVER_KEPT,
    personal_number_code_of_json,
    reduced_rows,
)
from portal.records import storage
from portal.records.models import Document

PATIENCE_SECONDS = 20
PAUSE_SECONDS = 2
"""How long one attempt of the job waits for a scanner that is away, and between two tries."""

DROPPED = "sensitive_column_dropped"
FEWEST_COLUMNS = 2
"""A file of one column is no table that could be matched."""
NEVER_MATCHED = "your agency has not said what they mean"
TYPED_DATES = "the dates your agency typed for an earlier file may not be those of this one"

Person = tuple[str, str, str]
"""An officer: payroll id, last name, first name."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: what it can be matched to, whose header it is not, and who its names may mean.

    `check_kind` finds an error in the header of another kind of file. `people_of` gives the officers of an
    agency, by its key; it is asked only where names are looked up.
    """

    target: Target
    document: Document.Kind
    check_kind: Callable[[Sequence[str]], list[Finding]]
    people_of: Callable[[int], list[Person]]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a batch's file turned out to be.

    `source` is the table as it was sent, corrected; None when the file is refused and nothing of it may
    be kept. `table` has the template's columns; None also while nobody has said what the columns mean.
    `sources` leads from a column of the template to the file's own.
    """

    findings: list[Finding]
    source: Table | None = None
    table: Table | None = None
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: bytes | None = None
    mapping: ColumnMapping | None = None
    patch: str | None = None
    sample: str = ""

    @property
    def needs_columns(self) -> bool:
        """Whether it waits for a person to match its columns."""
        return self.source is not None and self.table is None

    @property
    def reading(self) -> Reading:
        """The table for the parser, with everything found so far."""
        return Reading(self.table, self.findings)


class _Refused(Exception):
    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("refused")
        self.findings = findings


def open_batch(batch: Batch, kind: FileKind, progress: Progress) -> Opened:
    """Read a batch's file, from quarantine the first time and from the evidence after that.

    Raises scanner.ScannerAway, so that the job is tried again.
    """
    try:
        if batch.document is None and batch.corrects is None:
            content = _scanned(batch, progress)
            reading, evidence = _read_sent(batch, kind.target, content)
            return _shaped(batch, kind, reading, batch.patch, evidence=evidence)
        patch = batch.patch
        if batch.document is None and batch.corrects is not None:
            patch = _returned(batch.corrects, _scanned(batch, progress))
        reading = _read_again(batch, kind.target)
        reading = Reading(reading.table, _told_before(batch) + reading.findings)
        return _shaped(batch, kind, reading, patch)
    except _Refused as refusal:
        return Opened(refusal.findings)


def reopen(batch: Batch, kind: FileKind) -> Opened:
    """The same from what is on record: the evidence, the corrections, the matched columns, the roster."""
    try:
        reading = _read_again(batch, kind.target)
        people = json.loads(batch.sample).get("people", []) if batch.sample else []
        then = replace(kind, people_of=lambda _: people)
        return _shaped(batch, then, reading, batch.patch, as_recorded=True)
    except _Refused as refusal:
        return Opened(refusal.findings)


def settle(batch: Batch, opened: Opened, kind: FileKind) -> None:
    """Note on the batch what became of its file; the caller holds the lock and saves it."""
    if opened.source is None:
        return
    if batch.document is None and opened.evidence is not None:
        batch.document = storage.keep(
            [opened.evidence],
            kind=kind.document,
            filename=batch.sent_name,
            media_type=batch.sent_type,
            agency=batch.agency,
            created_by=batch.uploaded_by,
        )
    elif batch.document is None and batch.corrects is not None:
        batch.document = batch.corrects.document
    batch.patch = opened.patch
    batch.mapping = opened.mapping
    batch.sample = opened.sample
    batch.needs_columns = opened.needs_columns


def why_given_up(reason: str) -> str:
    """Why a batch ends whose job failed for good, in words for its sender."""
    if reason == scanner.ScannerAway.__name__:
        return "The file could not be scanned for viruses. Nothing is wrong with it; send it again later."
    return "The portal could not read this file. Send it again, or save it in another format."


def _scanned(batch: Batch, progress: Progress) -> bytes:
    """The bytes in quarantine, once the scanner found nothing in them."""
    content = quarantine.read(batch.pk)
    if not scanner.is_configured():
        return content
    progress.step("Scanning for viruses")
    last_try = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            malware = scanner.malware_in(content)
            break
        except scanner.ScannerAway:
            if time.monotonic() > last_try:
                raise
            progress.step("Waiting for the virus scanner")
            time.sleep(PAUSE_SECONDS)
    if malware:
        raise _Refused([INTAKE_FINDINGS.finding("malware_found", value=malware[:100])])
    progress.step("Reading the file")
    return content


def _read_sent(batch: Batch, target: Target, content: bytes) -> tuple[Reading, bytes]:
    """The table of the bytes that were sent, and what of them is kept."""
    reading = _read(content, batch.sent_type, target)
    is_whole = all(finding.code != DROPPED for finding in reading.findings)
    if batch.sent_type == JSON_MEDIA_TYPE:
        evidence = content if is_whole else _reduced_json(content)
        # Beside and within its cells JSON can hold more than a table shows.
        if code := personal_number_code_of_json(evidence):
            raise _Refused([FILE_FINDINGS.finding(code, column="the rows")])
        return reading, evidence
    if is_whole:
        return reading, content
    if reading.table is not None and reading.reduced is None:
        raise ValueError("a file with dropped columns has no reduced form")
    return reading, reading.reduced or b""


def _reduced_json(content: bytes) -> bytes:
    body = json.loads(content)
    return json.dumps({**body, "rows": reduced_rows(body["rows"])}).encode()


def _read(content: bytes, media_type: str, target: Target) -> Reading:
    if media_type == JSON_MEDIA_TYPE:
        reading = table_from_rows(json.loads(content)["rows"], drop_sensitive=True)
    else:
        reading = read_apart(content, recognise=recognise(target), drop_sensitive=True)
    if reading.table is None or _is_forbidden(reading.findings):
        raise _Refused(reading.findings)
    return reading


def _read_again(batch: Batch, target: Target) -> Reading:
    kept = batch if batch.document is not None or batch.corrects is None else batch.corrects
    document = kept.document
    if document is None:
        raise ValueError(f"nothing was kept of {batch.reference}")
    return _read(storage.read(document), document.media_type, target)


def _told_before(batch: Batch) -> list[Finding]:
    """The notices about dropped columns, which the evidence no longer shows."""
    told = _findings_of(batch).filter(code=DROPPED)
    if batch.corrects is not None:
        told = told or _findings_of(batch.corrects).filter(code=DROPPED)
    return [
        Finding(f.code, Severity(f.severity), f.message, f.fix, column=f.column, value=f.value)
        for f in told
    ]


def _findings_of(batch: Batch) -> QuerySet[BatchFinding]:
    return batch.findings.all()  # type: ignore[attr-defined]  # every kind has them


def _returned(corrected: Batch, content: bytes) -> str:
    """The corrections in rows that somebody sent back, added to those the file has already."""
    returned = read_returned(content)
    if returned.table is None or has_errors(returned.findings):
        raise _Refused(returned.findings)
    edits, findings = edits_of(returned.table, corrected)
    findings = returned.findings + findings
    if (count := len(edits_in(corrected.patch)) + len(edits)) > MAX_EDITS:
        findings.append(RETURN_FINDINGS.finding("returned_too_many", count=f"{count:,}"))
    if has_errors(findings):
        raise _Refused(findings)
    return patch_with(corrected.patch, edits)


def _shaped(
    batch: Batch,
    kind: FileKind,
    reading: Reading,
    patch: str | None,
    *,
    evidence: bytes | None = None,
    as_recorded: bool = False,
) -> Opened:
    """The table corrected and brought into the template's columns."""
    assert reading.table is not None
    target = kind.target
    stored = batch.mapping
    earlier = None if stored or as_recorded else _matched_before(batch, target, reading.table)
    if earlier is not None and not target.typed_dates(Mapping.of_json(earlier.content)):
        stored, earlier = earlier, None
    source, findings = apply_patch(reading.table, edits_in(patch))
    findings = reading.findings + findings
    if _is_forbidden(findings):
        raise _Refused(findings)
    kept: dict[str, Any] = {"evidence": evidence, "patch": patch, "mapping": stored}
    if stored is not None:
        mapping = Mapping.of_json(stored.content)
        officers = kind.people_of(batch.agency_id)
        table, found = apply_mapping(target, mapping, source, People(officers))
        findings += found + check_agency(batch.agency, agencies_named(source, mapping))
        findings += _nothing_left(table, findings)
        sources = sources_of(target, source, mapping)
        sample = sample_of(target, source, mapping, findings, officers)
        return Opened(findings, source, table, sources, sample=sample, **kept)
    findings += check_agency(batch.agency, agencies_named(source))
    if not fits(target, source.header):
        if other := kind.check_kind(source.header):
            raise _Refused(reading.findings + other)
        if (
            batch.key is None
            and batch.sent_type != JSON_MEDIA_TYPE
            and len(source.header) >= FEWEST_COLUMNS
        ):
            sample = sample_of(target, source, _to_begin_with(target, earlier), findings)
            if not resembles(target, source.header) and not _is_unclear(reading):
                return Opened(findings, source, sample=sample, **kept)
            # Our template with a slip in its header: naming the slip helps more than matching everything.
            sources = sources_of(target, source)
            return Opened(findings, source, source, sources, sample=sample, **kept)
        if batch.sent_type != JSON_MEDIA_TYPE:
            why = TYPED_DATES if earlier else NEVER_MATCHED
            kept["sample"] = sample_of(target, source, _to_begin_with(target, earlier), findings)
            findings.append(INTAKE_FINDINGS.finding("columns_not_matched", why=why))
    findings += _nothing_left(source, findings)
    return Opened(findings, source, source, sources_of(target, source), **kept)


def _matched_before(batch: Batch, target: Target, source: Table) -> ColumnMapping | None:
    """How the agency's last file with the same columns was matched; the template's own need nothing."""
    if fits(target, source.header):
        return None
    return (
        ColumnMapping.objects.filter(
            agency=batch.agency_id,
            kind=target.layout.slug,
            signature=signature_of(source.header),
        )
        .order_by("-number")
        .first()
    )


def _to_begin_with(target: Target, earlier: ColumnMapping | None) -> Mapping | None:
    """What to suggest: the columns as they were matched before, without the dates of that file."""
    if earlier is None:
        return None
    mapping = Mapping.of_json(earlier.content)
    return mapping.without(target.typed_dates(mapping))


def _nothing_left(table: Table, findings: Sequence[Finding]) -> list[Finding]:
    """An error when corrections or matched columns leave no row."""
    if table.rows or has_errors(findings):
        return []
    return [INTAKE_FINDINGS.finding("nothing_left")]


def _is_unclear(reading: Reading) -> bool:
    """Whether the file as a whole has an error, like a merged header: its columns are not certain."""
    return any(f.severity is Severity.ERROR and f.row is None for f in reading.findings)


def _is_forbidden(findings: Sequence[Finding]) -> bool:
    return any(finding.code in NEVER_KEPT for finding in findings)
