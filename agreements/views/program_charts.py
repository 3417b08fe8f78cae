"""The program's numbers as charts and tables; each has an address of its own as a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from agreements import figures
from agreements.figures import Moved, Spread
from agreements.selectors import lost_to_federal
from portal.accounts.policies import Actor
from portal.kernel.program import MODELS
from portal.kernel.quarter import Quarter
from portal.kernel.states import STATES
from portal.kernel.tabular import write_csv
from portal.web.charts import (
    Chart,
    Periods,
    Series,
    bar_chart,
    months,
    quarters,
    state_map,
    timeline,
)

#: Charts over time show at least two years of quarters, and no more than these last months.
_QUARTERS = 8
_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; the first cell of each is its name. `total` is the row at the end."""

    header: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    total: Sequence[str | int] = ()

    def csv(self) -> bytes:
        """The table as a CSV file that no spreadsheet takes for formulas."""
        return write_csv(self.header, [*self.rows, self.total] if self.total else self.rows)


@dataclass(frozen=True, slots=True)
class Growth:
    """One count on two days; `percent` as the program announces it, None from nothing."""

    label: str
    before: int
    after: int

    @property
    def more(self) -> str:
        """The difference with its sign."""
        return f"{self.after - self.before:+,}"

    @property
    def percent(self) -> str:
        """The growth with its sign, cut to a whole percent; empty from nothing."""
        percent = figures.grown(self.before, self.after)
        return "" if percent is None else f"{percent:+,}%"


@dataclass(frozen=True, slots=True)
class Program:
    """Everything the program page shows, read once."""

    on: date
    since: date
    agreements: list[Spread]
    agencies: list[Spread]
    pending: list[Spread]
    begun: list[Moved]
    ended: list[Moved]
    signed: list[Moved]
    trained: figures.Trained
    in_training: list[Spread]
    roster: figures.Roster
    counties: list[figures.CountyFigures]
    lost: dict[Quarter, int]

    @classmethod
    def read(cls, actor: Actor, on: date, since: date) -> Program:
        """The program on a day, with what grew since an earlier one."""
        last = Quarter.of(on)
        first = min(Quarter.of(_shown_from(since, on)), _back(last, _QUARTERS - 1))
        return cls(
            on,
            since,
            agreements=figures.active_agreements(actor, on, since),
            agencies=figures.active_agencies(actor, on, since),
            pending=figures.pending_agreements(actor),
            begun=figures.begun_by_month(actor, on),
            ended=figures.ended_by_month(actor, on),
            signed=figures.signed_by_month(actor, on),
            trained=figures.trained_officers(actor, on, since),
            in_training=figures.officers_in_training(actor, on),
            roster=figures.roster_of_trained(actor, on),
            counties=figures.counties(actor, on),
            lost=lost_to_federal(actor, first, last),
        )

    @property
    def growth(self) -> list[Growth]:
        """What there is more of than on the earlier day."""
        counted = (
            ("Active agreements", self.agreements),
            ("Agencies with one", self.agencies),
            ("Officers trained", self.trained.spread),
        )
        return [Growth(label, *reversed(figures.total(spread))) for label, spread in counted]

    @property
    def counties_by_state(self) -> dict[str, int]:
        """How many counties with an active agreement each state has."""
        return figures.by("state", [Spread(one.state, "", 1) for one in self.counties])

    @property
    def months(self) -> Periods:
        """The months from the earlier day to this one, or the last of them."""
        return months(_shown_from(self.since, self.on), self.on)


def growth_table(program: Program) -> Table:
    """Counts then and now."""
    return Table(
        ("Count", program.since.isoformat(), program.on.isoformat(), "Difference", "Growth"),
        [(row.label, row.before, row.after, row.more, row.percent) for row in program.growth],
    )


def states_table(program: Program) -> Table:
    """Every state in which there is anything, in the order of the alphabet."""
    columns: dict[str, Mapping[str, int]] = {
        "Agencies": figures.by("state", program.agencies),
        **{
            model: figures.by("state", [row for row in program.agreements if row.model == model])
            for model in MODELS
        },
        "Pending": figures.by("state", program.pending),
        "Counties": program.counties_by_state,
        "Trained": figures.by("state", program.trained.spread),
        "In training": figures.by("state", program.in_training),
    }
    named = {state for column in columns.values() for state, count in column.items() if count}
    states = [state for state in STATES if state in named] + sorted(named - set(STATES))
    return Table(
        ("State", *columns),
        [
            (
                STATES.get(state, state or "Not known"),
                *(column.get(state, 0) for column in columns.values()),
            )
            for state in states
        ],
        ("All", *(sum(column.values()) for column in columns.values())),
    )


def counties_table(program: Program) -> Table:
    """Every named county with an active agreement."""
    return Table(
        ("State", "County", "Agencies", "Agreements"),
        [(one.state_name, one.county, one.agencies, one.agreements) for one in program.counties],
    )


