"""The people around one claim, and the ways to every place it can stand at."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from claims.models import Claim, ClaimVersion
from claims.rules.lifecycle import State
from claims.rules.lines import Reason
from claims.services.adjusting import adjust
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from tests.factories import (
    PAYROLL,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_person,
    report,
)

LARGE = PAYROLL.replace("72280.00,2780.00", "9880000.00,380000.00")
"""Payroll of an officer so well paid that two people approve the claim."""

WHO = {
    "ready": "preparer",
    "unready": "preparer",
    "correct": "preparer",
    "drop": "preparer",
    "amend": "preparer",
    "supplement": "preparer",
    "certify": "certifier",
    "withdraw": "certifier",
    "start_review": "reviewer",
    "recommend": "reviewer",
    "return": "reviewer",
    "endorse": "endorser",
    "approve": "approver",
    "approve_partly": "approver",
    "deny": "approver",
    "send_back": "approver",
    "return_recommended": "approver",
}
"""Who of the office does a step."""


@dataclass
class Office:
    """Everybody who deals with one claim, and the claim."""

    claim: Claim
    people: dict[str, Actor] = field(default_factory=dict)

    @property
    def version(self) -> ClaimVersion:
        """The claim's current version as it is stored now."""
        self.claim.refresh_from_db()
        return ClaimVersion.objects.select_related("claim__agency", "calculation").get(
            pk=self.claim.version_id
        )

    def walk(self, *codes: str) -> ClaimVersion:
        """Let the right people do the steps; `adjust` takes a dollar, `count` brings counts."""
        for code in codes:
            if code == "adjust":
                self.take(100)
            elif code == "count":
                report(self.claim.agency, 10, 10)
            else:
                self.claim = act(self.people[WHO[code]], self.claim, code).claim
        return self.version

    def take(self, cents: int) -> None:
        """The reviewer takes an amount from an officer's regular pay."""
        adjust(
            actor=self.people["reviewer"],
            version=self.version,
            officer_id="0042",
            category="regular",
            amount=cents,
            reason=Reason.UNSUPPORTED.value,
            note="No record of one hour.",
            token=uuid4(),
        )


def make_office(payroll: str = PAYROLL) -> Office:
    """An agency with a draft, and one person for each part in it; the clock stands after the quarter."""
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    load_payroll(preparer, payroll)
    people = {
        "preparer": preparer,
        "certifier": make_person(Role.CERTIFIER, preparer.agency),
        "reviewer": make_person(Role.REVIEWER),
        "endorser": make_person(Role.PAYMENT_APPROVER),
        "approver": make_person(Role.PAYMENT_APPROVER),
    }
    return Office(Claim.objects.get(agency=preparer.agency), people)


TO_REVIEW = ("ready", "certify", "start_review")
TO_RECOMMENDED = (*TO_REVIEW, "recommend")
TO_PARTLY_RECOMMENDED = (*TO_REVIEW, "adjust", "recommend")


@dataclass(frozen=True)
class Place:
    """Somewhere a claim can stand: the way there, and which actions of the table do not apply there."""

    state: State
    way: tuple[str, ...]
    without: frozenset[str] = frozenset()
    payroll: str = PAYROLL


_LINKED = (*TO_RECOMMENDED, "approve", "count", "supplement")
PLACES = {
    "draft": Place(State.DRAFT, (), frozenset({"drop"})),
    "linked draft": Place(State.DRAFT, _LINKED),
    "ready": Place(State.READY, ("ready",)),
    "submitted": Place(State.SUBMITTED, ("ready", "certify")),
    "in review": Place(State.IN_REVIEW, TO_REVIEW),
    "sent back": Place(State.IN_REVIEW, (*TO_RECOMMENDED, "send_back")),
    "recommended": Place(
        State.RECOMMENDED, TO_RECOMMENDED, frozenset({"endorse", "approve_partly"})
    ),
    "recommended in part": Place(
        State.RECOMMENDED, TO_PARTLY_RECOMMENDED, frozenset({"endorse", "approve"})
    ),
    "recommended and large": Place(
        State.RECOMMENDED, TO_RECOMMENDED, frozenset({"approve", "approve_partly"}), LARGE
    ),
    "endorsed": Place(
        State.RECOMMENDED,
        (*TO_RECOMMENDED, "endorse"),
        frozenset({"endorse", "approve_partly"}),
        LARGE,
    ),
    "returned": Place(State.RETURNED, (*TO_REVIEW, "return")),
    "returned by the approver": Place(State.RETURNED, (*TO_RECOMMENDED, "return_recommended")),
    "withdrawn": Place(State.WITHDRAWN, ("ready", "certify", "withdraw")),
    "approved": Place(State.APPROVED, (*TO_RECOMMENDED, "approve"), frozenset({"supplement"})),
    "approved, counts came later": Place(State.APPROVED, (*TO_RECOMMENDED, "approve", "count")),
    "approved in part": Place(
        State.PARTLY_APPROVED,
        (*TO_PARTLY_RECOMMENDED, "approve_partly"),
        frozenset({"supplement"}),
    ),
    "denied": Place(State.DENIED, (*TO_RECOMMENDED, "deny")),
}
"""Every state that claims come to by themselves, and within a state what makes a difference."""
