"""How a packet is divided: one document, and for a large claim volumes of its officers beside it.

What officers have on record costs as much as their number, so both are bounded. It is counted in rows: one
for each benefit that an officer has, and one for each payroll line, with a further one for every eight
benefits in it. A claim within both bounds is one document. Any other goes officer by officer, in the order
of the calculation, into volumes: each is closed before the officer who would bring it over a bound.

Volumes print no lines; the lines, and the steps of every amount, are attached to them. An officer who alone
has more rows than a document may have stands in a volume alone and is explained by sums: the lines
themselves are in its CSV.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.rules.facts import OfficerFacts

OFFICERS_IN_ONE_DOCUMENT = 500
"""With more officers than this the schedules leave the main document."""
OFFICERS_PER_VOLUME = 250
"""Never more in a volume: setting twice as many takes more than 300 MB."""
ROWS_IN_A_DOCUMENT = 7_000
"""Never more in a volume, nor in a main document with schedules: they take 500 MB and 20 seconds."""
BENEFITS_PER_ROW = 8


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a file says about itself: its code, and the address of the page where files are checked."""

    code: str
    verify_url: str

    @property
    def check_url(self) -> str:
        """Where the code is looked up, as the QR code says it."""
        return f"{self.verify_url}?code={self.code}"


@dataclass(frozen=True, slots=True)
class Volume:
    """The officers at the places `first` to `last` of a claim, counted from 1, both included."""

    number: int
    count: int
    first: int
    last: int

    @property
    def places(self) -> slice:
        """Where its officers stand in the calculation."""
        return slice(self.first - 1, self.last)

    @property
    def span(self) -> str:
        """`501 to 1,000`."""
        return f"{self.first:,} to {self.last:,}"

    @property
    def label(self) -> str:
        """`Volume 2 of 10`."""
        return f"Volume {self.number} of {self.count}"


@dataclass(frozen=True, slots=True)
class VolumeFile:
    """A volume that has been made: the main document lists it by its hash."""

    volume: Volume
    filename: str
    pages: int
    sha256: str


def volumes_of(officers: Sequence[OfficerFacts]) -> tuple[Volume, ...]:
    """The volumes of a claim with these officers; none where the main document holds them all."""
    rows = list(map(rows_of, officers))
    if len(rows) <= OFFICERS_IN_ONE_DOCUMENT and sum(rows) <= ROWS_IN_A_DOCUMENT:
        return ()
    firsts = list(_firsts(rows))
    lasts = [first - 1 for first in firsts[1:]] + [len(rows)]
    return tuple(
        Volume(number, len(firsts), first, last)
        for number, (first, last) in enumerate(zip(firsts, lasts, strict=True), start=1)
    )


def rows_of(officer: OfficerFacts) -> int:
    """What an officer has on record, in rows."""
    benefits = {name for line in officer.lines for name, _ in line.benefits}
    return len(benefits) + sum(1 + len(line.benefits) // BENEFITS_PER_ROW for line in officer.lines)


def is_explained_by_sums(officer: OfficerFacts) -> bool:
    """Whether an officer has too much on record for a step from every line."""
    return rows_of(officer) > ROWS_IN_A_DOCUMENT


def _firsts(rows: Sequence[int]) -> Iterator[int]:
    """The places with which volumes begin, by the rows of each officer."""
    officers, held = OFFICERS_PER_VOLUME, 0
    for place, number in enumerate(rows, start=1):
        if officers >= OFFICERS_PER_VOLUME or held + number > ROWS_IN_A_DOCUMENT:
            yield place
            officers, held = 0, 0
        officers, held = officers + 1, held + number
