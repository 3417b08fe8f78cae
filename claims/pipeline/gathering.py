"""Everything a claim depends on, read in bulk from the tables as they stand."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date

from django.db import connection

from agreements.models import ActivePeriod, Officer
from agreements.rules import AgreementPeriod, RosterRow
from awards.rules import Counts
from awards.rules import rules_on as award_rules_on
from awards.selectors import confirmed_measures
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine, rules_on
from claims.selectors.overtime import used_before
from portal.accounts.models import Agency
from portal.kernel.quarter import Quarter

# Lines of the fiscal year up to the quarter's end or paid in the quarter, and of the time before it those
# that may still tell an officer's salary: those that start last of the paid ones. Order: receipt, then row.
LINES = """
WITH counted AS (
    SELECT l.officer_id, b.quarter || '-' || b.number AS reference, l.row, l.period_start,
        l.period_end, l.paid_on, l.annual_salary, l.regular_pay, l.benefits, l.overtime_pay,
        l.overtime_paid_by_others, b.received_at, b.id AS batch_id
    FROM claims_payrollbatch b JOIN claims_payrollline l ON l.batch_id = b.id
    WHERE b.agency_id = %(agency)s AND b.state = 'accepted' AND NOT b.dry_run
), wanted AS (
    SELECT * FROM counted
    WHERE (period_start <= %(quarter_end)s AND period_end >= %(year_start)s)
        OR paid_on BETWEEN %(quarter_start)s AND %(quarter_end)s
    UNION
    SELECT counted.* FROM counted JOIN (
        SELECT officer_id, max(period_start) AS period_start FROM counted
        WHERE period_end < %(year_start)s AND paid_on <= %(as_of)s GROUP BY officer_id
    ) AS last USING (officer_id, period_start)
)
SELECT officer_id, reference, row, period_start, period_end, paid_on, annual_salary, regular_pay,
    benefits, overtime_pay, overtime_paid_by_others
FROM wanted ORDER BY received_at, batch_id, row
"""


def gather(agency: Agency, quarter: Quarter, as_of: date) -> ClaimInput:
    """The input of an agency's claim: agreements, roster, payroll, counts and the rules of the quarter."""
    lines = _lines(agency, quarter, as_of)
    used = used_before(agency, quarter)
    officers = (
        Officer.objects.filter(agency=agency).prefetch_related("entries").order_by("payroll_id")
    )
    return ClaimInput(
        quarter=quarter,
        as_of=as_of,
        agreements=tuple(
            AgreementPeriod(*row)
            for row in ActivePeriod.objects.filter(agency=agency)
            .order_by("model", "active_from")
            .values_list("model", "active_from", "active_to")
        ),
        officers=tuple(
            OfficerFacts(
                officer_id=officer.payroll_id,
                name=officer.name,
                title=officer.title,
                roster=tuple(
                    RosterRow(
                        entry.hired_on,
                        entry.separated_on,
                        entry.model,
                        entry.authorized_from,
                        entry.authorized_to,
                    )
                    for entry in officer.entries.all()
                ),
                lines=tuple(lines.get(officer.payroll_id, ())),
                overtime_used_before=used[officer.payroll_id],
            )
            for officer in officers
        ),
        counts=_counts(agency, quarter),
        rules=rules_on(quarter.start),
        award_rules=award_rules_on(quarter.start),
    )


def _lines(agency: Agency, quarter: Quarter, as_of: date) -> dict[str, list[PayrollLine]]:
    found: dict[str, list[PayrollLine]] = defaultdict(list)
    counted: Counter[tuple[object, ...]] = Counter()
    in_batch: Counter[tuple[object, ...]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            LINES,
            {
                "agency": agency.pk,
                "quarter_start": quarter.start,
                "quarter_end": quarter.end,
                "year_start": quarter.year_start,
                "as_of": as_of,
            },
        )
        for (
            officer_id,
            reference,
            row,
            start,
            end,
            paid,
            salary,
            regular,
            benefits,
            *overtime,
        ) in cursor.fetchall():
            # A line that a later file repeats counts once, as it was first received; two equal lines of
            # one file are two lines.
            line = (officer_id, start, end, salary, regular, benefits, *overtime)
            in_batch[reference, line] += 1
            if in_batch[reference, line] <= counted[line]:
                continue
            counted[line] += 1
            found[officer_id].append(
                PayrollLine(
                    reference,
                    row,
                    start,
                    end,
                    paid,
                    salary,
                    regular,
                    tuple(json.loads(benefits).items()),
                    *overtime,
                )
            )
    return found


def _counts(agency: Agency, quarter: Quarter) -> Counts | None:
    latest = confirmed_measures().filter(agency=agency, quarter=quarter).order_by("-id").first()
    return Counts(latest.referred, latest.located) if latest else None
