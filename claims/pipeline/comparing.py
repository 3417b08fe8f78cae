"""What a payroll file is compared with: the agency's roster, and its lines that count already."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

from agreements.models import ActivePeriod, RosterEntry
from agreements.rules import AgreementPeriod, Eligibility, RosterRow, days_between
from claims.models import PayrollBatch
from claims.payroll.checks import AcceptedRow, Before, Known, RosterIndex, check_against
from claims.payroll.parse import PayrollRow
from claims.rules.facts import rules_on
from portal.kernel import clock
from portal.kernel.findings import Finding
from portal.kernel.quarter import Quarter

BEFORE_DAYS = 183
"""How far back an officer's pay is compared: half a year, so that it follows raises."""

_SHARING_DAYS = """
SELECT l.officer_id, b.quarter || '-' || b.number, l.row, l.period_start, l.period_end, l.paid_on,
    l.annual_salary, l.regular_pay, l.overtime_hours, l.overtime_pay, l.overtime_paid_by_others, l.benefits
FROM claims_payrollbatch b JOIN claims_payrollline l ON l.batch_id = b.id
WHERE b.agency_id = %(agency)s AND b.state = 'accepted' AND NOT b.dry_run
    AND b.id IS DISTINCT FROM %(replaced)s
    AND l.period_end >= %(first)s AND l.period_start <= %(last)s
ORDER BY b.received_at, b.id, l.row
"""
# A line has a day in its batch's quarter, so older quarters hold none of the time that is looked at.
_BEFORE = """
WITH earlier AS (
    SELECT l.*, b.quarter || '-' || b.number AS reference, b.received_at,
        l.period_end - l.period_start + 1 AS days,
        CASE WHEN l.regular_pay > 0 AND l.benefits <> '{}' THEN
            (SELECT sum(value::bigint) FROM json_each_text(l.benefits::json)) END AS benefit_sum
    FROM claims_payrollbatch b JOIN claims_payrollline l ON l.batch_id = b.id
    WHERE b.agency_id = %(agency)s AND b.state = 'accepted' AND NOT b.dry_run
        AND b.id IS DISTINCT FROM %(replaced)s
        AND b.quarter >= %(since_quarter)s
        AND l.period_end < %(first)s AND l.period_start >= %(since)s
), last AS (
    SELECT DISTINCT ON (officer_id) officer_id, reference, annual_salary FROM earlier
    ORDER BY officer_id, period_end DESC, received_at DESC, row DESC
), sums AS (
    SELECT officer_id, sum(regular_pay) AS regular_pay, sum(days) FILTER (WHERE regular_pay > 0) AS days,
        sum(benefit_sum) AS benefits, sum(days) FILTER (WHERE benefit_sum > 0) AS benefit_days
    FROM earlier GROUP BY officer_id
)
SELECT officer_id, reference, annual_salary, regular_pay::bigint, coalesce(days, 0)::bigint,
    coalesce(benefits, 0)::bigint, coalesce(benefit_days, 0)::bigint
FROM last JOIN sums USING (officer_id)
"""


def check_all(batch: PayrollBatch, rows: Sequence[PayrollRow]) -> list[Finding]:
    """What the rows of a file look like beside what the portal knows of the agency.

    The caller holds the agency's lock; `batch.agency` is the locked agency.
    """
    known = Known(_roster(batch), _accepted(batch, rows), _before(batch, rows))
    return check_against(rows, known, batch.quarter, clock.today(batch.agency.time_zone))


def _roster(batch: PayrollBatch) -> RosterIndex:
    entries: dict[str, list[RosterRow]] = defaultdict(list)
    for officer_id, *row in RosterEntry.objects.filter(officer__agency=batch.agency).values_list(
        "officer__payroll_id", *RosterRow._fields
    ):
        entries[officer_id].append(RosterRow(*row))
    rules = rules_on(batch.quarter.start)
    agreements = [
        AgreementPeriod(*row)
        for row in ActivePeriod.objects.filter(agency=batch.agency).values_list(
            *AgreementPeriod._fields
        )
    ]
    eligibility = Eligibility(agreements, rules.reimbursable_models, rules.program_start_on)
    payable = {officer_id: eligibility.days(rows) for officer_id, rows in entries.items()}
    return RosterIndex(
        {
            officer_id: [(row.hired_on, row.separated_on) for row in rows]
            for officer_id, rows in entries.items()
        },
        lambda officer_id, first, last: days_between(
            payable[officer_id], first.toordinal(), last.toordinal()
        ),
        [
            (period.active_from, period.active_to)
            for period in agreements
            if period.model in rules.reimbursable_models
        ],
    )


def _accepted(batch: PayrollBatch, rows: Sequence[PayrollRow]) -> dict[str, list[AcceptedRow]]:
    """Lines that count already and share days with the file's, by officer."""
    found: dict[str, list[AcceptedRow]] = defaultdict(list)
    if not rows:
        return found
    days = {
        "first": min(row.period_start for row in rows),
        "last": max(row.period_end for row in rows),
    }
    for officer_id, reference, row, *values, benefits in _lines(_SHARING_DAYS, batch, **days):
        parts = tuple(json.loads(benefits).items()) if benefits != "{}" else ()
        found[officer_id].append(
            AcceptedRow(reference, PayrollRow._make((row, officer_id, *values, parts, {})))
        )
    return found


def _before(batch: PayrollBatch, rows: Sequence[PayrollRow]) -> dict[str, Before]:
    """What each officer was paid in the half year before the file's first day."""
    if not rows:
        return {}
    first = min(row.period_start for row in rows)
    since = first - timedelta(days=BEFORE_DAYS)
    found = _lines(_BEFORE, batch, first=first, since=since, since_quarter=str(Quarter.of(since)))
    return {officer_id: Before(*sums) for officer_id, *sums in found}


def _lines(query: str, batch: PayrollBatch, **facts: date | str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"agency": batch.agency_id, "replaced": batch.replaces_id, **facts})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
