"""What a packet is made of: the stored calculation, and who signed, decided and did what."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from claims.rules.claim import ClaimResult
from claims.rules.facts import ClaimInput
from claims.rules.lifecycle import ACTIONS, STATE_LABELS, State


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
        """Where the decision put the claim, in words."""
        return STATE_LABELS[ACTIONS[self.action].to]


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

    `nil_reason` is why there is nothing to claim; empty for a claim with amounts.
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

    @property
    def closed_at(self) -> datetime:
        """The instant the edition shows: that of the signature or of the last decision."""
        return self.rulings[-1].decided_at if self.rulings else self.signature.certified_at

    @property
    def status(self) -> str:
        """Where the version stood at that instant, in words."""
        return self.rulings[-1].outcome if self.rulings else STATE_LABELS[State.SUBMITTED]
