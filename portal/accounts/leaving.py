"""What is done when people go: a role handed over in one step, a person removed, a mistyped name."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from portal.accounts.models import Agency, Membership, User
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.accounts.selectors import keys_of
from portal.accounts.services import (
    WITHOUT_ANY,
    end_role,
    invite_person,
    is_last_holder,
    require_to_manage,
)
from portal.kernel.errors import BadInput, Refused
from portal.records import audit


@transaction.atomic
def replace_person(*, actor: Actor, membership: Membership, email: str, name: str) -> User:
    """Give a role to somebody else and take it from its holder, in one step; the new holder.

    The keys that a preparer answers for go over with the role and keep working.
    """
    role, agency, leaving = Role(membership.role), membership.agency, membership.user
    require_to_manage(actor, role, agency)
    if email.strip().lower() == leaving.email:
        raise BadInput(
            "same_person", f"{leaving} has this role already.", "Enter somebody else's address."
        )
    successor = _successor(actor, email, name, role, agency)
    end_role(actor=actor, membership=membership, even_if_last=True)
    if role is Role.PREPARER:
        _hand_keys_over(actor, leaving, successor, agency)
    return successor


@transaction.atomic
def remove_person(*, actor: Actor, user: User, even_if_last: bool = False) -> list[Role]:
    """End all roles of a person where the actor manages people; which they were.

    Refused for the last holder of a role that somebody must have, unless the actor was told so.
    """
    held = list(_roles_of(user, actor.agency).select_related("agency", "user"))
    for membership in held:
        end_role(actor=actor, membership=membership, even_if_last=even_if_last)
    return [Role(membership.role) for membership in held]


@transaction.atomic
def rename_person(*, actor: Actor, user: User, name: str) -> None:
    """Correct the mistyped name of somebody who has never signed in; later it stands on record."""
    for membership in _roles_of(user, actor.agency):
        require_to_manage(actor, Role(membership.role), membership.agency)
    user = User.objects.select_for_update().get(pk=user.pk)
    elsewhere = user.memberships.exclude(agency=actor.agency)
    if not can_be_renamed(user) or elsewhere.exists():
        raise Refused(
            "name_fixed",
            f"{user} has an account of their own, and its name stands on what they did.",
            "Ask the program office if the name is wrong.",
        )
    before, user.name = user.name, name.strip()
    user.save(update_fields=["name"])
    audit.record(
        "user.rename",
        subject=f"user/{user.pk}",
        actor=actor,
        agency_id=actor.agency.pk if actor.agency else None,
        before=before,
        after=user.name,
    )


def can_be_renamed(user: User) -> bool:
    """Whether nobody has signed in with the account yet."""
    return user.last_login is None and not user.has_usable_password()


def what_stops(memberships: list[Membership]) -> Iterator[str]:
    """What no longer goes on when one person's roles end, as sentences: to be read before it is done."""
    for membership in memberships:
        if is_last_holder(membership):
            yield WITHOUT_ANY[Role(membership.role)]
    if not memberships:
        return
    user, agency = memberships[0].user, memberships[0].agency
    roles = {Role(membership.role) for membership in memberships}
    if Role.PREPARER in roles:
        names = ", ".join(f"“{key.name}”" for key in keys_of(user, agency))
        if names:
            yield (
                f"These API keys stop working, for {user} answers for them: {names}. Hand the role of "
                "preparer over, and they keep working."
            )
    yield from import_string(settings.PORTAL_UNFINISHED)(user, agency, roles)


def _roles_of(user: User, agency: Agency | None) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, agency=agency, ended_at=None).order_by("pk")


def _successor(actor: Actor, email: str, name: str, role: Role, agency: Agency | None) -> User:
    """Who takes the role over; somebody who has it already only keeps it."""
    known = User.objects.filter(email=email.strip().lower()).first()
    if known is not None:
        if not known.is_active:
            raise Refused(
                "inactive_account",
                f"The account of {known} is closed.",
                "Choose another person, or ask the program office.",
            )
        if _roles_of(known, agency).filter(role=role).exists():
            return known
    return invite_person(actor=actor, email=email, name=name, role=role, agency=agency)


def _hand_keys_over(actor: Actor, leaving: User, successor: User, agency: Agency | None) -> None:
    for key in keys_of(leaving, agency).select_for_update(of=("self",)):
        key.user = successor
        key.save(update_fields=["user"])
        audit.record(
            "key.hand_over",
            subject=f"key/{key.client_id}",
            actor=actor,
            agency_id=key.agency_id,
            owner=successor.email,
        )
