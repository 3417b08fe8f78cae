"""Reading what an address in a claim stands for."""

from __future__ import annotations

from collections.abc import Iterable

from claims.models import ClaimVersion, OfficerResult
from claims.rules.address import Address
from portal.kernel.errors import BadInput, Refused

FEW_OFFICERS = 200
"""Up to so many officers are offered in a list; of more one types the payroll id."""


def not_in_claim(version: ClaimVersion, address: Address) -> Refused | None:
    """Why nothing can be said about this place in the version, or None when it is there."""
    if not address.may_be:
        return BadInput(
            "no_such_line",
            "The performance award is the claim's own, and every other line is an officer's.",
            "Choose an officer, or the award and no officer.",
        )
    if address.officer_id and address.officer_id not in officers_named(
        version, [address.officer_id]
    ):
        return BadInput(
            "no_such_officer",
            "This claim has no officer with that payroll id.",
            "Write the payroll id as the list of officers shows it, or leave it empty.",
        )
    return None


def officers_named(version: ClaimVersion, officer_ids: Iterable[str]) -> dict[str, OfficerResult]:
    """The officers of a version's calculation by payroll id, those there are."""
    wanted = {officer_id for officer_id in officer_ids if officer_id}
    if not wanted or version.calculation_id is None:
        return {}
    rows = OfficerResult.objects.filter(
        calculation_id=version.calculation_id, officer_id__in=wanted
    )
    return {row.officer_id: row for row in rows.only("officer_id", "name")}


def few_officers(version: ClaimVersion) -> list[tuple[str, str]]:
    """The officers of a version to choose from, as payroll id and name; none when they are too many."""
    if version.calculation_id is None:
        return []
    rows = OfficerResult.objects.filter(calculation_id=version.calculation_id).order_by("name")
    listed = list(rows.values_list("officer_id", "name")[: FEW_OFFICERS + 1])
    return [] if len(listed) > FEW_OFFICERS else listed
