"""Federal fiscal quarters: FY2026Q1 is October to December 2025."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_NAME = re.compile(r"FY([0-9]{4})Q([1-4])", re.ASCII)
_FIRST_MONTH = {1: 10, 2: 1, 3: 4, 4: 7}


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a federal fiscal year; its days run from `start` to `end`, both included."""

    fiscal_year: int
    number: int

    def __post_init__(self) -> None:
        if not (1900 <= self.fiscal_year <= 9998 and 1 <= self.number <= 4):
            raise ValueError(f"not a fiscal quarter: FY{self.fiscal_year}Q{self.number}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """`FY2026Q1`; ValueError for anything else."""
        match = _NAME.fullmatch(text)
        if match is None:
            raise ValueError(f"not a fiscal quarter: {text!r} (write it like FY2026Q1)")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that `day` falls in."""
        return cls(day.year + (day.month >= 10), (day.month + 2) // 3 % 4 + 1)

    @property
    def start(self) -> date:
        year = self.fiscal_year - (self.number == 1)
        return date(year, _FIRST_MONTH[self.number], 1)

    @property
    def end(self) -> date:
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        if self.number == 4:
            return Quarter(self.fiscal_year + 1, 1)
        return Quarter(self.fiscal_year, self.number + 1)

    @property
    def previous(self) -> Quarter:
        if self.number == 1:
            return Quarter(self.fiscal_year - 1, 4)
        return Quarter(self.fiscal_year, self.number - 1)

    @property
    def year_start(self) -> date:
        return date(self.fiscal_year - 1, 10, 1)

    @property
    def year_end(self) -> date:
        return date(self.fiscal_year, 9, 30)

    @property
    def year_days(self) -> int:
        """365, or 366 when the fiscal year holds a 29 February."""
        return (self.year_end - self.year_start).days + 1

    def overlaps(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last` lies in the quarter."""
        return first <= self.end and last >= self.start

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"FY{self.fiscal_year}Q{self.number}"
