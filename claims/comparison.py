"""Two payroll files of a quarter side by side, by officer and dollar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Summary(NamedTuple):
    """What a file says of one officer: rows, and amounts in cents."""

    officer_id: str
    rows: int
    regular_pay: int
    benefits: int
    overtime_pay: int

    @property
    def total(self) -> int:
        """All amounts."""
        return self.regular_pay + self.benefits + self.overtime_pay


class ComparedOfficer(NamedTuple):
    """An officer in both files, or in one of them: the other is None."""

    officer_id: str
    before: Summary | None
    after: Summary | None

    @property
    def regular_pay(self) -> int:
        """The difference in regular pay, in cents."""
        return self._after.regular_pay - self._before.regular_pay

    @property
    def benefits(self) -> int:
        """The difference in benefits, in cents."""
        return self._after.benefits - self._before.benefits

    @property
    def overtime_pay(self) -> int:
        """The difference in overtime pay, in cents."""
        return self._after.overtime_pay - self._before.overtime_pay

    @property
    def difference(self) -> int:
        """The difference in all amounts, in cents."""
        return self._after.total - self._before.total

    @property
    def is_unchanged(self) -> bool:
        """Whether both files say the same, to the cent and the row."""
        return self.before == self.after

    @property
    def _before(self) -> Summary:
        return self.before or Summary(self.officer_id, 0, 0, 0, 0)

    @property
    def _after(self) -> Summary:
        return self.after or Summary(self.officer_id, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Officers by the size of their difference, then by id, and the files' totals in cents."""

    officers: tuple[ComparedOfficer, ...]
    before_total: int
    after_total: int

    @property
    def difference(self) -> int:
        """What the later file has more, in cents."""
        return self.after_total - self.before_total

    @property
    def changed(self) -> list[ComparedOfficer]:
        """The officers the files differ in."""
        return [one for one in self.officers if not one.is_unchanged]

    @property
    def unchanged(self) -> list[ComparedOfficer]:
        """The officers of whom both files say the same."""
        return [one for one in self.officers if one.is_unchanged]

    @property
    def only_before(self) -> int:
        """How many officers the later file lacks."""
        return sum(one.after is None for one in self.officers)

    @property
    def only_after(self) -> int:
        """How many officers the earlier file lacks."""
        return sum(one.before is None for one in self.officers)


def compare_summaries(before: Iterable[Summary], after: Iterable[Summary]) -> Comparison:
    """Every officer of either file; each file names an officer once."""
    earlier = {one.officer_id: one for one in before}
    later = {one.officer_id: one for one in after}
    officers = [
        ComparedOfficer(officer_id, earlier.get(officer_id), later.get(officer_id))
        for officer_id in earlier | later
    ]
    return Comparison(
        tuple(sorted(officers, key=lambda one: (-abs(one.difference), one.officer_id))),
        sum(one.total for one in earlier.values()),
        sum(one.total for one in later.values()),
    )
