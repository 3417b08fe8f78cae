"""Reporting the two counts of an agency and quarter, one by one or by file, and confirming them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from awards.counts_file import COUNTS_FINDINGS, CountsRow, check_known, parse_counts
from awards.models import CountsConfirmation, CountsDispute, CountsUpload, PerformanceMeasure
from awards.rules import LARGEST_COUNT, reportable_quarters
from awards.selectors import (
    counting_measure,
    disputes_replaced_by,
    latest_measures,
    measures_to_confirm,
    open_disputes,
)
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload, read_document
from portal.jobs.queue import announce
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.findings import Finding, Severity
from portal.kernel.own_words import refuse_personal_numbers
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import limit_findings
from portal.records import audit, storage
from portal.records.models import Document

SENT_TOO_LATE = "Another program manager has decided it meanwhile, or a later report replaced it."


@transaction.atomic
def report_counts(
    *, actor: Actor, agency: Agency, quarter: Quarter, referred: int, located: int
) -> PerformanceMeasure:
    """Propose an agency's counts of a quarter; they count when a second federal person confirms them.

    A later report replaces an earlier one; both are kept.
    """
    actor.require(Capability.REPORT_COUNTS, agency)
    _check_counts(referred, located)
    _lock([agency.pk])
    if not Agency.objects.filter(pk=agency.pk, merged_into=None).exists():
        raise Refused(
            "agency_merged",
            f"{agency.number} was merged into another record of the same agency.",
            "Report the counts for that record.",
        )
    measure = PerformanceMeasure.objects.create(
        agency=agency, quarter=quarter, referred=referred, located=located, reported_by=actor.user
    )
    _record("counts.report", measure, actor)
    return measure


@transaction.atomic
def receive_counts(*, actor: Actor, upload: Upload) -> CountsUpload:
    """Propose the counts in a file, all of them or, when anything is wrong with one, none.

    A row that says what was reported last is passed over. Of a file with an error nothing is kept but
    what was found: nobody needs its bytes, and they may be about persons.
    """
    actor.require(Capability.REPORT_COUNTS)
    document = storage.keep(
        upload.chunks,
        kind=Document.Kind.COUNTS,
        filename=upload.filename,
        media_type=upload.media_type,
        created_by=actor.user,
    )
    rows, findings = parse_counts(read_document(document))
    agencies = _known(rows)
    findings += check_known(rows, agencies, reportable_quarters(clock.today()))
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    refused = errors > 0
    news = [] if refused else _news(rows, agencies)
    received = CountsUpload.objects.create(
        document=document,
        uploaded_by=actor.user,
        rows=len(news),
        unchanged=0 if refused else len(rows) - len(news),
        errors=errors,
        findings=[_stored(finding) for finding in limit_findings(COUNTS_FINDINGS, findings)],
    )
    measures = PerformanceMeasure.objects.bulk_create(
        PerformanceMeasure(
            agency=agencies[row.agency],
            quarter=row.quarter,
            referred=row.referred,
            located=row.located,
            reported_by=actor.user,
            upload=received,
            row=row.row,
        )
        for row in news
    )
    for measure in measures:
        _record("counts.report", measure, actor)
    audit.record(
        "counts.receive",
        subject=f"counts_upload/{received.pk}",
        actor=actor,
        file=document.filename,
        sha256=document.sha256,
        rows=received.rows,
        errors=received.errors,
    )
    if refused:
        storage.purge(document)
    return received


@transaction.atomic
def confirm_upload(*, actor: Actor, upload: CountsUpload) -> int:
    """Confirm every report of a file that still waits; how many there were."""
    actor.require(Capability.REPORT_COUNTS)
    _require_other(actor, upload.uploaded_by_id)
    _lock(upload.measures.values_list("agency", flat=True))
    measures = list(measures_to_confirm(actor).filter(upload=upload).order_by("pk"))
    if not measures:
        raise Refused("counts_not_waiting", "No counts of this file wait any more.", SENT_TOO_LATE)
    disputed = disputes_replaced_by(measures)
    CountsConfirmation.objects.bulk_create(
        CountsConfirmation(
            measure=measure, verdict=CountsConfirmation.Verdict.CONFIRMED, user=actor.user
        )
        for measure in measures
    )
    for measure in measures:
        _record("counts.confirm", measure, actor)
        # It may be a thousand agencies: nobody waits here for as many rings, the sweeper does it.
        announce("agency.facts_changed", measure.agency_id, rings=False)
    for dispute in disputed:
        announce("counts.dispute_answered", dispute.pk, rings=False)
    return len(measures)


@transaction.atomic
def confirm_counts(*, actor: Actor, measure: PerformanceMeasure) -> CountsConfirmation:
    """Let reported counts count. Never the reporter's own; they are on record and final then."""
    disputed = disputes_replaced_by([measure])
    confirmation = _decide(actor, measure, CountsConfirmation.Verdict.CONFIRMED)
    announce("agency.facts_changed", measure.agency_id)
    for dispute in disputed:
        announce("counts.dispute_answered", dispute.pk)
    return confirmation


