"""What a packet is made of: the stored calculation, and who signed, decided and did what."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims.rules.claim import ClaimResult
from claims.rules.facts import ClaimInput
from claims.rules.lifecycle import ACTIONS, STATE_LABELS, Kind, State
from claims.rules.lines import Category, Reason


class Edition(enum.StrEnum):
    """The moment a packet shows; what happened after it is in a later edition."""

    CERTIFIED = "certified"
    DECIDED = "decided"


EDITION_LABELS = {Edition.CERTIFIED: "As certified", Edition.DECIDED: "As decided"}


@dataclass(frozen=True, slots=True)
class Signature:
    """The certification: who signed, as what, under which words, over which calculation."""

    name: str
    title: str
    wording_version: str
    wording: str
    sha256: str
    certified_at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """One federal decision; `action` is a code of the lifecycle."""

    action: str
    name: str
    note: str
    sha256: str
    decided_at: datetime

    @property
    def outcome(self) -> str:
        """Where the decision put the claim, in words; what it did where it left it there."""
        action = ACTIONS[self.action]
        return action.label if action.stays else STATE_LABELS[action.to]


@dataclass(frozen=True, slots=True)
class Happening:
    """One audit event of the claim's thread; `what` is it in words."""

    at: datetime
    what: str
    name: str
    side: str
    note: str
    version: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class PayrollFile:
    """A payroll file that lines of the calculation name by its reference."""

    reference: str
    filename: str
    sha256: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a person took from a line before the decision, or gave back, in cents."""

    officer_id: str
    category: Category
    amount: int
    reason: Reason
    rule: str
    note: str
    name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Waiver:
    """A requirement that did not apply when the claim was decided; `scope` and `rule` in words."""

    rule: str
    scope: str
    reason: str
    name: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Lateness:
    """Why a claim was certified after its due date; `why` in words."""

    why: str
    note: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The decided claim in whose place a linked one comes: its number and what it allows, in cents.

    `first_certified_at` is when the quarter was claimed for the first time; corrections never move it.
    """

    number: str
    allowed: int
    first_certified_at: datetime


@dataclass(frozen=True, slots=True)
class StoredCalculation:
    """A calculation as it was stored: the texts its hash was made from, and what they say."""

    sha256: str
    computed_at: datetime
    content: str
    details: tuple[str, ...]
    claim: ClaimInput
    result: ClaimResult


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """Everything one edition of one version's packet shows, and no more. Instants are aware.

    `nil_reason` is why there is nothing to claim; empty for a claim with amounts. `follows` is the number
    of the claim that an amendment or supplement goes on from, `corrected` the one whose amounts it
    replaces. What people did to the lines, and what was waived, is in the edition that shows the
    decision.
    """

    claim_number: str
    version: int
    edition: Edition
    nil_reason: str
    agency_name: str
    agency_number: str
    zone: ZoneInfo
    calculation: StoredCalculation
    signature: Signature
    rulings: tuple[Ruling, ...]
    happenings: tuple[Happening, ...]
    files: tuple[PayrollFile, ...]
    kind: Kind = Kind.ORIGINAL
    follows: str = ""
    corrected: Corrected | None = None
    lateness: Lateness | None = None
    adjustments: tuple[Adjustment, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    @property
    def closed_at(self) -> datetime:
        """The instant the edition shows: that of the signature or of the last decision."""
        return self.rulings[-1].decided_at if self.rulings else self.signature.certified_at

    @property
    def status(self) -> str:
        """Where the version stood at that instant, in words."""
        return self.rulings[-1].outcome if self.rulings else STATE_LABELS[State.SUBMITTED]

    @property
    def allowed(self) -> int:
        """What the decision allows of the whole claim, in cents."""
        return self.calculation.result.total + self.taken()

    @property
    def difference(self) -> int | None:
        """What the decision changed for the quarter, in cents; None where it changed nothing before it.

        A denied correction leaves the quarter as it was decided before.
        """
        if self.corrected is None or not self.rulings:
            return None
        is_denied = self.rulings[-1].action == "deny"
        return 0 if is_denied else self.allowed - self.corrected.allowed

    def taken(self, category: Category | None = None) -> int:
        """What people took away in all, or from one category, in cents: not above zero."""
        rows = self.adjustments
        return sum(row.amount for row in rows if category is None or row.category is category)
