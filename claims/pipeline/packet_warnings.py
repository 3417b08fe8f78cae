"""The warnings behind a claim and the answers to them, as they stood at an instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from claims.models import Claim, PayrollFinding
from claims.packets.facts import WarningAnswer
from claims.payroll.catalogue import PAYROLL_FINDINGS
from portal.intake.models import Justification
from portal.kernel.findings import Severity
from portal.records.models import AuditEvent


def warnings_at(claim: Claim, references: Collection[str], at: datetime) -> Iterator[WarningAnswer]:
    """The warnings of the quarter's files that counted then, in order of files, each told once.

    Those are the files that lines of the calculation come from (`references`), and those accepted by then
    and neither replaced nor taken back.
    """
    findings = PayrollFinding.objects.filter(
        severity=Severity.WARNING,
        batch__agency=claim.agency_id,
        batch__quarter=claim.quarter,
        batch__dry_run=False,
        batch__received_at__lte=at,
    )
    accepted = _accepted(claim, at)
    first: dict[str, PayrollFinding] = {}
    for finding in findings.select_related("batch").order_by("batch__number", "number"):
        if finding.batch.reference in references or finding.batch_id in accepted:
            first.setdefault(finding.fingerprint, finding)
    answers = _answers(claim.agency_id, first, at)
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
            name=answer.user.name if answer else "",
            answered_at=answer.at if answer else None,
        )


_ACCEPTED, _ENDED = "payroll.accept", ("payroll.supersede", "payroll.withdraw")
_TITLES = {code: kind.title for code, kind in PAYROLL_FINDINGS.kinds.items()}


def _accepted(claim: Claim, at: datetime) -> set[UUID]:
    """The quarter's files that counted then: their rows tell only how they stand now."""
    events = AuditEvent.objects.filter(
        thread=claim.thread, action__in=(_ACCEPTED, *_ENDED), at__lte=at
    )
    accepted: set[UUID] = set()
    for subject, action in events.order_by("id").values_list("subject", "action"):
        batch = UUID(subject.removeprefix("payroll/"))
        if action == _ACCEPTED:
            accepted.add(batch)
        else:
            accepted.discard(batch)
    return accepted


def _answers(
    agency_id: int, fingerprints: Collection[str], at: datetime
) -> dict[str, Justification]:
    """The last answer to each warning that was there by then."""
    rows = Justification.objects.filter(
        agency=agency_id, fingerprint__in=fingerprints, at__lte=at
    ).select_related("user")
    return {row.fingerprint: row for row in rows.order_by("id")}