@transaction.atomic
def reject_counts(*, actor: Actor, measure: PerformanceMeasure, note: str) -> CountsConfirmation:
    """Refuse reported counts, saying why; what counted before goes on counting."""
    if not note.strip():
        raise BadInput("note_missing", "Counts are rejected with a reason.", "Write what is wrong.")
    return _decide(actor, measure, CountsConfirmation.Verdict.REJECTED, note.strip()[:500])


@transaction.atomic
def dispute_counts(
    *,
    actor: Actor,
    measure: PerformanceMeasure,
    reason: str,
    referred: int,
    located: int,
    grounds: str,
    token: UUID,
) -> CountsDispute:
    """Contest the counts that count for a quarter of the actor's agency; it stops nothing.

    Sent twice, it is one dispute. One at a time is open against the same counts.
    """
    agency = measure.agency
    actor.require(Capability.READ_AGENCY, agency)
    if actor.agency is None or not (actor.can(Capability.PREPARE) or actor.can(Capability.CERTIFY)):
        raise NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include disputing counts.",
            "Ask a preparer or certifier of your agency.",
        )
    _check_counts(referred, located)
    refuse_personal_numbers(grounds, what="explanation")
    if not grounds.strip():
        raise BadInput("grounds_missing", "A dispute says why.", "Write why the counts are wrong.")
    _lock([agency.pk])
    known = CountsDispute.objects.filter(token=token, filed_by=actor.user).first()
    if known is not None:
        return known
    if counting_measure(agency, measure.quarter) != measure:
        raise Refused(
            "counts_replaced",
            f"Other counts of {measure.quarter} count by now.",
            "Reload the page and look at them first.",
        )
    if (measure.referred, measure.located) == (referred, located):
        raise BadInput(
            "counts_the_same",
            "Your two numbers are the ones that count already.",
            "Enter the numbers your own records give.",
        )
    if CountsDispute.objects.filter(measure=measure, kept_at=None).exists():
        raise Refused(
            "dispute_open",
            "Your agency disputes these counts already.",
            "Wait for the program office's answer.",
        )
    dispute = CountsDispute.objects.create(
        measure=measure,
        reason=CountsDispute.Reason(reason),
        referred=referred,
        located=located,
        grounds=grounds.strip(),
        filed_by=actor.user,
        token=token,
    )
    _record("counts.dispute", measure, actor, dispute.grounds, said=f"{located} of {referred}")
    return dispute


