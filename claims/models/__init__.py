"""What a claim is made of, in the database."""

from claims.models.archive import Archive
from claims.models.calculation import Calculation, OfficerResult
from claims.models.claim import Certification, Claim, ClaimVersion, Decision, Participant
from claims.models.intake import PayrollBatch, PayrollFinding, PayrollLine, PayrollSummary
from claims.models.ledger import LedgerEntry
from claims.models.notice import Notice
from claims.models.packet import Packet, PacketFile
from claims.models.review import (
    Adjustment,
    Answer,
    Appeal,
    Assignment,
    Evidence,
    Extension,
    Hold,
    Lateness,
    Note,
    Question,
    Waiver,
)

__all__ = (
    "Adjustment",
    "Answer",
    "Appeal",
    "Archive",
    "Assignment",
    "Calculation",
    "Certification",
    "Claim",
    "ClaimVersion",
    "Decision",
    "Evidence",
    "Extension",
    "Hold",
    "Lateness",
    "LedgerEntry",
    "Note",
    "Notice",
    "OfficerResult",
    "Packet",
    "PacketFile",
    "Participant",
    "PayrollBatch",
    "PayrollFinding",
    "PayrollLine",
    "PayrollSummary",
    "Question",
    "Waiver",
)
