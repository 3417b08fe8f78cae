"""The rows of a file with something found in them, cell by cell as they stand in the file's own columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Found(Protocol):
    """A finding, stored or fresh, as far as its place goes."""

    @property
    def row(self) -> int | None: ...
    @property
    def column(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Faulty:
    """What `Batch.faulty` holds. `sources` leads from a column of the layout to the file's own columns.

    `rows` are cells as text by the row's number in the file; of a very long list only the first rows
    are kept. `total` counts all rows of the file, 0 if that was not noted. `groups` are rows that were
    added up, by the number of the row a finding names.
    """

    header: tuple[str, ...] = ()
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    total: int = 0
    groups: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of_text(cls, text: str) -> Faulty:
        """From the JSON kept with a batch; empty when there is none."""
        if not text:
            return cls()
        kept = json.loads(text)
        return cls(
            tuple(kept["header"]),
            kept["sources"],
            {int(number): tuple(cells) for number, cells in kept["rows"].items()},
            kept.get("total", 0),
            {int(row): tuple(rows) for row, rows in kept.get("groups", {}).items()},
        )

    def columns_of(self, finding: Found) -> tuple[str, ...]:
        """The file's own columns a finding is about; none when it is about the row as a whole."""
        named = self.sources.get(finding.column, (finding.column,))
        return tuple(column for column in named if column in self.header)

    def rows_of(self, finding: Found) -> tuple[int, ...]:
        """The rows at hand that a finding is about: one, or those that were added up to it."""
        if finding.row is None:
            return ()
        rows = self.groups.get(finding.row, (finding.row,))
        return tuple(row for row in rows if row in self.rows)

    def cell(self, row: int, column: str) -> str:
        """What the file holds in a row and one of its own columns."""
        return self.rows[row][self.header.index(column)]
