"""How a packet is divided: one document, and for a large agency volumes of its officers beside it."""

from __future__ import annotations

from dataclasses import dataclass

OFFICERS_IN_ONE_DOCUMENT = 500
"""With more officers than this the schedules leave the main document."""
OFFICERS_PER_VOLUME = 250
"""Never more in a volume: setting twice as many takes more than 300 MB."""


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


def volumes_of(officers: int) -> tuple[Volume, ...]:
    """The volumes of a claim with so many officers; none where the main document holds them all."""
    if officers <= OFFICERS_IN_ONE_DOCUMENT:
        return ()
    firsts = range(1, officers + 1, OFFICERS_PER_VOLUME)
    return tuple(
        Volume(number, len(firsts), first, min(first + OFFICERS_PER_VOLUME - 1, officers))
        for number, first in enumerate(firsts, start=1)
    )