@transaction.atomic
def keep_counts(*, actor: Actor, dispute: CountsDispute, answer: str) -> CountsDispute:
    """Answer a dispute: the counts stay, and why. Never by the person who reported them.

    To change the counts instead, report others; the dispute ends when they are confirmed.
    """
    measure = dispute.measure
    actor.require(Capability.REPORT_COUNTS, measure.agency)
    if measure.reported_by_id == actor.user.pk:
        raise NotAllowed(
            "own_counts",
            "You reported these counts, so another program manager decides whether they stay.",
            "Ask a colleague. If the agency is right, report the numbers again.",
        )
    refuse_personal_numbers(answer, what="answer")
    if not answer.strip():
        raise BadInput(
            "answer_missing", "Counts are kept with a reason.", "Write why they are right."
        )
    _lock([measure.agency_id])
    if not open_disputes(actor).filter(pk=dispute.pk).exists():
        raise Refused(
            "dispute_not_open",
            f"This dispute of {measure.agency.name} for {measure.quarter} is settled.",
            "Nothing is left to do.",
        )
    dispute.answer, dispute.kept_by, dispute.kept_at = answer.strip(), actor.user, clock.now()
    dispute.save(update_fields=["answer", "kept_by", "kept_at"])
    _record("counts.keep", measure, actor, dispute.answer)
    announce("counts.dispute_answered", dispute.pk)
    return dispute


def _check_counts(referred: int, located: int) -> None:
    if not (0 <= referred <= LARGEST_COUNT and 0 <= located <= LARGEST_COUNT):
        raise BadInput(
            "count_out_of_range", f"Counts are whole numbers from 0 to {LARGEST_COUNT:,}."
        )
    if located > referred:
        raise BadInput(
            "located_exceeds_referred",
            f"{located} located is more than {referred} referred.",
            "Nobody can be located who was not referred. Check the two numbers.",
        )


def _decide(
    actor: Actor, measure: PerformanceMeasure, verdict: CountsConfirmation.Verdict, note: str = ""
) -> CountsConfirmation:
    actor.require(Capability.REPORT_COUNTS, measure.agency)
    _require_other(actor, measure.reported_by_id)
    _lock([measure.agency_id])
    if not measures_to_confirm(actor).filter(pk=measure.pk).exists():
        raise Refused(
            "counts_not_waiting",
            f"These counts of {measure.agency.name} for {measure.quarter} do not wait any more.",
            SENT_TOO_LATE,
        )
    confirmation = CountsConfirmation.objects.create(
        measure=measure, verdict=verdict, user=actor.user, note=note
    )
    action = "confirm" if verdict == CountsConfirmation.Verdict.CONFIRMED else "reject"
    _record(f"counts.{action}", measure, actor, note)
    return confirmation


def _require_other(actor: Actor, reporter: int) -> None:
    if reporter == actor.user.pk:
        raise NotAllowed(
            "own_counts",
            "You reported these counts; a second program manager confirms or rejects them.",
            "Ask a colleague. To correct the numbers, report them again.",
        )


def _known(rows: Iterable[CountsRow]) -> dict[str, Agency]:
    """The agencies that rows name, by portal number, locked; those merged into another are not known."""
    named = Agency.objects.filter(number__in={row.agency for row in rows}, merged_into=None)
    _lock(named.values("pk"))
    return {agency.number: agency for agency in named}


def _news(rows: Iterable[CountsRow], agencies: dict[str, Agency]) -> list[CountsRow]:
    """The rows that say something else than the last report of their agency and quarter."""
    reported = {
        (measure.agency_id, measure.quarter): (measure.referred, measure.located)
        for measure in latest_measures().filter(agency__in=agencies.values())
    }
    return [
        row
        for row in rows
        if reported.get((agencies[row.agency].pk, row.quarter)) != (row.referred, row.located)
    ]


def _stored(finding: Finding) -> dict[str, object]:
    """A finding as it is kept: its agency is in the row it names."""
    return {**asdict(finding), "ext": {}, "officer_id": ""}


def _lock(agencies: Iterable[int] | QuerySet[Any]) -> None:
    """In one order everywhere, so that two files at once wait for each other instead of failing."""
    rows = Agency.objects.select_for_update(no_key=True).filter(pk__in=agencies)
    list(rows.order_by("pk").values_list("pk"))


def _record(
    action: str, measure: PerformanceMeasure, actor: Actor, note: str = "", **facts: str
) -> None:
    audit.record(
        action,
        subject=f"counts/{measure.agency.number}-{measure.quarter}",
        thread=f"claim/{measure.agency.number}-{measure.quarter}",
        actor=actor,
        agency_id=measure.agency_id,
        note=note,
        referred=measure.referred,
        located=measure.located,
        **facts,
    )
