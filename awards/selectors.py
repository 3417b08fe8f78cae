"""Reading performance measures through the eyes of an actor."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from awards.models import PerformanceMeasure
from portal.accounts.policies import Actor
from portal.kernel.quarter import Quarter


def current_measures(actor: Actor, quarter: Quarter) -> QuerySet[PerformanceMeasure]:
    """The latest report of each agency for a quarter."""
    latest = PerformanceMeasure.objects.filter(
        agency=OuterRef("agency"), quarter=quarter
    ).order_by("-id")
    return (
        actor.scope(PerformanceMeasure.objects.filter(quarter=quarter))
        .filter(pk=Subquery(latest.values("pk")[:1]))
        .select_related("agency", "reported_by")
    )
