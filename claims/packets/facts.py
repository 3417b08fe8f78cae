"""What a packet is made of: the stored calculation, and a snapshot of who signed, decided and did what."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims.packets.used import UsedBefore
from claims.rules.claim import ClaimResult
from claims.rules.editions import edition_in_words
from claims.rules.facts import ClaimInput
from claims.rules.lifecycle import ACTIONS, STATE_LABELS, Kind, State
from claims.rules.lines import Category, Reason


class Edition(enum.StrEnum):
    """The moment a packet shows; what happened after it is in a later edition."""

    CERTIFIED = "certified"
    DECIDED = "decided"


class Copy(enum.StrEnum):
    """For whose eyes: with officers by name, or without anything that says who they are."""

    FULL = "full"
    MASKED = "masked"


COPY_LABELS = {Copy.FULL: "Full copy", Copy.MASKED: "Masked copy"}


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
    """One audit event of the claim's thread; `what` is it in words.

    `masked` is the same without what could say who an officer is. `claim` is the number of the claim it
    happened to, where a quarter has several; else empty.
    """

    at: datetime
    what: str
    name: str
    side: str
    note: str
    version: int | None
    sha256: str
    masked: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class PayrollFile:
    """A payroll file that lines of the calculation name by its reference."""

    reference: str
    filename: str
    sha256: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a person took from a line, or gave back, also on appeal, in cents."""

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
    """A requirement that did not apply when the claim was decided; `rule` in words.

    It is for what `officer_id` and `category` address (`claims.rules.address.Address`).
    """

    rule: str
    officer_id: str
    category: str
    reason: str
    name: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class DecidedAppeal:
    """A line that the agency appealed, and the ruling; amounts in cents."""

    officer_id: str
    category: Category
    asked: int
    granted: int
    grounds: str
    filed_by: str
    filed_at: datetime
    ruling: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Lateness:
    """Why a claim was certified after its due date; `why` in words."""

    why: str
    note: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The decided claim in whose place a linked one comes: its number and what it allows, in cents.

    `first_certified_at` is when the quarter was claimed for the first time; corrections never move it.
    `by_category` is empty in what was written down before it was told.
    """

    number: str
    allowed: int
    first_certified_at: datetime
    by_category: dict[Category, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgencyIdentity:
    """Who claims, as the portal knew it then; `ori` and `uei` are empty where unknown."""

    number: str
    name: str
    state: str = ""
    county: str = ""
    ori: str = ""
    uei: str = ""


@dataclass(frozen=True, slots=True)
class EarlierQuarter:
    """A quarter of the same fiscal year before this one, by the claim that counted for it, in cents.

    `claimed` is what its calculation gives, `allowed` what people left of it, None while undecided.
    Without a claim that counted the number is empty.
    """

    quarter: str
    claim_number: str
    status: str
    claimed: dict[Category, int]
    allowed: dict[Category, int] | None


@dataclass(frozen=True, slots=True)
class CountsReport:
    """When the counts of the calculation were reported, and confirmed by somebody else."""

    reported_at: datetime
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class WarningAnswer:
    """A warning of a file that counts, and why it is in order; `answer` is empty where nobody said."""

    code: str
    title: str
    reference: str
    row: int | None
    officer_id: str
    message: str
    answer: str
    name: str
    answered_at: datetime | None


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
class Snapshot:
    """What one edition shows beside the calculation, written down once when it is first made.

    It is stored with the packet: whatever happens later to the agency's record or to other claims, the
    same packet can be made again from it. Instants are aware, `zone` is the agency's.
    `nil_reason` is why there is nothing to claim; empty for a claim with amounts. `follows` is the number
    of the claim that an amendment or supplement goes on from, `corrected` the one whose amounts it
    replaces. What people did to the lines, and what was waived, is in the edition that shows the
    decision; `appeals` counts the rulings on appeal that it has taken in. All of its files say that they
    are verified at `verify_url`; it is empty in what was written down before there was one.
    """

    claim_number: str
    version: int
    edition: Edition
    agency: AgencyIdentity
    zone: str
    signature: Signature
    nil_reason: str = ""
    rulings: tuple[Ruling, ...] = ()
    happenings: tuple[Happening, ...] = ()
    files: tuple[PayrollFile, ...] = ()
    kind: Kind = Kind.ORIGINAL
    follows: str = ""
    corrected: Corrected | None = None
    lateness: Lateness | None = None
    adjustments: tuple[Adjustment, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    earlier_quarters: tuple[EarlierQuarter, ...] = ()
    used_before: tuple[UsedBefore, ...] = ()
    warnings: tuple[WarningAnswer, ...] = ()
    appeals: int = 0
    decided_appeals: tuple[DecidedAppeal, ...] = ()
    counts: CountsReport | None = None
    verify_url: str = ""


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """Everything one copy of one edition of one version's packet shows, and no more."""

    snapshot: Snapshot
    calculation: StoredCalculation
    copy: Copy = Copy.FULL

    @property
    def is_masked(self) -> bool:
        """Whether this is the copy that names no officer."""
        return self.copy is Copy.MASKED

    @property
    def officer_names(self) -> dict[str, str]:
        """The names of the calculation's officers by id."""
        return {officer.officer_id: officer.name for officer in self.calculation.claim.officers}

    @property
    def edition_label(self) -> str:
        """`As decided`, with the rulings on appeal that it has taken in."""
        return edition_in_words(self.snapshot.edition, self.snapshot.appeals)

    @property
    def zone(self) -> ZoneInfo:
        """The agency's time zone, in which the packet tells instants."""
        return ZoneInfo(self.snapshot.zone)

    @property
    def closed_at(self) -> datetime:
        """The instant the edition shows: that of the signature or of the last decision."""
        rulings = self.snapshot.rulings
        return rulings[-1].decided_at if rulings else self.snapshot.signature.certified_at

    @property
    def status(self) -> str:
        """Where the version stood at that instant, in words."""
        rulings = self.snapshot.rulings
        return rulings[-1].outcome if rulings else STATE_LABELS[State.SUBMITTED]

    @property
    def allowed(self) -> int:
        """What the decision allows of the whole claim, in cents."""
        return self.calculation.result.total + self.taken()

    @property
    def difference(self) -> int | None:
        """What the decision changed for the quarter, in cents; None where it changed nothing before it.

        A denied correction leaves the quarter as it was decided before.
        """
        corrected = self.snapshot.corrected
        if corrected is None or not self.snapshot.rulings:
            return None
        return 0 if self.is_denied else self.allowed - corrected.allowed

    @property
    def is_denied(self) -> bool:
        """Whether the last ruling is a denial."""
        rulings = self.snapshot.rulings
        return bool(rulings) and rulings[-1].action == "deny"

    @property
    def submitted(self) -> int:
        """What the payroll says for payable days and the counts earn, before any cap, in cents."""
        disallowed = sum(one.overtime_disallowed for one in self.calculation.result.officers)
        return self.calculation.result.total + disallowed

    def taken(self, category: Category | None = None) -> int:
        """What people took away in all, or from one category, in cents: not above zero."""
        rows = self.snapshot.adjustments
        return sum(row.amount for row in rows if category is None or row.category is category)

    def taken_by_officer(self) -> dict[str, int] | None:
        """What people took from each officer's lines, in cents; None where they took from nobody's."""
        sums: dict[str, int] = {}
        for row in self.snapshot.adjustments:
            if row.officer_id:
                sums[row.officer_id] = sums.get(row.officer_id, 0) + row.amount
        return sums or None

    @property
    def granted(self) -> int:
        """What appeals gave back, in cents."""
        rows = self.snapshot.adjustments
        return sum(row.amount for row in rows if row.reason is Reason.APPEAL)
