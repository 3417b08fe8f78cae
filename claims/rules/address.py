"""What something said about a claim is about: the claim, its award, an officer or a line. Plain Python."""

from __future__ import annotations

from typing import NamedTuple

from claims.rules.lines import Category


class Address(NamedTuple):
    """An officer and a cost category; without them the officer as a whole, the claim, or its award."""

    officer_id: str = ""
    category: str = ""

    @property
    def may_be(self) -> bool:
        """Whether there can be such a place: the award is the claim's, every other category an officer's."""
        if not self.category:
            return True
        return (self.category == Category.AWARD) != bool(self.officer_id)

    @property
    def covering(self) -> frozenset[Address]:
        """Every place of which what is said holds for this one too: itself, its officer, the claim."""
        return frozenset(
            Address(officer_id, category)
            for officer_id in {self.officer_id, ""}
            for category in {self.category, ""}
        )

    def words(self, name: str = "") -> str:
        """As a sentence goes on with it; `name` is the officer's, where it may be shown."""
        if not self.officer_id:
            return "the performance award" if self.category else "the claim"
        officer = f"{name} ({self.officer_id})" if name else f"officer {self.officer_id}"
        if not self.category:
            return officer
        return f"{Category(self.category).label.lower()} of {officer}"
