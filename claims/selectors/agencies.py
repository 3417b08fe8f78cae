"""Reading which agencies take part in a quarter, and which of them lack what a claim needs."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from agreements.models import ActivePeriod, Officer
from agreements.selectors import agencies_for
from awards.models import PerformanceMeasure
from awards.selectors import measures_to_confirm
from claims.rules.facts import rules_on
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.kernel import clock
from portal.kernel.quarter import Quarter


def agencies_taking_part(actor: Actor, quarter: Quarter) -> QuerySet[Agency]:
    """The agencies with an agreement in a quarter that pays for its officers."""
    return agencies_for(actor).filter(takes_part(quarter)).order_by("name")


def takes_part(quarter: Quarter) -> Exists:
    """Of an agency: whether an agreement that pays for its officers is active in a quarter."""
    active = ActivePeriod.objects.filter(
        Q(active_to=None) | Q(active_to__gte=quarter.start),
        agency=OuterRef("pk"),
        model__in=rules_on(quarter.start).reimbursable_models,
        active_from__lte=quarter.end,
    )
    return Exists(active)


def without_agreement(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of the agencies that have no agreement of any model active today."""
    today = clock.today()
    active = ActivePeriod.objects.filter(
        Q(active_to=None) | Q(active_to__gte=today), agency=OuterRef("pk"), active_from__lte=today
    )
    return agencies.filter(~Exists(active))


def without_roster(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of the agencies that have no officer yet."""
    return agencies.filter(~Exists(Officer.objects.filter(agency=OuterRef("pk"))))


def without_counts(agencies: QuerySet[Agency], quarter: Quarter) -> QuerySet[Agency]:
    """Those of the agencies for which nobody has reported counts of a quarter, confirmed or not."""
    reported = PerformanceMeasure.objects.filter(agency=OuterRef("pk"), quarter=quarter)
    return agencies.filter(~Exists(reported))


def with_counts_to_confirm(actor: Actor, agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of the agencies with counts that somebody else reported and the actor may confirm."""
    theirs = measures_to_confirm(actor).exclude(reported_by=actor.user)
    return agencies.filter(pk__in=theirs.values("agency"))
