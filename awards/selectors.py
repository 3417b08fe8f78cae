"""Reading performance measures through the eyes of an actor."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, Value, When

from awards.models import PerformanceMeasure
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.selectors import agencies_for
from portal.kernel.quarter import Quarter


def current_measures(actor: Actor, quarter: Quarter) -> QuerySet[PerformanceMeasure]:
    """The latest report of each agency for a quarter."""
    latest = PerformanceMeasure.objects.filter(agency=OuterRef("agency"), quarter=quarter).order_by(
        "-id"
    )
    return (
        actor.scope(PerformanceMeasure.objects.filter(quarter=quarter))
        .filter(pk=Subquery(latest.values("pk")[:1]))
        .select_related("agency", "reported_by")
    )


def agencies_with_counts(actor: Actor, quarter: Quarter) -> QuerySet[Agency]:
    """The agencies the actor may see, each with its current counts of a quarter or None.

    `referred`, `located`, `reported_at`, `reporter` and, for filtering, `reported` (`yes` or `no`).
    """
    latest = PerformanceMeasure.objects.filter(agency=OuterRef("pk"), quarter=quarter).order_by(
        "-id"
    )
    return agencies_for(actor).annotate(
        referred=Subquery(latest.values("referred")[:1]),
        located=Subquery(latest.values("located")[:1]),
        reported_at=Subquery(latest.values("reported_at")[:1]),
        reporter=Subquery(latest.values("reported_by__name")[:1]),
        reported=Case(When(Exists(latest), then=Value("yes")), default=Value("no")),
    )


def measures_of(agency: Agency) -> QuerySet[PerformanceMeasure]:
    """Every report of an agency, the newest quarter and report first; none is ever overwritten."""
    return (
        PerformanceMeasure.objects.filter(agency=agency)
        .select_related("reported_by")
        .order_by("-quarter", "-id")
    )
