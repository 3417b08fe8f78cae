"""Open a payroll file, read and check it, keep its lines: all of it or nothing."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction
from django.db.models import QuerySet

from agreements.pipeline.rosters import people_of
from claims.models import PayrollBatch, PayrollFinding, PayrollSummary
from claims.payroll.checks import check_file
from claims.payroll.kind_of_file import check_kind
from claims.payroll.lines import COPY_LINES, copy_blocks
from claims.payroll.parse import PayrollRow, parse_payroll
from claims.payroll.roles import PAYROLL_TARGET
from claims.pipeline.calculation import lock_agency
from claims.pipeline.comparing import check_all
from claims.pipeline.opening import (
    add_preparer,
    add_preparers_where_counted,
    open_claim,
    open_version,
)
from claims.policies import is_claimable
from claims.rules.lifecycle import SETTLED, State
from claims.selectors.corrections import payroll_closed
from claims.selectors.linked import current_claim
from claims.selectors.payroll import signed_claim_with
from portal.accounts.models import User
from portal.accounts.policies import actor_for
from portal.intake import quarantine
from portal.intake.models import Justification
from portal.intake.opening import FileKind, open_batch, reopen, settle, why_given_up
from portal.intake.people import people_behind
from portal.intake.samples import faulty_of
from portal.jobs.running import Progress
from portal.kernel import clock
from portal.kernel.collector import collector_paused
from portal.kernel.findings import Finding, Severity, has_errors
from portal.records import audit
from portal.records.models import Document

SUMMARY_COLUMNS = ("batch_id", "officer_id", "rows", "regular_pay", "benefits", "overtime_pay")
PAYROLL_FILE = FileKind(PAYROLL_TARGET, Document.Kind.PAYROLL, check_kind, people_of)
RELATED = ("agency", "document", "mapping", "corrects__document")


@collector_paused()
def read(batch_id: str, progress: Progress) -> None:
    """Read a payroll file; afterwards it is `accepted`, `rejected`, or `proposed` to be matched."""
    batch = PayrollBatch.objects.select_related(*RELATED).get(pk=batch_id)
    if batch.is_finished:
        # The job may have died between keeping the result and dropping the file.
        quarantine.drop(batch.pk)
        return
    PayrollBatch.objects.filter(pk=batch.pk, state=PayrollBatch.State.RECEIVED).update(
        state=PayrollBatch.State.VALIDATING
    )
    progress.step("Reading the file")
    opened = open_batch(batch, PAYROLL_FILE, progress)
    rows, findings = parse_payroll(opened.reading)
    progress.step(f"Checking {len(rows):,} rows", 0, len(rows))
    findings += check_file(rows, batch.quarter)
    with transaction.atomic():
        progress.hold()
        agency = lock_agency(batch.agency_id)
        batch = (
            PayrollBatch.objects.select_for_update(of=("self",))
            .select_related(*RELATED, "uploaded_by", "key", "replaces")
            .get(pk=batch_id)
        )
        batch.agency = agency
        settle(batch, opened, PAYROLL_FILE)
        if opened.table is not None and opened.source is not None:
            findings += check_all(batch, rows)
            batch.faulty = faulty_of(opened.source, opened.sources, findings)
        _keep(batch, rows, findings)
    quarantine.drop(batch.pk)


def rows_on_record(batch: PayrollBatch) -> list[PayrollRow]:
    """The rows of a file once more, from its evidence, corrections and matched columns."""
    opened = reopen(batch, PAYROLL_FILE)
    return parse_payroll(opened.reading).rows


def gave_up(batch_id: str, reason: str) -> None:
    """End a batch whose reading failed for good."""
    with transaction.atomic():
        agency = lock_agency(PayrollBatch.objects.values_list("agency", flat=True).get(pk=batch_id))
        batch = PayrollBatch.objects.select_for_update().get(pk=batch_id)
        batch.agency = agency
        if not batch.is_finished:
            _reject(batch, why_given_up(reason))
            _record("payroll.fail", batch, note=reason)
    quarantine.drop(batch.pk)


def _keep(batch: PayrollBatch, rows: list[PayrollRow], findings: list[Finding]) -> None:
    batch.rows = len(rows)
    batch.count(findings)
    batch.regular_pay = sum(row.regular_pay for row in rows)
    batch.benefits = sum(amount for row in rows for _, amount in row.benefits)
    batch.overtime_pay = sum(row.overtime_pay for row in rows)
    # A file whose columns were matched since is read for the second time.
    PayrollFinding.objects.filter(batch=batch).delete()
    PayrollFinding.objects.bulk_create(PayrollFinding.rows_of(findings, batch=batch))
    if batch.needs_columns:
        batch.state = PayrollBatch.State.PROPOSED
        batch.finished_at = clock.now()
        batch.save()
        _record("payroll.propose", batch)
        return
    _copy_summaries(batch, rows)
    if has_errors(findings):
        _reject(batch)
        return
    if batch.dry_run:
        batch.state = PayrollBatch.State.ACCEPTED
        batch.finished_at = clock.now()
        batch.save()
        return
    refusal = _take_into_claim(batch)
    if refusal:
        _reject(batch, refusal)
        return
    _copy_lines(batch, rows)
    if batch.replaces is not None:
        replaced = batch.replaces
        add_preparers_where_counted(replaced, people_behind(batch))
        replaced.state = PayrollBatch.State.SUPERSEDED
        replaced.reason = f"Replaced by file {batch.reference}."
        replaced.save(update_fields=["state", "reason"])
        replaced.agency = batch.agency
        _record("payroll.supersede", replaced, by=batch.reference)
    batch.state = PayrollBatch.State.ACCEPTED
    if rows and sum(finding.code == "counted_once" for finding in findings) == len(rows):
        batch.reason = f"{_repeated(batch)} They count once; nothing was added."
    batch.finished_at = clock.now()
    batch.save()
    _record("payroll.accept", batch, rows=batch.rows, warnings=batch.warnings)


def _take_into_claim(batch: PayrollBatch) -> str:
    """Make sure a draft of the quarter's claim can take the file; why not, if it cannot."""
    if batch.replaces is not None and batch.replaces.state != PayrollBatch.State.ACCEPTED:
        return f"File {batch.replaces.reference}, which this one replaces, no longer counts."
    if batch.replaces is not None and (signed := signed_claim_with(batch.replaces)):
        where = "decided" if signed.version.state in SETTLED else "submitted"
        return (
            f"The claim of {signed.quarter}, which counts lines of the replaced file, is {where}."
        )
    actor = actor_for(batch.uploaded_by, batch.agency_id)
    claim = current_claim(batch.agency, batch.quarter)
    if claim is None and not (batch.opens_claim and is_claimable(batch.quarter)):
        return ""
    if claim is None:
        claim = open_claim(batch.agency, batch.quarter, actor)
    refusal = payroll_closed(batch.agency, batch.quarter)
    if refusal is not None:
        return refusal.message
    version = claim.version
    if version.state in (State.RETURNED, State.WITHDRAWN):
        version = open_version(claim, actor)
        _record("claim.correct", batch, version=version.number)
    for person in [*people_behind(batch), *_who_answered(batch)]:
        add_preparer(version, person)
    return ""


