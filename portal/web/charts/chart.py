"""What every chart has: a title, words for those who do not see it, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from portal.kernel.tabular import write_csv
from portal.web.charts.scale import exact

#: More cannot be told apart without colour; make a second chart instead.
MOST_SERIES = 3
NO_NUMBERS = "There are no numbers yet."


@dataclass(frozen=True, slots=True)
class Series:
    """One measure, such as `Trained`. Whole numbers from 0 up; None where nothing is known."""

    label: str
    values: Sequence[int | None]

    def __post_init__(self) -> None:
        if any(value is not None and value < 0 for value in self.values):
            raise ValueError(f"{self.label!r} has a negative number; a chart starts at zero")

    @property
    def known(self) -> list[int]:
        """The values that are known."""
        return [value for value in self.values if value is not None]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The table behind a chart. `heading` is over the labels, `series` are the other columns."""

    heading: str
    labels: Sequence[str]
    series: Sequence[Series]

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has 1 to {MOST_SERIES} series, not {len(self.series)}")
        for one in self.series:
            if len(one.values) != len(self.labels):
                raise ValueError(f"{one.label!r} needs one value for each of the labels")

    def __bool__(self) -> bool:
        """Whether there is anything to draw; zeros are."""
        return any(one.known for one in self.series)

    @property
    def header(self) -> list[str]:
        """The words over the columns."""
        return [self.heading, *(one.label for one in self.series)]

    @property
    def maximum(self) -> int:
        """The highest value; 0 when there is none."""
        return max((value for one in self.series for value in one.known), default=0)

    def rows(self) -> Iterator[tuple[str, list[int | None]]]:
        """Each label with its values."""
        for at, label in enumerate(self.labels):
            yield label, [one.values[at] for one in self.series]

    def written_rows(self) -> Iterator[tuple[str, list[str | None]]]:
        """The rows as a page shows them."""
        for label, values in self.rows():
            yield label, [None if value is None else exact(value) for value in values]

    def csv(self) -> bytes:
        """The table as a CSV file that no spreadsheet takes for formulas."""
        return write_csv(self.header, ([label, *values] for label, values in self.rows()))


class Key(NamedTuple):
    """One entry of a legend: the class of its shape in the style sheet, and its words.

    `marker` is the path of a line's points; without one the entry is an area.
    """

    shape: str
    label: str
    marker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing and what belongs to it. `key` starts its element ids: one on each page.

    `summary` says the picture in words, `note` what the picture leaves out.
    """

    template: ClassVar[str]

    key: str
    title: str
    numbers: Numbers
    summary: str
    legend: Sequence[Key] = ()
    note: str = ""


def series_legend(numbers: Numbers, markers: Sequence[str] = ("",) * MOST_SERIES) -> list[Key]:
    """A legend where there is something to tell apart."""
    if len(numbers.series) == 1:
        return []
    return [Key(f"series-{at}", one.label, markers[at]) for at, one in enumerate(numbers.series)]
