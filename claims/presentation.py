"""How claims are told to people: whose turn it is, what happened, what became of a file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from claims.events import words
from claims.rules.lifecycle import SETTLED, STATE_LABELS, Action, State
from portal.kernel.money import format_cents


class Happened(Protocol):
    """An audit event, as `portal.records.models.AuditEvent` stores it."""

    action: str
    at: datetime
    content: str


class Entry(NamedTuple):
    """One line of a timeline: what happened, when, who did it and what they wrote to it."""

    at: datetime
    what: str
    who: str
    note: str = ""


def entry(event: Happened) -> Entry:
    """An audit event in plain words."""
    content = json.loads(event.content)
    facts = content["facts"]
    what = words(event.action, facts)
    if facts.get("version", 1) != 1:
        what += f" (version {facts['version']})"
    key = f", with the key {content['key']}" if "key" in content else ""
    return Entry(event.at, what, f"{_person(content)}{key}", content["note"])


def timeline(events: Iterable[Happened]) -> Iterator[Entry]:
    """Events, the newest first, as entries; of calculations in a row only the newest is told."""
    later = ""
    for event in events:
        if not event.action == later == "claim.calculate":
            yield entry(event)
        later = event.action


def _person(content: Mapping[str, Any]) -> str:
    # The name of a machine's key already stands in the actor's name.
    name = str(content["actor_name"]).partition(" (key ")[0]
    return name if content["actor_side"] != "federal" else f"{name}, federal side"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is with a claim: `yours` for the reader, else `whose`; nobody's when over.

    `link` is where it is done, where that is not beside these words, and `go` what leads there says.
    """

    title: str
    text: str
    yours: bool = False
    whose: str = ""
    link: str = ""
    go: str = ""


_OWN: dict[str, Turn] = {
    "ready": Turn(
        "Check the amounts, then mark the claim ready",
        "Look at the officers and their amounts below. When they are right, mark the claim ready; "
        "your certifier signs next.",
    ),
    "certify": Turn(
        "Check the amounts, then certify",
        "This claim was prepared by your colleagues. Read the amounts before you sign them.",
    ),
    "start_review": Turn(
        "Start the review",
        "The agency has submitted this claim. Once you start, it can no longer withdraw it.",
    ),
    "recommend": Turn(
        "Review the claim, then recommend or return it",
        "Every amount opens to its payroll lines and rules. Return what is wrong with a note.",
    ),
    "endorse": Turn(
        "Give the first of two approvals",
        "A reviewer has recommended an amount so large that two people approve it. You can also deny the "
        "claim, or send it back with a note.",
    ),
    "approve": Turn(
        "Decide on the claim",
        "A reviewer has recommended it. Approve it, deny it, or send it back with a note.",
    ),
    "approve_partly": Turn(
        "Decide on the claim",
        "A reviewer has recommended a part of it. Read what was taken from which line and why. Approve that "
        "part, deny the claim, or send it back with a note.",
    ),
    "correct": Turn(
        "Correct the claim",
        "Read why it came back, then open a new version. This one stays as it is.",
    ),
}
"""What to do, by the first action that is possible for the reader."""

_OWN_NIL: dict[str, Turn] = {
    "ready": Turn(
        "Check that there is nothing to claim, then mark the claim ready",
        "If there is payroll after all, take this back and upload it.",
    ),
    "certify": Turn(
        "Read why there is nothing to claim, then certify it",
        "Your colleagues say that there is nothing to claim. Read their reason before you sign it.",
    ),
    "start_review": Turn(
        "Start the review",
        "The agency says that there is nothing to claim. Once you start, it can no longer withdraw this.",
    ),
    "recommend": Turn(
        "Read why there is nothing to claim, then recommend or return it",
        "Compare the reason with the roster and the agreement. Return what is wrong with a note.",
    ),
    "approve": Turn(
        "Decide on “nothing to claim”",
        "A reviewer has recommended it. Nothing is paid. Approve it, deny it, or return it with a note.",
    ),
}
"""The same for a nil claim."""

_OTHERS: dict[State, Turn] = {
    State.DRAFT: Turn(
        "The claim is being prepared",
        "A preparer uploads payroll and marks the claim ready.",
        whose="the agency's preparer",
    ),
    State.READY: Turn(
        "The claim waits for its signature",
        "A certifier who did not prepare it signs the amounts.",
        whose="the agency's certifier",
    ),
    State.SUBMITTED: Turn(
        "The claim waits for its review",
        "It has been certified and submitted. A federal reviewer takes it up next.",
        whose="a federal reviewer",
    ),
    State.IN_REVIEW: Turn(
        "The claim is being reviewed",
        "The reviewer recommends it for approval, or returns it with a note.",
        whose="the federal reviewer",
    ),
    State.RETURNED: Turn(
        "The claim went back to the agency",
        "The agency reads the note, corrects the claim and submits a new version.",
        whose="the agency's preparer",
    ),
    State.WITHDRAWN: Turn(
        "The agency withdrew the claim",
        "It can be corrected and submitted again as a new version.",
        whose="the agency's preparer",
    ),
    State.RECOMMENDED: Turn(
        "The claim waits for the decision",
        "A payment approver who did not review it decides.",
        whose="a payment approver",
    ),
    State.APPROVED: Turn("The claim is approved", "The whole amount is approved for payment."),
    State.PARTLY_APPROVED: Turn(
        "The claim is approved in part",
        "The lines below say what was taken from which and why.",
    ),
    State.DENIED: Turn(
        "The claim was denied", "Nothing of it is paid. No further version can be sent."
    ),
    State.PAID: Turn("The claim is paid", "Nothing is left to do."),
    State.CLOSED: Turn("The claim is closed", "Nothing is left to do."),
}


