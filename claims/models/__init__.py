"""What a claim is made of, in the database."""

from claims.models.calculation import Calculation, OfficerResult
from claims.models.claim import Certification, Claim, ClaimVersion, Decision, Participant
from claims.models.intake import PayrollBatch, PayrollFinding, PayrollLine, PayrollSummary
from claims.models.packet import Packet

__all__ = (
    "Calculation",
    "Certification",
    "Claim",
    "ClaimVersion",
    "Decision",
    "OfficerResult",
    "Packet",
    "Participant",
    "PayrollBatch",
    "PayrollFinding",
    "PayrollLine",
    "PayrollSummary",
)