def _who_answered(batch: PayrollBatch) -> QuerySet[User]:
    """Who answered warnings of this file in an earlier one of the quarter, maybe before there was a claim."""
    warnings = PayrollFinding.objects.filter(batch=batch, severity=Severity.WARNING)
    answers = Justification.objects.filter(
        agency=batch.agency,
        reference__startswith=f"{batch.quarter}-",
        fingerprint__in=warnings.values("fingerprint"),
    )
    return User.objects.filter(pk__in=answers.values("user"))


def _repeated(batch: PayrollBatch) -> str:
    same = PayrollBatch.objects.filter(
        agency=batch.agency,
        quarter=batch.quarter,
        sent_sha256=batch.sent_sha256,
        state=PayrollBatch.State.ACCEPTED,
        dry_run=False,
    ).exclude(pk=batch.pk)
    first = same.order_by("received_at").first()
    if first is not None:
        return f"This is the same file as {first.reference}: all of its rows were sent before."
    return "All of these rows were sent before."


def _reject(batch: PayrollBatch, reason: str = "") -> None:
    batch.state = PayrollBatch.State.REJECTED
    batch.reason = reason
    batch.finished_at = clock.now()
    batch.save()
    _record("payroll.reject", batch, errors=batch.errors, reason=reason)


def _copy_summaries(batch: PayrollBatch, rows: list[PayrollRow]) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        own = sums[row.officer_id]
        own[0] += 1
        own[1] += row.regular_pay
        own[2] += sum([amount for _, amount in row.benefits])
        own[3] += row.overtime_pay
    table, columns = PayrollSummary._meta.db_table, ", ".join(SUMMARY_COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for officer_id, figures in sums.items():
            copy.write_row((batch.pk, officer_id, *figures))


def _copy_lines(batch: PayrollBatch, rows: list[PayrollRow]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY_LINES) as copy:
        for block in copy_blocks(batch.pk, rows):
            copy.write(block)


def _record(action: str, batch: PayrollBatch, note: str = "", **facts: object) -> None:
    audit.record(
        action,
        subject=f"payroll/{batch.pk}",
        thread=f"claim/{batch.agency.number}-{batch.quarter}",
        agency_id=batch.agency_id,
        note=note,
        reference=batch.reference,
        **facts,
    )
