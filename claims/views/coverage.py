"""The coverage grid: which payable days of a quarter are paid, officer by pay period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse

from claims import figures
from claims.calendars import Period
from claims.coverage import CalendarCoverage, Cell, CellState, Coverage, OfficerCoverage
from claims.selectors.claims import current_versions
from portal.accounts.roles import Capability, Side
from portal.kernel.counting import counted
from portal.kernel.tabular import write_csv
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.paging import Column, MemoryListing
from portal.web.show import show

PER_PAGE = 50
WORDS = {
    CellState.PAID: "paid",
    CellState.WAITING: "waits",
    CellState.GAP: "gap",
    CellState.OVERLAP: "paid twice",
    CellState.TO_COME: "to come",
    CellState.NOT_PAYABLE: "not payable",
}
MEANINGS = (
    (CellState.PAID, "a payroll line covers the days and has been paid"),
    (CellState.WAITING, "a line covers the days, and its payday is still to come"),
    (CellState.GAP, "days that should be paid by now, and no line has regular pay for them"),
    (CellState.OVERLAP, "two lines have regular pay for the same days"),
    (CellState.TO_COME, "nothing sent yet, and nothing due yet"),
    (CellState.NOT_PAYABLE, "no day with employment, authorization and agreement at once"),
)
_HEADER = (
    "officer_id",
    "name",
    "period_start",
    "period_end",
    "state",
    "payable_days",
    "paid_days",
    "waiting_days",
    "gap_days",
    "overlap_days",
    "to_come_days",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An officer with the calendar of the table they stand in."""

    table: CalendarCoverage
    officer: OfficerCoverage


@dataclass(frozen=True, slots=True)
class Shown:
    """One table of the page: a calendar's head and those of its officers who are on this page."""

    table: CalendarCoverage
    rows: list[tuple[OfficerCoverage, list[tuple[Period, Cell, str]]]]


@signed_in
def coverage(request: ActorRequest, number: str) -> HttpResponse:
    """The grid of the quarter that a claim's number names, whether or not the claim was started."""
    actor = request.actor
    agency, quarter = figures.agency_quarter(actor, number)
    grid = figures.coverage_of(actor, agency, quarter)
    only_attention = request.GET.get("show") == "attention"
    rows = [
        Row(table, officer)
        for table in grid.calendars
        for officer in table.officers
        if officer.needs_attention or not only_attention
    ]
    officers = MemoryListing(
        request.GET,
        rows,
        columns=(Column("Officer", "name"),),
        text=lambda row: f"{row.officer.name} {row.officer.officer_id}",
        per_page=PER_PAGE,
    )
    version = (
        current_versions(actor)
        .filter(claim__agency=agency, claim__quarter=quarter)
        .select_related("claim__agency")
        .order_by("-claim__sequence")
        .first()
    )
    return show(
        request,
        "claims/coverage.html",
        fragment="claims/_coverage.html",
        agency=agency,
        quarter=quarter,
        number=number,
        claim=version.claim if version else None,
        grid=grid,
        summary=_summary(grid),
        is_clear=not (grid.with_gaps or grid.with_overlaps),
        officers=officers,
        tables=list(_tables(officers.rows)),
        only_attention=only_attention,
        meanings=[(state, WORDS[state], meaning) for state, meaning in MEANINGS],
        may_upload=actor.side == Side.AGENCY and actor.can(Capability.PREPARE),
    )


@signed_in
def download(request: ActorRequest, number: str) -> HttpResponse:
    """The whole grid as a CSV file, one row per officer and period."""
    agency, quarter = figures.agency_quarter(request.actor, number)
    grid = figures.coverage_of(request.actor, agency, quarter)
    request.actor.require_names("This table")
    rows = (
        (
            officer.officer_id,
            officer.name,
            period.start,
            period.end,
            cell.state.value,
            cell.payable,
            cell.paid,
            cell.waiting,
            cell.gap,
            cell.overlap,
            cell.to_come,
        )
        for table in grid.calendars
        for officer in table.officers
        for period, cell in zip(table.periods, officer.cells, strict=True)
    )
    name = f"coverage-{agency.number}-{quarter}.csv"
    return attachment(write_csv(_HEADER, rows), name, "text/csv; charset=utf-8")


def _tables(rows: list[Row]) -> Iterator[Shown]:
    shown: dict[int, Shown] = {}
    for row in rows:
        table = shown.setdefault(id(row.table), Shown(row.table, []))
        cells = zip(row.table.periods, row.officer.cells, strict=True)
        table.rows.append((row.officer, [(period, cell, _words(cell)) for period, cell in cells]))
    yield from shown.values()


def _words(cell: Cell) -> str:
    """What a cell says: `paid 14`, or `gap 4 of 14` where not all of its days are of one kind."""
    words = WORDS[cell.state]
    if cell.state is CellState.NOT_PAYABLE:
        return words
    return f"{words} {cell.days}" + (f" of {cell.payable}" if cell.days < cell.payable else "")


def _summary(grid: Coverage) -> str:
    """How the quarter stands, in one sentence."""
    parts = []
    if grid.with_gaps:
        days = sum(officer.gap_days for officer in grid.with_gaps)
        parts.append(
            f"{counted(len(grid.with_gaps), 'officer has', 'officers have')} gaps, {_days(days)}"
        )
    if grid.with_overlaps:
        days = sum(officer.overlap_days for officer in grid.with_overlaps)
        who = counted(len(grid.with_overlaps), "officer has", "officers have")
        parts.append(f"{who} days paid twice, {_days(days)}")
    if not parts:
        parts.append("No gaps and nothing paid twice")
    if grid.waiting_lines:
        parts.append(f"{counted(grid.waiting_lines, 'line waits', 'lines wait')} for payment")
    return "; ".join(parts) + "."


def _days(number: int) -> str:
    return counted(number, "day")
