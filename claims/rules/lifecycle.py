"""The life of a claim as one table: buttons, API, documentation, tests and the database agree with it."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class State(enum.StrEnum):
    """Where a version of a claim stands. The codes are an interface and stay."""

    DRAFT = "draft"
    READY = "ready"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    DENIED = "denied"
    PAID = "paid"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STATE_LABELS: dict[State, str] = {
    State.DRAFT: "Draft",
    State.READY: "Ready to certify",
    State.SUBMITTED: "Submitted",
    State.IN_REVIEW: "In review",
    State.RETURNED: "Returned for correction",
    State.RECOMMENDED: "Recommended",
    State.APPROVED: "Approved",
    State.PARTLY_APPROVED: "Partly approved",
    State.DENIED: "Denied",
    State.PAID: "Paid",
    State.CLOSED: "Closed",
    State.WITHDRAWN: "Withdrawn",
}


class Kind(enum.StrEnum):
    """What a claim is to its quarter: the first one, or a later one that is linked to it."""

    ORIGINAL = "original"
    AMENDMENT = "amendment"
    SUPPLEMENT = "supplement"


class Part(enum.StrEnum):
    """What a person did in one version of a claim. Nobody has two parts in the same version."""

    PREPARER = "preparer"
    CERTIFIER = "certifier"
    REVIEWER = "reviewer"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table.

    `capability` is a name in `portal.accounts.roles.Capability`. Whoever acts takes `part` in the version
    and is refused when they already have another. `opens_version` starts the next version in `to`,
    `opens_claim` a claim that is linked to this one. `fresh` wants the person's password again unless they
    gave it moments ago; a claim on hold refuses what is `held`. The note of what is `internal` is for the
    federal side alone. Not `by_button` are steps that follow from something else people do.
    """

    code: str
    label: str
    frm: frozenset[State]
    to: State
    capability: str
    part: Part
    effect: str
    note_required: bool = False
    shows_hash: bool = False
    opens_version: bool = False
    opens_claim: bool = False
    fresh: bool = False
    held: bool = False
    internal: bool = False
    by_button: bool = True

    @property
    def stays(self) -> bool:
        """Whether the version stands after it where it stood."""
        return self.opens_version or self.opens_claim or self.frm == {self.to}


def _action(
    code: str, label: str, frm: State | tuple[State, ...], to: State, **rest: object
) -> Action:
    states = frm if isinstance(frm, tuple) else (frm,)
    return Action(code, label, frozenset(states), to, **rest)  # type: ignore[arg-type]  # checked by the dataclass fields


