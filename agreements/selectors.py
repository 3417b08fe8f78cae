"""Reading agreements, officers and rosters through the eyes of an actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncQuarter
from django.utils.module_loading import import_string

from agreements.events import OFFICER_EVENTS
from agreements.federal_list import FederalStatement, Mark, Statement, credential_key, mark_of
from agreements.models import (
    ActivePeriod,
    Agreement,
    AgreementChange,
    FederalAuthorization,
    FederalList,
    ListImport,
    Officer,
    RosterEntry,
    RosterUpload,
)
from agreements.rules import AgreementPeriod, Eligibility, RosterRow
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Capability, Side
from portal.accounts.selectors import agencies_for
from portal.kernel.errors import NotFound
from portal.kernel.program import MODELS
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent, Document

AUTHORIZED, IN_TRAINING, ENDED = "authorized", "in_training", "ended"


def officers_for(actor: Actor) -> QuerySet[Officer]:
    """The officers the actor may see, with their roster entries."""
    return actor.scope(Officer.objects.select_related("agency")).prefetch_related("entries")


def officer_for(actor: Actor, pk: int) -> Officer:
    """One officer; NotFound for strangers."""
    return found(officers_for(actor), "officer", pk=pk)


def periods_of(agency: Agency) -> QuerySet[ActivePeriod]:
    """The periods in which an agency's agreements are active, by model and time."""
    return ActivePeriod.objects.filter(agency=agency).order_by("model", "active_from")


def agreement_for(actor: Actor, number: str, pk: int) -> Agreement:
    """One agreement of the agency with this portal number; NotFound for strangers."""
    agreements = actor.scope(Agreement.objects.select_related("agency", "moa"))
    return found(agreements, "agreement", pk=pk, agency__number=number)


def agreements_of(agency: Agency) -> QuerySet[Agreement]:
    """All agreements of an agency with their papers, by model and age."""
    return Agreement.objects.filter(agency=agency).select_related("moa").order_by("model", "pk")


def agreements_without_days(agency: Agency) -> QuerySet[Agreement]:
    """An agency's agreements that have not been active on any day, such as pending ones."""
    return Agreement.objects.filter(agency=agency, periods=None).order_by("model", "pk")


def unpaid_models(agency: Agency, on: date) -> list[str]:
    """The models active at an agency on a day, if none of them is one that pay is reimbursed for."""
    active = set(
        periods_of(agency)
        .filter(Q(active_to=None) | Q(active_to__gte=on), active_from__lte=on)
        .values_list("model", flat=True)
    )
    rules = import_string(settings.PORTAL_RULES)(Quarter.of(on).start)
    return (
        [] if active & set(rules.reimbursable_models) else [MODELS[one] for one in sorted(active)]
    )


def uploads_for(actor: Actor) -> QuerySet[RosterUpload]:
    """The roster uploads the actor may see, bulky fields for later; the federal side those that count."""
    uploads = actor.scope(
        RosterUpload.objects.select_related(
            "agency", "document", "mapping", "uploaded_by", "confirmed_by", "job", "key"
        )
    ).defer("content", *RosterUpload.BULKY)
    if actor.side == Side.FEDERAL:
        uploads = uploads.filter(state=RosterUpload.State.ACCEPTED)
    return uploads


def upload_for(actor: Actor, pk: object) -> RosterUpload:
    """One roster upload; NotFound for strangers."""
    return found(uploads_for(actor), "roster file", pk=pk)


def period_for(actor: Actor, number: str, pk: int) -> ActivePeriod:
    """One active period of the agency with this portal number; NotFound for strangers."""
    return found(
        actor.scope(ActivePeriod.objects.select_related("agency")),
        "agreement",
        pk=pk,
        agency__number=number,
    )


def agencies_listed(actor: Actor, on: date) -> QuerySet[Agency]:
    """The agencies with `models`, of their agreements active on a day, and `officer_count`."""
    active = ActivePeriod.objects.filter(
        Q(active_to=None) | Q(active_to__gte=on), agency=OuterRef("pk"), active_from__lte=on
    )
    return (
        agencies_for(actor)
        .filter(merged_into=None)
        .annotate(
            models=ArraySubquery(active.order_by("model").values("model").distinct()),
            officer_count=Count("officers", distinct=True),
        )
    )


def officers_listed(agency: Agency, on: date) -> QuerySet[Officer]:
    """An agency's officers with their entries, and their `standing` on a day by the roster alone.

    Whether the day is payable also depends on the agreements: ask `eligibility_on`.
    """
    entries = RosterEntry.objects.filter(
        Q(separated_on=None) | Q(separated_on__gte=on), officer=OuterRef("pk"), hired_on__lte=on
    )
    authorized = entries.filter(
        Q(authorized_to=None) | Q(authorized_to__gte=on), authorized_from__lte=on
    )
    begun = entries.filter(authorized_from__lte=on)
    return (
        Officer.objects.filter(agency=agency)
        .annotate(
            standing=Case(
                When(Exists(authorized), then=Value(AUTHORIZED)),
                When(Exists(begun), then=Value(ENDED)),
                When(Exists(entries), then=Value(IN_TRAINING)),
                default=Value(ENDED),
            )
        )
        .prefetch_related("entries")
    )


def officers_by_id(agency: Agency, payroll_ids: Iterable[str]) -> QuerySet[Officer]:
    """The agency's officers with these payroll ids; ids of nobody are passed over."""
    return Officer.objects.filter(agency=agency, payroll_id__in=payroll_ids)


