"""Which claims may be recommended together: those in which nothing is left for a person to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from claims.models import ClaimVersion
from claims.rules.lifecycle import Kind
from claims.selectors.assignments import REVIEWABLE
from claims.selectors.before import versions_before
from claims.selectors.desk import Marks, marks_of
from portal.accounts.policies import Actor
from portal.kernel.counting import counted

ALIKE_PERCENT = 30
"""How far a clean claim's total may lie from the one of the quarter before."""
SMALL_OFFICERS = 4
"""An agency's first claim is clean only when it is for no more officers."""


def doubts_of(actor: Actor, versions: Collection[ClaimVersion]) -> dict[int, list[str]]:
    """By version, why it is not clean, in words; a clean one has none."""
    return doubts_with(marks_of(actor, versions), versions)


def doubts_with(
    marks: Mapping[int, Marks], versions: Collection[ClaimVersion]
) -> dict[int, list[str]]:
    """The same when the marks have been read already."""
    before = versions_before(versions)
    return {
        version.pk: list(_doubts(version, marks[version.pk], before.get(version.pk)))
        for version in versions
    }


def _doubts(version: ClaimVersion, marks: Marks, before: ClaimVersion | None) -> Iterator[str]:
    if version.state not in REVIEWABLE:
        yield f"it is “{version.get_state_display()}”"
    if marks.held_until_on:
        yield "it is on hold"
    if marks.reviewer and not marks.is_mine:
        yield f"{marks.reviewer} reviews it"
    if marks.has_other_part:
        yield "you have another part in it"
    if version.claim.kind != Kind.ORIGINAL:
        yield f"it is {'an' if version.claim.kind == Kind.AMENDMENT else 'a'} {version.claim.kind}"
    if version.nil:
        yield "it says that there is nothing to claim"
    if version.number > 1:
        yield "it is a correction"
    if marks.is_late:
        yield "it came late"
    if marks.unanswered:
        yield counted(marks.unanswered, "warning has", "warnings have") + " no answer"
    if marks.questions:
        yield counted(marks.questions, "question is", "questions are") + " open"
    if marks.adjustments:
        yield "lines were adjusted"
    yield from _unlike(version, before)


def _unlike(version: ClaimVersion, before: ClaimVersion | None) -> Iterator[str]:
    calculation = version.calculation
    if calculation is None:
        yield "its amounts are not calculated yet"
    elif before is None or before.calculation is None:
        if calculation.officers > SMALL_OFFICERS:
            yield f"there is no claim of {version.claim.quarter.previous} to compare it with"
    else:
        change = 100 * abs(calculation.total - before.calculation.total)
        if change > ALIKE_PERCENT * before.calculation.total:
            yield (f"its total differs by more than {ALIKE_PERCENT}% from {before.claim.quarter}")
