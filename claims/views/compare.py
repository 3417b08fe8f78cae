"""Two payroll files of one quarter side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from claims import figures
from claims.comparison import ComparedOfficer, Comparison, compare_summaries
from claims.models import PayrollBatch
from claims.selectors.payroll import shows_rows
from portal.kernel import money
from portal.kernel.tabular import write_csv
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.paging import Column, MemoryListing
from portal.web.show import show

_HEADER = (
    "officer_id",
    "name",
    "rows_before",
    "rows_after",
    "regular_pay_difference",
    "benefits_difference",
    "overtime_pay_difference",
    "total_before",
    "total_after",
    "total_difference",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files of one quarter; `before` is None when there is only one. `files` are all of them."""

    before: PayrollBatch | None
    after: PayrollBatch
    files: list[PayrollBatch]

    @property
    def comparison(self) -> Comparison:
        """What is different."""
        before = figures.summaries_of(self.before) if self.before else []
        return compare_summaries(before, figures.summaries_of(self.after))


@signed_in
def compare(request: ActorRequest) -> HttpResponse:
    """Two files by officer and dollar, the largest difference first."""
    pair = _pair(request)
    comparison = pair.comparison
    names = figures.officer_names(pair.after.agency)
    wants_all = request.GET.get("show") == "all"
    officers = MemoryListing(
        request.GET,
        [
            (one, names.get(one.officer_id, ""))
            for one in (comparison.officers if wants_all else comparison.changed)
        ],
        columns=(
            Column("Officer"),
            Column("Regular pay", numeric=True),
            Column("Benefits", numeric=True),
            Column("Overtime pay", numeric=True),
            Column("Before", numeric=True),
            Column("After", numeric=True),
            Column("Difference", numeric=True),
        ),
        text=lambda row: f"{row[0].officer_id} {row[1]}",
    )
    return show(
        request,
        "claims/compare.html",
        fragment="claims/_compare.html",
        pair=pair,
        comparison=comparison,
        officers=officers,
        wants_all=wants_all,
        with_rows=[
            file for file in (pair.before, pair.after) if file and shows_rows(request.actor, file)
        ],
    )


@signed_in
def download(request: ActorRequest) -> HttpResponse:
    """The whole comparison as a CSV file."""
    pair = _pair(request)
    request.actor.require_names("This comparison")
    names = figures.officer_names(pair.after.agency)
    rows = [_line(one, names) for one in pair.comparison.officers]
    before = pair.before.reference if pair.before else "nothing"
    name = f"compare-{before}-with-{pair.after.reference}.csv"
    return attachment(write_csv(_HEADER, rows), name, "text/csv; charset=utf-8")


def _pair(request: ActorRequest) -> Pair:
    """The files asked for: by default the latest, and the one it replaces or that came before it."""
    actor = request.actor
    after = figures.file_to_compare(actor, request.GET.get("after", ""))
    files = list(figures.comparable_files(actor, after))
    asked = request.GET.get("before", "")
    if asked:
        chosen = figures.file_to_compare(actor, asked)
        before = next((file for file in files if file.pk == chosen.pk), None)
    else:
        earlier = [file for file in files if file.number < after.number]
        replaced = [file for file in earlier if file.pk == after.replaces_id]
        before = next(iter(replaced or earlier), None)
    return Pair(before, after, files)


def _line(one: ComparedOfficer, names: dict[str, str]) -> tuple[str | int | None, ...]:
    return (
        one.officer_id,
        names.get(one.officer_id, ""),
        one.before.rows if one.before else None,
        one.after.rows if one.after else None,
        money.text(one.regular_pay),
        money.text(one.benefits),
        money.text(one.overtime_pay),
        money.text(one.before.total) if one.before else None,
        money.text(one.after.total) if one.after else None,
        money.text(one.difference),
    )
