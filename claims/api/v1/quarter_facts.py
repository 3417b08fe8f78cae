"""What a quarter's payroll covers, and what it can begin with, for machines."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.v1.payroll_batches import CLAIM_SUBMITTED
from claims.calendars import Period
from claims.coverage import Cell, CellState, Coverage, OfficerCoverage
from claims.figures import coverage_of, pay_history
from claims.prefill import Change, fill, table_of
from claims.selectors.quarters import claimable_quarters
from claims.services.payroll import check_open
from portal.accounts.api.views import ApiView
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.export import Out
from portal.web.api_endpoint import Parameter, endpoint, read_flag
from portal.web.api_fields import MoneyField, QuarterField

ATTENTION = Parameter(
    "attention",
    "Only officers with gaps, or with days paid twice.",
    read_flag,
    {"type": "boolean", "default": False},
    default=False,
)


class CoveredPeriodSerializer(serializers.Serializer[Any]):
    """An officer's payable days of one pay period, by what covers them; each day is counted once."""

    period_start = serializers.DateField()
    period_end = serializers.DateField()
    state = serializers.ChoiceField(
        [state.value for state in CellState], help_text="The most urgent kind of day there is."
    )
    payable_days = serializers.IntegerField()
    paid_days = serializers.IntegerField()
    waiting_days = serializers.IntegerField(help_text="Covered, with a payday still to come.")
    gap_days = serializers.IntegerField(help_text="Due, and without regular pay.")
    overlap_days = serializers.IntegerField(help_text="With regular pay from two lines.")
    to_come_days = serializers.IntegerField(help_text="Nothing sent, and nothing due yet.")


class CoveredOfficerSerializer(serializers.Serializer[Any]):
    """One officer's quarter."""

    officer_id = serializers.CharField()
    name = serializers.CharField()
    gap_days = serializers.IntegerField()
    overlap_days = serializers.IntegerField()
    periods = CoveredPeriodSerializer(many=True)


class CoverageSerializer(serializers.Serializer[Any]):
    """Which payable days of a quarter the accepted payroll covers."""

    quarter = QuarterField()
    today = serializers.DateField(help_text="The agency's day on which this is so.")
    with_gaps = serializers.IntegerField(help_text="Officers with gaps.")
    with_overlaps = serializers.IntegerField(help_text="Officers with days paid twice.")
    waiting_lines = serializers.IntegerField(help_text="Lines with a payday still to come.")
    results = CoveredOfficerSerializer(many=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """Something that is not as it was in the last quarter."""

    change = serializers.ChoiceField([change.value for change in Change])
    officer_id = serializers.CharField()
    name = serializers.CharField()
    on = serializers.DateField(allow_null=True)
    before = MoneyField(help_text="A salary; else 0.00.")
    after = MoneyField(help_text="A salary; else 0.00.")


class UndecidedSerializer(serializers.Serializer[Any]):
    """An officer for whom nobody knows the pay calendar."""

    officer_id = serializers.CharField()
    name = serializers.CharField()


class PrefillSerializer(serializers.Serializer[Any]):
    """What a quarter's payroll can begin with."""

    quarter = QuarterField()
    taken_from = QuarterField(allow_null=True, help_text="The last quarter with payroll.")
    rows = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_null=True)),
        help_text="In the template's columns, to be corrected and sent as `rows`.",
    )
    differences = DifferenceSerializer(many=True)
    undecided = UndecidedSerializer(many=True)


class CoverageView(ApiView):
    """The coverage of one quarter."""

    @endpoint(
        "get_coverage",
        "See what a quarter's payroll covers",
        tag="Claims",
        scopes=("claims:read", "payroll:write"),
        query=(ATTENTION,),
        answers={200: CoverageSerializer},
        on_an_object=True,
    )
    def get(self, request: Request, quarter: str) -> Response:
        """Every officer by pay period: paid, waiting, gaps, days paid twice, and days still to come."""
        today = clock.today(self.agency.time_zone)
        covered = coverage_of(self.actor, self.agency, claimable(quarter, today))
        return Response(
            CoverageSerializer(_coverage(covered, attention=self.asked["attention"])).data
        )


class PrefillView(ApiView):
    """The beginning of one quarter's payroll."""

    @endpoint(
        "get_prefill",
        "Begin a quarter's payroll with what is known",
        tag="Payroll",
        scopes=("payroll:write",),
        answers={200: PrefillSerializer},
        on_an_object=True,
        problems=(CLAIM_SUBMITTED,),
    )
    def get(self, request: Request, quarter: str) -> Response:
        """Roster and rates carried over from the last quarter: rows of the periods not accepted yet."""
        self.actor.require(Capability.PREPARE, self.agency)
        wanted = claimable(quarter, clock.today(self.agency.time_zone))
        check_open(self.agency, wanted)
        found = fill(wanted, pay_history(self.actor, self.agency, wanted))
        header, rows = table_of(found)
        known = {
            "quarter": wanted,
            "taken_from": found.last,
            "rows": [dict(zip(header, map(_text, row), strict=True)) for row in rows],
            "differences": found.differences,
            "undecided": found.undecided,
        }
        return Response(PrefillSerializer(known).data)


def claimable(name: str, today: date) -> Quarter:
    """The quarter of this name; NotFound when it cannot be claimed."""
    for quarter in claimable_quarters(today):
        if str(quarter) == name:
            return quarter
    raise NotFound("quarter")


def _coverage(covered: Coverage, *, attention: bool) -> dict[str, Any]:
    return {
        "quarter": covered.quarter,
        "today": covered.today,
        "with_gaps": len(covered.with_gaps),
        "with_overlaps": len(covered.with_overlaps),
        "waiting_lines": covered.waiting_lines,
        "results": [
            _officer(officer, table.periods)
            for table in covered.calendars
            for officer in table.officers
            if officer.needs_attention or not attention
        ],
    }


def _officer(officer: OfficerCoverage, periods: tuple[Period, ...]) -> dict[str, Any]:
    cells = zip(periods, officer.cells, strict=True)
    return {
        "officer_id": officer.officer_id,
        "name": officer.name,
        "gap_days": officer.gap_days,
        "overlap_days": officer.overlap_days,
        "periods": [_period(period, cell) for period, cell in cells],
    }


def _period(period: Period, cell: Cell) -> dict[str, Any]:
    days = {f"{kind}_days": days for kind, days in cell._asdict().items()}
    return {
        "period_start": period.start,
        "period_end": period.end,
        "state": cell.state.value,
        "payable_days": cell.payable,
        **days,
    }


def _text(value: Out) -> str | None:
    """A value as JSON rows hold it: amounts and days as text."""
    return None if value is None else str(value)
