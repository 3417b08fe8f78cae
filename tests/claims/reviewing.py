"""A claim in review and the people around it, for tests of what is said and sent about it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import uuid4

from claims.models import Claim, ClaimVersion, Question
from claims.rules.address import Address
from claims.services.asking import Asked, ask
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from tests.factories import act, make_draft, make_person

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


class Reviewed(NamedTuple):
    """A claim in review."""

    claim: Claim
    preparer: Actor
    certifier: Actor
    reviewer: Actor

    @property
    def version(self) -> ClaimVersion:
        """The current version, as it is now."""
        return ClaimVersion.objects.select_related("claim__agency", "calculation").get(
            claim=self.claim, pk=Claim.objects.get(pk=self.claim.pk).version_id
        )


def in_review(agency: Agency | None = None) -> Reviewed:
    """A claim that a reviewer has taken up."""
    preparer, claim = make_draft(agency)
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    reviewer = make_person(Role.REVIEWER)
    act(preparer, claim, "ready")
    act(certifier, claim, "certify")
    act(reviewer, claim, "start_review")
    return Reviewed(claim, preparer, certifier, reviewer)


def asked_about(
    reviewed: Reviewed, officer_id: str = "", category: str = "", text: str = "Why so much?"
) -> Question:
    """A question of the claim's reviewer, to be answered by 27 January 2026."""
    asked = Asked(Address(officer_id, category), text, uuid4())
    (question,) = ask(
        actor=reviewed.reviewer,
        version=reviewed.version,
        asked=[asked],
        due_on=date(2026, 1, 27),
    )
    return question


def pdf(name: str = "timesheet.pdf", content: bytes = PDF) -> Upload:
    """A small file that begins like a PDF."""
    return Upload(name, "application/octet-stream", [content])
