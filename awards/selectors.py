"""Reading performance measures through the eyes of an actor."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from awards.models import CountsConfirmation, CountsDispute, CountsUpload, PerformanceMeasure
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Capability
from portal.accounts.selectors import agencies_for
from portal.kernel.quarter import Quarter

CONFIRMED, REJECTED = CountsConfirmation.Verdict.CONFIRMED, CountsConfirmation.Verdict.REJECTED
MISSING, WAITING = "missing", "waiting"


def confirmed_measures() -> QuerySet[PerformanceMeasure]:
    """The reports that count: of an agency and quarter, the one with the highest id does."""
    return PerformanceMeasure.objects.filter(confirmation__verdict=CONFIRMED)


def latest_measures() -> QuerySet[PerformanceMeasure]:
    """The last report of each agency and quarter that nobody rejected, confirmed or not."""
    reports = PerformanceMeasure.objects.exclude(confirmation__verdict=REJECTED)
    later = reports.filter(
        agency=OuterRef("agency"), quarter=OuterRef("quarter"), pk__gt=OuterRef("pk")
    )
    return reports.filter(~Exists(later))


def waiting_measures() -> QuerySet[PerformanceMeasure]:
    """The reports nobody has confirmed, rejected or replaced."""
    later = PerformanceMeasure.objects.filter(
        agency=OuterRef("agency"), quarter=OuterRef("quarter"), pk__gt=OuterRef("pk")
    )
    return PerformanceMeasure.objects.filter(~Exists(later), confirmation=None)


def measures_to_confirm(actor: Actor) -> QuerySet[PerformanceMeasure]:
    """The reports that wait, for those who may confirm; with `counted_referred` and `counted_located`."""
    if not actor.can(Capability.REPORT_COUNTS):
        return PerformanceMeasure.objects.none()
    counted = (
        confirmed_measures()
        .filter(agency=OuterRef("agency"), quarter=OuterRef("quarter"))
        .order_by("-id")
    )
    return (
        waiting_measures()
        .select_related("agency", "reported_by", "upload__document", "confirmation__user")
        .annotate(
            counted_referred=Subquery(counted.values("referred")[:1]),
            counted_located=Subquery(counted.values("located")[:1]),
        )
    )


def measure_to_confirm(actor: Actor, pk: int) -> PerformanceMeasure:
    """One report with its agency, waiting or not; NotFound for those who may not confirm."""
    rows = PerformanceMeasure.objects.select_related(
        "agency", "reported_by", "upload__document", "confirmation__user"
    )
    return found(
        rows if actor.can(Capability.REPORT_COUNTS) else rows.none(), "report of counts", pk=pk
    )


def measures_in(upload: CountsUpload) -> QuerySet[PerformanceMeasure]:
    """What a file proposed, with `before_referred` and `before_located`: what counted before it."""
    before = (
        confirmed_measures()
        .filter(agency=OuterRef("agency"), quarter=OuterRef("quarter"), pk__lt=OuterRef("pk"))
        .order_by("-id")
    )
    return (
        PerformanceMeasure.objects.filter(upload=upload)
        .select_related("agency", "reported_by", "upload__document", "confirmation__user")
        .annotate(
            before_referred=Subquery(before.values("referred")[:1]),
            before_located=Subquery(before.values("located")[:1]),
        )
    )


def uploads_for(actor: Actor) -> QuerySet[CountsUpload]:
    """The files of counts, for those who may report; they hold many agencies' counts."""
    rows = CountsUpload.objects.select_related("document", "uploaded_by")
    return rows if actor.can(Capability.REPORT_COUNTS) else rows.none()


def upload_for(actor: Actor, pk: object) -> CountsUpload:
    """One file of counts; NotFound for strangers."""
    return found(uploads_for(actor), "file of counts", pk=pk)


