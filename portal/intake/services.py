"""What receiving, matching and correcting have in common, whatever is in the file.

For the services of the apps, inside their transaction and under the agency's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Max

from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.intake.corrections import edits_in, living_relative, patch_with
from portal.intake.models import Batch, ColumnMapping
from portal.intake.quarantine import Sent
from portal.intake.uploads import Upload
from portal.jobs.queue import enqueue
from portal.kernel.errors import BadInput, Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping, Target, problems_of
from portal.kernel.tabular.patch import MAX_EDITS, MAX_TEXT, Edit
from portal.kernel.tabular.sensitive import personal_number_code, without_personal_numbers
from portal.kernel.tabular.table import show
from portal.records.storage import safe_filename

B = TypeVar("B", bound=Batch)


def receive(
    kind: type[B],
    *,
    actor: Actor,
    agency: Agency,
    quarter: Quarter,
    upload: Upload,
    sent: Sent,
    **facts: Any,
) -> B:
    """A batch for a file that lies in quarantine."""
    return _new(
        kind,
        actor,
        agency=agency,
        quarter=quarter,
        id=sent.pk,
        sent_name=without_personal_numbers(safe_filename(upload.filename)),
        sent_type=upload.media_type[:100],
        sent_size=sent.size,
        sent_sha256=sent.sha256,
        **facts,
    )


def once_more(batch: B, *, actor: Actor, quarter: Quarter | None = None, **facts: Any) -> B:
    """A batch that corrects another: the same document, read anew."""
    return _new(
        type(batch),
        actor,
        agency=batch.agency,
        quarter=quarter or batch.quarter,
        sent_name=batch.sent_name,
        sent_type=batch.sent_type,
        sent_size=batch.sent_size,
        sent_sha256=batch.sent_sha256,
        document=batch.document,
        **{**_inherited(batch), "patch": batch.patch, **facts},
    )


def returned(batch: B, *, actor: Actor, upload: Upload, sent: Sent, **facts: Any) -> B:
    """A batch for the error workbook of another, sent back: a job finds out what it corrects."""
    facts = _inherited(batch) | facts
    agency, quarter = batch.agency, batch.quarter
    return receive(
        type(batch), actor=actor, agency=agency, quarter=quarter, upload=upload, sent=sent, **facts
    )


def _inherited(batch: Batch) -> dict[str, Any]:
    """What a correction has of the batch it corrects."""
    return {"corrects": batch, "dry_run": batch.dry_run, "mapping": batch.mapping}


def nothing_corrected() -> BadInput:
    """The refusal of a correction that changes nothing."""
    return BadInput(
        "nothing_corrected", "Nothing was corrected.", "Change a value, then check again."
    )


def waits_for_columns(batch: Batch) -> bool:
    """Whether a person is to say what the columns mean before the file is read on."""
    return batch.needs_columns and batch.state == Batch.State.PROPOSED


def resume(batch: Batch, mapping: ColumnMapping) -> None:
    """Let a batch go on that waited for its columns."""
    batch.mapping = mapping
    batch.needs_columns = False
    batch.state = Batch.State.RECEIVED
    batch.finished_at = None
    batch.save(update_fields=["mapping", "needs_columns", "state", "finished_at"])


def begin(batch: Batch, task: str) -> None:
    """Queue the job that reads a batch."""
    batch.job = enqueue(task, batch.pk)
    batch.save(update_fields=["job"])


def match(batch: B, *, actor: Actor, target: Target, mapping: Mapping) -> ColumnMapping:
    """The agency's columns as matched, kept as a version; the same answer of the same person is kept once.

    Refused when something is missing or contradictory.
    """
    gaps = problems_of(target, mapping)
    if gaps:
        raise BadInput("mapping_incomplete", gaps[0].text, gaps[0].fix)
    refuse_personal_numbers(
        mapping.as_json(), what="answer about the columns", code="personal_number"
    )
    own = ColumnMapping.objects.filter(agency=batch.agency, kind=target.layout.slug)
    last = own.filter(signature=mapping.signature).order_by("-number").first()
    if last and last.content == mapping.as_json() and last.created_by_id == actor.user.pk:
        return last
    return ColumnMapping.objects.create(
        agency=batch.agency,
        kind=target.layout.slug,
        number=(own.aggregate(last=Max("number"))["last"] or 0) + 1,
        signature=mapping.signature,
        content=mapping.as_json(),
        created_by=actor.user,
    )


def corrected_patch(batch: Batch, edits: Sequence[Edit]) -> str | None:
    """The corrections of a batch with further ones, as they are stored.

    Refused when one holds a number the portal must not hold, or is too long.
    """
    if len(edits) + len(edits_in(batch.patch)) > MAX_EDITS:
        raise BadInput(
            "too_many_corrections",
            f"A file takes up to {MAX_EDITS:,} corrections in the portal.",
            "Correct your own file and send it again.",
        )
    for edit in edits:
        column = show(edit.column)
        if any(map(personal_number_code, (edit.now, edit.was, edit.column))):
            raise BadInput(
                "personal_number",
                f"What you wrote in row {edit.row}, {column}, looks like a social security or an "
                "alien registration number.",
                "The portal must not hold such numbers. Write the officer's payroll id instead.",
            )
        if len(edit.now) > MAX_TEXT:
            raise BadInput(
                "correction_too_long",
                f"What you wrote in row {edit.row}, {column}, is too long.",
                f"Write up to {MAX_TEXT} characters.",
            )
    return patch_with(batch.patch, edits) if edits else batch.patch


def correction_of(batch: B, **same: Any) -> B | None:
    """An equal correction that was begun before, as after a double click; None if there is none.

    Refused when the batch is not one that can be corrected, or is being corrected otherwise.
    """
    if not batch.is_finished:
        raise Refused(
            "not_finished",
            f"File {batch.reference} is still being checked.",
            "Wait until its result is there.",
        )
    if batch.state in (Batch.State.SUPERSEDED, Batch.State.WITHDRAWN):
        raise Refused(
            "not_correctable",
            f"File {batch.reference} is “{batch.get_state_display()}” and can no longer be corrected.",
            "Correct the file that took its place, or send a new one.",
        )
    if batch.needs_columns:
        raise Refused(
            "needs_columns",
            f"Nobody has said yet what the columns of file {batch.reference} mean.",
            "Match its columns first.",
        )
    if batch.document_id is None:
        raise Refused(
            "file_not_kept",
            f"The portal did not keep file {batch.reference}, so it cannot be corrected here.",
            "Correct your own file and send it again.",
        )
    other = living_relative(batch)
    if other is None:
        return None
    if other.corrects == batch and all(
        getattr(other, name) == value for name, value in same.items()
    ):
        return other
    raise Refused(
        "being_corrected",
        f"File {other.reference} stands in place of this one already; it is “{other.get_state_display()}”.",
        f"Open file {other.reference} and correct that one.",
    )


def _new(kind: type[B], actor: Actor, *, agency: Agency, quarter: Quarter, **facts: Any) -> B:
    before = kind._default_manager.filter(agency=agency, quarter=quarter)
    return kind._default_manager.create(
        agency=agency,
        quarter=quarter,
        number=(before.aggregate(last=Max("number"))["last"] or 0) + 1,
        uploaded_by=actor.user,
        key=actor.key,
        **facts,
    )
