"""Reading whether a version says anything new against the one before: what makes a correction one."""

from __future__ import annotations

import json
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from claims.models import (
    Answer,
    Calculation,
    Claim,
    ClaimVersion,
    Evidence,
    OfficerResult,
    PayrollBatch,
    PayrollFinding,
)
from claims.rules.lifecycle import State
from claims.selectors.linked import computed_lines
from portal.accounts.roles import Side
from portal.intake.models import Justification
from portal.kernel.findings import Severity


def repeats_returned(version: ClaimVersion) -> bool:
    """Whether a version says what the returned one before it said, with nothing added since."""
    if version.number == 1:
        return False
    earlier = ClaimVersion.objects.filter(claim=version.claim_id, number=version.number - 1)
    before = (
        earlier.filter(state=State.RETURNED)
        .select_related("calculation", "claim", "certification")
        .first()
    )
    return before is not None and _says_the_same(before, version) and not _more_came(before)


def pays_the_same(base: ClaimVersion, version: ClaimVersion) -> bool:
    """Whether two versions come to the same amounts, line by line."""
    old, new = base.calculation, version.calculation
    if old is None or new is None:
        return False
    sums = ("regular", "benefits", "overtime_allowed", "award_amount")
    if any(getattr(old, name) != getattr(new, name) for name in sums):
        return False
    # Officers with nothing may have come or gone.
    paid = [
        {address: cents for address, cents in computed_lines(one).items() if cents}
        for one in (base, version)
    ]
    return paid[0] == paid[1]


def _says_the_same(before: ClaimVersion, version: ClaimVersion) -> bool:
    old, new = before.calculation, version.calculation
    if old is None or new is None or before.nil != version.nil:
        return False
    if (old.total, old.officers) != (new.total, new.officers):
        return False
    return _facts(old) == _facts(new) and not _details_differ(old, new)


def _facts(calculation: Calculation) -> dict[str, object]:
    content: dict[str, object] = json.loads(calculation.content)
    del content["as_of"]
    return content


def _details_differ(old: Calculation, new: Calculation) -> bool:
    same = OfficerResult.objects.filter(
        calculation=old, position=OuterRef("position"), detail=OuterRef("detail")
    )
    return OfficerResult.objects.filter(~Exists(same), calculation=new).exists()


def _more_came(before: ClaimVersion) -> bool:
    """Whether the agency said or sent anything since it signed this version."""
    claim, since = before.claim, before.certification.certified_at
    records = Evidence.objects.filter(claim=claim)
    answers = Answer.objects.filter(
        question__version__claim=claim, side=Side.AGENCY, written_at__gt=since
    )
    return (
        records.filter(Q(sent_at__gt=since) | Q(taken_back_at__gt=since)).exists()
        or answers.exists()
        or _warnings_answered(claim, since)
    )


def _warnings_answered(claim: Claim, since: datetime) -> bool:
    warnings = PayrollFinding.objects.filter(
        severity=Severity.WARNING,
        batch__agency=claim.agency_id,
        batch__quarter=claim.quarter,
        batch__state=PayrollBatch.State.ACCEPTED,
    )
    return Justification.objects.filter(
        agency=claim.agency_id, at__gt=since, fingerprint__in=warnings.values("fingerprint")
    ).exists()
