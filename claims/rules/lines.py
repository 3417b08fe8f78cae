"""The money of a claim's lines: a line is an officer and a cost category, in one version. Plain Python."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Category(enum.StrEnum):
    """What a line pays for."""

    REGULAR = "regular"
    BENEFITS = "benefits"
    OVERTIME = "overtime"
    AWARD = "award"

    @property
    def label(self) -> str:
        """As pages and packets call it."""
        return _LABELS[self]


_LABELS = {
    Category.REGULAR: "Regular pay",
    Category.BENEFITS: "Benefits",
    Category.OVERTIME: "Overtime",
    Category.AWARD: "Performance award",
}


class Line(NamedTuple):
    """One line in whole cents; the award's is the claim's own and names no officer.

    `claimed` is what the payroll says for payable days, `computed` what the rules leave of it, and
    `allowed` what people left of that: `computed` plus every adjustment, never under 0 nor over `computed`.
    """

    officer_id: str
    category: Category
    claimed: int
    computed: int
    allowed: int

    @property
    def disallowed(self) -> int:
        """What a person took away."""
        return self.computed - self.allowed


class Reason(enum.StrEnum):
    """Why a reviewer takes something away from a line, or gives it back. The codes are stable."""

    UNSUPPORTED = "unsupported"
    NOT_PAYABLE = "not_payable"
    DUPLICATE = "duplicate"
    OTHER_SOURCE = "other_source"
    NOT_ALLOWABLE = "not_allowable"
    UNREASONABLE = "unreasonable"
    REVERSED = "reversed"
    CARRIED = "carried"
    DENIED = "denied"
    APPEAL = "appeal"

    @property
    def label(self) -> str:
        """In words."""
        return _REASONS[self][0]

    @property
    def rule(self) -> str:
        """The rule it goes by, as it is cited."""
        return _REASONS[self][1]


_REASONS = {
    Reason.UNSUPPORTED: ("No record supports it", "2 CFR 200.403(g), 200.430(g)"),
    Reason.NOT_PAYABLE: (
        "Days or work the program does not pay",
        "How a quarter is calculated, payable days",
    ),
    Reason.DUPLICATE: ("Claimed or paid already", "2 CFR 200.403(f)"),
    Reason.OTHER_SOURCE: ("Another program or payer covers it", "2 CFR 200.403(f)"),
    Reason.NOT_ALLOWABLE: ("This kind of cost is not allowable", "2 CFR 200.403, 200.431"),
    Reason.UNREASONABLE: ("More than a reasonable amount", "2 CFR 200.404"),
    Reason.REVERSED: ("An earlier adjustment is taken back", "the adjustment that it reverses"),
    Reason.CARRIED: (
        "Disallowed in the claim that this one corrects",
        "the decision on that claim",
    ),
    Reason.DENIED: ("The claim is denied", "the decision on the claim"),
    Reason.APPEAL: ("Granted on appeal", "2 CFR 200.342"),
}
CHOSEN = (
    Reason.UNSUPPORTED,
    Reason.NOT_PAYABLE,
    Reason.DUPLICATE,
    Reason.OTHER_SOURCE,
    Reason.NOT_ALLOWABLE,
    Reason.UNREASONABLE,
)
"""What a reviewer chooses from; the others follow from what is done."""
REVERSIBLE = (*CHOSEN, Reason.CARRIED)
"""What a reviewer may give back: what one of them took, in this claim or in the one that it corrects."""
