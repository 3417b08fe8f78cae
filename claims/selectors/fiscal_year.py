"""Reading what the quarters of a fiscal year come to, up to a claim's own: claimed, and allowed."""

from __future__ import annotations

from claims.models import ClaimVersion
from claims.rules.explain import (
    DENIED,
    NOT_CERTIFIED,
    NOT_DECIDED,
    OfQuarter,
    Section,
    explain_year,
)
from claims.rules.lifecycle import IN_FORCE, State
from claims.selectors.claims import NOT_YET_FEDERAL
from claims.selectors.counting import counting
from claims.selectors.lines import allowed_total
from claims.selectors.linked import base_of
from portal.kernel.quarter import Quarter


def year_to_date(version: ClaimVersion) -> tuple[Section, Section]:
    """What was claimed in the fiscal year up to a version of a claim, and what people left of it.

    Of an earlier quarter only what was signed counts, and only what was decided is allowed: both sides
    read the same.
    """
    claim = version.claim
    earlier = [
        found.version
        for number in range(1, claim.quarter.number)
        if (found := counting(claim.agency_id, Quarter(claim.quarter.fiscal_year, number)))
    ]
    return explain_year(
        [
            *(_of_quarter(one, _computed(one)) for one in earlier),
            _of_quarter(
                version,
                _computed(version),
                NOT_CERTIFIED if version.state in NOT_YET_FEDERAL else "",
            ),
        ],
        [*(_allowed(one) for one in earlier), _allowed(version)],
    )


def _allowed(version: ClaimVersion) -> OfQuarter:
    """What people left of a version's quarter: a correction not granted leaves it as it was before."""
    if version.state in IN_FORCE:
        return _of_quarter(version, allowed_total(version))
    base = base_of(version.claim)
    if base is not None:
        base.version.claim = base
        return _of_quarter(base.version, allowed_total(base.version))
    return _of_quarter(version, 0, DENIED if version.state == State.DENIED else NOT_DECIDED)


def _of_quarter(version: ClaimVersion, amount: int, why: str = "") -> OfQuarter:
    return OfQuarter(str(version.claim.quarter), version.claim.number, amount, why)


def _computed(version: ClaimVersion) -> int:
    return version.calculation.total if version.calculation else 0
