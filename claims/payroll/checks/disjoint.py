"""The quick way past repeats and overlaps: most files have neither."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice
from operator import add, itemgetter, le, lt

from claims.payroll.parse import PayrollRow

# Each officer has a stretch of numbers of their own, longer than all the days there are.
_STRETCH = 1 << date.max.toordinal().bit_length()
_OFFICER, _START, _END = (
    itemgetter(PayrollRow._fields.index(name))
    for name in ("officer_id", "period_start", "period_end")
)


def are_disjoint(rows: Sequence[PayrollRow]) -> bool:
    """Whether no two rows of one officer share a day, and every period ends after it starts.

    All first days in order, and all last days: they take turns if and only if no periods overlap.
    """
    stretches: dict[str, int] = {}
    for officer_id in map(_OFFICER, rows):
        if officer_id not in stretches:
            stretches[officer_id] = _STRETCH * len(stretches)
    offsets = list(map(stretches.__getitem__, map(_OFFICER, rows)))
    starts = list(map(add, offsets, map(date.toordinal, map(_START, rows))))
    ends = list(map(add, offsets, map(date.toordinal, map(_END, rows))))
    if not all(map(le, starts, ends)):
        return False
    starts.sort()
    ends.sort()
    return all(map(lt, ends, islice(starts, 1, None)))
