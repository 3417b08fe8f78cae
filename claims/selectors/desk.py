"""Reading the federal desk: which claims wait, how long, for whom, and what to know of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Extract, Greatest, Least

from claims.models import (
    Adjustment,
    Answer,
    Assignment,
    Certification,
    ClaimVersion,
    Decision,
    Hold,
    Lateness,
    Participant,
    PayrollFinding,
    Question,
)
from claims.rules.lifecycle import Part
from claims.selectors.assignments import ON_THE_DESK, REVIEWABLE
from claims.selectors.claims import current_versions
from claims.selectors.decisions import to_decide
from claims.selectors.parts import with_another_part
from claims.warnings import counting_warnings
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.intake.models import Justification
from portal.kernel import clock
from portal.kernel.quarter import Quarter

AMOUNTS = (
    ("under_10k", "Under $10,000", 0),
    ("under_50k", "$10,000 to $50,000", 10_000_00),
    ("under_250k", "$50,000 to $250,000", 50_000_00),
    ("from_250k", "$250,000 or more", 250_000_00),
)
"""Ranges of a claim's total: code, words, and the first amount in cents."""


def queue(actor: Actor) -> QuerySet[Any]:
    """The versions of claims as the desk sorts and filters them.

    `age` are the days the federal side has had a claim: the clock stops while the agency corrects it and
    while it is held, and is 0 once the claim has left the desk. `whose` is nobody, me or other.
    """
    rows = current_versions(actor).annotate(
        age=_age(),
        held=Exists(_holds_in_force().filter(claim=OuterRef("claim"))),
        reviewer=Subquery(_assigned().values("reviewer")[:1]),
        amount=Case(
            *(
                When(calculation__total__gte=first, then=Value(code))
                for code, _, first in reversed(AMOUNTS)
            ),
            default=Value(AMOUNTS[0][0]),
        ),
    )
    return rows.annotate(
        whose=Case(
            When(reviewer=None, then=Value("nobody")),
            When(reviewer=actor.user.pk, then=Value("me")),
            default=Value("other"),
        )
    )


def _age() -> Any:
    now = Value(clock.now(), DateTimeField())
    # The midnight, in the agency's time zone, at which the last day of a hold ends.
    held_until = Func(
        F("claim__agency__time_zone"),
        F("until_on"),
        template="timezone(%(expressions)s + time '24:00')",
        output_field=DateTimeField(),
    )
    certified = Certification.objects.filter(version__claim=OuterRef("claim")).order_by()
    with_us = certified.values("version__claim").annotate(
        span=Sum(
            Case(
                When(version__state__in=ON_THE_DESK, then=_between(F("certified_at"), now)),
                default=_between(F("certified_at"), F("version__changed_at")),
            )
        )
    )
    holds = Hold.objects.filter(claim=OuterRef("claim")).order_by()
    on_hold = holds.values("claim").annotate(
        span=Sum(
            _between(F("placed_at"), Least(Coalesce("released_at", held_until), held_until, now))
        )
    )
    seconds = Extract(Subquery(with_us.values("span")), "epoch") - Coalesce(
        Extract(Subquery(on_hold.values("span")), "epoch"), Value(0)
    )
    days = Greatest(Cast(seconds, BigIntegerField()) / 86_400, Value(0))
    return Case(
        When(state__in=ON_THE_DESK, then=days), default=Value(0), output_field=IntegerField()
    )


def _between(first: Any, last: Any) -> Any:
    return ExpressionWrapper(last - first, output_field=DurationField())


def _assigned() -> QuerySet[Assignment]:
    return Assignment.objects.filter(claim=OuterRef("claim"), ended_at=None)


def _holds_in_force() -> QuerySet[Hold]:
    now = Value(clock.now(), DateTimeField())
    today = Func(
        F("claim__agency__time_zone"),
        now,
        template="timezone(%(expressions)s)::date",
        output_field=DateField(),
    )
    return Hold.objects.filter(released_at=None, until_on__gte=today)


def waiting_for(actor: Actor) -> QuerySet[ClaimVersion]:
    """The claims the actor can work on now, the earliest signed first.

    For a reviewer those nobody else has, for a payment approver those recommended; without the held, and
    without those in which the actor has another part.
    """
    mine = Q()
    if actor.can(Capability.REVIEW):
        others = _assigned().exclude(reviewer=actor.user)
        mine |= Q(state__in=REVIEWABLE) & ~Exists(others) & ~with_another_part(actor, Part.REVIEWER)
    if actor.can(Capability.APPROVE):
        mine |= to_decide(actor)
    rows = current_versions(actor)
    if not mine:
        return rows.none()
    held = _holds_in_force().filter(claim=OuterRef("claim"))
    return rows.filter(mine, ~Exists(held)).order_by("certification__certified_at", "pk")


