"""Reading who is told by mail: the people of an agency by role, and those behind a version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, QuerySet

from claims.models import ClaimVersion, Participant
from claims.rules.lifecycle import Part
from portal.accounts.models import Agency, Membership, User
from portal.accounts.roles import Role


def people_with(roles: Iterable[Role], agency: Agency | int) -> QuerySet[User]:
    """The people who have one of the roles at an agency now, invited ones too."""
    held = Membership.objects.filter(
        user=OuterRef("pk"), agency=agency, role__in=list(roles), ended_at=None
    )
    return User.objects.filter(Exists(held), is_active=True).order_by("pk")


def offices_of(agencies: Collection[int]) -> dict[int, list[User]]:
    """Who prepares and certifies for each agency, by one query; where nobody does, its administrators."""
    office: dict[int, dict[int, User]] = defaultdict(dict)
    administrators: dict[int, dict[int, User]] = defaultdict(dict)
    held = Membership.objects.filter(
        agency__in=agencies,
        role__in=(Role.PREPARER, Role.CERTIFIER, Role.ADMINISTRATOR),
        ended_at=None,
        user__is_active=True,
    )
    for role in held.select_related("user").order_by("user"):
        group = administrators if role.role == Role.ADMINISTRATOR else office
        if role.agency_id is not None:
            group[role.agency_id][role.user_id] = role.user
    return {pk: list((office.get(pk) or administrators[pk]).values()) for pk in agencies}


def office_of(agency: Agency) -> list[User]:
    """Who prepares and certifies for an agency; while nobody does, its administrators."""
    return offices_of([agency.pk])[agency.pk]


def signers_of(version: ClaimVersion) -> QuerySet[User]:
    """The certifiers who may sign a version: those who have no part in it."""
    own = Participant.objects.filter(version=version, user=OuterRef("pk"))
    certifiers = people_with((Role.CERTIFIER,), version.claim.agency_id)
    return certifiers.filter(~Exists(own))


def why_nobody_signs(version: ClaimVersion) -> str:
    """Why nobody can sign a version, as a sentence; empty when somebody can."""
    if signers_of(version).exists():
        return ""
    if people_with((Role.CERTIFIER,), version.claim.agency_id).exists():
        return "Everybody who certifies has worked on this claim, and nobody signs their own work."
    return "The agency has no certifier."


def reviewers_of(version: ClaimVersion) -> QuerySet[User]:
    """Who has reviewed a version, or has taken its claim to review it."""
    part = Participant.objects.filter(version=version, user=OuterRef("pk"), part=Part.REVIEWER)
    taken = version.claim.assignments.filter(ended_at=None, reviewer=OuterRef("pk"))
    return User.objects.filter(Exists(part) | Exists(taken), is_active=True)
