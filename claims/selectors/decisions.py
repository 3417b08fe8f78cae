"""Reading who decided what about a version, and who still has to."""

from __future__ import annotations

from typing import NamedTuple

from claims.models import ClaimVersion, Decision
from claims.rules.lifecycle import State
from claims.selectors.lines import allowed_total
from portal.kernel.asked_once import asked_once

COUNTED = ("endorse", "approve", "approve_partly")
"""Decisions by which a payment approver answers for an amount."""


class Approvals(NamedTuple):
    """How many payment approvers the recommended amount needs, and who has approved it since."""

    needed: int
    user_ids: frozenset[int]

    @property
    def missing(self) -> int:
        """How many have still to decide."""
        return self.needed - len(self.user_ids)


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


def sent_back_with(version: ClaimVersion) -> Decision | None:
    """Why an approver sent a version back to its reviewer, while it is there; for the federal side."""
    if version.state != State.IN_REVIEW:
        return None
    last = version.decisions.select_related("user").order_by("-id").first()
    return last if last is not None and last.action == "send_back" else None
