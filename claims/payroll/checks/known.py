"""All that is compared with what is known beside the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims.payroll.checks.earlier import (
    AcceptedRow,
    Before,
    check_against_accepted,
    check_against_before,
)
from claims.payroll.checks.roster import RosterIndex, check_against_roster, check_missing
from claims.payroll.parse import PayrollRow
from portal.kernel.collector import collector_paused
from portal.kernel.findings import Finding
from portal.kernel.quarter import Quarter


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an agency beside a file: its roster, and its lines that count, by officer.

    `accepted` are the lines that share days with the file, `before` sums up those that ended earlier.
    """

    roster: RosterIndex
    accepted: Mapping[str, Sequence[AcceptedRow]] = field(default_factory=dict)
    before: Mapping[str, Before] = field(default_factory=dict)


@collector_paused()
def check_against(
    rows: Sequence[PayrollRow],
    known: Known,
    quarter: Quarter | None = None,
    today: date | None = None,
) -> list[Finding]:
    """Every check of a file's rows that needs to know more than the file."""
    return [
        *check_against_roster(rows, known.roster, today),
        *check_missing(rows, known.roster, known.accepted.keys(), quarter),
        *check_against_accepted(rows, known.accepted),
        *check_against_before(rows, known.before, known.roster),
    ]
