"""Reading appeals: what of a decision can be contested until when, and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum

from claims.models import (
    Adjustment,
    Appeal,
    Claim,
    ClaimVersion,
    Decision,
    OfficerResult,
    Participant,
)
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import STATE_LABELS, Kind, Part, State
from claims.rules.lines import Reason
from claims.selectors.claims import current_versions
from claims.selectors.decisions import first_grant_of
from claims.selectors.linked import chain_of, claim_in_force, in_progress
from claims.selectors.parts import has_another_part, part_of, with_another_part
from portal.accounts.models import User
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.asked_once import asked_once
from portal.kernel.errors import NotAllowed, Refused
from portal.records.fields import CentsField

APPEALABLE = (State.PARTLY_APPROVED, State.DENIED)
"""Where a version stands whose lines can be appealed."""

ANSWERED_FOR = ("endorse", "approve", "approve_partly", "deny")
"""Decisions on a claim whose approvers do not decide its appeals."""

LineKey = tuple[str, str]
"""A line as it is addressed: officer and category."""


class Tally(NamedTuple):
    """A version's appeals in numbers: lines, and amounts in cents."""

    lines: int
    asked: int
    granted: int
    unproposed: int
    undecided: int


def appeals_for(actor: Actor, version: ClaimVersion) -> QuerySet[Appeal]:
    """Every appeal of a version, in order; what was proposed is not for the agency's eyes."""
    rows = Appeal.objects.filter(version=version).select_related("filed_by", "decided_by")
    hidden = ("proposed", "proposal", "proposed_by", "proposed_at")
    if actor.side != Side.FEDERAL:
        return rows.defer(*hidden).order_by("id")
    return rows.select_related("proposed_by").order_by("id")


def open_appeals(version: ClaimVersion) -> QuerySet[Appeal]:
    """The appeals of a version that nobody has decided."""
    return Appeal.objects.filter(version=version, decided_at=None).order_by("id")


def tally_of_appeals(version: ClaimVersion) -> Tally:
    """How many lines of a version were appealed, and what became of them."""
    sums = Appeal.objects.filter(version=version).aggregate(
        lines=Count("id"),
        asked_cents=Sum("asked", default=0, output_field=CentsField()),
        granted_cents=Sum("granted", default=0, output_field=CentsField()),
        unproposed=Count("id", filter=Q(proposed_at=None)),
        undecided=Count("id", filter=Q(decided_at=None)),
    )
    return Tally(*sums.values())


def contestable_lines(version: ClaimVersion) -> dict[LineKey, int]:
    """What a person took from each line that still lacks something and was not appealed yet, in cents."""
    rows = Adjustment.objects.filter(version=version).order_by("officer_id", "category")
    sums = rows.values_list("officer_id", "category").annotate(taken=-Sum("amount"))
    known = set(Appeal.objects.filter(version=version).values_list("officer_id", "category"))
    return {
        (officer_id, category): taken
        for officer_id, category, taken in sums
        if taken > 0 and (officer_id, category) not in known
    }


def names_in(version: ClaimVersion, officer_ids: Collection[str] = ()) -> dict[str, str]:
    """The names of a version's officers by payroll id; of all of them unless some are named."""
    rows = OfficerResult.objects.filter(calculation=version.calculation_id)
    if officer_ids:
        rows = rows.filter(officer_id__in=officer_ids)
    return dict(rows.values_list("officer_id", "name"))


@asked_once
def appeal_until(version: ClaimVersion) -> date | None:
    """The last day on which the agency may appeal, in its time zone; None before there is a decision.

    An appeal that was granted in part starts no new period.
    """
    decided = Decision.objects.filter(version=version, action__in=("approve_partly", "deny"))
    last = decided.order_by("-id").first()
    if last is None:
        return None
    claim = version.claim
    decided_on = last.decided_at.astimezone(ZoneInfo(claim.agency.time_zone)).date()
    return decided_on + timedelta(rules_on(claim.quarter.start).appeal_days)


def not_appealable(version: ClaimVersion) -> Refused | None:
    """Why nobody can appeal a version's lines today, or None when its certifiers can."""
    claim, until = version.claim, appeal_until(version)
    if claim.version_id != version.pk:
        return Refused(
            "not_current",
            f"Version {version.number} of this claim has been followed by another one.",
            "Go to the current version of the claim.",
        )
    if version.state not in APPEALABLE or until is None:
        return Refused(
            "wrong_state",
            f"This version is “{STATE_LABELS[State(version.state)]}”, so there is nothing to appeal.",
            "Lines can be appealed after a claim was denied or approved in part.",
        )
    if clock.today(claim.agency.time_zone) > until:
        return Refused(
            "appeal_window_closed",
            f"The lines of this claim could be appealed until {until:%B %-d, %Y}.",
            "The decision is final. Write to the program office if something kept you from appealing.",
        )
    return _followed(claim)


def _followed(claim: Claim) -> Refused | None:
    """Why a claim is appealed no more: one that came after it is open, or counts in its place."""
    claims = chain_of(claim.agency_id, claim.quarter)
    open_one, in_force = in_progress(claims), claim_in_force(claims)
    if open_one is not None:
        return Refused(
            "correction_open",
            f"The claim {open_one.number} of the same quarter is not decided yet.",
            "Go on with that one. What is disallowed in it can be appealed when it is decided.",
        )
    if in_force is not None and in_force.sequence > claim.sequence:
        return Refused(
            "decided_anew",
            f"The claim {in_force.number} has been decided since, and counts in this one's place.",
            f"Appeal the lines of {in_force.number}.",
        )
    return None


