"""Telling an agency that something its decided claim waited for is there, and can be claimed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from claims.models import Claim, Notice
from claims.pipeline import notices
from claims.pipeline.telling import matter_of, notice
from claims.selectors.corrections import to_supplement
from claims.selectors.recipients import people_with
from portal.accounts.models import Agency
from portal.accounts.roles import Role

_KEY = "came_later/"


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
