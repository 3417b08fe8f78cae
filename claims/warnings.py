"""The warnings behind a claim, and the answers to them: what certifier and reviewer look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet

from claims.models import ClaimVersion, PayrollBatch, PayrollFinding
from claims.selectors.answers import sent_answers
from claims.selectors.claims import NOT_YET_FEDERAL
from claims.selectors.payroll import counted_then
from portal.intake.justifying import last_answers
from portal.intake.models import Justification
from portal.kernel.findings import Severity

_WARNINGS = PayrollFinding.objects.filter(severity=Severity.WARNING, batch__dry_run=False)


@dataclass(frozen=True, slots=True)
class ClaimWarning:
    """One warning of an accepted file of the claim's quarter, and its answer if there is one."""

    finding: PayrollFinding
    batch: PayrollBatch
    answer: Justification | None

    @property
    def is_carried_over(self) -> bool:
        """Whether the answer was written for another file."""
        return self.answer is not None and self.answer.reference != self.batch.reference


def warnings_of(version: ClaimVersion) -> list[ClaimWarning]:
    """The warnings of the files that count in the claim's quarter, those without an answer first.

    Once the version is signed they are those of the files that counted then: later ones, and answers that
    nobody has signed, are for the agency's next claim. The same warning of two files is one, told of the
    earlier file.
    """
    findings = _findings(version).select_related("batch").order_by("batch__number", "number")
    first: dict[str, PayrollFinding] = {}
    for finding in findings:
        first.setdefault(finding.fingerprint, finding)
    given = _answers(version).filter(fingerprint__in=first)
    answers = last_answers(sent_answers(given) if _is_signed(version) else given)
    warnings = [
        ClaimWarning(finding, finding.batch, answers.get(finding.fingerprint))
        for finding in first.values()
    ]
    return sorted(warnings, key=lambda warning: warning.answer is not None)


class Tally(NamedTuple):
    """How many warnings a claim has, and how many of them nobody has answered."""

    total: int
    unanswered: int


def tally_of(version: ClaimVersion) -> Tally:
    """The number of `warnings_of`, without reading them."""
    findings, given = _findings(version), _answers(version)
    answered = Exists(given.filter(fingerprint=OuterRef("fingerprint")))
    tally = Tally(
        **findings.aggregate(
            total=Count("fingerprint", distinct=True),
            unanswered=Count("fingerprint", distinct=True, filter=~answered),
        )
    )
    if tally.unanswered == tally.total or not _is_signed(version):
        return tally
    sent = sent_answers(given.filter(fingerprint__in=findings.values("fingerprint")))
    return Tally(tally.total, tally.total - sent.values("fingerprint").distinct().count())


def counting_warnings() -> QuerySet[PayrollFinding]:
    """The warnings of every file that counts."""
    return _WARNINGS.filter(batch__state=PayrollBatch.State.ACCEPTED)


def _is_signed(version: ClaimVersion) -> bool:
    return version.state not in NOT_YET_FEDERAL and hasattr(version, "certification")


def _answers(version: ClaimVersion) -> QuerySet[Justification]:
    return Justification.objects.filter(agency=version.claim.agency_id)


def _findings(version: ClaimVersion) -> QuerySet[PayrollFinding]:
    claim = version.claim
    if _is_signed(version):
        return _WARNINGS.filter(batch__in=counted_then(claim, version.certification.certified_at))
    return counting_warnings().filter(batch__agency=claim.agency_id, batch__quarter=claim.quarter)