NIL_EFFECTS = {
    "ready": "Your certifier is asked to sign that there is nothing to claim.",
    "certify": "You sign that there is nothing to claim, and the claim goes to the federal reviewers.",
    "approve": "It is settled that nothing is paid for this quarter.",
    "deny": "The agency’s statement is not accepted. This is final.",
}
"""What an action brings about for a nil claim, where that is something else."""

_NIL_APPROVED = Turn(
    "“Nothing to claim” is approved", "Nothing is paid for this quarter, and nothing is left to do."
)


def turn(state: str, possible: Collection[str], *, nil: bool = False) -> Turn:
    """Whose turn it is in `state` for somebody who can do the `possible` actions now."""
    for code, own in (_OWN | (_OWN_NIL if nil else {})).items():
        if code in possible:
            return replace(own, yours=True)
    return _NIL_APPROVED if nil and state == State.APPROVED else _OTHERS[State(state)]


def label_of(action: Action, allowed: int, *, nil: bool = False) -> str:
    """What the button of an action says; where it approves money, how much, in cents."""
    if action.code not in ("endorse", "approve", "approve_partly"):
        return action.label
    return f"{action.label}: {'nothing to claim' if nil else format_cents(allowed)}"


_VOID = {
    State.WITHDRAWN: "the agency has withdrawn this version",
    State.RETURNED: "this version was returned for correction",
}


def why_void(state: str) -> str:
    """Why a signature under a version in this state no longer counts; empty while it does."""
    return _VOID.get(State(state), "")


def standing_of(state: str, *, is_linked: bool = False) -> str:
    """Where a version stands, for paper that leaves the portal: whether it was signed and decided."""
    label = STATE_LABELS[State(state)]
    if state in (State.DRAFT, State.READY):
        return f"{label}, not certified"
    if state == State.DENIED:
        return f"{label}: {'what was decided before stays' if is_linked else 'nothing is paid'}"
    return label if state in SETTLED or state == State.WITHDRAWN else f"{label}, not decided"


def effect_of(action: Action, *, nil: bool = False) -> str:
    """What an action brings about, in words."""
    return NIL_EFFECTS.get(action.code, action.effect) if nil else action.effect


DONE = {
    "ready": "The claim is ready to be signed.",
    "unready": "The claim is a draft again.",
    "withdraw": "The claim is withdrawn. You can correct it and submit it again.",
    "start_review": "The review has started. The agency can no longer withdraw the claim.",
    "recommend": "The claim is recommended. A payment approver decides next.",
    "return": "The claim is returned to the agency with your note.",
    "endorse": "The first approval is given. A second payment approver decides next.",
    "approve": "The claim is approved.",
    "approve_partly": "The claim is approved in part.",
    "deny": "The claim is denied.",
    "send_back": "The claim is with its reviewer again.",
    "return_recommended": "The claim is returned to the agency with your note.",
    "correct": "A new version is open. The one before it stays as it was.",
    "drop": "The correction is given up. What was decided before stays as it is.",
    "amend": "The amendment is open. Only the difference will be paid or owed.",
    "supplement": "The supplement is open, with what came since the claim was signed.",
}
"""What is said to whoever pressed a button, by its action; a signature has a page of its own."""


class Outcome(NamedTuple):
    """What became of an uploaded file, and what to do about it."""

    title: str
    text: str
    tone: str


OUTCOMES: dict[str, Outcome] = {
    "received": Outcome("The file has arrived", "It waits to be checked.", "info"),
    "validating": Outcome("The file is being checked", "This takes a moment.", "info"),
    "accepted": Outcome("The file is accepted", "Its lines count in your claims.", "success"),
    "proposed": Outcome(
        "Say what the columns mean",
        "The portal does not know the columns of this file. Match them once; then it is checked.",
        "warning",
    ),
    "rejected": Outcome(
        "The file is rejected",
        "Nothing of it counts. Correct what is listed below in your file and send it again.",
        "error",
    ),
    "correctable": Outcome(
        "The file is rejected",
        "Nothing of it counts. Correct it here and check again, or correct your own file and send it "
        "again.",
        "error",
    ),
    "superseded": Outcome(
        "A later file has replaced this one",
        "Its lines no longer count. The file stays on record.",
        "info",
    ),
    "withdrawn": Outcome(
        "The file was taken back",
        "Its lines no longer count. The file stays on record.",
        "info",
    ),
    "checked": Outcome(
        "The file was only checked",
        "Nothing of it counts. Upload it again without the trial to let it count.",
        "info",
    ),
}
"""By batch state; `checked` is a trial without errors, `correctable` a rejected file to be fixed in place."""
