"""The federal side's mail of the day: what has come to somebody's inbox since the day before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from claims.models import Notice
from claims.pipeline import notices
from claims.pipeline.telling import day
from claims.selectors.inbox import Pile
from claims.selectors.inbox_federal import piles_of_federal
from portal.accounts.models import User
from portal.accounts.policies import actor_for
from portal.accounts.roles import Side
from portal.kernel import clock

SINCE = timedelta(days=1)


def write() -> bool:
    """Write the digest of everybody to whom something has come; whether there are any."""
    people = User.objects.filter(
        memberships__side=Side.FEDERAL, memberships__ended_at=None, is_active=True
    )
    return notices.write(
        digest for person in people.distinct().order_by("pk") for digest in _digests(person)
    )


def _digests(person: User) -> Iterator[Notice]:
    piles = list(piles_of_federal(actor_for(person)))
    if not any(_is_new(pile) for pile in piles):
        return
    today = clock.today()
    yield Notice(
        user=person,
        key=f"digest/{today}",
        subject=f"Your inbox of {day(today)}",
        text="This waits for you in the 287(g) Reimbursement Portal:\n\n"
        + "\n".join(f"- {pile.title}: {pile.count:,}" for pile in piles)
        + f"\n\n{settings.PORTAL_ADDRESS}{reverse('claims:inbox')}",
    )


def _is_new(pile: Pile) -> bool:
    # The newest of a long pile stand beyond its end.
    is_long = pile.count > len(pile.items)
    return is_long or (pile.latest is not None and pile.latest > clock.now() - SINCE)
