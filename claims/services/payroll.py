"""Receiving payroll files and taking them back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from claims import tasks
from claims.models import Claim, PayrollBatch
from claims.pipeline.calculation import lock_agency
from claims.pipeline.opening import add_preparer
from claims.rules.lifecycle import OPEN_TO_AGENCY, STATE_LABELS, State
from claims.selectors import signed_claim_with
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.jobs.queue import enqueue
from portal.kernel import clock
from portal.kernel.errors import BadInput, Refused
from portal.kernel.quarter import Quarter
from portal.records import audit, storage
from portal.records.models import Document


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
    """Take a payroll file in: stored, receipted, and read by a job.

    `replaces` is an accepted batch of the same quarter whose lines end when this one is accepted.
    `dry_run` only checks. `opens_claim=False` is for a file that merely informs later quarters.
    """
    actor.require(Capability.PREPARE, agency)
    with transaction.atomic():
        lock_agency(agency.pk)
        if quarter.start > clock.today(agency.time_zone):
            raise Refused(
                "quarter_not_begun",
                f"{quarter} begins on {quarter.start:%B %-d, %Y}; nothing can have been paid for it.",
                "Check the quarter.",
            )
        if opens_claim and not dry_run:
            check_open(agency, quarter)
        if replaces is not None:
            _check_replaceable(replaces, agency, quarter)
        document = storage.keep(
            upload.chunks,
            kind=Document.Kind.PAYROLL,
            filename=upload.filename,
            media_type=upload.media_type,
            agency=agency,
            created_by=actor.user,
        )
        before = PayrollBatch.objects.filter(agency=agency, quarter=quarter)
        batch = PayrollBatch.objects.create(
            agency=agency,
            quarter=quarter,
            number=(before.aggregate(last=Max("number"))["last"] or 0) + 1,
            document=document,
            uploaded_by=actor.user,
            key=actor.key,
            replaces=replaces,
            dry_run=dry_run,
            opens_claim=opens_claim,
        )
        batch.job = enqueue(tasks.READ_PAYROLL, batch.pk)
        batch.save(update_fields=["job"])
        _record("payroll.receive", batch, actor, sha256=document.sha256, dry_run=dry_run)
    return batch


@transaction.atomic
def withdraw_payroll(*, actor: Actor, batch: PayrollBatch, reason: str) -> PayrollBatch:
    """Undo an accepted batch: its lines no longer count, its file and rows stay on record."""
    actor.require(Capability.PREPARE, batch.agency)
    if not reason.strip():
        raise BadInput(
            "reason_required",
            "Taking a payroll file back needs a reason.",
            "Write in a few words why it should not count.",
        )
    lock_agency(batch.agency_id)
    batch = PayrollBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != PayrollBatch.State.ACCEPTED:
        raise Refused(
            "not_accepted",
            f"This file is “{batch.get_state_display()}”, so there is nothing to take back.",
        )
    check_open(batch.agency, batch.quarter)
    _check_not_signed(batch)
    claim = Claim.objects.filter(agency=batch.agency, quarter=batch.quarter).first()
    if claim is not None:
        # What is missing from a claim is somebody's work too.
        add_preparer(claim.version, actor.user)
    batch.state = PayrollBatch.State.WITHDRAWN
    batch.reason = reason.strip()[:500]
    batch.finished_at = clock.now()
    batch.save(update_fields=["state", "reason", "finished_at"])
    _record("payroll.withdraw", batch, actor, note=batch.reason)
    enqueue(tasks.RECALCULATE, batch.agency_id)
    return batch


def check_open(agency: Agency, quarter: Quarter) -> None:
    """Refuse changes to a quarter whose claim is with the federal side or decided."""
    claim = Claim.objects.filter(agency=agency, quarter=quarter).select_related("version").first()
    if claim is not None and claim.version.state not in OPEN_TO_AGENCY:
        raise Refused(
            "claim_submitted",
            f"The claim of {quarter} is “{STATE_LABELS[State(claim.version.state)]}”; its payroll is fixed.",
            "If something is wrong, ask the reviewer to return the claim, or withdraw it while you can.",
        )


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
    if claim is not None:
        raise Refused(
            "claim_submitted",
            f"File {batch.reference} also holds lines of {claim.quarter}, whose claim is submitted.",
            "Ask the reviewer to return that claim first, or send the corrected rows as a file of their own.",
        )


def _record(
    action: str, batch: PayrollBatch, actor: Actor, note: str = "", **facts: object
) -> None:
    audit.record(
        action,
        subject=f"payroll/{batch.pk}",
        thread=f"claim/{batch.agency.number}-{batch.quarter}",
        actor=actor,
        agency_id=batch.agency_id,
        note=note,
        reference=batch.reference,
        file=batch.document.filename,
        **facts,
    )
