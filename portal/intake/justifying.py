"""Why a warning is in order: written once, it answers the same warning in later files too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.models import BatchFinding, Justification
from portal.kernel.errors import BadInput
from portal.kernel.findings import Severity
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit

LONGEST = 1000

F = TypeVar("F", bound=BatchFinding)


@transaction.atomic
def justify(
    *,
    actor: Actor,
    agency: Agency,
    reference: str,
    findings: Iterable[BatchFinding],
    text: str,
    thread: str = "",
) -> int:
    """Answer warnings of the agency's file `reference`; how many got an answer that they did not have.

    `thread` is the timeline it belongs to, by default the agency's own.
    """
    actor.require(Capability.PREPARE, agency)
    words = _checked(text)
    asked = {finding.fingerprint: finding for finding in findings}
    if not asked or any(
        finding.severity != Severity.WARNING or not finding.fingerprint
        for finding in asked.values()
    ):
        raise BadInput(
            "not_a_warning",
            "Only warnings can be answered.",
            "Correct the errors in the file; notices need no answer.",
        )
    known = answers_of(agency.pk, asked)
    # The same answer again is a second click.
    new = [
        Justification(
            agency=agency,
            fingerprint=fingerprint,
            code=finding.code,
            officer_id=finding.officer_id,
            reference=reference,
            text=words,
            user=actor.user,
        )
        for fingerprint, finding in asked.items()
        if fingerprint not in known or known[fingerprint].text != words
    ]
    Justification.objects.bulk_create(new)
    if new:
        audit.record(
            "warning.justify",
            subject=f"agency/{agency.number}",
            thread=thread,
            actor=actor,
            agency_id=agency.pk,
            note=words,
            reference=reference,
            codes=sorted({answer.code for answer in new}),
            warnings=len(new),
        )
    return len(new)


def answers_of(agency_id: int, fingerprints: Collection[str]) -> dict[str, Justification]:
    """The latest answer to each of these warnings that has one, by fingerprint."""
    return last_answers(
        Justification.objects.filter(agency=agency_id, fingerprint__in=fingerprints)
    )


def last_answers(answers: QuerySet[Justification]) -> dict[str, Justification]:
    """Of some answers the last to each warning, by fingerprint."""
    last = answers.select_related("user").order_by("fingerprint", "-id").distinct("fingerprint")
    return {answer.fingerprint: answer for answer in last}


def open_warnings(agency_id: int, findings: QuerySet[F]) -> QuerySet[F]:
    """The warnings among the agency's findings that nobody has answered."""
    answer = Justification.objects.filter(agency=agency_id, fingerprint=OuterRef("fingerprint"))
    return findings.filter(severity=Severity.WARNING).exclude(Exists(answer))


def _checked(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise BadInput(
            "justification_required",
            "A justification needs a text.",
            "Write in a sentence or two why the warning is in order.",
        )
    if len(words) > LONGEST:
        raise BadInput(
            "justification_too_long",
            f"The justification is longer than {LONGEST:,} characters.",
            "Shorten it; papers can be shown to the reviewer on request.",
        )
    refuse_personal_numbers(words, what="justification", code="justification_not_kept")
    if not words.isprintable():
        raise BadInput(
            "justification_not_kept",
            "The justification holds an invisible character.",
            "Type it again.",
        )
    return words
