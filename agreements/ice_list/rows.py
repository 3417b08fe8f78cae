"""What is read from a list: its rows, and how they are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from portal.kernel.findings import Finding
from portal.kernel.program import MODELS
from portal.kernel.states import STATES

ListKind = Literal["participating", "pending"]


class IceRow(NamedTuple):
    """One row of a list: an agency and one model.

    What is blank, or cannot be read, is empty or None. `name` is as written, without the space
    around it. `county` is the Census Bureau's name where it is known, else as written.
    `agency_type` is one of `values.AGENCY_TYPES`. `cells` are all filled cells as written, by the
    ICE's name of their column: the evidence.
    """

    row: int
    state: str
    name: str
    name_key: str
    agency_type: str
    county: str
    model: str
    support_type: str
    signed_on: date | None
    moa_url: str
    addendum_url: str
    is_hidden: bool
    cells: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str, str]:
        """What the row is about: state, agency, model."""
        return self.state, self.name_key, self.model

    @property
    def is_usable(self) -> bool:
        """Whether it is certain which state, agency and model the row is about."""
        return all(self.key)


@dataclass(frozen=True, slots=True)
class IceList:
    """A list as read. `as_of` is the day it shows, None when neither name nor content tells.

    A list that cannot be read has no rows and an error among its findings.
    """

    kind: ListKind
    as_of: date | None
    saved_at: datetime | None
    rows: tuple[IceRow, ...]
    hidden_rows: int
    findings: tuple[Finding, ...]

    @property
    def agencies(self) -> int:
        """How many agencies the list names: by state and `name_key`."""
        return len({(_state_name(row), row.name_key) for row in self.rows})

    @property
    def by_model(self) -> dict[str, int]:
        """Rows by model; rows of an unknown model are in none."""
        count = Counter(row.model for row in self.rows)
        return {model: count[model] for model in MODELS}

    @property
    def by_state(self) -> dict[str, int]:
        """Rows by state, in capitals as ICE writes them; an unknown one as the list has it."""
        return dict(sorted(Counter(map(_state_name, self.rows)).items()))


def _state_name(row: IceRow) -> str:
    if row.state:
        return STATES[row.state].upper()
    return " ".join(row.cells.get("STATE", "").split()).upper()
