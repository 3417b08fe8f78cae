"""Reading the records that support a claim, and those that a reviewer may still ask for."""

from __future__ import annotations

import enum
import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Max, Q, QuerySet

from claims.models import (
    Calculation,
    Certification,
    Claim,
    ClaimVersion,
    Evidence,
    OfficerResult,
    Waiver,
)
from claims.rules.address import Address
from claims.rules.checklist import Needed, checklist, salary_on_end
from claims.rules.lifecycle import OPEN_TO_AGENCY, STATE_LABELS, State
from claims.rules.record import read_result
from claims.rules.reimbursement import OfficerResult as Result
from claims.selectors.appeals import not_appealable, open_appeals
from claims.selectors.claims import NOT_YET_FEDERAL, claim_for
from claims.selectors.waivers import waived_places
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Capability, Side
from portal.kernel.asked_once import asked_once
from portal.kernel.errors import NotAllowed, Refused

REMEMBER_SECONDS = 60 * 60
_CHUNK = 500


class Status(enum.StrEnum):
    """What became of a record on the checklist."""

    MISSING = "missing"
    SENT = "sent"
    WAIVED = "waived"


class Item(NamedTuple):
    """A record on the checklist, and whether it is there."""

    needed: Needed
    status: Status


class Group(NamedTuple):
    """The records of one kind on the checklist, counted."""

    kind: Evidence.Kind
    total: int
    sent: int
    waived: int

    @property
    def missing(self) -> int:
        """How many nobody has sent or waived."""
        return self.total - self.sent - self.waived


def evidence_of(actor: Actor, claim: Claim) -> QuerySet[Evidence]:
    """The records of a claim, also those taken back.

    Of a correction that is not submitted yet the federal side reads only what answers its questions.
    """
    rows = actor.scope(Evidence.objects.filter(claim=claim), "claim__agency")
    if actor.side == Side.FEDERAL and claim.version.state in NOT_YET_FEDERAL:
        rows = rows.filter(Q(sent_at__lt=claim.version.opened_at) | Q(question__isnull=False))
    return rows.select_related("document", "sent_by", "question")


@asked_once
def standing_evidence(actor: Actor, claim: Claim) -> list[Evidence]:
    """The same without those taken back, the last one first."""
    return list(evidence_of(actor, claim).filter(taken_back_at=None).order_by("-id"))


def evidence_for(actor: Actor, number: str, pk: int) -> Evidence:
    """One record of a claim; NotFound for strangers."""
    return found(evidence_of(actor, claim_for(actor, number)), "record", pk=pk)


def items_of(actor: Actor, version: ClaimVersion) -> list[Item]:
    """The checklist of a version: what a reviewer may ask for, and what of it is there or waived."""
    sent = {
        (one.kind, Address(one.officer_id, one.category))
        for one in standing_evidence(actor, version.claim)
    }
    waived = waived_places(version.claim, Waiver.Rule.EVIDENCE)
    return [Item(needed, _status(needed, sent, waived)) for needed in needs_of(version)]


def groups(items: list[Item]) -> list[Group]:
    """The checklist by kind of record, in the order in which kinds are told."""
    counted = Counter((item.needed.kind, item.status) for item in items)
    totals = Counter(item.needed.kind for item in items)
    return [
        Group(kind, totals[kind], counted[kind, Status.SENT], counted[kind, Status.WAIVED])
        for kind in Evidence.Kind
        if totals[kind]
    ]


def needs_of(version: ClaimVersion) -> list[Needed]:
    """What supports a version's amounts; remembered, for a calculation never changes."""
    if version.calculation_id is None or version.nil:
        return []
    before = _calculation_before(version)
    key = f"checklist/1/{version.calculation_id}/{before.pk if before else 0}"
    known: list[Needed] | None = cache.get(key)
    if known is None:
        calculation = Calculation.objects.get(pk=version.calculation_id)
        salaries = {} if before is None else _salaries(before)
        known = list(checklist(version.claim.quarter, _results(calculation), salaries))
        cache.set(key, known, REMEMBER_SECONDS)
    return known


def refusal_to_send(version: ClaimVersion, actor: Actor) -> Refused | None:
    """Why the actor cannot send a record of their own accord now, or None when they can."""
    if not actor.can(Capability.PREPARE):
        return NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include sending records.",
            "Ask a preparer of the agency to send it.",
        )
    if version.claim.version_id == version.pk and (
        version.state in OPEN_TO_AGENCY or _takes_appeals(version)
    ):
        return None
    return Refused(
        "wrong_state",
        f"This version is “{STATE_LABELS[State(version.state)]}”, so no record can be added to it.",
        "A reviewer who misses one asks for it; then it is sent with the answer.",
    )


def refusal_to_take_back(evidence: Evidence, actor: Actor) -> Refused | None:
    """Why the actor cannot take a record back now, or None when they can."""
    refusal = refusal_to_send(evidence.claim.version, actor)
    if refusal is not None:
        return refusal
    is_open = evidence.claim.version.state in OPEN_TO_AGENCY
    if not is_open or not not_yet_federal(evidence.claim).filter(pk=evidence.pk).exists():
        # What supports an appeal is read by the federal side as soon as it is there.
        return Refused(
            "already_submitted",
            "The federal side has this record already, so it stays.",
            "Send a better one beside it, and say in an answer or note which one counts.",
        )
    return None


def not_yet_federal(claim: Claim) -> QuerySet[Evidence]:
    """The records that nobody has submitted yet: sent since the last signature, and not as an answer."""
    rows = Evidence.objects.filter(claim=claim, question=None, taken_back_at=None)
    signed = Certification.objects.filter(version__claim=claim)
    last = signed.aggregate(at=Max("certified_at"))["at"]
    return rows if last is None else rows.filter(sent_at__gt=last)


def _takes_appeals(version: ClaimVersion) -> bool:
    """Whether records may still support an appeal: one waits, or can be filed."""
    return open_appeals(version).exists() or not_appealable(version) is None


def _status(needed: Needed, sent: set[tuple[str, Address]], waived: set[Address]) -> Status:
    covering = needed.address.covering
    if any((needed.kind, place) in sent for place in covering):
        return Status.SENT
    return Status.WAIVED if not waived.isdisjoint(covering) else Status.MISSING


def _calculation_before(version: ClaimVersion) -> Calculation | None:
    """What the last claim of the quarter before was calculated at."""
    claim = version.claim
    rows = Claim.objects.filter(agency=claim.agency_id, quarter=claim.quarter.previous)
    last = rows.select_related("version__calculation").order_by("-sequence").first()
    return last.version.calculation if last else None


def _salaries(calculation: Calculation) -> dict[str, int]:
    known = ((one.officer_id, salary_on_end(one)) for one in _results(calculation))
    return {officer_id: salary for officer_id, salary in known if salary is not None}


def _results(calculation: Calculation) -> Iterator[Result]:
    """A calculation's officers as they were stored, a few hundred in memory at a time."""
    content = json.loads(calculation.content)
    rows = OfficerResult.objects.filter(calculation=calculation).order_by("position")
    for detail in rows.values_list("detail", flat=True).iterator(_CHUNK):
        yield from read_result(content, [json.loads(detail)]).officers