def eligibility_on(agency: Agency, on: date) -> Eligibility:
    """What decides which days are payable at an agency, by the rules of the quarter of a day."""
    rules = import_string(settings.PORTAL_RULES)(Quarter.of(on).start)
    return Eligibility(
        [
            AgreementPeriod(agreement.model, agreement.active_from, agreement.active_to)
            for agreement in periods_of(agency)
        ],
        rules.reimbursable_models,
        rules.program_start_on,
    )


def roster_rows(entries: Iterable[RosterEntry]) -> list[RosterRow]:
    """Roster entries as the rules read them."""
    return [
        RosterRow(
            entry.hired_on,
            entry.separated_on,
            entry.model,
            entry.authorized_from,
            entry.authorized_to,
        )
        for entry in entries
    ]


def imports_for(actor: Actor) -> QuerySet[ListImport]:
    """ICE's lists that were imported; NotFound off the federal side."""
    _require_federal(actor)
    return ListImport.objects.select_related("document", "imported_by")


def import_for(actor: Actor, pk: int) -> ListImport:
    """One import of a list; NotFound off the federal side."""
    return found(imports_for(actor), "list", pk=pk)


def received_list_for(actor: Actor, pk: object) -> Document:
    """One of ICE's lists as it was sent, imported or not; NotFound off the federal side."""
    _require_federal(actor)
    return found(Document.objects.filter(kind=Document.Kind.ICE_LIST), "list", pk=pk)


def changes_by(made: ListImport) -> QuerySet[AgreementChange]:
    """What one import did, with the agreements and their agencies."""
    return AgreementChange.objects.filter(list_import=made).select_related("agreement__agency")


def changes_of(agency: Agency) -> QuerySet[AgreementChange]:
    """What lists did to an agency's agreements, the newest first."""
    return (
        AgreementChange.objects.filter(agreement__agency=agency)
        .select_related("agreement", "list_import__document")
        .order_by("-pk")
    )


def _require_federal(actor: Actor) -> None:
    if actor.side != Side.FEDERAL or not actor.can(Capability.READ_AGENCY):
        raise NotFound("page")


def lost_to_federal(actor: Actor, first: Quarter, last: Quarter) -> dict[Quarter, int]:
    """How many officers went to a federal employer, by the quarter of their last day there."""
    gone = RosterEntry.objects.filter(
        separation_reason="federal_hire", separated_on__range=(first.start, last.end)
    )
    # Fiscal quarters begin with the calendar's; an officer with two entries left once.
    rows = (
        actor.scope(gone, "officer__agency")
        .values_list(TruncQuarter("separated_on"))
        .annotate(Count("officer", distinct=True))
    )
    counts = {Quarter.of(start): count for start, count in rows}
    quarters = {}
    while first <= last:
        quarters[first] = counts.get(first, 0)
        first = first.next
    return quarters


def roster_thread(agency: Agency) -> str:
    """The thread of events in which an agency's roster is told."""
    return f"agency/{agency.number}/roster"


def hand_editors(agency: Agency, since: datetime) -> QuerySet[AuditEvent, Any]:
    """The keys (`actor`) of the people who changed the agency's roster by hand since an instant."""
    return AuditEvent.objects.filter(
        thread=roster_thread(agency), action__in=OFFICER_EVENTS, at__gte=since
    ).values("actor")


def history_of(officer: Officer) -> QuerySet[AuditEvent]:
    """What was done to an officer by hand, the newest first."""
    return (
        AuditEvent.objects.filter(subject=f"officer/{officer.pk}")
        .select_related("actor")
        .order_by("-id")
    )


def last_editor_of(officer: Officer) -> str:
    """Who changed an officer last, by hand or by confirming a roster file; empty if nobody did."""
    by_hand_or_file = Q(subject=f"officer/{officer.pk}") | Q(action="roster.confirm")
    last = (
        AuditEvent.objects.filter(by_hand_or_file, thread=roster_thread(officer.agency))
        .select_related("actor")
        .order_by("-id")
        .first()
    )
    return last.actor.name if last is not None and last.actor is not None else ""


def federal_lists_for(actor: Actor) -> QuerySet[FederalList]:
    """The federal lists of authorizations, for the federal side alone; NotFound for others."""
    if actor.side != Side.FEDERAL:
        raise NotFound("page")
    return actor.scope(FederalList.objects.select_related("document", "uploaded_by"))


def latest_federal_list() -> FederalList | None:
    """The federal list that counts; None before the first."""
    return FederalList.objects.order_by("-id").first()


def marks_of(entries: Iterable[RosterEntry], on: date) -> dict[int, Mark]:
    """What the latest federal list says about authorizations, by the entries' keys.

    Empty before the first list; entries without an authorization have no mark. Two queries.
    """
    latest = latest_federal_list()
    if latest is None:
        return {}
    stated = [entry for entry in entries if entry.authorized_from is not None]
    keys = {credential_key(entry.credential_number) for entry in stated}
    listed: dict[str, list[FederalStatement]] = defaultdict(list)
    for row in FederalAuthorization.objects.filter(federal_list=latest, credential_key__in=keys):
        listed[row.credential_key].append(
            FederalStatement(row.model, row.authorized_from, row.authorized_to, row.revoked_on)
        )
    return {
        entry.pk: mark_of(
            Statement(
                entry.credential_number,
                entry.model,
                entry.authorized_from,
                entry.authorized_to,
                entry.separated_on,
            ),
            listed[credential_key(entry.credential_number)],
            on,
        )
        for entry in stated
        if entry.authorized_from is not None
    }
