"""ICE's own lists: looking at what one would change, and importing it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import Any

from django.db import IntegrityError, connection, transaction

from agreements.ice_list import IceList, IceRow, read_ice_list
from agreements.models import (
    ActivePeriod,
    AgencyName,
    Agreement,
    AgreementChange,
    ListImport,
    Officer,
)
from agreements.pipeline.lists import Deed, Plan, plan_list
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.accounts.services import next_numbers
from portal.intake.uploads import Upload
from portal.jobs.queue import announce
from portal.kernel import clock
from portal.kernel.errors import BadInput, Refused
from portal.kernel.findings import Finding, has_errors
from portal.kernel.states import TIME_ZONES
from portal.records import audit, storage
from portal.records.models import Document

_ONE_IMPORT_AT_A_TIME = 287_003
_AGREEMENT_FIELDS = ["status", "signed_on", "support_type", "moa_url", "addendum_url"]


@transaction.atomic
def receive_list(*, actor: Actor | None, upload: Upload) -> Document:
    """Keep one of ICE's lists as it was sent. Nothing of it counts before it is imported."""
    _require(actor)
    document = storage.keep(
        upload.chunks,
        kind=Document.Kind.ICE_LIST,
        filename=upload.filename,
        media_type=upload.media_type,
        created_by=actor.user if actor else None,
    )
    _record("ice_list.receive", document, actor)
    return document


def preview_list(
    *, actor: Actor | None, content: bytes, filename: str, as_of: date | None = None
) -> Plan:
    """What a list would change now; refused if it is no list, without a day, or an older one."""
    _require(actor)
    return _planned(content, filename, as_of)


@transaction.atomic
def import_list(
    *,
    actor: Actor | None,
    document: Document,
    as_of: date | None = None,
    end_missing: bool = False,
    shown_sha256: str = "",
) -> ListImport:
    """Let a received list count, all of it or nothing.

    `actor` is None for the command. `as_of` is the day the list shows, its own without one.
    `end_missing` confirms the endings too. `shown_sha256` is the hash of the plan a person saw.
    """
    _require(actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_IMPORT_AT_A_TIME])
    plan = _planned(storage.read(document), document.filename, as_of, for_update=True)
    if shown_sha256 and shown_sha256 != plan.sha256:
        raise Refused(
            "list_changed",
            "The agreements were changed while you were looking at this list.",
            "Look at the new differences, then import again.",
        )
    made = ListImport.objects.create(
        document=document,
        kind=plan.ice_list.kind,
        as_of=plan.as_of,
        imported_by=actor.user if actor else None,
        summary=summary_of(plan, end_missing=end_missing),
        findings=[finding_as_json(finding) for finding in plan.ice_list.findings],
    )
    try:
        with transaction.atomic():
            _save(plan, made, [*plan.deeds, *(plan.endings if end_missing else [])])
    except IntegrityError as error:
        raise Refused(
            "list_conflict",
            "Somebody changed one of these agencies at the same time. Nothing was imported.",
            "Import the list again.",
        ) from error
    counts = {name: n for name, n in made.summary.items() if isinstance(n, int)}
    _record("ice_list.import", document, actor, kind=made.kind, as_of=made.as_of, **counts)
    return made


def summary_of(plan: Plan, *, end_missing: bool) -> dict[str, Any]:
    """The counts that `import_agreements --json` prints and the result page shows."""
    ice_list, comparison = plan.ice_list, plan.comparison
    return {
        "kind": ice_list.kind,
        "as_of": plan.as_of.isoformat(),
        "rows": len(ice_list.rows),
        "hidden_rows": ice_list.hidden_rows,
        "agencies": ice_list.agencies,
        "by_model": ice_list.by_model,
        "by_state": ice_list.by_state,
        "created": plan.count("created"),
        "changed": plan.count("changed"),
        "moved": plan.count("moved"),
        "ended": sum(deed.row is None for deed in plan.endings) if end_missing else 0,
        "missing": len(comparison.missing),
        "unchanged": len(comparison.unchanged),
        "left_out": len(comparison.left_out),
        "contradicting": len(plan.left),
        "new_agencies": len(plan.new_agencies),
    }


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding of a list as it is stored and printed."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "message": finding.message,
        "fix": finding.fix,
    }


def _planned(
    content: bytes, filename: str, as_of: date | None, *, for_update: bool = False
) -> Plan:
    ice_list = read_ice_list(content, filename, as_of=as_of)
    _refuse_unreadable(ice_list)
    day = as_of or ice_list.as_of
    if day is None:
        raise Refused(
            "list_without_day",
            "Neither the file's name nor its content says of which day the list is.",
            "Give the day together with the file.",
        )
    if day > clock.today():
        raise BadInput(
            "list_of_the_future",
            f"The list is given as of {day}, which is after today.",
            "Check the day.",
        )
    newer = ListImport.objects.filter(kind=ice_list.kind, as_of__gt=day).order_by("-as_of").first()
    if newer:
        raise Refused(
            "older_list",
            f"The {newer.get_kind_display().lower()} were imported as of {newer.as_of} already, "
            f"and this list is of {day}. Older facts would replace newer ones.",
            "Import lists in the order of their days. If the day is wrong, give the right one.",
        )
    return plan_list(ice_list, day, for_update=for_update)


