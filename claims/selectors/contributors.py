"""Reading whose work is in a claim: they may not sign it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from agreements.models import RosterUpload
from agreements.selectors import hand_editors
from claims.models import Answer, ClaimVersion, Evidence, PayrollBatch, PayrollFinding, PayrollLine
from claims.selectors.linked import signed_last_at
from portal.accounts.models import User
from portal.accounts.roles import Side
from portal.intake.models import Justification
from portal.intake.people import people_behind
from portal.kernel.findings import Severity


def contributors(version: ClaimVersion) -> QuerySet[User]:
    """Whose work is in a version: who sent, corrected, matched or answered for payroll of its quarter;
    and for rosters, or changed them by hand, since it opened; who answered for its claim or sent records."""
    claim = version.claim
    in_quarter = PayrollLine.objects.filter(
        batch_id=OuterRef("pk"),
        period_start__lte=claim.quarter.end,
        period_end__gte=claim.quarter.start,
    )
    payroll = PayrollBatch.objects.filter(
        Exists(in_quarter), agency=claim.agency, state=PayrollBatch.State.ACCEPTED
    )
    since = signed_last_at(claim) or version.opened_at
    rosters = RosterUpload.objects.filter(agency=claim.agency, confirmed_at__gte=since)
    files = [
        file
        for kind in (payroll, rosters)
        for file in kind.select_related(
            "uploaded_by", "mapping__created_by", "corrects__uploaded_by"
        )
    ]
    behind = {person.pk for file in files for person in people_behind(file)}
    warnings = PayrollFinding.objects.filter(batch__in=payroll, severity=Severity.WARNING)
    # An answer speaks for every file with the same warning, whichever it was first given for.
    answers = Justification.objects.filter(
        agency=claim.agency, fingerprint__in=warnings.values("fingerprint")
    )
    # Who answered the reviewer about an earlier version, or sent a record, has a hand in what follows.
    told = Answer.objects.filter(
        question__version__claim=claim, question__version__number__lt=version.number
    )
    records = Evidence.objects.filter(claim=claim)
    return User.objects.filter(
        Q(pk__in=behind)
        | Q(pk__in=told.filter(side=Side.AGENCY).values("author"))
        | Q(pk__in=records.values("sent_by"))
        | Q(pk__in=answers.values("user"))
        | Q(pk__in=rosters.values("confirmed_by"))
        | Q(pk__in=hand_editors(claim.agency, since))
    )
