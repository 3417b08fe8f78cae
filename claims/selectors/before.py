"""Reading a claim beside the one of the quarter before."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from claims.models import ClaimVersion
from claims.rules.hints import OfficerQuarter
from claims.rules.lifecycle import State
from portal.kernel.quarter import Quarter

NOT_SIGNED = (State.DRAFT, State.READY, State.WITHDRAWN)


class Compared(NamedTuple):
    """An officer in two quarters; one of the two is missing for who came or left."""

    officer_id: str
    name: str
    now: OfficerQuarter | None
    before: OfficerQuarter | None

    @property
    def change(self) -> int:
        """How much more the officer costs than in the quarter before, in cents."""
        return (self.now.total if self.now else 0) - (self.before.total if self.before else 0)


def versions_before(versions: Collection[ClaimVersion]) -> dict[int, ClaimVersion]:
    """By version, what its agency signed last for the quarter before; without those that have none."""
    rows = ClaimVersion.objects.filter(
        claim__agency__in={version.claim.agency_id for version in versions},
        claim__quarter__in={version.claim.quarter.previous for version in versions},
    ).exclude(state__in=NOT_SIGNED)
    rows = rows.select_related("claim__agency", "calculation").defer("calculation__content")
    last: dict[tuple[int, Quarter], ClaimVersion] = {
        (row.claim.agency_id, row.claim.quarter): row
        for row in rows.order_by("claim__sequence", "number")
    }
    return {
        version.pk: last[key]
        for version in versions
        if (key := (version.claim.agency_id, version.claim.quarter.previous)) in last
    }


def version_before(version: ClaimVersion) -> ClaimVersion | None:
    """What the agency signed last for the quarter before; None when that was nothing."""
    return versions_before([version]).get(version.pk)


_SIDE_BY_SIDE = """
    SELECT coalesce(n.officer_id, b.officer_id), coalesce(n.name, b.name),
           n.position, n.title, n.eligible_days, n.regular, n.benefits, n.overtime_submitted,
           n.overtime_cap, n.overtime_used_before, n.overtime_allowed, n.total,
           b.position, b.title, b.eligible_days, b.regular, b.benefits, b.overtime_submitted,
           b.overtime_cap, b.overtime_used_before, b.overtime_allowed, b.total
    FROM (SELECT * FROM claims_officerresult WHERE calculation_id = %s) n
    FULL JOIN (SELECT * FROM claims_officerresult WHERE calculation_id = %s) b USING (officer_id)
    ORDER BY abs(coalesce(n.total, 0) - coalesce(b.total, 0)) DESC, 2, 1
"""
_FIELDS = len(OfficerQuarter._fields)


def side_by_side(version: ClaimVersion, before: ClaimVersion | None) -> list[Compared]:
    """Every officer of either claim, the biggest change first."""
    keys = [version.calculation_id, before.calculation_id if before else None]
    with connection.cursor() as cursor:
        cursor.execute(_SIDE_BY_SIDE, keys)
        rows = cursor.fetchall()
    middle = 2 + _FIELDS
    return [
        Compared(row[0], row[1], _quarter(row[2:middle]), _quarter(row[middle:])) for row in rows
    ]


def _quarter(values: tuple[object, ...]) -> OfficerQuarter | None:
    return None if values[0] is None else OfficerQuarter(*values)  # type: ignore[arg-type]  # as the query names them