def active_by_month(program: Program) -> Chart:
    """Agreements that were active when each month ended, the last one as it stands."""
    return timeline(
        "active-by-month",
        "Active agreements at the end of each month",
        periods=program.months,
        series=[
            Series(name, _running(program.months, model, program.begun, program.ended))
            for model, name in MODELS.items()
        ],
    )


def signed_by_month(program: Program) -> Chart:
    """Signings, those of agreements that ended since included."""
    return timeline(
        "signed-by-month",
        "Agreements signed in each month",
        periods=program.months,
        series=[
            Series(name, _in_months(program.months, program.signed, model))
            for model, name in MODELS.items()
        ],
        columns=True,
    )


def agreements_by_state(program: Program) -> Chart:
    """A tile for each state."""
    return state_map(
        "agreements-by-state",
        "Active agreements by state",
        measure="Active agreements",
        values=figures.by("state", program.agreements),
    )


def agreements_by_model(program: Program) -> Chart:
    """Active and pending agreements."""
    active, pending = (figures.by("model", one) for one in (program.agreements, program.pending))
    return bar_chart(
        "agreements-by-model",
        "Agreements by model",
        heading="Model",
        labels=list(MODELS.values()),
        series=[
            Series("Active", [active.get(model, 0) for model in MODELS]),
            Series("Pending", [pending.get(model, 0) for model in MODELS]),
        ],
    )


def officers_by_state(program: Program) -> Chart:
    """A tile for each state."""
    return state_map(
        "officers-by-state",
        "Officers trained, by state",
        measure="Officers trained",
        values=figures.by("state", program.trained.spread),
    )


def officers_by_model(program: Program) -> Chart:
    """Officers trained and in training."""
    trained = figures.by("model", program.trained.spread)
    learning = figures.by("model", program.in_training)
    labels = dict(MODELS)
    if figures.NO_MODEL in trained or figures.NO_MODEL in learning:
        labels[figures.NO_MODEL] = "Model not known yet"
    return bar_chart(
        "officers-by-model",
        "Officers by model",
        heading="Model",
        labels=list(labels.values()),
        series=[
            Series("Trained", [trained.get(model, 0) for model in labels]),
            Series("In training", [learning.get(model, 0) for model in labels]),
        ],
    )


def trained_by_month(program: Program) -> Chart:
    """Officers trained for the first time."""
    return timeline(
        "trained-by-month",
        "Officers whose training ended in each month",
        periods=program.months,
        series=[Series("Officers trained", _in_months(program.months, program.trained.by_month))],
        columns=True,
    )


def lost_by_quarter(program: Program) -> Chart:
    """Officers who went to a federal employer."""
    over = list(program.lost)
    return timeline(
        "lost-by-quarter",
        "Officers who left for a federal employer",
        periods=quarters(over[0], over[-1]),
        series=[Series("Officers", list(program.lost.values()))],
        columns=True,
    )


CHARTS: dict[str, Callable[[Program], Chart]] = {
    "active-by-month": active_by_month,
    "signed-by-month": signed_by_month,
    "agreements-by-state": agreements_by_state,
    "agreements-by-model": agreements_by_model,
    "officers-by-state": officers_by_state,
    "officers-by-model": officers_by_model,
    "trained-by-month": trained_by_month,
    "lost-by-quarter": lost_by_quarter,
}
"""By the key of the chart."""
TABLES: dict[str, Callable[[Program], Table]] = {
    "growth": growth_table,
    "states": states_table,
    "counties": counties_table,
}


def csv_file(program: Program, name: str) -> bytes | None:
    """The numbers of a chart or table by its name, or None when there is no such name."""
    if make := CHARTS.get(name):
        return make(program).numbers.csv()
    if table := TABLES.get(name):
        return table(program).csv()
    return None


def _in_months(periods: Periods, moved: Iterable[Moved], model: str | None = None) -> list[int]:
    """How many there were in each month, of one model or of all."""
    counts: dict[date, int] = {}
    for row in moved:
        if model is None or row.model == model:
            counts[row.month] = counts.get(row.month, 0) + row.number
    return [counts.get(period.start, 0) for period in periods]


def _running(
    periods: Periods, model: str, begun: Iterable[Moved], ended: Iterable[Moved]
) -> list[int]:
    """How many there are after each month: those from before it, and those that came less those that went."""
    moves = [
        *(row for row in begun if row.model == model),
        *(row._replace(number=-row.number) for row in ended if row.model == model),
    ]
    before = sum(row.number for row in moves if row.month < periods.items[0].start)
    return list(accumulate(_in_months(periods, moves), initial=before))[1:]


def _shown_from(since: date, on: date) -> date:
    """The first day of the oldest month shown."""
    month = on.year * 12 + on.month - _MONTHS
    return max(since.replace(day=1), date(month // 12, month % 12 + 1, 1))


def _back(quarter: Quarter, steps: int) -> Quarter:
    for _ in range(steps):
        quarter = quarter.previous
    return quarter
