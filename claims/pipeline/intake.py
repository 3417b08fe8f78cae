"""Open a payroll file, read and check it, keep its lines: all of it or nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from django.db import connection, transaction

from agreements.models import ActivePeriod, RosterEntry
from agreements.rules import AgreementPeriod, Eligibility, RosterRow, days_between
from claims.models import Claim, PayrollBatch, PayrollFinding, PayrollLine
from claims.payroll.checks import (
    AcceptedRow,
    RosterIndex,
    check_against_accepted,
    check_against_roster,
    check_file,
)
from claims.payroll.parse import PayrollRow, parse_payroll
from claims.pipeline.calculation import lock_agency
from claims.pipeline.opening import add_preparer, open_claim, open_version
from claims.policies import is_claimable
from claims.rules.facts import rules_on
from claims.rules.lifecycle import OPEN_TO_AGENCY, STATE_LABELS, State
from claims.selectors import signed_claim_with
from portal.accounts.policies import actor_for
from portal.intake.uploads import purge_if_forbidden, read_document
from portal.jobs.running import Progress
from portal.kernel import clock
from portal.kernel.canonical import canonical_json
from portal.kernel.findings import Finding, has_errors
from portal.records import audit

LINE_COLUMNS = (
    "batch_id",
    "row",
    "officer_id",
    "period_start",
    "period_end",
    "paid_on",
    "annual_salary",
    "regular_pay",
    "overtime_hours",
    "overtime_pay",
    "overtime_paid_by_others",
    "benefits",
    "ext",
)


def read(batch_id: str, progress: Progress) -> None:
    """Read an uploaded payroll file; afterwards it is `accepted`, or `rejected` with findings."""
    batch = PayrollBatch.objects.select_related("document").get(pk=batch_id)
    if batch.is_finished:
        # It may have died between keeping the findings and deleting the file.
        purge_if_forbidden(batch)
        return
    PayrollBatch.objects.filter(pk=batch.pk, state=PayrollBatch.State.RECEIVED).update(
        state=PayrollBatch.State.VALIDATING
    )
    progress.step("Reading the file")
    rows, findings = parse_payroll(read_document(batch.document))
    progress.step(f"Checking {len(rows):,} rows", 0, len(rows))
    findings += check_file(rows, batch.quarter)
    with transaction.atomic():
        progress.hold()
        agency = lock_agency(batch.agency_id)
        batch = (
            PayrollBatch.objects.select_for_update(of=("self",))
            .select_related("document", "uploaded_by", "key", "replaces")
            .get(pk=batch_id)
        )
        batch.agency = agency
        findings += check_against_roster(rows, _roster(batch), clock.today(agency.time_zone))
        findings += check_against_accepted(rows, _accepted(batch, rows))
        _keep(batch, rows, findings)
    purge_if_forbidden(batch)


def gave_up(batch_id: str, reason: str) -> None:
    """End a batch whose reading failed for good."""
    batch = PayrollBatch.objects.select_related("agency", "document").get(pk=batch_id)
    if not batch.is_finished:
        _reject(
            batch,
            "The portal could not read this file. Send it again, or save it in another format.",
        )
        _record("payroll.fail", batch, note=reason)


def _keep(batch: PayrollBatch, rows: list[PayrollRow], findings: list[Finding]) -> None:
    batch.rows = len(rows)
    batch.count(findings)
    batch.regular_pay = sum(row.regular_pay for row in rows)
    batch.benefits = sum(amount for row in rows for _, amount in row.benefits)
    batch.overtime_pay = sum(row.overtime_pay for row in rows)
    PayrollFinding.objects.bulk_create(PayrollFinding.rows_of(findings, batch=batch))
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
        replaced.state = PayrollBatch.State.SUPERSEDED
        replaced.reason = f"Replaced by file {batch.reference}."
        replaced.save(update_fields=["state", "reason"])
        replaced.agency = batch.agency
        _record("payroll.supersede", replaced, by=batch.reference)
    batch.state = PayrollBatch.State.ACCEPTED
    if sum(finding.code == "counted_once" for finding in findings) == len(rows):
        batch.reason = "All of these rows were sent before. They count once; nothing was added."
    batch.finished_at = clock.now()
    batch.save()
    _record("payroll.accept", batch, rows=batch.rows, warnings=batch.warnings)


def _take_into_claim(batch: PayrollBatch) -> str:
    """Make sure a draft of the quarter's claim can take the file; why not, if it cannot."""
    if batch.replaces is not None and batch.replaces.state != PayrollBatch.State.ACCEPTED:
        return f"File {batch.replaces.reference}, which this one replaces, no longer counts."
    if batch.replaces is not None and (signed := signed_claim_with(batch.replaces)):
        return (
            f"The claim of {signed.quarter}, which counts lines of the replaced file, is submitted."
        )
    actor = actor_for(batch.uploaded_by, batch.agency_id)
    claim = Claim.objects.filter(agency=batch.agency, quarter=batch.quarter).first()
    if claim is None and not (batch.opens_claim and is_claimable(batch.quarter)):
        return ""
    if claim is None:
        claim = open_claim(batch.agency, batch.quarter, actor)
    state = State(claim.version.state)
    if state not in OPEN_TO_AGENCY:
        return (
            f"The claim of {batch.quarter} is “{STATE_LABELS[state]}” by now; its payroll is fixed."
        )
    version = claim.version
    if state in (State.RETURNED, State.WITHDRAWN):
        version = open_version(claim, actor)
        _record("claim.correct", batch, version=version.number)
    add_preparer(version, batch.uploaded_by)
    return ""


