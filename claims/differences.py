"""A correction beside the claim it corrects, by officer and dollar. Amounts are whole cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from claims.rules.lines import Category

AWARD = ("", Category.AWARD.value)
"""The line that is the claim's own."""


class Pair(NamedTuple):
    """An amount before and after."""

    before: int = 0
    after: int = 0

    @property
    def change(self) -> int:
        """What the later one has more."""
        return self.after - self.before

    def plus(self, other: Pair) -> Pair:
        """Both amounts of both."""
        return Pair(self.before + other.before, self.after + other.after)


@dataclass(frozen=True, slots=True)
class ChangedOfficer:
    """An officer of whom the correction allows another amount in some category."""

    officer_id: str
    regular: Pair
    benefits: Pair
    overtime: Pair

    @property
    def total(self) -> Pair:
        """All categories."""
        return self.regular.plus(self.benefits).plus(self.overtime)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a correction changes: the officers it changes, the largest difference first, award and total."""

    officers: tuple[ChangedOfficer, ...]
    unchanged: int
    award: Pair
    total: Pair


def difference(
    before: Mapping[tuple[str, str], int], after: Mapping[tuple[str, str], int]
) -> Difference:
    """The difference between two claims' lines, each given by officer and cost category."""
    pairs: dict[str, dict[str, Pair]] = defaultdict(dict)
    total = award = Pair()
    for officer_id, category in before.keys() | after.keys():
        address = officer_id, category
        pair = Pair(before.get(address, 0), after.get(address, 0))
        total = total.plus(pair)
        if address == AWARD:
            award = pair
        else:
            pairs[officer_id][category] = pair
    changed = [
        ChangedOfficer(
            officer_id,
            of_officer.get(Category.REGULAR, Pair()),
            of_officer.get(Category.BENEFITS, Pair()),
            of_officer.get(Category.OVERTIME, Pair()),
        )
        for officer_id, of_officer in pairs.items()
        if any(pair.change for pair in of_officer.values())
    ]
    return Difference(
        tuple(sorted(changed, key=lambda one: (-abs(one.total.change), one.officer_id))),
        len(pairs) - len(changed),
        award,
        total,
    )