def agencies_with_counts(actor: Actor, quarter: Quarter) -> QuerySet[Agency]:
    """The agencies the actor may see, each with its counts of a quarter that count, or None.

    Records that were merged into another are left out. Each has
    `referred`, `located`, `reporter`, `confirmed_at`, `confirmer`, and `standing`: `missing`, `waiting`
    (the latest report is not confirmed) or `confirmed`.
    """
    counted = confirmed_measures().filter(agency=OuterRef("pk"), quarter=quarter).order_by("-id")
    waiting = waiting_measures().filter(agency=OuterRef("pk"), quarter=quarter)
    return (
        agencies_for(actor)
        .filter(merged_into=None)
        .annotate(
            referred=Subquery(counted.values("referred")[:1]),
            located=Subquery(counted.values("located")[:1]),
            reporter=Subquery(counted.values("reported_by__name")[:1]),
            confirmed_at=Subquery(counted.values("confirmation__decided_at")[:1]),
            confirmer=Subquery(counted.values("confirmation__user__name")[:1]),
            standing=Case(
                When(Exists(waiting), then=Value(WAITING)),
                When(Exists(counted), then=Value(CONFIRMED)),
                default=Value(MISSING),
            ),
        )
    )


def measures_of(agency: Agency) -> QuerySet[PerformanceMeasure]:
    """Every report of an agency, the newest quarter and report first; none is ever overwritten."""
    return (
        PerformanceMeasure.objects.filter(agency=agency)
        .select_related("reported_by", "confirmation__user", "upload__document")
        .order_by("-quarter", "-id")
    )


def counting_measure(agency: Agency, quarter: Quarter) -> PerformanceMeasure | None:
    """The report of an agency and quarter that counts; None before any is confirmed."""
    return confirmed_measures().filter(agency=agency, quarter=quarter).order_by("id").last()


def disputes_for(actor: Actor) -> QuerySet[Any]:
    """The disputes of counts the actor may see, each with `is_open` and the counts that replaced them.

    `new_referred`, `new_located` and `new_at` are the counts confirmed since, None while there are none.
    """
    replaced = (
        confirmed_measures()
        .filter(
            agency=OuterRef("measure__agency"),
            quarter=OuterRef("measure__quarter"),
            pk__gt=OuterRef("measure"),
        )
        .order_by("-id")
    )
    rows = CountsDispute.objects.select_related(
        "measure__agency", "measure__reported_by", "filed_by", "kept_by"
    ).annotate(
        new_referred=Subquery(replaced.values("referred")[:1]),
        new_located=Subquery(replaced.values("located")[:1]),
        new_at=Subquery(replaced.values("confirmation__decided_at")[:1]),
        is_open=Case(
            When(Q(kept_at=None) & ~Exists(replaced), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )
    return actor.scope(rows, "measure__agency")


def open_disputes(actor: Actor) -> QuerySet[Any]:
    """The disputes that nobody has answered by keeping or replacing the counts, the oldest first."""
    return disputes_for(actor).filter(is_open=True).order_by("pk")


def disputes_replaced_by(measures: Collection[PerformanceMeasure]) -> list[CountsDispute]:
    """The open disputes that end when these reports, not confirmed yet, are."""
    named = {(measure.agency_id, measure.quarter) for measure in measures}
    confirmed_since = confirmed_measures().filter(
        agency=OuterRef("measure__agency"),
        quarter=OuterRef("measure__quarter"),
        pk__gt=OuterRef("measure"),
    )
    rows = CountsDispute.objects.filter(
        ~Exists(confirmed_since),
        measure__agency__in={agency for agency, _ in named},
        kept_at=None,
    )
    return [
        dispute
        for dispute in rows.select_related("measure")
        if (dispute.measure.agency_id, dispute.measure.quarter) in named
    ]


def disputes_of(actor: Actor, agency: Agency, quarter: Quarter | None = None) -> QuerySet[Any]:
    """An agency's disputes, of one quarter or all, the newest first."""
    rows = disputes_for(actor).filter(measure__agency=agency).order_by("-pk")
    return rows if quarter is None else rows.filter(measure__quarter=quarter)


def dispute_for(actor: Actor, pk: int) -> Any:
    """One dispute, as `disputes_for` gives it; NotFound for strangers."""
    return found(disputes_for(actor), "dispute of counts", pk=pk)
