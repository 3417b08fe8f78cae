"""The states and territories as equal tiles, roughly where they lie, shaded by their number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from portal.kernel.states import STATES
from portal.web.charts.chart import NO_NUMBERS, Chart, Key, Numbers, Series
from portal.web.charts.scale import class_starts, exact, short

# Equal tiles, because a map by area would show Alaska and hide Delaware.
_LAYOUT = """
AK .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. .. .. .. .. VT NH
WA ID MT ND MN WI MI .. NY MA RI
OR NV WY SD IA IL IN OH PA NJ CT
CA UT CO NE MO KY WV VA MD DE ..
.. AZ NM KS AR TN NC SC DC .. ..
.. .. .. OK LA MS AL GA .. .. ..
HI .. .. TX .. .. .. FL .. .. ..
GU MP AS .. .. .. .. .. .. PR VI
"""
TERRITORIES = ("AS", "GU", "MP", "PR", "VI")

SIDE = 56
PITCH = 60
#: The territories stand off a little from the states.
_OFFSET = 20
_ROWS = [row.split() for row in _LAYOUT.split("\n") if row]
WIDTH = len(_ROWS[0]) * PITCH - (PITCH - SIDE)
HEIGHT = len(_ROWS) * PITCH - (PITCH - SIDE) + _OFFSET

SHADES = 5
_FITS = 3


class Place(NamedTuple):
    """The upper left corner of a tile, in units of the drawing."""

    x: int
    y: int


PLACES = {
    code: Place(column * PITCH, row * PITCH + (_OFFSET if code in TERRITORIES else 0))
    for row, codes in enumerate(_ROWS)
    for column, code in enumerate(codes)
    if code in STATES
}


class Tile(NamedTuple):
    """One state: its place, its shade, what is written on it and what the pointer shows."""

    x: int
    y: int
    middle: int
    code_y: int
    value_y: int
    shade: str
    code: str
    value: str
    size: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMap(Chart):
    """Tiles for all of `STATES`."""

    template: ClassVar[str] = "components/charts/states.html"
    width: ClassVar[int] = WIDTH
    height: ClassVar[int] = HEIGHT
    side: ClassVar[int] = SIDE

    tiles: Sequence[Tile]


def state_map(key: str, title: str, *, measure: str, values: Mapping[str, int]) -> StateMap:
    """A tile for each state with its value by two-letter code; a state left out has 0.

    Values under other codes have no tile; they are in the table, and the note counts them.
    """
    elsewhere = {code: value for code, value in values.items() if code not in STATES and value}
    on_map = {code: values.get(code, 0) for code in STATES}
    names = [*STATES.values(), *(code or "State not known" for code in elsewhere)]
    numbers = Numbers("State", names, [Series(measure, [*on_map.values(), *elsewhere.values()])])
    starts = class_starts(max(on_map.values()))
    return StateMap(
        key=key,
        title=title,
        numbers=numbers,
        summary=_summary(measure, on_map),
        legend=list(_legend(starts, max(on_map.values()))),
        note=_note(elsewhere),
        tiles=[_tile(code, on_map[code], starts) for code in PLACES],
    )


def _tile(code: str, value: int, starts: Sequence[int]) -> Tile:
    x, y = PLACES[code]
    written = short(value)
    return Tile(
        x=x,
        y=y,
        middle=x + SIDE // 2,
        code_y=y + 22,
        value_y=y + 45,
        shade=_shade(bisect_right(starts, value) - 1, len(starts)),
        code=code,
        value=written,
        size="long" if len(written) > _FITS else "short",
        text=f"{STATES[code]}: {exact(value)}",
    )


def _shade(place: int, classes: int) -> str:
    """The shade of a class, -1 being zero; few classes are spread over all shades."""
    number = 0 if place < 0 else (2 * place + 1) * SHADES // (2 * classes) + 1
    return f"shade-{number}"


def _legend(starts: Sequence[int], maximum: int) -> Iterator[Key]:
    yield Key(_shade(-1, 0), "0")
    ends = [*(start - 1 for start in starts[1:]), maximum]
    for place, (start, end) in enumerate(zip(starts, ends, strict=False)):
        label = exact(start) if start == end else f"{exact(start)}–{exact(end)}"
        yield Key(_shade(place, len(starts)), label)


def _summary(measure: str, on_map: Mapping[str, int]) -> str:
    if not any(on_map.values()):
        return NO_NUMBERS
    above_zero = sum(1 for value in on_map.values() if value)
    return (
        f"{measure}: {exact(sum(on_map.values()))} in {above_zero} of the {len(on_map)} states "
        "and territories; the table has the number of each."
    )


def _note(elsewhere: Mapping[str, int]) -> str:
    if not elsewhere:
        return ""
    return f"{exact(sum(elsewhere.values()))} without a known state: only in the table."
