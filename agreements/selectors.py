"""Reading agreements, officers and rosters through the eyes of an actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.module_loading import import_string

from agreements.models import ActivePeriod, Officer, RosterEntry, RosterUpload
from agreements.rules import AgreementPeriod, Eligibility, RosterRow
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.selectors import agencies_for
from portal.kernel.quarter import Quarter

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


def uploads_for(actor: Actor) -> QuerySet[RosterUpload]:
    """The roster uploads the actor may see, without their content."""
    return actor.scope(
        RosterUpload.objects.select_related(
            "agency", "document", "uploaded_by", "confirmed_by", "job", "key"
        )
    ).defer("content")


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
    return agencies_for(actor).annotate(
        models=ArraySubquery(active.order_by("model").values("model").distinct()),
        officer_count=Count("officers", distinct=True),
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