LIFECYCLE: tuple[Action, ...] = (
    _action(
        "ready",
        "Mark ready to certify",
        State.DRAFT,
        State.READY,
        capability="prepare",
        part=Part.PREPARER,
        shows_hash=True,
        effect="The amounts are frozen, and your certifier is asked to sign them.",
    ),
    _action(
        "unready",
        "Back to draft",
        State.READY,
        State.DRAFT,
        capability="prepare",
        part=Part.PREPARER,
        effect="The claim can be changed again. Nobody has signed it yet.",
    ),
    _action(
        "certify",
        "Certify and submit",
        State.READY,
        State.SUBMITTED,
        capability="certify",
        part=Part.CERTIFIER,
        shows_hash=True,
        fresh=True,
        effect="You sign the amounts shown, and the claim goes to the federal reviewers.",
    ),
    _action(
        "withdraw",
        "Withdraw",
        State.SUBMITTED,
        State.WITHDRAWN,
        capability="certify",
        part=Part.CERTIFIER,
        note_required=True,
        effect="The signature under this claim no longer counts, and the claim leaves the federal queue. "
        "You can correct it and submit it again; then it is signed anew, and is late if it is due by then.",
    ),
    _action(
        "start_review",
        "Start review",
        State.SUBMITTED,
        State.IN_REVIEW,
        capability="review",
        part=Part.REVIEWER,
        effect="The agency sees that its claim is being reviewed and can no longer withdraw it.",
    ),
    _action(
        "recommend",
        "Recommend approval",
        State.IN_REVIEW,
        State.RECOMMENDED,
        capability="review",
        part=Part.REVIEWER,
        shows_hash=True,
        held=True,
        effect="A payment approver decides next.",
    ),
    _action(
        "return",
        "Return for correction",
        State.IN_REVIEW,
        State.RETURNED,
        capability="review",
        part=Part.REVIEWER,
        note_required=True,
        effect="The signature under this claim no longer counts. The agency reads your note, corrects the "
        "claim and signs a new version.",
    ),
    _action(
        "endorse",
        "Give the first approval",
        State.RECOMMENDED,
        State.RECOMMENDED,
        capability="approve",
        part=Part.APPROVER,
        shows_hash=True,
        fresh=True,
        held=True,
        effect="The amount is so large that two people approve it. A second payment approver decides next.",
    ),
    _action(
        "approve",
        "Approve",
        State.RECOMMENDED,
        State.APPROVED,
        capability="approve",
        part=Part.APPROVER,
        shows_hash=True,
        fresh=True,
        held=True,
        effect="The whole amount is approved for payment.",
    ),
    _action(
        "approve_partly",
        "Approve in part",
        State.RECOMMENDED,
        State.PARTLY_APPROVED,
        capability="approve",
        part=Part.APPROVER,
        shows_hash=True,
        fresh=True,
        held=True,
        effect="What the reviewer left of each line is approved for payment. The agency may appeal the rest.",
    ),
    _action(
        "deny",
        "Deny",
        State.RECOMMENDED,
        State.DENIED,
        capability="approve",
        part=Part.APPROVER,
        note_required=True,
        shows_hash=True,
        fresh=True,
        held=True,
        effect="Nothing of this claim is paid. No further version can be sent; the agency may appeal.",
    ),
    _action(
        "send_back",
        "Send back to the reviewer",
        State.RECOMMENDED,
        State.IN_REVIEW,
        capability="approve",
        part=Part.APPROVER,
        note_required=True,
        internal=True,
        effect="The reviewer reads your note, looks at the claim again and recommends anew.",
    ),
    _action(
        "return_recommended",
        "Return for correction",
        State.RECOMMENDED,
        State.RETURNED,
        capability="approve",
        part=Part.APPROVER,
        note_required=True,
        effect="The signature under this claim no longer counts. The agency reads your note, corrects the "
        "claim and signs a new version.",
    ),
    _action(
        "endorse_appeal",
        "Give the first approval on appeal",
        State.DENIED,
        State.DENIED,
        capability="approve",
        part=Part.APPROVER,
        fresh=True,
        by_button=False,
        effect="So much would be paid that two people grant it. A second payment approver decides next.",
    ),
    _action(
        "grant_appeal",
        "Grant the appeal in full",
        (State.DENIED, State.PARTLY_APPROVED),
        State.APPROVED,
        capability="approve",
        part=Part.APPROVER,
        fresh=True,
        by_button=False,
        effect="Nothing of the claim is disallowed any more.",
    ),
    _action(
        "grant_appeal_partly",
        "Grant the appeal in part",
        (State.DENIED, State.PARTLY_APPROVED),
        State.PARTLY_APPROVED,
        capability="approve",
        part=Part.APPROVER,
        fresh=True,
        by_button=False,
        effect="What the appeal gives back is approved for payment.",
    ),
    _action(
        "correct",
        "Correct this claim",
        (State.RETURNED, State.WITHDRAWN),
        State.DRAFT,
        capability="prepare",
        part=Part.PREPARER,
        opens_version=True,
        effect="A new version opens; this one stays as it is.",
    ),
    _action(
        "drop",
        "Give up this correction",
        State.DRAFT,
        State.WITHDRAWN,
        capability="prepare",
        part=Part.PREPARER,
        effect="The linked claim ends unsigned. What was decided before stays as it is.",
    ),
    _action(
        "amend",
        "Amend this claim",
        (State.APPROVED, State.PARTLY_APPROVED),
        State.DRAFT,
        capability="prepare",
        part=Part.PREPARER,
        note_required=True,
        opens_claim=True,
        effect="A linked claim opens, which takes corrected payroll. Only the difference is paid or owed.",
    ),
    _action(
        "supplement",
        "Claim what came later",
        (State.APPROVED, State.PARTLY_APPROVED),
        State.DRAFT,
        capability="prepare",
        part=Part.PREPARER,
        opens_claim=True,
        effect="A linked claim opens with the payroll lines that were paid and the counts that were reported "
        "since. Only the difference is paid.",
    ),
)

ACTIONS: dict[str, Action] = {action.code: action for action in LIFECYCLE}

OPEN_TO_AGENCY = frozenset({State.DRAFT, State.READY, State.RETURNED, State.WITHDRAWN})
"""While a claim stands here its agency may still send payroll for the quarter."""

SETTLED = frozenset({State.APPROVED, State.PARTLY_APPROVED, State.DENIED, State.PAID, State.CLOSED})
"""A claim that stands here has been decided."""

IN_FORCE = SETTLED - {State.DENIED}
"""Its quarter is paid by a claim that stands here."""

ALLOWS_NOTHING = frozenset({State.DENIED, State.WITHDRAWN})
"""A claim that stands here used no overtime up (`docs/calculation.md` section 4.4)."""
