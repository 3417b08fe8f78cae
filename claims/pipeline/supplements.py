"""Telling an agency that something its decided claim waited for is there, and can be claimed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim, Notice, PayrollBatch
from claims.pipeline import notices
from claims.pipeline.telling import matter_of, notice
from claims.rules.lifecycle import ACTIONS
from claims.selectors.corrections import to_supplement
from claims.selectors.recipients import people_with
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from portal.kernel import clock

_KEY = "came_later/"
_PAID_WITHIN = timedelta(days=45)
"""How long after a file came its lines may be paid for the portal to tell of it by itself."""


def agencies_to_look_at() -> QuerySet[Agency]:
    """The agencies for which a day alone can bring something: lines of theirs may be paid today.

    Counts and files themselves are told of when they come.
    """
    told = Notice.objects.filter(claim=OuterRef("pk"), key__startswith=_KEY)
    waiting = Claim.objects.filter(
        ~Exists(told),
        agency=OuterRef("pk"),
        version__state__in=ACTIONS["supplement"].frm,
        version__calculation__waiting_lines__gt=0,
    )
    files = PayrollBatch.objects.filter(
        agency=OuterRef("pk"),
        state=PayrollBatch.State.ACCEPTED,
        finished_at__gt=clock.now() - _PAID_WITHIN,
    )
    return Agency.objects.filter(Q(Exists(waiting)) | Q(Exists(files)), merged_into=None)


def write(agencies: QuerySet[Agency]) -> bool:
    """Write the mails about what came later, in the caller's transaction; whether there are any new ones.

    Each claim is told of once: what comes after that stands in the inbox.
    """
    claims = list(to_supplement(agencies))
    notices_before = Notice.objects.filter(claim__in=claims, key__startswith=_KEY)
    told = set(notices_before.values_list("claim", flat=True))
    return notices.write(mail for claim in claims if claim.pk not in told for mail in _mails(claim))


def _mails(claim: Claim) -> Iterator[Notice]:
    matter = matter_of(claim)
    for person in people_with((Role.PREPARER,), claim.agency):
        yield notice(
            person,
            matter,
            f"{_KEY}{matter.name}",
            "Something came later that you can claim",
            f"Since the claim of {claim.quarter} was decided, counts were reported or payroll lines were "
            "paid that are not in it.",
            "Choose “Claim what came later” on the claim's page. Only the difference is paid.",
        )
