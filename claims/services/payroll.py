"""Receiving payroll files, matching their columns, correcting them, answering for them, taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from claims import tasks
from claims.models import PayrollBatch, PayrollFinding
from claims.payroll.roles import PAYROLL_TARGET
from claims.pipeline.calculation import lock_agency
from claims.pipeline.opening import add_preparer, add_preparers_where_counted
from claims.rules.lifecycle import SETTLED
from claims.selectors.corrections import payroll_closed
from claims.selectors.linked import current_claim
from claims.selectors.payroll import signed_claim_with
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake import quarantine
from portal.intake import services as intake
from portal.intake.justifying import justify
from portal.intake.uploads import Upload
from portal.jobs.queue import enqueue
from portal.kernel import clock
from portal.kernel.errors import BadInput, Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping
from portal.kernel.tabular.patch import Edit
from portal.records import audit


def receive_payroll(
    *,
    actor: Actor,
    agency: Agency,
    quarter: Quarter,
    upload: Upload,
    replaces: PayrollBatch | None = None,
    dry_run: bool = False,
    opens_claim: bool = True,
) -> PayrollBatch:
    """Take a payroll file in: receipted, put in quarantine, and read by a job.

    `replaces` is an accepted batch of the same quarter whose lines end when this one is accepted.
    `dry_run` only checks. `opens_claim=False` is for a file that merely informs later quarters.
    """
    actor.require(Capability.PREPARE, agency)
    with quarantine.arriving(upload.chunks) as sent, transaction.atomic():
        lock_agency(agency.pk)
        _check_may_take(agency, quarter, replaces, opens_claim=opens_claim and not dry_run)
        batch = intake.receive(
            PayrollBatch,
            actor=actor,
            agency=agency,
            quarter=quarter,
            upload=upload,
            sent=sent,
            replaces=replaces,
            dry_run=dry_run,
            opens_claim=opens_claim,
        )
        _begin("payroll.receive", batch, actor, sha256=batch.sent_sha256, dry_run=dry_run)
    return batch


@transaction.atomic
def match_payroll_columns(*, actor: Actor, batch: PayrollBatch, mapping: Mapping) -> PayrollBatch:
    """Say what a file's columns mean, for this file and later ones like it; then it is read again.

    A file that waits for this goes on. Of one that was read already there is a new batch, which takes
    the place of an accepted one.
    """
    actor.require(Capability.PREPARE, batch.agency)
    agency = lock_agency(batch.agency_id)
    batch = _locked(batch, agency)
    stored = intake.match(batch, actor=actor, target=PAYROLL_TARGET, mapping=mapping)
    if not intake.waits_for_columns(batch):
        if not batch.is_finished and batch.mapping == stored:
            return batch
        if earlier := intake.correction_of(batch, mapping=stored, patch=batch.patch):
            return earlier
        return _correct(batch, actor, mapping=stored)
    _check_may_take(
        agency, batch.quarter, batch.replaces, opens_claim=batch.opens_claim and not batch.dry_run
    )
    intake.resume(batch, stored)
    _begin("payroll.match", batch, actor, mapping=stored.number)
    return batch


@transaction.atomic
def correct_payroll(
    *, actor: Actor, batch: PayrollBatch, edits: Sequence[Edit], quarter: Quarter | None = None
) -> PayrollBatch:
    """Correct cells of a file in the portal: a new batch of the same bytes with the corrections.

    With another `quarter` the file is sent for that one instead. A correction of an accepted file takes
    its place. Sent twice, it is one correction.
    """
    actor.require(Capability.PREPARE, batch.agency)
    batch = _locked(batch, lock_agency(batch.agency_id))
    quarter = quarter or batch.quarter
    patch = intake.corrected_patch(batch, edits)
    if earlier := intake.correction_of(batch, patch=patch, quarter=quarter):
        return earlier
    if not edits and quarter == batch.quarter:
        raise intake.nothing_corrected()
    return _correct(batch, actor, quarter=quarter, patch=patch, edits=len(edits))


def correct_payroll_with_file(*, actor: Actor, batch: PayrollBatch, upload: Upload) -> PayrollBatch:
    """Correct a file with its error workbook sent back: a job turns what changed into corrections."""
    actor.require(Capability.PREPARE, batch.agency)
    with quarantine.arriving(upload.chunks) as sent, transaction.atomic():
        batch = _locked(batch, lock_agency(batch.agency_id))
        if earlier := intake.correction_of(batch, sent_sha256=sent.sha256):
            quarantine.drop(sent.pk)
            return earlier
        facts = _taking_place_of(batch, batch.quarter)
        corrected = intake.returned(batch, actor=actor, upload=upload, sent=sent, **facts)
        _begin("payroll.receive", corrected, actor, sha256=sent.sha256, corrects=batch.reference)
    return corrected


@transaction.atomic
def answer_payroll_warnings(
    *, actor: Actor, batch: PayrollBatch, findings: Sequence[PayrollFinding], text: str
) -> int:
    """Say why warnings of a file are in order; how many got an answer that they did not have.

    The answer goes to the reviewers with the claim, so whoever gives it prepares the quarter's open
    version and cannot certify it.
    """
    actor.require(Capability.PREPARE, batch.agency)
    lock_agency(batch.agency_id)
    answered = justify(
        actor=actor,
        agency=batch.agency,
        reference=batch.reference,
        findings=findings,
        text=text,
        thread=_thread(batch),
    )
    claim = current_claim(batch.agency, batch.quarter)
    if answered and claim is not None and payroll_closed(batch.agency, batch.quarter) is None:
        add_preparer(claim.version, actor.user)
    return answered


@transaction.atomic
def withdraw_payroll(*, actor: Actor, batch: PayrollBatch, reason: str) -> PayrollBatch:
    """Undo an accepted batch: its lines no longer count, its file and rows stay on record.

    A file that waits for its columns to be matched is dropped the same way.
    """
    actor.require(Capability.PREPARE, batch.agency)
    if not reason.strip():
        raise BadInput(
            "reason_required",
            "Taking a payroll file back needs a reason.",
            "Write in a few words why it should not count.",
        )
    refuse_personal_numbers(reason, what="reason")
    lock_agency(batch.agency_id)
    batch = PayrollBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == PayrollBatch.State.PROPOSED:
        return _withdrawn(batch, actor, reason)
    if batch.state != PayrollBatch.State.ACCEPTED:
        raise Refused(
            "not_accepted",
            f"This file is “{batch.get_state_display()}”, so there is nothing to take back.",
        )
    check_open(batch.agency, batch.quarter)
    _check_not_signed(batch)
    add_preparers_where_counted(batch, [actor.user])
    batch = _withdrawn(batch, actor, reason)
    enqueue(tasks.RECALCULATE, batch.agency_id)
    return batch


def check_open(agency: Agency, quarter: Quarter) -> None:
    """Refuse changes to a quarter whose claim is with the federal side or decided."""
    refusal = payroll_closed(agency, quarter)
    if refusal is not None:
        raise refusal


def _locked(batch: PayrollBatch, agency: Agency) -> PayrollBatch:
    locked = (
        PayrollBatch.objects.select_for_update(of=("self",))
        .select_related("mapping", "replaces")
        .get(pk=batch.pk)
    )
    locked.agency = agency
    return locked


def _correct(
    batch: PayrollBatch,
    actor: Actor,
    *,
    quarter: Quarter | None = None,
    edits: int = 0,
    **facts: Any,
) -> PayrollBatch:
    quarter = quarter or batch.quarter
    corrected = intake.once_more(
        batch,
        actor=actor,
        quarter=quarter,
        **_taking_place_of(batch, quarter),
        **facts,
    )
    _begin("payroll.correct", corrected, actor, corrects=batch.reference, edits=edits)
    return corrected


def _taking_place_of(batch: PayrollBatch, quarter: Quarter) -> dict[str, Any]:
    """What a correction inherits: it replaces the file it corrects, or the one that was to replace."""
    counts = batch.state == PayrollBatch.State.ACCEPTED and not batch.dry_run
    replaces = batch if counts else batch.replaces
    if not counts and quarter != batch.quarter:
        replaces = None
    opens_claim = batch.opens_claim and not batch.dry_run
    _check_may_take(batch.agency, quarter, replaces, opens_claim=opens_claim)
    return {"replaces": replaces, "opens_claim": batch.opens_claim}


def _check_may_take(
    agency: Agency, quarter: Quarter, replaces: PayrollBatch | None, *, opens_claim: bool
) -> None:
    if quarter.start > clock.today(agency.time_zone):
        raise Refused(
            "quarter_not_begun",
            f"{quarter} begins on {quarter.start:%B %-d, %Y}; nothing can have been paid for it.",
            "Check the quarter.",
        )
    if opens_claim:
        check_open(agency, quarter)
    if replaces is not None:
        _check_replaceable(replaces, agency, quarter)


def _begin(action: str, batch: PayrollBatch, actor: Actor, **facts: Any) -> None:
    intake.begin(batch, tasks.READ_PAYROLL)
    _record(action, batch, actor, **facts)


def _withdrawn(batch: PayrollBatch, actor: Actor, reason: str) -> PayrollBatch:
    batch.state = PayrollBatch.State.WITHDRAWN
    batch.reason = reason.strip()[:500]
    batch.finished_at = clock.now()
    batch.save(update_fields=["state", "reason", "finished_at"])
    _record("payroll.withdraw", batch, actor, note=batch.reason)
    return batch


def _check_replaceable(replaces: PayrollBatch, agency: Agency, quarter: Quarter) -> None:
    if (
        replaces.agency_id != agency.pk
        or replaces.quarter != quarter
        or replaces.state != PayrollBatch.State.ACCEPTED
    ):
        raise Refused(
            "not_replaceable",
            f"File {replaces.reference} cannot be replaced by a file of {quarter}.",
            "Choose an accepted payroll file of the same quarter.",
        )
    _check_not_signed(replaces)


def _check_not_signed(batch: PayrollBatch) -> None:
    """Refuse to end lines that a submitted or decided claim of another quarter counts."""
    claim = signed_claim_with(batch)
    if claim is None:
        return
    if claim.version.state in SETTLED:
        raise Refused(
            "claim_submitted",
            f"File {batch.reference} also holds lines of {claim.quarter}, whose claim is decided.",
            f"Amend claim {claim.number} as well, or send the corrected rows as a file of their own.",
        )
    raise Refused(
        "claim_submitted",
        f"File {batch.reference} also holds lines of {claim.quarter}, whose claim is submitted.",
        "Ask the reviewer to return that claim first, or send the corrected rows as a file of their own.",
    )


def _thread(batch: PayrollBatch) -> str:
    return f"claim/{batch.agency.number}-{batch.quarter}"


def _record(
    action: str, batch: PayrollBatch, actor: Actor, note: str = "", **facts: object
) -> None:
    audit.record(
        action,
        subject=f"payroll/{batch.pk}",
        thread=_thread(batch),
        actor=actor,
        agency_id=batch.agency_id,
        note=note,
        reference=batch.reference,
        file=batch.sent_name,
        **facts,
    )
