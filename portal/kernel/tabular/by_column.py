"""Tables held by column, the way they are read: a column is a list, rows are made when asked for."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import overload

from portal.kernel.tabular.table import Cell, Table

# A column as it travels between processes: its distinct cells once, and where each row's is among them.
# Beside saving space, whoever unpacks it makes few objects, and hashes each text once.
_Packed = tuple[list[Cell], bytes | None]
_NUMBERS = frozenset({int, float})


class ByColumn(Sequence[Sequence[Cell]]):
    """The rows of columns of one length. Each column's distinct cells are gathered once, for all readers."""

    def __init__(self, columns: Sequence[Sequence[Cell]]) -> None:
        self.columns = columns
        self._distinct: dict[int, Collection[Cell]] = {}

    def distinct(self, place: int) -> Collection[Cell]:
        """The distinct cells of a column."""
        if place not in self._distinct:
            self._distinct[place] = frozenset(self.columns[place])
        return self._distinct[place]

    def __reduce__(self) -> tuple[Callable[..., ByColumn], tuple[list[_Packed]]]:
        packed = [self._packed(place) for place in range(len(self.columns))]
        return unpacked, (packed,)

    def _packed(self, place: int) -> _Packed:
        column, cells = self.columns[place], list(self.distinct(place))
        if not _NUMBERS.isdisjoint(map(type, cells)):
            return list(column), None  # `1` and `1.0` are equal, but not alike
        places = dict(zip(cells, range(len(cells)), strict=True))
        return cells, array("I", map(places.__getitem__, column)).tobytes()

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return map(list, zip(*self.columns, strict=True))

    @overload
    def __getitem__(self, index: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, index: int | slice) -> Sequence[Cell] | Sequence[Sequence[Cell]]:
        if isinstance(index, slice):
            return ByColumn([column[index] for column in self.columns])
        return [column[index] for column in self.columns]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(map(list, other))

    __hash__ = None  # type: ignore[assignment]  # like a list


def unpacked(columns: Sequence[_Packed]) -> ByColumn:
    """What `pickle` makes of columns that were packed."""
    rows = ByColumn([])
    rows.columns = [
        cells if places is None else list(map(cells.__getitem__, array("I", places)))
        for cells, places in columns
    ]
    rows._distinct = {
        place: cells for place, (cells, places) in enumerate(columns) if places is not None
    }
    return rows


def by_column(table: Table) -> ByColumn:
    """The table's cells by column; every table that was read from a file is held so."""
    if isinstance(table.rows, ByColumn):
        return table.rows
    return ByColumn(list(zip(*table.rows, strict=True)) or [()] * len(table.header))
