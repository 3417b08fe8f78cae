"""The program in numbers: agreements, agencies and officers, by model, state, county and month.

Every function asks the database once, whatever the size of the nation. No number here is about the
share of persons located: agencies are not ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least, TruncMonth

from agreements.models import ActivePeriod, Agreement, RosterEntry
from portal.accounts.policies import Actor
from portal.kernel.states import STATES

#: An officer may be on the roster before it is known for which model they are trained.
NO_MODEL = ""


class Spread(NamedTuple):
    """A count of one state and model, on the day asked for and on an earlier one."""

    state: str
    model: str
    now: int
    then: int = 0


class Moved(NamedTuple):
    """How many of one model began, or ended, in the month that starts on a day."""

    month: date
    model: str
    number: int


class CountyFigures(NamedTuple):
    """What stands in one named county."""

    state: str
    county: str
    agencies: int
    agreements: int

    @property
    def state_name(self) -> str:
        """The state in words."""
        return STATES.get(self.state, self.state)


@dataclass(frozen=True, slots=True)
class Trained:
    """Officers trained up to a day, each counted once, under the model and in the month of the first time."""

    spread: list[Spread]
    by_month: list[Moved]


class Roster(NamedTuple):
    """Of the officers trained up to a day: how many left, and how many are authorized on it."""

    left: int
    authorized: int


def grown(before: int, after: int) -> int | None:
    """By how many percent a count grew, cut to a whole number; None from nothing.

    Source: the announcements of the program, where 135 to 958 is 609% and not 610%.
    """
    if not before:
        return None
    percent = abs(after - before) * 100 // before
    return percent if after >= before else -percent


def active_agreements(actor: Actor, on: date, since: date) -> list[Spread]:
    """Agreements active on `on` and on `since`. Of one model an agency has at most one a day."""
    rows = (
        actor.scope(ActivePeriod.objects.all())
        .values_list("agency__state", "model")
        .annotate(now=Count("pk", filter=_active(on)), then=Count("pk", filter=_active(since)))
    )
    return [Spread(*row) for row in rows]


def active_agencies(actor: Actor, on: date, since: date) -> list[Spread]:
    """Agencies with an active agreement of any model, by state; `model` is empty."""
    rows = (
        actor.scope(ActivePeriod.objects.all())
        .values_list("agency__state")
        .annotate(
            now=Count("agency", filter=_active(on), distinct=True),
            then=Count("agency", filter=_active(since), distinct=True),
        )
    )
    return [Spread(state, NO_MODEL, now, then) for state, now, then in rows]


def pending_agreements(actor: Actor) -> list[Spread]:
    """Agreements asked for and not signed, as they stand now."""
    pending = Agreement.objects.filter(status=Agreement.Status.PENDING)
    rows = actor.scope(pending).values_list("agency__state", "model").annotate(now=Count("pk"))
    return [Spread(*row) for row in rows]


def begun_by_month(actor: Actor, on: date) -> list[Moved]:
    """Active periods that began up to a day."""
    begun = ActivePeriod.objects.filter(active_from__lte=on)
    return _by_month(actor.scope(begun), "active_from")


def ended_by_month(actor: Actor, on: date) -> list[Moved]:
    """Active periods that were over on a day, in the month of the first day without them."""
    over = ExpressionWrapper(F("active_to") + timedelta(days=1), output_field=DateField())
    ended = ActivePeriod.objects.annotate(over_on=over).filter(over_on__lte=on)
    return _by_month(actor.scope(ended), "over_on")


def signed_by_month(actor: Actor, on: date) -> list[Moved]:
    """Agreements signed up to a day; one without an active day was recorded by mistake."""
    days = ActivePeriod.objects.filter(agreement=OuterRef("pk"))
    signed = Agreement.objects.filter(Exists(days), signed_on__lte=on)
    return _by_month(actor.scope(signed), "signed_on")


def trained_officers(actor: Actor, on: date, since: date) -> Trained:
    """Everybody who was trained up to `on`, those who left since included."""
    first = _trained(on).order_by("officer", "trained", "pk").distinct("officer")
    rows = (
        actor.scope(RosterEntry.objects.filter(pk__in=first.values("pk")), "officer__agency")
        .annotate(trained=Least("trained_on", "authorized_from"), month=TruncMonth("trained"))
        .values_list("officer__agency__state", "model", "month")
        .annotate(now=Count("pk"), then=Count("pk", filter=Q(trained__lte=since)))
    )
    found = list(rows)
    return Trained(
        [Spread(state, model, now, then) for state, model, _, now, then in found],
        [Moved(month, model, now) for _, model, month, now, _ in found],
    )


def officers_in_training(actor: Actor, on: date) -> list[Spread]:
    """Officers employed on a day who were not trained up to it."""
    learning = (
        RosterEntry.objects.filter(_employed(on))
        .exclude(officer__in=_trained(on).values("officer"))
        .order_by("officer", "-hired_on", "pk")
        .distinct("officer")
    )
    rows = (
        actor.scope(RosterEntry.objects.filter(pk__in=learning.values("pk")), "officer__agency")
        .values_list("officer__agency__state", "model")
        .annotate(now=Count("pk"))
    )
    return [Spread(*row) for row in rows]


def roster_of_trained(actor: Actor, on: date) -> Roster:
    """What became of the officers trained up to a day, by the agencies' own rosters."""
    entries = actor.scope(_trained(on), "officer__agency")
    authorized = Q(authorized_from__lte=on) & (Q(authorized_to=None) | Q(authorized_to__gte=on))
    found = entries.aggregate(
        everybody=Count("officer", distinct=True),
        employed=Count("officer", filter=_employed(on), distinct=True),
        authorized=Count("officer", filter=_employed(on) & authorized, distinct=True),
    )
    return Roster(found["everybody"] - found["employed"], found["authorized"])


def counties(actor: Actor, on: date) -> list[CountyFigures]:
    """Every named county with an active agreement, by state and name."""
    rows = (
        actor.scope(ActivePeriod.objects.filter(_active(on)).exclude(agency__county=""))
        .values_list("agency__state", "agency__county")
        .annotate(Count("agency", distinct=True), Count("pk"))
    )
    found = (CountyFigures(*row) for row in rows)
    return sorted(found, key=lambda one: (one.state_name, one.county))


def total(spread: Iterable[Spread]) -> tuple[int, int]:
    """The sum of counts, on the day and on the earlier one."""
    rows = list(spread)
    return sum(row.now for row in rows), sum(row.then for row in rows)


def by(field: str, spread: Iterable[Spread]) -> dict[str, int]:
    """The counts added up by `state` or `model`."""
    counts: dict[str, int] = {}
    for row in spread:
        key = getattr(row, field)
        counts[key] = counts.get(key, 0) + row.now
    return counts


def _active(on: date) -> Q:
    return Q(active_from__lte=on) & (Q(active_to=None) | Q(active_to__gte=on))


def _employed(on: date) -> Q:
    return Q(hired_on__lte=on) & (Q(separated_on=None) | Q(separated_on__gte=on))


def _trained(on: date) -> QuerySet[Any]:
    # An authorization without a day of training is a training all the same, at the latest then.
    return RosterEntry.objects.annotate(trained=Least("trained_on", "authorized_from")).filter(
        trained__lte=on
    )


def _by_month(rows: QuerySet[Any], field: str) -> list[Moved]:
    counted = rows.values_list(TruncMonth(field), "model").annotate(Count("pk"))
    return [Moved(*row) for row in counted]