def _refuse_unreadable(ice_list: IceList) -> None:
    if has_errors(ice_list.findings):
        error = next(f for f in ice_list.findings if has_errors([f]))
        raise BadInput(error.code, error.message, error.fix)


def _save(plan: Plan, made: ListImport, deeds: list[Deed]) -> None:
    agencies = _new_agencies(plan)
    for deed in deeds:
        if deed.agreement.agency_id is None:
            deed.agreement.agency = agencies[deed.agency_key]
    closing = [deed.changes for deed in deeds if deed.changes]
    ActivePeriod.objects.bulk_update(closing, ["active_from", "active_to", "ended_because"])
    known = {deed.agreement.pk: deed.agreement for deed in deeds if deed.agreement.pk}
    Agreement.objects.bulk_update(known.values(), _AGREEMENT_FIELDS)
    Agreement.objects.bulk_create(d.agreement for d in deeds if not d.agreement.pk)
    ActivePeriod.objects.bulk_create(_opened(deeds))
    _note_listed(plan)
    _take_agency_facts(plan, deeds)
    AgreementChange.objects.bulk_create(
        AgreementChange(
            list_import=made,
            agreement=deed.agreement,
            row=deed.row.row if deed.row else None,
            what=deed.what,
            cells=dict(deed.row.cells) if deed.row else {},
            before=deed.before,
            after=deed.after,
        )
        for deed in deeds
    )
    touched = {deed.agreement.agency_id for deed in deeds if deed.opens or deed.changes} - {
        agency.pk for agency in agencies.values()
    }
    # Without officers there is no claim whose days could be others now.
    rostered = Officer.objects.filter(agency_id__in=touched).values_list("agency_id", flat=True)
    for agency_id in sorted(set(rostered)):
        announce("agency.facts_changed", agency_id)


def _new_agencies(plan: Plan) -> dict[tuple[str, str], Agency]:
    made = {}
    for key, rows in plan.new_agencies.items():
        made[key] = Agency(
            name=rows[0].name,
            state=rows[0].state,
            county=_first(row.county for row in rows),
            kind=_first(row.agency_type for row in rows),
            time_zone=TIME_ZONES[rows[0].state],
        )
    for agency, number in zip(made.values(), next_numbers(len(made)), strict=True):
        agency.number = number
    Agency.objects.bulk_create(made.values())
    named = {**plan.known.agencies, **made}
    AgencyName.objects.bulk_create(
        AgencyName(
            agency=named[key], name=row.name, state=row.state, key=key[1], since_on=plan.as_of
        )
        for key, row in _listed(plan).items()
        if key not in plan.known.named and key in named
    )
    return made


def _listed(plan: Plan) -> dict[tuple[str, str], IceRow]:
    return {(row.state, row.name_key): row for row in reversed(plan.ice_list.rows)}


def _opened(deeds: Iterable[Deed]) -> list[ActivePeriod]:
    opened = []
    for deed in deeds:
        if deed.opens:
            deed.opens.agreement = deed.agreement
            deed.opens.agency_id = deed.agreement.agency_id
            opened.append(deed.opens)
    return opened


def _note_listed(plan: Plan) -> None:
    """Note the day on every agreement that was there before and that the list names rightly."""
    comparison = plan.comparison
    changes = chain(comparison.unchanged, comparison.changed)
    if plan.ice_list.kind == "participating":
        changes = chain(changes, comparison.moved)
    named = [plan.known.agreements[change.known.key].pk for change in changes]
    listed = Agreement.objects.filter(pk__in=named)
    listed.filter(first_listed_on=None).update(first_listed_on=plan.as_of)
    listed.exclude(status=Agreement.Status.ENDED).update(last_listed_on=plan.as_of)


def _take_agency_facts(plan: Plan, deeds: Iterable[Deed]) -> None:
    changed = {}
    for deed in deeds:
        agency = plan.known.agency_of(deed.row) if deed.row else None
        if agency and deed.row and deed.after.keys() & {"county", "agency_type"}:
            agency.county = deed.row.county or agency.county
            agency.kind = deed.row.agency_type or agency.kind
            changed[agency.pk] = agency
    Agency.objects.bulk_update(changed.values(), ["county", "kind"])


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _require(actor: Actor | None) -> None:
    if actor is not None:
        actor.require(Capability.MANAGE_AGENCIES)


def _record(action: str, document: Document, actor: Actor | None, **facts: Any) -> None:
    audit.record(
        action,
        subject=f"document/{document.pk}",
        actor=actor,
        file=document.filename,
        sha256=document.sha256,
        **facts,
    )
