"""Reading who decided what about a version, and who still has to."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery

from claims.models import ClaimVersion, Decision
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import Part, State
from claims.selectors.lines import allowed_total
from claims.selectors.parts import with_another_part
from portal.accounts.policies import Actor
from portal.kernel.asked_once import asked_once

COUNTED = ("endorse", "approve", "approve_partly")
"""Decisions by which a payment approver answers for an amount."""
GRANTS = ("grant_appeal", "grant_appeal_partly")
"""The same, after the decision: each gives something back."""


class Approvals(NamedTuple):
    """How many payment approvers the recommended amount needs, and who has approved it since."""

    needed: int
    user_ids: frozenset[int]

    @property
    def missing(self) -> int:
        """How many have still to decide."""
        return self.needed - len(self.user_ids)


def grants_of(version: ClaimVersion) -> int:
    """How many rulings on appeal have given something back: each makes another decided edition."""
    return Decision.objects.filter(version=version, action__in=GRANTS).count()


def is_adjusted(version: ClaimVersion) -> bool:
    """Whether less than the whole is allowed: people took something from a line and did not give it back."""
    return version.calculation is not None and allowed_total(version) != version.calculation.total


@asked_once
def approvals_of(version: ClaimVersion) -> Approvals:
    """Who has answered for a version's amount since it was last recommended."""
    decisions = Decision.objects.filter(version=version)
    recommended = decisions.filter(action="recommend").order_by("-id").first()
    if recommended is None:
        return Approvals(1, frozenset())
    since = decisions.filter(id__gt=recommended.pk, action__in=COUNTED)
    return Approvals(recommended.approvers, frozenset(since.values_list("user_id", flat=True)))


def approvers_needed(version: ClaimVersion, allowed: int) -> int:
    """How many payment approvers an amount of a claim needs, in cents."""
    return 2 if allowed >= rules_on(version.claim.quarter.start).second_approval_from else 1


def approvers_on_appeal(version: ClaimVersion, granted_sha256: str) -> frozenset[int]:
    """Who has approved money of a decided claim so far, or was the first to grant exactly this.

    Who denied it approved nothing.
    """
    decisions = Decision.objects.filter(version=version)
    same = Q(action="endorse_appeal", shown_sha256=granted_sha256)
    granted = decisions.filter(same | Q(action__in=GRANTS))
    return approvals_of(version).user_ids | frozenset(granted.values_list("user_id", flat=True))


def first_grant_of(version: ClaimVersion) -> Decision | None:
    """The first of two approvals on appeal, while the second is missing; for the federal side."""
    last = version.decisions.select_related("user").order_by("-id").first()
    return last if last is not None and last.action == "endorse_appeal" else None


def to_decide(actor: Actor) -> Q:
    """Which versions wait for this payment approver: recommended, and not theirs in any other way.

    Whoever gave the first approval has done their part, until the claim is recommended anew.
    """
    others_turn = with_another_part(actor, Part.APPROVER) | _endorsed_by(actor)
    return Q(state=State.RECOMMENDED) & ~Q(others_turn)


def _endorsed_by(actor: Actor) -> Exists:
    recommended = Decision.objects.filter(version=OuterRef("version"), action="recommend")
    last = recommended.order_by("-pk").values("pk")[:1]
    given = Decision.objects.filter(version=OuterRef("pk"), action="endorse", user=actor.user)
    return Exists(given.filter(pk__gt=Subquery(last)))


def sent_back_with(version: ClaimVersion) -> Decision | None:
    """Why an approver sent a version back to its reviewer, while it is there; for the federal side."""
    if version.state != State.IN_REVIEW:
        return None
    last = version.decisions.select_related("user").order_by("-id").first()
    return last if last is not None and last.action == "send_back" else None
