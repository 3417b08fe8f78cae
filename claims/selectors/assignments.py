"""Reading who reviews which claim."""

from __future__ import annotations

from claims.models import Assignment, Claim
from portal.accounts.policies import Actor
from portal.kernel.errors import Refused


def assignment_of(claim: Claim) -> Assignment | None:
    """Who has taken the claim to review it; None when it is free."""
    current = Assignment.objects.filter(claim=claim, ended_at=None)
    return current.select_related("reviewer").first()


def taken_by_other(claim: Claim, actor: Actor) -> Refused | None:
    """Why this reviewer may not work on a claim: another one has taken it."""
    assignment = assignment_of(claim)
    if assignment is None or assignment.reviewer_id == actor.user.pk:
        return None
    return Refused(
        "assigned_to_other",
        f"{assignment.reviewer.name} reviews this claim.",
        "Take the claim over, or leave it to them.",
    )
