"""What may happen to a claim now, by whom, and if not, why not: one answer for buttons, services and API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.models import ClaimVersion
from claims.rules.facts import rules_on
from claims.rules.lifecycle import LIFECYCLE, STATE_LABELS, Action, Kind, Part, State
from claims.selectors.appeals import appeals_open_before
from claims.selectors.assignments import taken_by_other
from claims.selectors.corrections import not_correctable, nothing_changed
from claims.selectors.deadlines import window_closed
from claims.selectors.decisions import approvals_of, is_adjusted
from claims.selectors.holds import held
from claims.selectors.parts import part_of
from claims.selectors.questions import questions_open
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, Refused
from portal.kernel.quarter import Quarter

PART_WORDS = {
    Part.PREPARER: "prepared",
    Part.CERTIFIER: "certified",
    Part.REVIEWER: "reviewed",
    Part.APPROVER: "decided on",
}
SIDES = {Part.PREPARER: Side.AGENCY, Part.CERTIFIER: Side.AGENCY}
"""Whose side takes a part; the others are federal."""

PAYS = frozenset({"approve", "approve_partly"})
"""Decisions that a large amount needs two approvers for; `services.appealing` counts those of an appeal."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as a page or the API offers it: possible, or refused for a coded reason."""

    action: Action
    refusal: Refused | None

    @property
    def is_possible(self) -> bool:
        return self.refusal is None


def refusal_of(action: Action, version: ClaimVersion, actor: Actor) -> Refused | None:
    """Why `actor` may not do this to the version now, or None when they may.

    What the person brings along (a note, what they were shown, their password) is asked for by the service.
    """
    return next(filter(None, _objections(action, version, actor)), None)


def offers(version: ClaimVersion, actor: Actor) -> Iterator[Offer]:
    """The actions that belong to the version's state and the actor's side, possible or not."""
    for action in LIFECYCLE:
        if (
            action.by_button
            and version.state in action.frm
            and SIDES.get(action.part, Side.FEDERAL) == actor.side
            and _pointless(action, version) is None
        ):
            yield Offer(action, refusal_of(action, version, actor))


def _objections(action: Action, version: ClaimVersion, actor: Actor) -> Iterator[Refused | None]:
    """What may stand against an action, asked one after the other: first the person, then the claim."""
    yield _not_this_person(action, actor)
    yield _not_now(action, version)
    yield _own_work(action, version, actor)
    yield _pointless(action, version)
    if action.held:
        yield held(version.claim)
    if action.part is Part.REVIEWER:
        yield taken_by_other(version.claim, actor)
    if action.code in ("start_review", "recommend"):
        yield appeals_open_before(version)
    if action.code == "recommend":
        yield questions_open(version)
    if action.to in (State.READY, State.SUBMITTED):
        yield not_the_time(version.claim.agency, version.claim.quarter)
        yield window_closed(version)
        yield nothing_changed(version)
    if (action.part is Part.PREPARER and action.stays) or action.code == "drop":
        yield not_correctable(version, action.code)
    if action.code in PAYS:
        yield _not_enough_approvers(version, actor)


def _not_this_person(action: Action, actor: Actor) -> NotAllowed | None:
    if actor.key is not None:
        return NotAllowed(
            "person_only",
            "A machine uploads; only a person moves a claim on.",
            "Sign in to the portal to do this.",
        )
    if not actor.can(Capability(action.capability)):
        return NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include “{action.label}”.",
            "Ask the person in your office who has the role.",
        )
    return None


def _not_now(action: Action, version: ClaimVersion) -> Refused | None:
    if version.claim.version_id != version.pk:
        return Refused(
            "not_current",
            f"Version {version.number} of this claim has been followed by another one.",
            "Go to the current version of the claim.",
        )
    if version.state not in action.frm:
        return Refused(
            "wrong_state",
            f"This version is “{STATE_LABELS[State(version.state)]}”, so “{action.label}” is not possible.",
            "Reload the page to see where the claim stands.",
        )
    return None


def _own_work(action: Action, version: ClaimVersion, actor: Actor) -> NotAllowed | None:
    if action.opens_version or action.opens_claim:
        return None
    part = part_of(actor, version)
    if part is None or part == action.part:
        return None
    return NotAllowed(
        "own_work",
        f"You {PART_WORDS[part]} this version, so somebody else has to do this.",
        "Nobody signs off their own work. Ask a colleague with the role.",
    )


def _pointless(action: Action, version: ClaimVersion) -> Refused | None:
    """Why an action says nothing about this claim; such a one is not even offered."""
    match action.code:
        case "approve" if is_adjusted(version):
            return Refused(
                "adjusted",
                "Something was taken from this claim, so it cannot be approved as a whole.",
                "Approve it in part, or send it back to the reviewer.",
            )
        case "approve_partly" if not is_adjusted(version):
            return Refused(
                "not_adjusted",
                "Nothing was taken from this claim, so there is no part to approve.",
                "Approve the whole amount, or send the claim back to the reviewer.",
            )
        case "endorse":
            approvals = approvals_of(version)
            if approvals.needed < 2:
                return Refused(
                    "one_approver_suffices",
                    "This amount needs one payment approver only.",
                    "Decide on the claim.",
                )
            if approvals.missing < 2:
                return Refused(
                    "endorsed_already",
                    "The first approval of this claim has been given.",
                    "A second payment approver decides now.",
                )
        case "drop" if version.claim.kind == Kind.ORIGINAL:
            return Refused(
                "not_linked",
                "Only a correction of a decided claim can be given up.",
                "If there is nothing to claim for the quarter, say so on the page of the claim.",
            )
    return None


def _not_enough_approvers(version: ClaimVersion, actor: Actor) -> Refused | None:
    approvals = approvals_of(version)
    if len(approvals.user_ids | {actor.user.pk}) >= approvals.needed:
        return None
    if approvals.user_ids:
        return NotAllowed(
            "own_endorsement",
            "You gave the first approval, so another payment approver has to decide.",
            "An amount this large is approved by two people. Ask a colleague with the role.",
        )
    return Refused(
        "first_approval_missing",
        "An amount this large is approved by two people, and nobody has given the first approval.",
        "Give the first approval; then another payment approver decides.",
    )


def is_claimable(quarter: Quarter) -> bool:
    """Whether any day of the quarter lies in the program."""
    return quarter.end >= rules_on(quarter.start).program_start_on


def not_the_time(agency: Agency, quarter: Quarter) -> Refused | None:
    """Why the agency cannot complete a claim of the quarter today, or None when it can."""
    if not is_claimable(quarter):
        start = rules_on(quarter.start).program_start_on
        return Refused(
            "before_program",
            f"Reimbursement began on {start:%B %-d, %Y}; {quarter} ended before that.",
            f"The first quarter to claim is {Quarter.of(start)}.",
        )
    if clock.today(agency.time_zone) <= quarter.end:
        return Refused(
            "quarter_not_over",
            f"{quarter} ends on {quarter.end:%B %-d, %Y}; a claim can be completed from the day after.",
            "Upload what you have. Come back when the quarter is over.",
        )
    return None
