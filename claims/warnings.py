"""The warnings behind a claim, and the answers to them: what certifier and reviewer look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet

from claims.models import ClaimVersion, PayrollBatch, PayrollFinding
from claims.selectors.claims import NOT_YET_FEDERAL
from claims.selectors.payroll import counted_then
from portal.intake.justifying import answers_of
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

    Once the version is signed they are those of the files that counted then: later ones are for the
    agency's next claim. The same warning of two files is one, told of the earlier file.
    """
    findings = _findings(version).select_related("batch").order_by("batch__number", "number")
    first: dict[str, PayrollFinding] = {}
    for finding in findings:
        first.setdefault(finding.fingerprint, finding)
    answers = answers_of(version.claim.agency_id, first)
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
    """The number of `warnings_of`, by one query."""
    answered = Justification.objects.filter(
        agency=version.claim.agency_id, fingerprint=OuterRef("fingerprint")
    )
    counted = _findings(version).aggregate(
        total=Count("fingerprint", distinct=True),
        unanswered=Count("fingerprint", distinct=True, filter=~Exists(answered)),
    )
    return Tally(**counted)


def counting_warnings() -> QuerySet[PayrollFinding]:
    """The warnings of every file that counts."""
    return _WARNINGS.filter(batch__state=PayrollBatch.State.ACCEPTED)


def _findings(version: ClaimVersion) -> QuerySet[PayrollFinding]:
    claim = version.claim
    if version.state not in NOT_YET_FEDERAL and hasattr(version, "certification"):
        signed_at = version.certification.certified_at
        return _WARNINGS.filter(batch__in=counted_then(claim, signed_at))
    return counting_warnings().filter(batch__agency=claim.agency_id, batch__quarter=claim.quarter)
