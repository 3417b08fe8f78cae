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
    are kept.
    """

    header: tuple[str, ...] = ()
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

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
        )

    def columns_of(self, finding: Found) -> tuple[str, ...]:
        """The file's own columns a finding is about; none when it is about the row as a whole."""
        named = self.sources.get(finding.column, (finding.column,))
        return tuple(column for column in named if column in self.header)

    def cell(self, row: int, column: str) -> str:
        """What the file holds in a row and one of its own columns."""
        return self.rows[row][self.header.index(column)]
