"""Reading what happened to a claim, and what the federal side wrote last."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Lookup, QuerySet

from claims.models import Claim, ClaimVersion, Decision
from claims.rules.lifecycle import ACTIONS, Action, State
from claims.selectors.claims import NOT_YET_FEDERAL
from claims.selectors.unsent import unsent_and_newest
from portal.accounts.policies import Actor
from portal.accounts.roles import Side
from portal.records.models import AuditEvent


def timeline(claim: Claim) -> QuerySet[AuditEvent]:
    """Everything that happened to a claim and its uploads, in order."""
    return AuditEvent.objects.filter(thread=claim.thread).select_related("actor").order_by("id")


def story_of(actor: Actor, version: ClaimVersion) -> QuerySet[AuditEvent]:
    """The history of a version's quarter, its linked claims included, the newest first.

    Of what the agency does to a claim the federal side reads nothing before it is submitted.
    """
    events = timeline(version.claim).reverse()
    if actor.side != Side.FEDERAL:
        return events
    # Of what comes in while the story is being read nobody knows whether it is to be hidden.
    hidden, newest = unsent_and_newest(version.claim.thread)
    return events.filter(_NoneOf(F("pk"), hidden), pk__lte=newest)


class _NoneOf(Lookup):
    """A key that is none of many, which are one parameter: a `NOT IN` of thousands is slow."""

    lookup_name = "none_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        # Of the column's own type: only such an array is looked up instead of searched.
        return f"{column} <> ALL(%s::bigint[])", (*parameters, sorted(self.rhs))


def opened_because(claim: Claim) -> AuditEvent | None:
    """What says why a linked claim was opened: the agency's amendment or supplement, or the portal itself."""
    opened = timeline(claim).filter(subject=claim.subject, action="claim.open_linked").first()
    if opened is None or opened.actor_id is None:
        return opened
    steps = timeline(claim).filter(action__in=("claim.amend", "claim.supplement"))
    return steps.filter(id__lt=opened.pk).last()


def last_word_on(version: ClaimVersion) -> Decision | None:
    """What the federal side wrote last: to a version it returned or denied, and to the correction of it."""
    told = version
    if version.state in NOT_YET_FEDERAL and version.number > 1:
        told = ClaimVersion.objects.get(claim=version.claim_id, number=version.number - 1)
    if told.state not in (State.RETURNED, State.DENIED):
        return None
    return told.decisions.exclude(note="").select_related("user").order_by("-id").first()


def did_last(actor: Actor, version: ClaimVersion, action: Action) -> bool:
    """Whether this very person did this action to the version, and no other step followed it."""
    last = (
        AuditEvent.objects.filter(
            subject=version.claim.subject, action__in=[f"claim.{code}" for code in ACTIONS]
        )
        .exclude(actor=None)
        .order_by("-id")
        .first()
    )
    return (
        last is not None
        and last.action == f"claim.{action.code}"
        and last.actor_id == actor.user.pk
    )
