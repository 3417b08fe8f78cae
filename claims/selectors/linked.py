"""Reading the claims of one quarter: the original and what was linked to it after its decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from django.db.models import Q, QuerySet, Sum

from claims.models import Adjustment, Certification, Claim, ClaimVersion, OfficerResult
from claims.rules.lifecycle import IN_FORCE, SETTLED, Kind, State
from claims.rules.lines import Category
from portal.accounts.models import Agency
from portal.kernel.asked_once import asked_once
from portal.kernel.quarter import Quarter

DROPPED = ~Q(claim__kind=Kind.ORIGINAL) & Q(state=State.WITHDRAWN, certification=None)
"""Versions with which a linked claim was given up."""

BEFORE_REVIEW = frozenset({State.DRAFT, State.READY, State.SUBMITTED})
"""Where a linked claim still stands under what reviewers took from the claim it corrects."""

AMOUNTS = {
    Category.REGULAR: "regular",
    Category.BENEFITS: "benefits",
    Category.OVERTIME: "overtime_allowed",
}
"""Where an officer's computed amounts stand, by cost category."""

Address = tuple[str, str]
"""A line of a claim: officer and cost category."""

T = TypeVar("T")


def claims_of(agency: Agency | int, quarter: Quarter) -> QuerySet[Claim]:
    """An agency's claims of a quarter, the first one first."""
    rows = Claim.objects.filter(agency=agency, quarter=quarter)
    return rows.select_related("agency", "version__calculation").order_by("sequence")


@asked_once
def chain_of(agency: Agency | int, quarter: Quarter) -> tuple[Claim, ...]:
    """The same, at hand: as they stand now, or within one page as they stood when it began."""
    return tuple(claims_of(agency, quarter))


def current_claim(agency: Agency | int, quarter: Quarter) -> Claim | None:
    """The claim of a quarter that came last; None before there is any."""
    chain = chain_of(agency, quarter)
    return chain[-1] if chain else None


def claim_in_force(claims: Iterable[Claim]) -> Claim | None:
    """Of a quarter's claims in order: the one by which it is paid, the last that was not denied."""
    in_force = None
    for claim in claims:
        if claim.version.state in IN_FORCE:
            in_force = claim
    return in_force


def was_dropped(claim: Claim) -> bool:
    """Whether a linked claim was given up: its last version ended before anybody signed it."""
    return (
        claim.kind != Kind.ORIGINAL
        and claim.version.state == State.WITHDRAWN
        and not Certification.objects.filter(version=claim.version_id).exists()
    )


def in_progress(claims: Iterable[Claim]) -> Claim | None:
    """Of a quarter's claims in order: the last one if it is still to be decided.

    A withdrawn original allows nothing until it is submitted again, and nothing waits for it.
    """
    last = max(claims, key=lambda claim: claim.sequence, default=None)
    if last is None or last.version.state in SETTLED or was_dropped(last):
        return None
    if last.kind == Kind.ORIGINAL and last.version.state == State.WITHDRAWN:
        return None
    return last


def base_of(claim: Claim) -> Claim | None:
    """The decided claim that a linked one corrects; None for an original."""
    if claim.kind == Kind.ORIGINAL:
        return None
    chain = chain_of(claim.agency_id, claim.quarter)
    return claim_in_force(one for one in chain if one.sequence < claim.sequence)


def first_certified_at(claim: Claim) -> datetime | None:
    """When the quarter was claimed for the first time; corrections never move it.

    A signature that was withdrawn does not count.
    """
    signed = Certification.objects.filter(
        version__claim__agency=claim.agency_id, version__claim__quarter=claim.quarter
    ).exclude(version__state=State.WITHDRAWN)
    return signed.order_by("certified_at").values_list("certified_at", flat=True).first()


def signed_last_at(claim: Claim) -> datetime | None:
    """When the decided claim that a linked one corrects was signed; None for an original."""
    base = base_of(claim)
    return base.version.certification.certified_at if base else None


def standing_adjustments(version: ClaimVersion) -> dict[Address, int]:
    """What people took from each line of a version, in cents: negative.

    What a reviewer takes is a draft until the version is returned or decided. Until then a linked claim
    stands under what was taken from the claim it corrects.
    """
    if version.state in SETTLED or version.state == State.RETURNED:
        return taken_from(version)
    return inherited_adjustments(version)


def inherited_adjustments(version: ClaimVersion) -> dict[Address, int]:
    """What was taken from the claim that a linked one corrects, as far as it stays taken."""
    base = base_of(version.claim)
    taken = taken_from(base.version) if base else {}
    if base is None or not taken:
        return {}
    officers = frozenset(officer_id for officer_id, _ in taken)
    before, now = computed_lines(base.version, officers), computed_lines(version, officers)
    return stays_taken(taken, before, now)


def stays_taken(
    taken: Mapping[T, int], before: Mapping[T, int], now: Mapping[T, int]
) -> dict[T, int]:
    """What was `taken` of lines computed `before`, as far as a line would allow more again `now`, in cents.

    No decision of a person is undone by calculating again, and none takes twice: of what the agency no
    longer claims, or an appeal gave back, nothing more is taken. Source: docs/decisions/0016.
    """
    stays = {}
    for line, cents in taken.items():
        more = now.get(line, 0) - (before.get(line, 0) + cents)
        if more > 0:
            stays[line] = -min(-cents, more)
    return stays


@asked_once
def taken_from(version: ClaimVersion) -> dict[Address, int]:
    """What was taken from each line of this very version, in cents."""
    rows = Adjustment.objects.filter(version=version).values("officer_id", "category")
    taken = rows.annotate(sum=Sum("amount")).exclude(sum=0).order_by()
    return {(row["officer_id"], row["category"]): row["sum"] for row in taken}


@asked_once
def computed_lines(
    version: ClaimVersion, officers: frozenset[str] | None = None
) -> dict[Address, int]:
    """What the rules leave of each line of a version, of all officers or of some."""
    calculation = version.calculation
    if calculation is None:
        return {}
    rows = OfficerResult.objects.filter(calculation=calculation)
    if officers is not None:
        rows = rows.filter(officer_id__in=officers)
    lines: dict[Address, int] = {("", Category.AWARD.value): calculation.award_amount}
    for officer_id, *amounts in rows.values_list("officer_id", *AMOUNTS.values()):
        for category, amount in zip(AMOUNTS, amounts, strict=True):
            lines[officer_id, category.value] = amount
    return lines
