"""Months or fiscal quarters from left to right, as lines or as columns, from zero up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import ClassVar, NamedTuple

from portal.kernel.quarter import Quarter
from portal.web.charts.chart import NO_NUMBERS, Chart, Numbers, Series, series_legend
from portal.web.charts.scale import exact, percent, share, short, ticks

TOP = 12
PLOT = 190
BOTTOM = TOP + PLOT
HEIGHT = BOTTOM + 42
#: Lines are drawn on a canvas this wide, which is then stretched to the page.
CANVAS = 1000

_WIDE_LABELS = 18
_NARROW_LABELS = 6
_MARKED_UP_TO = 24
_MISSING_NAMED = 3
#: How much of a period's width its columns take, in percent.
_FILLED = 72

#: Around the point itself: a disc, a square, a diamond.
_MARKERS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-3.5-3.5h7v7h-7z",
    "M0-5 5 0 0 5-5 0z",
)


class Period(NamedTuple):
    """One month or quarter: `label` in words, `tick` for the axis, `group` is its year."""

    start: date
    label: str
    tick: str
    group: str


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods in a row; `cycle` of them make a year."""

    heading: str
    cycle: int
    items: Sequence[Period]

    def __iter__(self) -> Iterator[Period]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def months(first: date, last: date) -> Periods:
    """The calendar months from that of `first` to that of `last`."""
    items = []
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        start = date(number // 12, number % 12 + 1, 1)
        items.append(Period(start, f"{start:%B %Y}", f"{start:%b}", str(start.year)))
    return Periods("Month", 12, items)


def quarters(first: Quarter, last: Quarter) -> Periods:
    """The fiscal quarters from `first` to `last`."""
    items = []
    while first <= last:
        tick, group = f"Q{first.number}", f"FY{first.fiscal_year}"
        items.append(Period(first.start, f"{group} {tick}", tick, group))
        first = first.next
    return Periods("Fiscal quarter", 4, items)


class GridLine(NamedTuple):
    """A line across the plot, and its number."""

    y: str
    text: str


class AxisLabel(NamedTuple):
    """A label below the plot; `group` only where another year begins."""

    x: str
    tick: str
    group: str


class Column(NamedTuple):
    """One column; `x` and `width` in percent."""

    shape: str
    x: str
    y: str
    width: str
    height: str


class Run(NamedTuple):
    """A line without a gap: the `points` of a polyline on the canvas."""

    shape: str
    points: str


class Marker(NamedTuple):
    """A point of a line; `path` is its shape around it."""

    shape: str
    x: str
    y: str
    path: str


class Slot(NamedTuple):
    """The whole height of one period, with its numbers in words for the pointer."""

    x: str
    width: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline(Chart):
    """A drawing over time; of the two axes the style sheet shows the one that fits."""

    template: ClassVar[str] = "components/charts/timeline.html"
    height: ClassVar[int] = HEIGHT
    top: ClassVar[int] = TOP
    plot: ClassVar[int] = PLOT
    canvas: ClassVar[int] = CANVAS
    tick_y: ClassVar[int] = BOTTOM + 18
    group_y: ClassVar[int] = BOTTOM + 36

    grid: Sequence[GridLine]
    wide_axis: Sequence[AxisLabel]
    narrow_axis: Sequence[AxisLabel]
    slots: Sequence[Slot]
    columns: Sequence[Column] = ()
    runs: Sequence[Run] = ()
    markers: Sequence[Marker] = ()


def timeline(
    key: str, title: str, *, periods: Periods, series: Sequence[Series], columns: bool = False
) -> Timeline:
    """One value for each period and series: lines for a state of things, columns for events."""
    numbers = Numbers(periods.heading, [period.label for period in periods], series)
    steps = ticks(numbers.maximum)
    top = steps[-1]
    return Timeline(
        key=key,
        title=title,
        numbers=numbers,
        summary=" ".join(_sentences(numbers)),
        legend=series_legend(numbers) if columns else series_legend(numbers, _MARKERS),
        note=_note(numbers),
        grid=[GridLine(_y(step, top), short(step)) for step in steps],
        wide_axis=list(_axis(periods, _WIDE_LABELS)),
        narrow_axis=list(_axis(periods, _NARROW_LABELS)),
        slots=list(_slots(numbers)),
        columns=list(_columns(numbers, top)) if columns else (),
        runs=() if columns else list(_runs(numbers, top)),
        markers=() if columns else list(_markers(numbers, periods, top)),
    )


def _y(value: int, top: int) -> str:
    return share((TOP + PLOT) * top - PLOT * value, top, of=1)


def _middle(at: int, count: int) -> str:
    return percent(2 * at + 1, 2 * count)


def _columns(numbers: Numbers, top: int) -> Iterator[Column]:
    count, beside = len(numbers.labels), len(numbers.series)
    # One unit is a percent of a period, divided among the columns beside each other.
    whole = count * beside * 100
    for index, one in enumerate(numbers.series):
        for at, value in enumerate(one.values):
            if value:
                # However few they are, they are not none.
                height = max(PLOT * value, top)
                yield Column(
                    shape=f"series-{index}",
                    x=percent((at * 100 + (100 - _FILLED) // 2) * beside + index * _FILLED, whole),
                    y=share((TOP + PLOT) * top - height, top, of=1),
                    width=percent(_FILLED, whole),
                    height=share(height, top, of=1),
                )


def _runs(numbers: Numbers, top: int) -> Iterator[Run]:
    count = len(numbers.labels)
    for index, one in enumerate(numbers.series):
        for known, points in groupby(enumerate(one.values), key=lambda point: point[1] is not None):
            if known:
                yield Run(
                    f"series-{index}",
                    " ".join(
                        f"{share(2 * at + 1, 2 * count, of=CANVAS)},{_y(value or 0, top)}"
                        for at, value in points
                    ),
                )


def _markers(numbers: Numbers, periods: Periods, top: int) -> Iterator[Marker]:
    count = len(periods)
    labelled = set(_labelled(periods, _WIDE_LABELS))
    for index, one in enumerate(numbers.series):
        padded = [None, *one.values, None]
        for at, value in enumerate(one.values):
            alone = padded[at] is None and padded[at + 2] is None
            if value is not None and (count <= _MARKED_UP_TO or at in labelled or alone):
                place = _middle(at, count), _y(value, top)
                yield Marker(f"series-{index}", *place, _MARKERS[index])


def _slots(numbers: Numbers) -> Iterator[Slot]:
    count = len(numbers.labels)
    for at, (label, values) in enumerate(numbers.written_rows()):
        told = ", ".join(
            f"{one.label} {value or 'not known'}"
            for one, value in zip(numbers.series, values, strict=True)
        )
        yield Slot(percent(at, count), percent(1, count), f"{label}: {told}")


def _axis(periods: Periods, at_most: int) -> Iterator[AxisLabel]:
    group = ""
    for at in _labelled(periods, at_most):
        period = periods.items[at]
        new = period.group if period.group != group else ""
        yield AxisLabel(_middle(at, len(periods)), period.tick, new)
        group = period.group


def _labelled(periods: Periods, at_most: int) -> range:
    """Which periods have a label: evenly spaced, and the first of each year among them."""
    count, cycle = len(periods), periods.cycle
    parts = [step for step in range(1, cycle) if cycle % step == 0]
    years = range(cycle, max(count, cycle) + cycle, cycle)
    step = next(step for step in (*parts, *years) if -(-count // step) <= at_most)
    groups = [period.group for period in periods]
    new_year = next((at for at in range(1, count) if groups[at] != groups[at - 1]), 0)
    return range(new_year % step, count, step)


def _note(numbers: Numbers) -> str:
    """In a drawing of columns nothing known looks like zero, so words say which it is."""
    missing = [label for label, values in numbers.rows() if None in values]
    if not missing or not numbers:
        return ""
    if len(missing) > _MISSING_NAMED:
        words = f"{len(missing)} of {len(numbers.labels)} {numbers.heading.lower()}s"
        return f"Numbers are missing for {words}; the table shows which."
    return f"Numbers are missing for {', '.join(missing)}."


def _sentences(numbers: Numbers) -> Iterator[str]:
    if not numbers:
        yield NO_NUMBERS
    for one in numbers.series:
        known = [
            f"{exact(value)} in {label}"
            for label, value in zip(numbers.labels, one.values, strict=True)
            if value is not None
        ]
        if len(known) > 1:
            yield f"{one.label}: {known[0]}, {known[-1]}."
        elif known:
            yield f"{one.label}: {known[0]}."
