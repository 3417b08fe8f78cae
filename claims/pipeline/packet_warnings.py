"""The warnings behind a claim and the answers to them, as they stood at an instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from claims.models import ClaimVersion, PayrollFinding
from claims.packets.facts import WarningAnswer
from claims.payroll.catalogue import PAYROLL_FINDINGS
from claims.pipeline.acts import Acts
from claims.selectors.answers import sent_answers
from claims.selectors.payroll import counted_then
from portal.intake.justifying import last_answers
from portal.intake.models import Justification
from portal.kernel.findings import Severity


def warnings_at(
    version: ClaimVersion,
    references: Collection[str],
    acts: Acts,
    at: datetime,
    closing: int | None,
) -> Iterator[WarningAnswer]:
    """The warnings that a signature rests on, in order of files, each told once, answered by an instant.

    They are those of the quarter's files that lines of the calculation come from (`references`), and of
    those that counted when it was signed: a file without a line that counts has warnings as well. Answers
    are those submitted by the event `closing`.
    """
    claim, signed_at = version.claim, version.certification.certified_at
    findings = PayrollFinding.objects.filter(
        severity=Severity.WARNING,
        batch__agency=claim.agency_id,
        batch__quarter=claim.quarter,
        batch__dry_run=False,
        batch__received_at__lte=signed_at,
    )
    accepted = set(counted_then(claim, signed_at).values_list("pk", flat=True))
    first: dict[str, PayrollFinding] = {}
    for finding in findings.select_related("batch").order_by("batch__number", "number"):
        if finding.batch.reference in references or finding.batch_id in accepted:
            first.setdefault(finding.fingerprint, finding)
    given = Justification.objects.filter(agency=claim.agency_id, fingerprint__in=first, at__lte=at)
    answers = last_answers(sent_answers(given, closing))
    for fingerprint, finding in first.items():
        answer = answers.get(fingerprint)
        yield WarningAnswer(
            code=finding.code,
            title=_TITLES.get(finding.code, finding.code),
            reference=finding.batch.reference,
            row=finding.row,
            officer_id=finding.officer_id,
            message=finding.message,
            answer=answer.text if answer else "",
            name=acts.name(answer.user, answer.at) if answer else "",
            answered_at=answer.at if answer else None,
        )


_TITLES = {code: kind.title for code, kind in PAYROLL_FINDINGS.kinds.items()}
