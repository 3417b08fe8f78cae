"""Reading people, their roles and keys, as far as an actor may manage them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Value, When

from portal.accounts.models import Agency, ApiKey, Membership, User
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Capability, Role, Side
from portal.kernel import clock

CURRENT, FORMER = "current", "former"


def agencies_for(actor: Actor) -> QuerySet[Agency]:
    """The agencies the actor may see."""
    agencies = Agency.objects.all()
    if actor.side != Side.AGENCY:
        return actor.scope(agencies, "pk")
    return agencies.filter(pk=actor.agency.pk) if actor.agency else agencies.none()


def agency_for(actor: Actor, number: str) -> Agency:
    """The agency with this portal number; NotFound for strangers."""
    return found(agencies_for(actor), "agency", number=number)


def managed_roles(actor: Actor) -> QuerySet[Membership]:
    """The roles, past ones too, that the actor manages: their agency's, or the federal side's."""
    roles = Membership.objects.select_related("user", "agency", "granted_by")
    if actor.can(Capability.MANAGE_USERS):
        return roles.filter(agency=None)
    if actor.can(Capability.MANAGE_PEOPLE):
        return roles.filter(agency=actor.agency)
    return roles.none()


def grantable_roles(actor: Actor) -> list[Role]:
    """The roles the actor may give where they manage people."""
    if actor.can(Capability.MANAGE_USERS):
        return [role for role in Role if role.side is not Side.AGENCY]
    if actor.can(Capability.MANAGE_PEOPLE):
        return [role for role in Role if role.side is Side.AGENCY]
    return []


def people_for(actor: Actor) -> QuerySet[User]:
    """Everybody who has or had such a role, with `roles_now`, and `standing`: has one or not."""
    roles = managed_roles(actor)
    of_person = roles.filter(user=OuterRef("pk"))
    return (
        User.objects.filter(Exists(of_person))
        .annotate(
            standing=Case(
                When(Exists(of_person.filter(ended_at=None)), then=Value(CURRENT)),
                default=Value(FORMER),
            )
        )
        .prefetch_related(
            Prefetch(
                "memberships",
                queryset=roles.filter(ended_at=None).order_by("role"),
                to_attr="roles_now",
            )
        )
    )


def not_yet_here(actor: Actor) -> QuerySet[User]:
    """The people the actor has invited who have never signed in, the longest waiting first."""
    held = managed_roles(actor).filter(user=OuterRef("pk"), ended_at=None)
    return User.objects.filter(
        Exists(held), last_login=None, password__startswith=UNUSABLE_PASSWORD_PREFIX
    ).order_by("joined_at")


def keys_of(user: User, agency: Agency | None) -> QuerySet[ApiKey]:
    """The keys of an agency that a person answers for, by name."""
    return ApiKey.objects.filter(user=user, agency=agency, revoked_at=None).order_by("name")


def person_for(actor: Actor, pk: int) -> User:
    """One of the people the actor manages; NotFound for strangers."""
    return found(people_for(actor), "person", pk=pk)


def role_for(actor: Actor, pk: int) -> Membership:
    """One present role that the actor may take away; NotFound for strangers."""
    return found(managed_roles(actor).filter(ended_at=None), "role", pk=pk)


def administrators_of(agency: Agency) -> QuerySet[User]:
    """The people who administer an agency now, by name."""
    return User.objects.filter(
        memberships__agency=agency,
        memberships__role=Role.ADMINISTRATOR,
        memberships__ended_at=None,
        is_active=True,
    ).order_by("name")


def preparers_of(agency: Agency) -> QuerySet[User]:
    """The people who may answer for an agency's keys, by name."""
    return User.objects.filter(
        memberships__agency=agency,
        memberships__role=Role.PREPARER,
        memberships__ended_at=None,
        is_active=True,
    ).order_by("name")


def keys_for(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of the agency whose people the actor manages."""
    keys = ApiKey.objects.select_related("user", "agency", "created_by", "rotated_by", "revoked_by")
    if not actor.can(Capability.MANAGE_PEOPLE):
        return keys.none()
    return keys.filter(agency=actor.agency)


def keys_ending_soon(actor: Actor) -> QuerySet[ApiKey]:
    """The keys the actor should rotate: those that end within weeks, or ended within days."""
    now = clock.now()
    return (
        keys_for(actor)
        .filter(
            revoked_at=None,
            expires_at__gt=now - timedelta(min(ApiKey.WARNED_DAYS)),
            expires_at__lte=now + timedelta(max(ApiKey.WARNED_DAYS)),
        )
        .order_by("expires_at")
    )


def key_for(actor: Actor, pk: int) -> ApiKey:
    """One key; NotFound for strangers."""
    return found(keys_for(actor), "key", pk=pk)
