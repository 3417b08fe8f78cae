"""From numbers to lengths and back to words: ticks, classes, shares, short numbers."""

from __future__ import annotations

import math
from itertools import count

_UNITS = ((10**3, "k"), (10**6, "M"), (10**9, "B"), (10**12, "T"))
_FINE = (1, 2, 3, 5)


def ticks(maximum: int, intervals: int = 6) -> tuple[int, ...]:
    """Round numbers from zero to the first one at or above `maximum`, evenly spaced."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if -(-maximum // step) <= intervals)
    return tuple(range(0, max(1, -(-maximum // step)) * step + 1, step))


def class_starts(maximum: int, classes: int = 5) -> tuple[int, ...]:
    """The lowest value of each class from 1 to `maximum`; none for 0.

    Counts per state are skewed: most are small, a few very large. So every class spans about the
    same ratio, and starts at a round number; small ranges need fewer classes.
    """
    if maximum <= classes:
        return tuple(range(1, maximum + 1))
    ratio = math.log(maximum) / classes
    round_numbers = [factor * 10**power for power in range(len(str(maximum))) for factor in _FINE]
    nearest = {
        min(round_numbers, key=lambda number: abs(math.log(number) - ratio * step))
        for step in range(classes)
    }
    return tuple(sorted(nearest))


def share(part: int, whole: int, of: int = 100) -> str:
    """`part / whole`, scaled to `of`, with two decimals: a length for an SVG attribute."""
    hundredths = (part * of * 200 + whole) // (whole * 2)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def percent(part: int, whole: int) -> str:
    """The share as a percentage: `33.33%`."""
    return share(part, whole) + "%"


def exact(number: int) -> str:
    """The whole number with separators: `10,501`."""
    return f"{number:,}"


def short(number: int, exact_below: int = 10_000) -> str:
    """The number as it fits into a drawing: `9,500`, then rounded like `10.5k` or `3M`."""
    if number < exact_below:
        return exact(number)
    for unit, letter in _UNITS:
        tenths = _rounded(number * 10, unit)
        if tenths < 1000:
            whole, tenth = divmod(tenths, 10)
            return f"{whole}.{tenth}{letter}" if tenth else f"{whole}{letter}"
        if _rounded(number, unit) < 1000:
            return f"{_rounded(number, unit)}{letter}"
    unit, letter = _UNITS[-1]
    return f"{_rounded(number, unit):,}{letter}"


def _rounded(part: int, whole: int) -> int:
    return (part * 2 + whole) // (whole * 2)
