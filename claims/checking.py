"""The intake's checks without a database: what the portal would find in a payroll file, found offline.

The same functions as in the portal's jobs read, match, parse and check; only what lies in the portal
(its agreements, lines that count already) is not compared.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from agreements.roster_file import RosterFileRow, parse_roster
from agreements.roster_file import check_kind as check_is_roster
from agreements.roster_roles import ROSTER_TARGET
from agreements.rules import AgreementPeriod, Eligibility, RosterRow, days_between
from claims.payroll.checks import Known, RosterIndex, check_against, check_file, quarter_of
from claims.payroll.kind_of_file import check_kind as check_is_payroll
from claims.payroll.parse import PayrollRow, parse_payroll
from claims.payroll.roles import PAYROLL_TARGET
from claims.rules.facts import rules_on
from portal.kernel.findings import Finding, Severity, has_errors
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import Reading, Table
from portal.kernel.tabular.apart import read_apart
from portal.kernel.tabular.mapping import (
    Gap,
    People,
    Target,
    apply_mapping,
    fits,
    problems_of,
    recognise,
    suggest,
)
from portal.kernel.tabular.mapping import Mapping as ColumnsMatched
from portal.kernel.tabular.sensitive import NEVER_KEPT


class _Kind(NamedTuple):
    """What a file can be matched to, and the check whether it is another kind of file."""

    target: Target
    check: Callable[[Sequence[str]], list[Finding]]


_PAYROLL = _Kind(PAYROLL_TARGET, check_is_payroll)
_ROSTER = _Kind(ROSTER_TARGET, check_is_roster)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A file whose columns nobody has matched: what they most likely are, and what that lacks."""

    suggested: ColumnsMatched
    gaps: Sequence[Gap]


@dataclass(slots=True)
class CheckedFile:
    """What was found in one file; `unmatched` when its columns are not known yet."""

    sha256: str
    rows: Sequence[PayrollRow | RosterFileRow] = ()
    findings: list[Finding] = field(default_factory=list)
    unmatched: Unmatched | None = None

    @property
    def is_clean(self) -> bool:
        """Whether the portal would take it: no error, and every column known."""
        return self.unmatched is None and not has_errors(self.findings)

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity in the order of their rows."""
        found = [finding for finding in self.findings if finding.severity is severity]
        return sorted(found, key=lambda finding: finding.row or 0)


@dataclass(slots=True)
class CheckedPayroll(CheckedFile):
    """A payroll file; `quarter` is the one it was checked for, None when no row could be read."""

    rows: Sequence[PayrollRow] = ()
    quarter: Quarter | None = None
    is_compared: bool = False

    @property
    def totals(self) -> dict[str, int]:
        """Sums in cents over the rows that could be read."""
        return {
            "regular_pay": sum(row.regular_pay for row in self.rows),
            "benefits": sum(amount for row in self.rows for _, amount in row.benefits),
            "overtime_pay": sum(row.overtime_pay for row in self.rows),
        }


def check_roster(content: bytes, mapping: ColumnsMatched | None = None) -> CheckedFile:
    """A roster file, as the portal checks it by itself."""
    checked = CheckedFile(hashlib.sha256(content).hexdigest())
    reading = _opened(checked, content, _ROSTER, mapping, People())
    checked.rows, checked.findings = parse_roster(reading)
    return checked


def check_payroll(
    content: bytes,
    roster: CheckedFile,
    *,
    quarter: Quarter | None = None,
    mapping: ColumnsMatched | None = None,
    today: date | None = None,
) -> CheckedPayroll:
    """A payroll file, by itself and against a roster without errors.

    Without a quarter it is checked for the one that most of its rows have days in.
    """
    officers = [row for row in roster.rows if isinstance(row, RosterFileRow)]
    people = People((row.officer_id, row.last_name, row.first_name) for row in officers)
    checked = CheckedPayroll(hashlib.sha256(content).hexdigest())
    reading = _opened(checked, content, _PAYROLL, mapping, people)
    checked.rows, checked.findings = parse_payroll(reading)
    checked.quarter = quarter or quarter_of(checked.rows)
    if checked.quarter is None or checked.unmatched is not None:
        return checked
    checked.findings += check_file(checked.rows, checked.quarter)
    if roster.is_clean:
        checked.is_compared = True
        known = Known(roster_index(officers, checked.quarter))
        checked.findings += check_against(checked.rows, known, checked.quarter, today)
    return checked


def roster_index(roster: Iterable[RosterFileRow], quarter: Quarter) -> RosterIndex:
    """What the checks need to know of a roster file; agreements are taken to cover every day."""
    entries: dict[str, list[RosterRow]] = defaultdict(list)
    for row in roster:
        entries[row.officer_id].append(
            RosterRow(
                row.hired_on, row.separated_on, row.model, row.authorized_from, row.authorized_to
            )
        )
    rules = rules_on(quarter.start)
    agreements = [
        AgreementPeriod(model, rules.program_start_on, None) for model in rules.reimbursable_models
    ]
    eligibility = Eligibility(agreements, rules.reimbursable_models, rules.program_start_on)
    return index_of(entries, eligibility)


def index_of(
    entries: Mapping[str, Sequence[RosterRow]],
    eligibility: Eligibility,
    agreements: Sequence[tuple[date, date | None]] | None = None,
) -> RosterIndex:
    """An agency's roster, by officer, as the checks ask for it."""
    payable = {officer_id: eligibility.days(rows) for officer_id, rows in entries.items()}
    return RosterIndex(
        {
            officer_id: [(row.hired_on, row.separated_on) for row in rows]
            for officer_id, rows in entries.items()
        },
        lambda officer_id, first, last: days_between(
            payable[officer_id], first.toordinal(), last.toordinal()
        ),
        agreements,
    )


def _opened(
    checked: CheckedFile,
    content: bytes,
    kind: _Kind,
    mapping: ColumnsMatched | None,
    people: People,
) -> Reading:
    """The table in the template's columns, as `portal.intake.opening` makes it."""
    target = kind.target
    table, findings, _ = read_apart(content, recognise=recognise(target), drop_sensitive=True)
    if table is None or any(finding.code in NEVER_KEPT for finding in findings):
        return Reading(None, findings)
    if fits(target, table.header):
        return Reading(table, findings)
    if mapping is not None:
        table, found = apply_mapping(target, mapping, table, people)
        return Reading(table, findings + found)
    if other := kind.check(table.header):
        return Reading(None, findings + other)
    checked.unmatched = _unmatched(target, table)
    return Reading(None, findings)


def _unmatched(target: Target, table: Table) -> Unmatched:
    suggested = suggest(target, table)
    return Unmatched(suggested, problems_of(target, suggested, table))