def appeals_open_before(version: ClaimVersion) -> Refused | None:
    """Why a linked claim is not reviewed yet: what it corrects may still change by an appeal."""
    claim = version.claim
    if claim.kind == Kind.ORIGINAL:
        return None
    waiting = Appeal.objects.filter(
        version__claim__agency=claim.agency_id,
        version__claim__quarter=claim.quarter,
        version__claim__sequence__lt=claim.sequence,
        decided_at=None,
    )
    first = waiting.select_related("version__claim").order_by("id").first()
    if first is None:
        return None
    return Refused(
        "appeals_open",
        f"Appeals of the claim {first.version.claim.number}, which this one follows, are not decided yet.",
        "Decide them first; what they grant counts here as well.",
    )


def not_proposing(actor: Actor, version: ClaimVersion) -> Refused | None:
    """Why the actor may not propose what becomes of a version's appeals: another reviewer must."""
    if not actor.can(Capability.REVIEW) or actor.key is not None:
        return NotAllowed(
            "not_allowed", "A reviewer proposes what becomes of an appeal.", "Ask a reviewer."
        )
    if _judged_before(actor.user).filter(pk=version.pk).exists():
        return NotAllowed(
            "own_work",
            "You judged an earlier claim of this quarter, from which a disallowance was carried over.",
            "Ask a reviewer who has worked on none of its claims.",
        )
    part = part_of(actor, version)
    own = Appeal.objects.filter(version=version, proposed_by=actor.user)
    if part is None or (part == Part.REVIEWER and own.exists()):
        return None
    return NotAllowed(
        "own_work",
        "You had a part in the decision that is appealed, so another reviewer looks at it.",
        "Ask a reviewer who has not worked on this claim.",
    )


def not_deciding(actor: Actor, version: ClaimVersion) -> Refused | None:
    """Why the actor may not decide a version's appeals."""
    if not actor.can(Capability.APPROVE) or actor.key is not None:
        return NotAllowed(
            "not_allowed", "A payment approver decides an appeal.", "Ask a payment approver."
        )
    first = first_grant_of(version)
    if first is not None and first.user_id == actor.user.pk:
        return NotAllowed(
            "own_endorsement",
            "You gave the first approval on appeal, so another payment approver has to decide.",
            "An amount this large is approved by two people. Ask a colleague with the role.",
        )
    if has_another_part(actor, version, Part.APPROVER):
        return NotAllowed(
            "own_work",
            "You reviewed this claim or its appeal, so somebody else decides it.",
            "Nobody signs off their own work. Ask another payment approver.",
        )
    if _answered_for(actor).filter(version=version).exists():
        return NotAllowed(
            "own_decision",
            "You decided this claim, so another payment approver decides its appeals.",
            "Nobody judges an appeal against their own decision. Ask a colleague with the role.",
        )
    return None


def appeals_to_propose(actor: Actor) -> QuerySet[ClaimVersion]:
    """The versions with appeals the actor may propose on, the longest waiting first.

    Each has `appeal_lines` and `waits_since`, how many lines wait and since when.
    """
    if not actor.can(Capability.REVIEW):
        return ClaimVersion.objects.none()
    own = Appeal.objects.filter(version=OuterRef("pk"), proposed_by=actor.user)
    parts = Participant.objects.filter(version=OuterRef("pk"), user=actor.user)
    waiting = _waiting(actor, Q(appeals__proposed_at=None), since="filed_at")
    waiting = waiting.filter(~Exists(parts) | Exists(own))
    return waiting.exclude(pk__in=_judged_before(actor.user))


def appeals_to_decide(actor: Actor) -> QuerySet[ClaimVersion]:
    """The versions with proposed appeals the actor may decide; likewise, since they were proposed on."""
    if not actor.can(Capability.APPROVE):
        return ClaimVersion.objects.none()
    own = _answered_for(actor).filter(version=OuterRef("pk"))
    waiting = _waiting(actor, Q(appeals__proposed_at__isnull=False), since="proposed_at")
    last = Decision.objects.filter(version=OuterRef("version")).order_by("-pk").values("pk")[:1]
    first = Decision.objects.filter(
        version=OuterRef("pk"), action="endorse_appeal", user=actor.user, pk=Subquery(last)
    )
    return waiting.filter(~with_another_part(actor, Part.APPROVER), ~Exists(own), ~Exists(first))


def _answered_for(actor: Actor) -> QuerySet[Decision]:
    return Decision.objects.filter(user=actor.user, action__in=ANSWERED_FOR)


def _judged_before(user: User) -> QuerySet[ClaimVersion]:
    """The versions with carried disallowances whose quarter's earlier claims a person judged."""
    judged = Participant.objects.filter(
        user=user,
        part__in=(Part.REVIEWER, Part.APPROVER),
        version__claim__agency=OuterRef("claim__agency"),
        version__claim__quarter=OuterRef("claim__quarter"),
        version__claim__sequence__lt=OuterRef("claim__sequence"),
    )
    carried = Adjustment.objects.filter(version=OuterRef("pk"), reason=Reason.CARRIED)
    return ClaimVersion.objects.filter(Exists(judged), Exists(carried))


def _waiting(actor: Actor, which: Q, *, since: str) -> QuerySet[ClaimVersion]:
    waits = Q(appeals__decided_at=None, appeals__id__isnull=False) & which
    return (
        current_versions(actor)
        .annotate(
            appeal_lines=Count("appeals", filter=waits),
            waits_since=Min(f"appeals__{since}", filter=waits),
        )
        .filter(appeal_lines__gt=0)
        .order_by("waits_since", "pk")
    )