def _reject(batch: PayrollBatch, reason: str = "") -> None:
    batch.state = PayrollBatch.State.REJECTED
    batch.reason = reason
    batch.finished_at = clock.now()
    batch.save()
    _record("payroll.reject", batch, errors=batch.errors, reason=reason)


def _copy_lines(batch: PayrollBatch, rows: list[PayrollRow]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY claims_payrollline ({', '.join(LINE_COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(line_values(batch, row))


def line_values(batch: PayrollBatch, row: PayrollRow) -> tuple[Any, ...]:
    """A row of the file as its stored line, in the order of `LINE_COLUMNS`."""
    return (batch.pk, *row[:10], canonical_json(dict(row.benefits)), canonical_json(row.ext))


def _roster(batch: PayrollBatch) -> RosterIndex:
    entries: dict[str, list[RosterRow]] = defaultdict(list)
    for officer_id, *row in RosterEntry.objects.filter(officer__agency=batch.agency).values_list(
        "officer__payroll_id", *RosterRow._fields
    ):
        entries[officer_id].append(RosterRow(*row))
    rules = rules_on(batch.quarter.start)
    agreements = ActivePeriod.objects.filter(agency=batch.agency).values_list(
        *AgreementPeriod._fields
    )
    eligibility = Eligibility(
        [AgreementPeriod(*row) for row in agreements],
        rules.reimbursable_models,
        rules.program_start_on,
    )
    payable = {officer_id: eligibility.days(rows) for officer_id, rows in entries.items()}
    return RosterIndex(
        {
            officer_id: [(row.hired_on, row.separated_on) for row in rows]
            for officer_id, rows in entries.items()
        },
        lambda officer_id, first, last: days_between(
            payable[officer_id], first.toordinal(), last.toordinal()
        ),
    )


def _accepted(batch: PayrollBatch, rows: list[PayrollRow]) -> dict[str, list[AcceptedRow]]:
    """Lines that count already and share days with the file's, by officer."""
    found: dict[str, list[AcceptedRow]] = defaultdict(list)
    if not rows:
        return found
    lines = (
        PayrollLine.objects.filter(
            batch__agency=batch.agency,
            batch__state=PayrollBatch.State.ACCEPTED,
            batch__dry_run=False,
            period_end__gte=min(row.period_start for row in rows),
            period_start__lte=max(row.period_end for row in rows),
        )
        .exclude(batch=batch.replaces_id)
        .select_related("batch")
        .order_by("batch__received_at", "row")
    )
    for line in lines.iterator(chunk_size=5000):
        found[line.officer_id].append(
            AcceptedRow(
                line.batch.reference,
                PayrollRow(
                    row=line.row,
                    officer_id=line.officer_id,
                    period_start=line.period_start,
                    period_end=line.period_end,
                    paid_on=line.paid_on,
                    annual_salary=line.annual_salary,
                    regular_pay=line.regular_pay,
                    overtime_hours=line.overtime_hours,
                    overtime_pay=line.overtime_pay,
                    overtime_paid_by_others=line.overtime_paid_by_others,
                    benefits=tuple(json.loads(line.benefits).items()),
                    ext=json.loads(line.ext),
                ),
            )
        )
    return found


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
