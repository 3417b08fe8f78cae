"""What may happen to a claim now, by whom, and if not, why not: one answer for buttons, services and API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.models import ClaimVersion, Participant
from claims.rules.facts import rules_on
from claims.rules.lifecycle import LIFECYCLE, STATE_LABELS, Action, Part, State
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


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as a page or the API offers it: possible, or refused for a coded reason."""

    action: Action
    refusal: Refused | None

    @property
    def is_possible(self) -> bool:
        return self.refusal is None


def refusal_of(action: Action, version: ClaimVersion, actor: Actor) -> Refused | None:
    """Why `actor` may not do this to the version now, or None when they may."""
    capability = Capability(action.capability)
    if not actor.can(capability):
        return NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include “{action.label}”.",
            "Ask the person in your office who has the role.",
        )
    if actor.key is not None:
        return NotAllowed(
            "person_only",
            "A machine uploads; only a person moves a claim on.",
            "Sign in to the portal to do this.",
        )
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
    held = _part_held(version, actor)
    if held is not None and held is not action.part and not action.opens_version:
        return NotAllowed(
            "own_work",
            f"You {PART_WORDS[held]} this version, so somebody else has to do this.",
            "Nobody signs off their own work. Ask a colleague with the role.",
        )
    if action.to in (State.READY, State.SUBMITTED):
        return not_the_time(version.claim.agency, version.claim.quarter)
    return None


def offers(version: ClaimVersion, actor: Actor) -> Iterator[Offer]:
    """The actions that belong to the version's state and the actor's side, possible or not."""
    sides = {Part.PREPARER: Side.AGENCY, Part.CERTIFIER: Side.AGENCY}
    for action in LIFECYCLE:
        if version.state in action.frm and sides.get(action.part, Side.FEDERAL) == actor.side:
            yield Offer(action, refusal_of(action, version, actor))


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


def _part_held(version: ClaimVersion, actor: Actor) -> Part | None:
    part = Participant.objects.filter(version=version, user=actor.user).values_list(
        "part", flat=True
    )
    return Part(part[0]) if part else None
