"""Reading what a correction changes, by officer and dollar."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from claims.differences import Difference, difference
from claims.models import Claim, ClaimVersion, OfficerResult
from claims.selectors.claims import versions_of
from claims.selectors.lines import is_readable
from claims.selectors.linked import (
    BEFORE_REVIEW,
    Address,
    base_of,
    computed_lines,
    inherited_adjustments,
    taken_from,
)
from portal.accounts.policies import Actor


def difference_of(actor: Actor, version: ClaimVersion, base: Claim) -> Difference:
    """What a version allows beside the decided claim that it corrects, as far as the reader may know.

    What reviewers take from its lines is theirs until they are done; until then the agency reads what
    they took before.
    """
    taken = inherited_adjustments(version)
    if version.state not in BEFORE_REVIEW and is_readable(actor, version):
        taken = taken_from(version)
    return _difference(version, base, taken)


def version_before(actor: Actor, version: ClaimVersion) -> ClaimVersion | None:
    """The version that this one came after, if the reader may see it; None for a first one."""
    if version.number == 1:
        return None
    earlier = versions_of(actor, version.claim).filter(number=version.number - 1).first()
    if earlier is not None:
        earlier.claim = version.claim
    return earlier


def difference_from(before: ClaimVersion, version: ClaimVersion) -> Difference:
    """What the rules leave of a version's lines beside those of a version before it."""
    return difference(computed_lines(before), computed_lines(version))


def signed_difference(version: ClaimVersion) -> Difference | None:
    """What the agency signs with a correction, before any reviewer; None for an original."""
    base = base_of(version.claim)
    if base is None or version.calculation is None:
        return None
    return _difference(version, base, inherited_adjustments(version))


def names_in(*versions: ClaimVersion, only: Collection[str] | None = None) -> dict[str, str]:
    """The officers of some versions by payroll id, as they were called then; the last version counts.

    `only` those with these payroll ids; without it all of them.
    """
    names: dict[str, str] = {}
    for version in versions:
        rows = OfficerResult.objects.filter(calculation=version.calculation_id)
        if only is not None:
            rows = rows.filter(officer_id__in=only)
        names.update(rows.values_list("officer_id", "name"))
    return names


def places_in(version: ClaimVersion, only: Collection[str]) -> dict[str, int]:
    """Where some officers stand in a version, by payroll id; without those who are not in it."""
    rows = OfficerResult.objects.filter(calculation=version.calculation_id, officer_id__in=only)
    return dict(rows.values_list("officer_id", "position"))


def _difference(version: ClaimVersion, base: Claim, taken: Mapping[Address, int]) -> Difference:
    return difference(_left(base.version, taken_from(base.version)), _left(version, taken))


def _left(version: ClaimVersion, taken: Mapping[Address, int]) -> dict[Address, int]:
    lines = dict(computed_lines(version))
    for address, cents in taken.items():
        lines[address] = lines.get(address, 0) + cents
    return lines
