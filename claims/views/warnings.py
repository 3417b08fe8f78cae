"""The warnings behind a claim with their answers, for whoever prepares, signs or reviews it."""

from __future__ import annotations

from django.http import HttpResponse

from claims.selectors.claims import version_for
from claims.warnings import ClaimWarning, warnings_of
from portal.accounts.roles import Capability
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, MemoryListing
from portal.web.show import show


@signed_in
def listing(request: ActorRequest, number: str, version: int) -> HttpResponse:
    """Every warning of the files that count, those without an answer first."""
    actor = request.actor
    stored = version_for(actor, number, version)
    found = MemoryListing(
        request.GET,
        warnings_of(stored),
        columns=(Column("Warning"), Column("File"), Column("Answer")),
        text=_text,
    )
    return show(
        request,
        "claims/warnings.html",
        fragment="claims/_warnings.html",
        claim=stored.claim,
        version=stored,
        warnings=found,
        may_answer=actor.can(Capability.PREPARE),
    )


def _text(warning: ClaimWarning) -> str:
    finding, answer = warning.finding, warning.answer
    said = f"{answer.text} {answer.user.name}" if answer else ""
    return f"{finding.message} {finding.officer_id} {finding.code} {warning.batch.reference} {said}"