def next_claim(actor: Actor, after: str = "") -> ClaimVersion | None:
    """The claim to work on after the one with this number, and from the oldest again after the last."""
    rows = waiting_for(actor).exclude(claim__number=after)
    last = Certification.objects.filter(version__claim__number=after).order_by("-pk").first()
    if last is not None:
        signed_at = F("certification__certified_at")
        later = rows.annotate(signed_at=signed_at).filter(
            Q(signed_at__gt=last.certified_at)
            | Q(signed_at=last.certified_at, pk__gt=last.version_id)
        )
        return later.first() or rows.first()
    return rows.first()


@dataclass(frozen=True, slots=True)
class Marks:
    """What the desk shows of a version besides its amounts; `taken` in cents, mostly negative."""

    reviewer: str = ""
    is_mine: bool = False
    held_until_on: date | None = None
    questions: int = 0
    answered: int = 0
    unanswered: int = 0
    is_late: bool = False
    adjustments: int = 0
    taken: int = 0
    approvers: int = 1
    is_endorsed: bool = False
    has_other_part: bool = False


def marks_of(actor: Actor, versions: Collection[ClaimVersion]) -> dict[int, Marks]:
    """The marks of each version by its key, by as many queries for one as for a page of them."""
    marks: dict[int, dict[str, Any]] = defaultdict(dict)
    by_claim = {version.claim_id: version.pk for version in versions}
    desk = {version.claim_id for version in versions if version.state in ON_THE_DESK}
    assigned = Assignment.objects.filter(claim__in=desk, ended_at=None).select_related("reviewer")
    for one in assigned:
        marks[by_claim[one.claim_id]] |= {
            "reviewer": one.reviewer.name,
            "is_mine": one.reviewer_id == actor.user.pk,
        }
    for hold in _holds_in_force().filter(claim__in=desk).order_by("until_on"):
        marks[by_claim[hold.claim_id]]["held_until_on"] = hold.until_on
    for pk, counted in _questions(versions).items():
        marks[pk] |= counted
    for pk, count in _unanswered(versions).items():
        marks[pk]["unanswered"] = count
    for claim_id in Lateness.objects.filter(version__claim__in=by_claim).values_list(
        "version__claim", flat=True
    ):
        marks[by_claim[claim_id]]["is_late"] = True
    adjusted = Adjustment.objects.filter(version__in=versions).order_by().values("version")
    for row in adjusted.annotate(count=Count("pk"), sum=Sum("amount")):
        marks[row["version"]] |= {"adjustments": row["count"], "taken": row["sum"]}
    decided = Decision.objects.filter(version__in=versions, action__in=("recommend", "endorse"))
    for decision in decided.order_by("pk"):
        if decision.action == "recommend":
            marks[decision.version_id] |= {"approvers": decision.approvers, "is_endorsed": False}
        else:
            marks[decision.version_id]["is_endorsed"] = True
    own = Participant.objects.filter(version__in=versions, user=actor.user)
    for participant in own.exclude(part=Part.REVIEWER):
        marks[participant.version_id]["has_other_part"] = True
    return {version.pk: replace(Marks(), **marks[version.pk]) for version in versions}


def _questions(versions: Iterable[ClaimVersion]) -> dict[int, dict[str, int]]:
    last = Answer.objects.filter(question=OuterRef("pk")).order_by("-pk")
    asked = Question.objects.filter(version__in=versions, closed_at=None).annotate(
        last_side=Subquery(last.values("side")[:1])
    )
    counted: dict[int, dict[str, int]] = defaultdict(lambda: {"questions": 0, "answered": 0})
    for version_id, side in asked.values_list("version", "last_side"):
        counted[version_id]["questions"] += 1
        counted[version_id]["answered"] += side == Side.AGENCY
    return counted


def _unanswered(versions: Collection[ClaimVersion]) -> Counter[int]:
    """Warnings that nobody has answered, by version; files and answers count as they stand now."""
    answered = Justification.objects.filter(
        agency=OuterRef("batch__agency"), fingerprint=OuterRef("fingerprint")
    )
    findings: QuerySet[PayrollFinding] = counting_warnings().filter(
        ~Exists(answered),
        batch__agency__in={version.claim.agency_id for version in versions},
        batch__quarter__in={version.claim.quarter for version in versions},
    )
    rows = findings.order_by().values_list("batch__agency", "batch__quarter")
    counts: dict[tuple[int, Quarter], int] = {
        (agency, quarter): count
        for agency, quarter, count in rows.annotate(count=Count("fingerprint", distinct=True))
    }
    return Counter({v.pk: counts.get((v.claim.agency_id, v.claim.quarter), 0) for v in versions})
