"""The whole nation from its size, a day and a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from random import Random

from agreements.nation import proportions
from agreements.nation.agencies import (
    NationAgency,
    NationAgreement,
    make_agencies,
    skewed,
)
from agreements.nation.officers import NationOfficer, make_officers
from portal.kernel.quarter import Quarter

FIRST_DAY = date(2019, 2, 1)
"""Before it hardly an agreement of today was signed, so there is nothing to imitate."""
MOST_AGENCIES = 5000
"""With more, the made-up names of places would run out in the largest state."""


@dataclass(frozen=True, slots=True)
class NationSize:
    """How many of each; `quarters` is over how many, the present one included, officers left."""

    agencies: int = 1001
    trained: int = 8501
    in_training: int = 2000
    quarters: int = 4


@dataclass(frozen=True, slots=True)
class Nation:
    """Agencies, each with its officers."""

    agencies: list[tuple[NationAgency, list[NationOfficer]]]


def make_nation(size: NationSize, on: date, seed: int) -> Nation:
    """The nation as it is on a day. ValueError when there can be none of this size."""
    if on < FIRST_DAY:
        raise ValueError(f"a nation can be made for days from {FIRST_DAY} on, not {on}")
    if not 1 <= size.agencies <= MOST_AGENCIES:
        raise ValueError(f"a nation has 1 to {MOST_AGENCIES:,} agencies")
    if min(size.trained, size.in_training, size.quarters) < 0:
        raise ValueError("there are no negative numbers of officers or quarters")
    draw = Random(f"nation {seed}")  # noqa: S311  (made-up people, not a secret)
    agencies = list(make_agencies(draw, size.agencies, on))
    leaving_since = _quarter_back(on, size.quarters)
    under = [_agreement_of_officers(agency) for agency in agencies]
    trained = _divided(
        size.trained,
        [_weight(draw, *pair, on) for pair in zip(agencies, under, strict=True)],
    )
    in_training = _divided(
        size.in_training,
        [skewed(draw, 2, 3) if one and one.last_active_on is None else 0 for one in under],
    )
    made = []
    credentials = count(1)
    people = zip(agencies, under, trained, in_training, strict=True)
    for agency, agreement, here, learning in people:
        officers: list[NationOfficer] = []
        if agreement:
            officers = list(
                make_officers(draw, agreement, here, learning, on, leaving_since, credentials)
            )
        # Nobody has more officers in the program than officers.
        sworn = max(agency.sworn_officers, len(officers))
        made.append((replace(agency, sworn_officers=sworn), officers))
    return Nation(made)


def _quarter_back(on: date, quarters: int) -> date:
    """The first day of the oldest of so many quarters; a day never reached for none."""
    quarter = Quarter.of(on)
    for _ in range(quarters - 1):
        quarter = quarter.previous
    return quarter.start if quarters else date.max


def _agreement_of_officers(agency: NationAgency) -> NationAgreement | None:
    """The agreement under which the agency has its officers: one that goes on, if there is one."""
    signed = [one for one in agency.agreements if one.periods]
    return next(
        (one for one in signed if one.last_active_on is None), signed[0] if signed else None
    )


def _weight(draw: Random, agency: NationAgency, agreement: NationAgreement | None, on: date) -> int:
    """How many trained officers the agency would have by itself, in hundredths."""
    if agreement is None or agreement.signed_on is None:
        return 0
    officers = min(skewed(draw, *proportions.TRAINED_OFFICERS), agency.sworn_officers)
    share = 100 if agreement.model == "TFM" else proportions.OTHER_MODELS_PERCENT
    # Who has just signed still has most of their training before them.
    days = min((on - agreement.signed_on).days, proportions.DAYS_TO_TRAIN)
    return max(1, officers * share * days // proportions.DAYS_TO_TRAIN)


def _divided(total: int, weights: Sequence[int]) -> list[int]:
    """`total` divided in whole numbers, which add up to it, in proportion to the weights."""
    whole = sum(weights)
    if not whole:
        if total:
            raise ValueError("no agency has an agreement for officers; take more agencies")
        return [0] * len(weights)
    return list(_steps(total, weights, whole))


def _steps(total: int, weights: Sequence[int], whole: int) -> Iterator[int]:
    # What each gets is the step between two points of one line, so the parts add up.
    before = below = 0
    for weight in weights:
        before += weight
        yield total * before // whole - below
        below = total * before // whole
