"""A decided claim and everybody who had a part in it, for tests of appeals."""

from __future__ import annotations

import uuid

import pytest

from claims.models import Appeal
from claims.rules.lines import Reason
from claims.selectors.appeals import open_appeals
from claims.services.adjusting import adjust
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from portal.accounts.fresh import proven
from portal.accounts.roles import Role
from portal.kernel.errors import Refused
from tests.factories import act, make_draft, make_person

LINE = ("0042", "overtime")
"""The line of which something was taken."""


class Office:
    """An agency's claim that was decided, and everybody who had a part in it."""

    def __init__(self, taken: int = 30_000, *, deny: bool = False) -> None:
        self.preparer, self.claim = make_draft()
        self.certifier = make_person(Role.CERTIFIER, self.claim.agency)
        self.reviewer = make_person(Role.REVIEWER)
        self.approver = proven(make_person(Role.PAYMENT_APPROVER))
        self.other = make_person(Role.REVIEWER)
        self.judge = proven(make_person(Role.PAYMENT_APPROVER))
        act(self.preparer, self.claim, "ready")
        act(self.certifier, self.claim, "certify")
        version = act(self.reviewer, self.claim, "start_review")
        if taken:
            adjust(
                actor=self.reviewer,
                version=version,
                officer_id=LINE[0],
                category=LINE[1],
                amount=taken,
                reason=Reason.UNSUPPORTED,
                note="No authorization.",
                token=uuid.uuid4(),
            )
        act(self.reviewer, self.claim, "recommend")
        act(self.approver, self.claim, "deny" if deny else "approve_partly")

    @property
    def version(self):
        """The claim's version as it is stored now."""
        self.claim.refresh_from_db()
        return self.claim.version

    def file(self, asked=None, *, actor=None, token=None):
        """The certifier appeals, if nothing else is said for all that was taken."""
        return file_appeals(
            actor=actor or self.certifier,
            version=self.version,
            asked=asked or {LINE: 30_000},
            grounds="The authorization is attached.",
            token=token or uuid.uuid4(),
        )

    def propose(self, amount=30_000, *, actor=None):
        """Another reviewer proposes this amount on every open appeal."""
        return propose_on_appeals(
            actor=actor or self.other,
            version=self.version,
            amounts={one.pk: amount for one in open_appeals(self.version)},
            proposal="The authorization is good.",
        )

    def decide(self, amount=30_000, *, actor=None):
        """Another approver grants this amount on every appeal."""
        return decide_appeals(
            actor=actor or self.judge,
            version=self.version,
            amounts={one.pk: amount for one in Appeal.objects.all()},
            ruling="The authorization was there.",
        )


def code_of(call, *args, **kwargs) -> str:
    """Why a call is refused."""
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.code
