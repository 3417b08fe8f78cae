"""Categories as horizontal bars: the label above, the value at the end of the bar."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from portal.web.charts.chart import NO_NUMBERS, Chart, Numbers, Series, series_legend
from portal.web.charts.scale import exact, percent, short

_LINE = 20
_BAR = 16
_BAR_PITCH = 19
_ROW_GAP = 12
#: What fits on a telephone; SVG does not break lines by itself.
_LABEL_CHARACTERS = 44
_TOLD = 6
#: A longer number would not fit beside a full bar.
_EXACT_BELOW = 10_000_000


class Line(NamedTuple):
    """One line of a label; `y` is its baseline in pixels."""

    y: int
    text: str


class Bar(NamedTuple):
    """One bar. `y`, `height` and `text_y` in pixels; `width` in percent, empty for no bar."""

    shape: str
    y: int
    height: int
    width: str
    text: str
    text_y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart(Chart):
    """Bars below each other; `height` in pixels, the width is the page's."""

    template: ClassVar[str] = "components/charts/bars.html"

    height: int
    lines: Sequence[Line]
    bars: Sequence[Bar]


def bar_chart(
    key: str, title: str, *, heading: str, labels: Sequence[str], series: Sequence[Series]
) -> BarChart:
    """Bars for `labels`, in their order; `heading` is what the labels are, such as `Model`."""
    numbers = Numbers(heading, labels, series)
    lines: list[Line] = []
    bars: list[Bar] = []
    top = 0
    for label, values in numbers.rows():
        for text in textwrap.wrap(label, _LABEL_CHARACTERS) or [label]:
            lines.append(Line(top + 14, text))
            top += _LINE
        for at, value in enumerate(values):
            bars.append(_bar(at, value, top, numbers.maximum))
            top += _BAR_PITCH
        top += _ROW_GAP
    return BarChart(
        key=key,
        title=title,
        numbers=numbers,
        summary=" ".join(_sentences(numbers)),
        legend=series_legend(numbers),
        height=max(0, top - _ROW_GAP),
        lines=lines,
        bars=bars,
    )


def _bar(at: int, value: int | None, top: int, maximum: int) -> Bar:
    return Bar(
        shape=f"series-{at}",
        y=top,
        height=_BAR,
        width=_width(value, maximum) if value else "",
        text="–" if value is None else short(value, _EXACT_BELOW),
        text_y=top + 13,
    )


def _width(value: int, maximum: int) -> str:
    # A width of zero is not drawn at all; with the smallest one its edge still shows.
    return percent(max(value * 10_000, maximum), maximum * 10_000)


def _sentences(numbers: Numbers) -> Iterator[str]:
    if not numbers:
        yield NO_NUMBERS
        return
    for label, values in list(numbers.rows())[:_TOLD]:
        told = ", ".join(
            f"{one.label} {'not known' if value is None else exact(value)}"
            for one, value in zip(numbers.series, values, strict=True)
        )
        yield f"{label}: {told}."
    if (more := len(numbers.labels) - _TOLD) > 0:
        yield f"{more} more in the table."
