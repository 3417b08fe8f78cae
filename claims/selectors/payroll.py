"""Reading payroll files, as an actor may see them, and what the checks said about them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from claims.models import (
    Claim,
    ClaimVersion,
    OfficerResult,
    PayrollBatch,
    PayrollFinding,
    PayrollLine,
)
from claims.rules.lifecycle import OPEN_TO_AGENCY
from claims.selectors.claims import NEVER_SENT
from claims.selectors.linked import claim_in_force, in_progress, was_dropped
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side
from portal.kernel.errors import NotFound
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent

FEDERAL_FILES = (
    PayrollBatch.State.ACCEPTED,
    PayrollBatch.State.SUPERSEDED,
    PayrollBatch.State.WITHDRAWN,
)
"""Payroll files the federal side reads: those that count, and those that did."""

ENDINGS = ("payroll.supersede", "payroll.withdraw")
"""Events after which a payroll file counts no longer."""


def batches_for(actor: Actor) -> QuerySet[PayrollBatch]:
    """The payroll batches the actor may see, what is bulky left for later.

    The federal side sees accepted ones and their successors.
    """
    rows = actor.scope(
        PayrollBatch.objects.select_related(
            "agency", "document", "mapping", "uploaded_by", "job", "key"
        )
    ).defer(*PayrollBatch.BULKY)
    if actor.side == Side.FEDERAL:
        rows = rows.filter(dry_run=False, state__in=FEDERAL_FILES)
    return rows


def batch_for(actor: Actor, pk: object) -> PayrollBatch:
    """One payroll batch; NotFound for strangers."""
    return found(batches_for(actor), "payroll file", pk=pk)


def shows_rows(actor: Actor, batch: PayrollBatch) -> bool:
    """Whether the actor may read single rows of a payroll file that they may see.

    The federal side reads those that a claim it was sent rests on.
    """
    if actor.side != Side.FEDERAL:
        return True
    sent = ClaimVersion.objects.filter(claim__agency=batch.agency).exclude(NEVER_SENT)
    named = OfficerResult.objects.filter(
        calculation__in=sent.values("calculation"), detail__contains=f'["{batch.reference}",'
    )
    return named.exists()


def batch_with_rows_for(actor: Actor, pk: object) -> PayrollBatch:
    """One payroll batch whose rows the actor may read; NotFound for others."""
    batch = batch_for(actor, pk)
    if not shows_rows(actor, batch):
        raise NotFound("payroll file")
    return batch


def accepted_files(actor: Actor, quarter: Quarter) -> QuerySet[PayrollBatch]:
    """The payroll files of a quarter that count for the actor's agency."""
    return (
        batches_for(actor)
        .filter(quarter=quarter, state=PayrollBatch.State.ACCEPTED, dry_run=False)
        .order_by("number")
    )


def counted_then(claim: Claim, at: datetime) -> QuerySet[PayrollBatch]:
    """The files of a claim's quarter that counted at an instant; their rows tell how they stand now."""
    events = AuditEvent.objects.filter(
        thread=claim.thread,
        subject=Concat(Value("payroll/"), Cast(OuterRef("pk"), CharField())),
        at__lte=at,
    )
    return PayrollBatch.objects.filter(
        Exists(events.filter(action="payroll.accept")),
        ~Exists(events.filter(action__in=ENDINGS)),
        agency=claim.agency_id,
        quarter=claim.quarter,
    )


def findings_of(batch: PayrollBatch) -> QuerySet[PayrollFinding]:
    """What the checks found in a payroll file, errors first."""
    return PayrollFinding.objects.filter(batch=batch)


def events_of(batch: PayrollBatch) -> QuerySet[AuditEvent]:
    """What happened to a payroll file, and who read it as it came in, the newest first."""
    subjects = [f"payroll/{batch.pk}", f"document/{batch.document_id}"]
    return AuditEvent.objects.filter(subject__in=subjects).order_by("-id")


def signed_claim_with(batch: PayrollBatch) -> Claim | None:
    """The claim of another quarter that is out of its agency's hands and counts lines of this batch."""
    by_quarter: dict[Quarter, list[Claim]] = defaultdict(list)
    claims = Claim.objects.filter(agency=batch.agency).exclude(quarter=batch.quarter)
    for claim in claims.select_related("version").order_by("quarter", "sequence"):
        by_quarter[claim.quarter].append(claim)
    for quarter, of_quarter in by_quarter.items():
        last = of_quarter[-1]
        if last.version.state in OPEN_TO_AGENCY and not was_dropped(last):
            continue
        # A correction that was denied or given up leaves the decision before it in force.
        claim = last if in_progress(of_quarter) else claim_in_force(of_quarter) or last
        lines = PayrollLine.objects.filter(
            batch=batch, period_start__lte=quarter.end, period_end__gte=quarter.start
        )
        counted = OfficerResult.objects.filter(
            calculation=claim.version.calculation, detail__contains=f'["{batch.reference}",'
        )
        if lines.exists() and counted.exists():
            return claim
    return None
