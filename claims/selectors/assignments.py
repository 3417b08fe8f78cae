"""Reading who reviews which claim."""

from __future__ import annotations

from django.db.models import QuerySet

from claims.models import Assignment, Claim, Participant
from claims.rules.lifecycle import Part, State
from portal.accounts.models import Membership, User
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.kernel.asked_once import asked_once
from portal.kernel.errors import Refused

REVIEWABLE = (State.SUBMITTED, State.IN_REVIEW)
"""Where a claim stands while a reviewer can work on it."""
ON_THE_DESK = (*REVIEWABLE, State.RECOMMENDED)
"""Where a claim stands while the federal side has to do something; its reviewer stays its reviewer."""


@asked_once
def assignment_of(claim: Claim) -> Assignment | None:
    """Who has taken the claim to review it; None when it is free."""
    current = Assignment.objects.filter(claim=claim, ended_at=None)
    return current.select_related("reviewer").first()


def assignments_of(claim: Claim) -> QuerySet[Assignment]:
    """Everybody who has had the claim, the last first."""
    rows = Assignment.objects.filter(claim=claim).select_related("reviewer", "assigned_by")
    return rows.order_by("-id")


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


def reviewers_for(claim: Claim) -> QuerySet[User]:
    """The people who may review the claim's current version: reviewers without another part in it."""
    active = Membership.objects.filter(role=Role.REVIEWER, ended_at=None, user__is_active=True)
    others = Participant.objects.filter(version=claim.version_id).exclude(part=Part.REVIEWER)
    people = User.objects.filter(pk__in=active.values("user"))
    return people.exclude(pk__in=others.values("user")).order_by("name", "pk")
