"""A quarter's payroll in figures, through the eyes of an actor: covered days, files compared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from operator import itemgetter
from uuid import UUID

from django.db.models import Max, QuerySet

from agreements.models import Officer, RosterEntry
from agreements.rules import RosterRow
from agreements.selectors import eligibility_on
from claims.comparison import Summary
from claims.coverage import Coverage, OfficerPay, cover
from claims.models import PayrollBatch, PayrollLine, PayrollSummary
from claims.rules import facts
from claims.selectors.claims import claims_for
from claims.selectors.payroll import batches_for
from claims.selectors.quarters import claimable_quarters
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side
from portal.kernel import clock
from portal.kernel.collector import collector_paused
from portal.kernel.errors import NotFound
from portal.kernel.quarter import Quarter


def agency_quarter(actor: Actor, number: str) -> tuple[Agency, Quarter]:
    """What a claim's number stands for: of an existing claim, or of one the actor's agency may start."""
    claim = claims_for(actor).filter(number=number).first()
    if claim is not None:
        return claim.agency, claim.quarter
    own = actor.agency
    if own is not None:
        for quarter in claimable_quarters(clock.today(own.time_zone)):
            if number == f"{own.number}-{quarter}":
                return own, quarter
    raise NotFound("claim")


@collector_paused()
def coverage_of(actor: Actor, agency: Agency, quarter: Quarter) -> Coverage:
    """An agency's quarter, officer by pay period, as of the agency's today; NotFound for strangers.

    The federal side sees it for claims it may see. The number of queries does not grow with the agency.
    """
    if not actor.sees(agency.pk):
        raise NotFound("agency")
    if actor.side == Side.FEDERAL:
        found(claims_for(actor), "claim", agency=agency, quarter=quarter)
    today = clock.today(agency.time_zone)
    return cover(quarter, today, _paid(agency, quarter, quarter.start))


@collector_paused()
def pay_history(actor: Actor, agency: Agency, quarter: Quarter) -> list[OfficerPay]:
    """The agency's officers with their regular pay from the last quarter that has any to this one."""
    if not actor.sees(agency.pk):
        raise NotFound("agency")
    earlier = _lines(agency).filter(period_start__lt=quarter.start)
    latest = earlier.aggregate(latest=Max("period_start"))["latest"]
    since = Quarter.of(latest).start if latest else quarter.start
    return list(_paid(agency, quarter, since))


def comparable_files(actor: Actor, file: PayrollBatch) -> QuerySet[PayrollBatch]:
    """The checked files of a file's agency and quarter that the actor may see, the latest first."""
    return (
        batches_for(actor)
        .filter(agency=file.agency_id, quarter=file.quarter)
        .exclude(state__in=PayrollBatch.UNFINISHED)
        .order_by("-number")
    )


def file_to_compare(actor: Actor, key: str) -> PayrollBatch:
    """The file a key names, or without a key the agency's latest; NotFound for strangers."""
    if key:
        try:
            return found(batches_for(actor), "payroll file", pk=UUID(key))
        except ValueError:
            raise NotFound("payroll file") from None
    latest = (
        batches_for(actor)
        .filter(agency=actor.agency)
        .exclude(state__in=PayrollBatch.UNFINISHED)
        .order_by("-received_at", "-number")
        .first()
    )
    if actor.agency is None or latest is None:
        raise NotFound("payroll file")
    return latest


def summaries_of(file: PayrollBatch) -> list[Summary]:
    """What a checked file says of each of its officers."""
    rows = PayrollSummary.objects.filter(batch=file).values_list(*Summary._fields)
    return [Summary(*row) for row in rows]


def officer_names(agency: Agency) -> dict[str, str]:
    """The names of an agency's officers by payroll id."""
    rows = Officer.objects.filter(agency=agency).values_list(
        "payroll_id", "last_name", "first_name"
    )
    return {payroll_id: f"{last}, {first}" for payroll_id, last, first in rows}


def _paid(agency: Agency, quarter: Quarter, since: date) -> Iterator[OfficerPay]:
    eligibility = eligibility_on(agency, quarter.start)
    lines = _lines_by_officer(agency, since, quarter.end)
    # Plain rows: a page over thousands of officers has no use for as many model instances.
    entries: dict[str, list[RosterRow]] = defaultdict(list)
    for officer_id, *entry in RosterEntry.objects.filter(officer__agency=agency).values_list(
        "officer__payroll_id", *RosterRow._fields
    ):
        entries[officer_id].append(RosterRow(*entry))
    for officer_id, name in sorted(officer_names(agency).items(), key=itemgetter(1, 0)):
        yield OfficerPay(
            officer_id,
            name,
            eligibility.days(entries.get(officer_id, ())),
            tuple(lines.get(officer_id, ())),
        )


def _lines(agency: Agency) -> QuerySet[PayrollLine]:
    """The lines with regular pay that count."""
    return PayrollLine.objects.filter(
        batch__agency=agency,
        batch__state=PayrollBatch.State.ACCEPTED,
        batch__dry_run=False,
        regular_pay__gt=0,
    )


def _lines_by_officer(
    agency: Agency, first: date, last: date
) -> dict[str, list[facts.PayrollLine]]:
    rows = (
        _lines(agency)
        .filter(period_start__lte=last, period_end__gte=first)
        .order_by("batch__received_at", "batch_id", "row")
    )
    known: set[tuple[object, ...]] = set()
    by_officer: dict[str, list[facts.PayrollLine]] = defaultdict(list)
    for (
        number,
        row,
        officer_id,
        start,
        end,
        paid_on,
        salary,
        regular,
        benefits,
        *overtime,
    ) in rows.values_list(
        "batch__number",
        "row",
        "officer_id",
        "period_start",
        "period_end",
        "paid_on",
        "annual_salary",
        "regular_pay",
        "benefits",
        "overtime_pay",
        "overtime_paid_by_others",
    ):
        # A line that a later file repeats counts once, as it was first received.
        line = (officer_id, start, end, salary, regular, benefits, *overtime)
        if line in known:
            continue
        known.add(line)
        by_officer[officer_id].append(
            facts.PayrollLine(
                str(number),
                row,
                start,
                end,
                paid_on,
                salary,
                regular,
                _benefits(benefits),
                *overtime,
            )
        )
    return by_officer


@lru_cache(maxsize=4096)
def _benefits(stored: str) -> tuple[tuple[str, int], ...]:
    """Components and cents of a line; most lines of an agency have the same ones."""
    return tuple(json.loads(stored).items())
