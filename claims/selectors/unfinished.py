"""Reading what of somebody's work on claims stops when their roles end."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from claims.models import Assignment, ClaimVersion
from claims.rules.lifecycle import State
from claims.selectors.recipients import signers_of
from portal.accounts.models import Agency, User
from portal.accounts.roles import Role
from portal.kernel.counting import counted


def unfinished_of(user: User, agency: Agency | None, roles: Collection[Role]) -> Iterator[str]:
    """What nobody does any more once a person's roles are gone, as sentences."""
    if Role.CERTIFIER in roles:
        ready = ClaimVersion.objects.filter(claim__agency=agency, state=State.READY)
        stuck = sum(
            not signers_of(version).exclude(pk=user.pk).exists()
            for version in ready.select_related("claim")
        )
        if stuck:
            waits = counted(stuck, "claim waits", "claims wait")
            yield f"{waits} for a signature that nobody else can give."
    if Role.REVIEWER in roles:
        taken = Assignment.objects.filter(reviewer=user, ended_at=None).count()
        if taken:
            yield (
                f"{user} reviews {counted(taken, 'claim')}. Colleagues have to take "
                f"{'it' if taken == 1 else 'them'} over."
            )
