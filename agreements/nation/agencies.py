"""Made-up agencies and their agreements."""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple, TypeVar

from agreements.agency_names import name_key
from agreements.ice_list.counties import counties_of
from agreements.nation import proportions
from agreements.nation.words import PLACE_BEGINNINGS, PLACE_ENDINGS, STATE_BODIES
from portal.kernel.states import STATES

_P90 = 1.2816  # standard deviations from the median to the 90th percentile
_LARGEST = 2000

T = TypeVar("T")


class NationPeriod(NamedTuple):
    """Days on which an agreement is active; `ended_because` as the portal's table names it."""

    active_from: date
    active_to: date | None = None
    ended_because: str = ""


@dataclass(frozen=True, slots=True)
class NationAgreement:
    """One agreement; `signed_on` is None while it is pending."""

    model: str
    status: str
    signed_on: date | None = None
    periods: tuple[NationPeriod, ...] = ()

    @property
    def last_active_on(self) -> date | None:
        """Its last active day; None while it goes on."""
        return self.periods[-1].active_to if self.periods else None


@dataclass(frozen=True, slots=True)
class NationAgency:
    """One agency; `other_name` is another spelling in use, empty for none."""

    name: str
    other_name: str
    state: str
    county: str
    kind: str
    ori: str
    sworn_officers: int
    agreements: tuple[NationAgreement, ...]


def chance(draw: Random, thousandths: int) -> bool:
    """True so many times of a thousand."""
    return draw.randrange(1000) < thousandths


def skewed(draw: Random, median: float, ratio: float) -> int:
    """A log-normal whole number from 1; a tenth of them are above `median * ratio`."""
    return max(1, round(median * math.exp(draw.gauss(0, math.log(ratio) / _P90))))


def make_agencies(draw: Random, count: int, on: date) -> Iterator[NationAgency]:
    """So many agencies as they are on a day, each with a name of its own in its state."""
    taken: set[tuple[str, str]] = set()
    states = _drawn(draw, proportions.AGENCIES_OF_STATE, count)
    kinds = _drawn(draw, proportions.AGENCIES_OF_KIND, count)
    models = _drawn(draw, proportions.MODELS_OF_AGENCY, count)
    for state, kind, of_models in zip(states, kinds, models, strict=True):
        county = draw.choice(counties_of(state))
        name = _new_name(draw, state, county, kind, taken)
        median, ratio = proportions.SWORN_OFFICERS.get(kind, proportions.OTHER_SWORN_OFFICERS)
        yield NationAgency(
            name=name,
            other_name=_other_spelling(draw, name),
            state=state,
            county="" if kind == "state" else county,
            kind=kind,
            ori=""
            if chance(draw, proportions.WITHOUT_ORI)
            else f"{state}{draw.randrange(10**5):05d}00",
            sworn_officers=min(skewed(draw, median, ratio), _LARGEST),
            agreements=tuple(_agreements(draw, of_models, on)),
        )


def _drawn(draw: Random, weights: dict[T, int], count: int) -> list[T]:
    return draw.choices(list(weights), list(weights.values()), k=count)


def _new_name(draw: Random, state: str, county: str, kind: str, taken: set[tuple[str, str]]) -> str:
    name = _named(draw, state, county, kind)
    while (state, name_key(name)) in taken:
        # A county has one sheriff; the next agency there is a city's.
        name = _named(draw, state, county, "municipal" if kind == "county" else kind)
    taken.add((state, name_key(name)))
    return name


def _named(draw: Random, state: str, county: str, kind: str) -> str:
    place = draw.choice(PLACE_BEGINNINGS) + draw.choice(PLACE_ENDINGS)
    match kind:
        case "county":
            return f"{county} Sheriff's Office"
        case "state":
            return f"{STATES[state]} {place} {draw.choice(STATE_BODIES)}"
        case "constable":
            return f"{county} Constable Precinct {draw.randint(1, 8)}, {place}"
        case "campus":
            return f"{place} College Police Department"
        case "regional":
            return f"{place} Regional Police Department"
        case "judicial_district":
            return f"District Attorney of the {place} Judicial District"
        case "port":
            return f"{place} Port Authority Police"
    return f"{place} Police Department"


def _other_spelling(draw: Random, name: str) -> str:
    if not chance(draw, proportions.OTHER_SPELLING):
        return ""
    for usual, other in (("Sheriff's", "Sheriffs"), ("Police Department", "Police Dept.")):
        if usual in name:
            return name.replace(usual, other)
    return f"The {name}"


def _agreements(draw: Random, models: tuple[str, ...], on: date) -> Iterator[NationAgreement]:
    if chance(draw, proportions.PENDING):
        yield NationAgreement(models[0], "pending")
        return
    for model in models:
        yield from _history(draw, model, _signing_day(draw, on), on)
    if len(models) == 1 and chance(draw, proportions.PENDING_SECOND_MODEL):
        yield NationAgreement("WSO" if models[0] != "WSO" else "JEM", "pending")


def _history(draw: Random, model: str, signed_on: date, on: date) -> Iterator[NationAgreement]:
    """One agreement, or one and that which replaced it."""
    last = on - timedelta(days=1)
    end = signed_on + (last - signed_on) * draw.uniform(0.3, 0.9)
    if end <= signed_on:
        yield _signed(model, signed_on, NationPeriod(signed_on))
    elif chance(draw, proportions.ENDED):
        yield _ended(model, signed_on, end, "terminated")
    elif chance(draw, proportions.RESIGNED):
        again = end + timedelta(days=1)
        yield _ended(model, signed_on, end, "superseded")
        yield _signed(model, again, NationPeriod(again))
    elif chance(draw, proportions.SUSPENDED):
        back = min(end + timedelta(days=draw.randint(10, 90)), on)
        yield _signed(
            model, signed_on, NationPeriod(signed_on, end, "suspended"), NationPeriod(back)
        )
    else:
        yield _signed(model, signed_on, NationPeriod(signed_on))


def _signed(model: str, on: date, *periods: NationPeriod) -> NationAgreement:
    return NationAgreement(model, "signed", on, periods)


def _ended(model: str, signed_on: date, last: date, because: str) -> NationAgreement:
    return NationAgreement(model, "ended", signed_on, (NationPeriod(signed_on, last, because),))


def _signing_day(draw: Random, on: date) -> date:
    """A day on which agreements were signed, up to `on`."""
    months = {
        month: signed
        for month, signed in proportions.SIGNED_IN_MONTH.items()
        if month <= (on.year, on.month)
    }
    ((year, month),) = _drawn(draw, months, 1)
    return min(date(year, month, draw.randint(1, monthrange(year, month)[1])), on)
