"""Reading whether something came after a claim was signed that would be paid: counts, payments, lines."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet

from awards.rules import Counts, award
from awards.rules import rules_on as award_rules_on
from awards.selectors import confirmed_measures
from claims.models import Calculation, ClaimVersion, OfficerResult, PayrollBatch
from claims.models import PayrollLine as StoredLine
from claims.rules.claim import calculate
from claims.rules.facts import OfficerFacts, PayrollLine
from claims.rules.record import read_input
from portal.kernel import clock

REMEMBER_SECONDS = int(timedelta(days=1).total_seconds())


def came_later(version: ClaimVersion, since: datetime) -> bool:
    """Whether a version would come to other amounts with the counts, payments and files since an instant.

    Roster and agreements are taken as they were: a change of those is an amendment.
    """
    calculation = version.calculation
    if calculation is None:
        return False
    return _counts_came(version, calculation) or _lines_came(version, calculation, since)


def _counts_came(version: ClaimVersion, calculation: Calculation) -> bool:
    claim = version.claim
    measures = confirmed_measures().filter(agency=claim.agency_id, quarter=claim.quarter)
    latest = measures.order_by("-id").first()
    if latest is None:
        return False
    counts = Counts(latest.referred, latest.located)
    rules = award_rules_on(claim.quarter.start)
    now = award(counts, calculation.award_headcount, rules)
    return now.amount != calculation.award_amount


def _lines_came(version: ClaimVersion, calculation: Calculation, since: datetime) -> bool:
    """The answer for today's files; remembered, because pages ask it and large offices take a second."""
    claim = version.claim
    today = clock.today(claim.agency.time_zone)
    files = PayrollBatch.objects.filter(
        agency=claim.agency_id,
        state=PayrollBatch.State.ACCEPTED,
        dry_run=False,
        finished_at__gt=since,
    )
    as_of = files.aggregate(count=Count("pk"), latest=Max("finished_at"))
    if not as_of["count"] and not calculation.waiting_lines:
        return False
    latest = as_of["latest"].isoformat() if as_of["count"] else ""
    key = f"came_later/1/{calculation.pk}/{today}/{as_of['count']}/{latest}"
    known: bool | None = cache.get(key)
    if known is None:
        known = _pays_more_or_less(calculation, _later_lines(version, files), today)
        cache.set(key, known, REMEMBER_SECONDS)
    return known


def _later_lines(version: ClaimVersion, files: QuerySet[PayrollBatch]) -> QuerySet[StoredLine]:
    """The lines with days of the quarter in files, such as the next quarter's, in order of receipt."""
    quarter = version.claim.quarter
    lines = StoredLine.objects.filter(
        batch__in=files, period_start__lte=quarter.end, period_end__gte=quarter.start
    )
    return lines.order_by("batch__received_at", "batch_id", "row")


def _pays_more_or_less(calculation: Calculation, later: QuerySet[StoredLine], today: date) -> bool:
    by_officer: dict[str, list[StoredLine]] = defaultdict(list)
    for line in later:
        by_officer[line.officer_id].append(line)
    content = json.loads(calculation.content)
    rows = OfficerResult.objects.filter(calculation=calculation)
    concerned = Q(officer_id__in=by_officer)
    if calculation.waiting_lines:
        # The record's keys are sorted, so that the list of waiting lines stands at its end.
        concerned |= ~Q(detail__endswith='"waiting":[]}')
    for record in map(json.loads, rows.filter(concerned).values_list("detail", flat=True)):
        new = list(_not_in(record, by_officer[record["officer_id"]]))
        if (new or record["waiting"]) and _differs(content, record, new, today):
            return True
    return False


def _not_in(record: dict[str, Any], later: list[StoredLine]) -> Iterator[PayrollLine]:
    """The lines that an officer's record lacks; what a file repeats counts once, as in `gathering`."""
    counted = Counter(json.dumps([*row[2:4], *row[5:]]) for row in record["lines"])
    in_file: Counter[tuple[object, str]] = Counter()
    for line in later:
        benefits = tuple(json.loads(line.benefits).items())
        amounts = (line.annual_salary, line.regular_pay, benefits)
        overtime = (line.overtime_pay, line.overtime_paid_by_others)
        period = (line.period_start.isoformat(), line.period_end.isoformat())
        same = json.dumps([*period, *amounts, *overtime])
        in_file[line.batch_id, same] += 1
        if in_file[line.batch_id, same] > counted[same]:
            counted[same] += 1
            days = (line.period_start, line.period_end, line.paid_on)
            yield PayrollLine(str(line.batch_id), line.row, *days, *amounts, *overtime)


def _differs(
    content: dict[str, Any], record: dict[str, Any], new: list[PayrollLine], today: date
) -> bool:
    """Whether an officer's amounts, calculated as of today with the new lines, are others."""
    stored = read_input(content, [record])
    (facts,) = stored.officers
    officer: OfficerFacts = facts._replace(lines=(*facts.lines, *new))
    (now,) = calculate(replace(stored, as_of=today, officers=(officer,))).officers
    names = ("regular", "benefits", "overtime_allowed")
    return any(getattr(now, name) != record[name] for name in names)
