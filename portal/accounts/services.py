"""What is done to people and agencies: granting and ending roles, keys, new agencies."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import get_access_token_model

from portal.accounts.models import Agency, ApiKey, Membership, User
from portal.accounts.policies import Actor
from portal.accounts.roles import CAPABILITIES, SCOPES, Capability, Role, Side
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.records import audit

SIGNING = frozenset({Capability.CERTIFY, Capability.REVIEW, Capability.APPROVE})

WITHOUT_ANY = {
    Role.ADMINISTRATOR: "Nobody else administers this agency. Until the program office appoints "
    "somebody, nobody can invite or remove its people.",
    Role.CERTIFIER: "Nobody else certifies for this agency. Until somebody has the role, no claim "
    "can be signed and submitted.",
    Role.SYSTEM_ADMINISTRATOR: "Nobody else administers the portal. Without this role nobody can "
    "add federal people.",
}
"""What happens when the last holder of a role loses it, for the roles where that matters."""


@transaction.atomic
def create_agency(
    *, actor: Actor, name: str, state: str = "", county: str = "", time_zone: str | None = None
) -> Agency:
    """A new agency with the next portal number."""
    actor.require(Capability.MANAGE_AGENCIES)
    agency = Agency(name=name.strip(), state=state, county=county, number=next_numbers(1)[0])
    if time_zone:
        agency.time_zone = time_zone
    agency.full_clean()
    agency.save()
    audit.record(
        "agency.create",
        subject=f"agency/{agency.number}",
        actor=actor,
        agency_id=agency.pk,
        name=agency.name,
    )
    return agency


@transaction.atomic
def invite_person(
    *, actor: Actor, email: str, name: str, role: Role, agency: Agency | None
) -> User:
    """Give somebody their first role here. One who is new chooses a password by mail."""
    require_to_manage(actor, role, agency)
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = _new_person(email, name.strip())
        audit.record(
            "user.invite",
            subject=f"user/{user.pk}",
            actor=actor,
            agency_id=agency.pk if agency else None,
            email=email,
        )
    grant_role(actor=actor, user=user, role=role, agency=agency)
    return user


@transaction.atomic
def grant_role(*, actor: Actor | None, user: User, role: Role, agency: Agency | None) -> Membership:
    """Give a person a role. `actor` is None only when a command sets up the first people."""
    if actor is not None:
        require_to_manage(actor, role, agency)
        if actor.user == user and CAPABILITIES[role] & SIGNING:
            raise NotAllowed(
                "own_role",
                f"Nobody makes themselves {role.label.lower()}.",
                "Ask another administrator to give you this role.",
            )
    if agency is not None and agency.merged_into_id:
        raise Refused(
            "agency_merged",
            f"{agency.number} is part of another record.",
            "Invite people to that one.",
        )
    side = role.side
    if (side == Side.AGENCY) != (agency is not None):
        raise BadInput("role_side", f"{role.label} is a role on the {side.label.lower()} side.")
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user,
                agency=agency,
                role=role,
                side=side,
                granted_by=actor.user if actor else None,
            )
    except IntegrityError as error:
        if "membership_one_side" in str(error):
            raise Refused(
                "two_sides",
                f"{user} already serves the other side, and nobody may serve both.",
                "End their other roles first, or choose another person.",
            ) from error
        raise Refused("role_held", f"{user} already has this role.") from error
    audit.record(
        "membership.grant",
        subject=f"user/{user.pk}",
        actor=actor,
        agency_id=agency.pk if agency else None,
        user=user.email,
        role=role.value,
    )
    return membership


@transaction.atomic
def end_role(*, actor: Actor, membership: Membership, even_if_last: bool = False) -> None:
    """Take a role away; what the person did with it stays on record.

    Refused for the last holder of a role that somebody must have, unless the actor was told so; nobody
    ends such a role of their own.
    """
    require_to_manage(actor, Role(membership.role), membership.agency)
    membership = _held(membership)
    if membership.ended_at is None:
        if is_last_holder(membership):
            if membership.user_id == actor.user.pk:
                raise Refused(
                    "own_last_role",
                    "You are the last one with this role, so you cannot end it yourself.",
                    "Hand the role over to somebody else.",
                )
            if not even_if_last:
                raise Refused("last_holder", WITHOUT_ANY[Role(membership.role)])
        membership.ended_at = clock.now()
        membership.save(update_fields=["ended_at"])
        audit.record(
            "membership.end",
            subject=f"user/{membership.user_id}",
            actor=actor,
            agency_id=membership.agency_id,
            role=membership.role,
        )


def _held(membership: Membership) -> Membership:
    """The role as it stands, locked with all of its kind: of two ended at once, the second is the last."""
    if membership.agency_id:
        Agency.objects.select_for_update(no_key=True).get(pk=membership.agency_id)
    alike = Membership.objects.filter(agency=membership.agency_id, role=membership.role)
    list(alike.filter(ended_at=None).select_for_update(of=("self",)).order_by("pk"))
    return Membership.objects.get(pk=membership.pk)


@transaction.atomic
def create_key(
    *,
    actor: Actor,
    agency: Agency,
    owner: User,
    name: str,
    scopes: str,
    valid_days: int = ApiKey.USUAL_DAYS,
) -> tuple[ApiKey, str]:
    """An API key of an agency, and its secret: shown this once, stored only as a hash."""
    actor.require(Capability.MANAGE_PEOPLE, agency)
    expires_at = _end_after(valid_days)
    unknown = set(scopes.split()) - SCOPES.keys()
    if unknown or not scopes.split():
        raise BadInput(
            "unknown_scope", f"There is no scope {', '.join(sorted(unknown)) or '(none)'}."
        )
    if not Membership.objects.filter(
        user=owner, agency=agency, role=Role.PREPARER, ended_at=None
    ).exists():
        raise Refused(
            "key_owner",
            f"{owner} is not a preparer of {agency}, so nobody would answer for what it sends.",
            "Choose a preparer as the owner of the key.",
        )
    if ApiKey.objects.filter(agency=agency, name=name, revoked_at=None).exists():
        raise Refused(
            "key_name_taken",
            f"There is already a key called “{name}”.",
            "Choose another name, or revoke that key first.",
        )
    secret = generate_client_secret()
    key = ApiKey.objects.create(
        agency=agency,
        user=owner,
        name=name,
        scopes=scopes,
        created_by=actor.user,
        expires_at=expires_at,
        client_id=generate_client_id(),
        client_secret=secret,
        client_type=ApiKey.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiKey.GRANT_CLIENT_CREDENTIALS,
    )
    audit.record(
        "key.create",
        subject=f"key/{key.client_id}",
        actor=actor,
        agency_id=agency.pk,
        name=name,
        scopes=scopes,
        owner=owner.email,
        expires_at=expires_at.isoformat(),
    )
    return key, secret


@transaction.atomic
def rotate_key(
    *, actor: Actor, key: ApiKey, overlap_days: int = 0, valid_days: int = ApiKey.USUAL_DAYS
) -> str:
    """A new secret for a key, which is then good for so many days more.

    The secret before stays good for `overlap_days`; with none it ends at once, and its tokens with it.
    An expired secret does not come back to life.
    """
    actor.require(Capability.MANAGE_PEOPLE, key.agency)
    if not 0 <= overlap_days <= ApiKey.LONGEST_OVERLAP_DAYS:
        raise BadInput(
            "overlap_days",
            f"The old secret can stay good for {ApiKey.LONGEST_OVERLAP_DAYS} days at most.",
        )
    expires_at = _end_after(valid_days)
    _hold(key)
    if key.revoked_at is not None:
        raise Refused(
            "key_revoked",
            f"The key “{key.name}” was revoked, and nothing brings it back.",
            "Create a new key.",
        )
    now = clock.now()
    stays = overlap_days > 0 and not key.is_expired
    key.previous_secret = key.client_secret if stays else ""
    key.previous_until = now + timedelta(overlap_days) if stays else None
    secret: str = generate_client_secret()
    key.client_secret = secret
    key.expires_at, key.warned_days = expires_at, None
    key.rotated_at, key.rotated_by = now, actor.user
    key.save()
    if not stays:
        _end_tokens(key)
    audit.record(
        "key.rotate",
        subject=f"key/{key.client_id}",
        actor=actor,
        agency_id=key.agency_id,
        overlap_days=overlap_days if stays else 0,
        expires_at=expires_at.isoformat(),
    )
    return secret


@transaction.atomic
def revoke_key(*, actor: Actor, key: ApiKey) -> None:
    """End a key at once: its tokens stop working with it."""
    actor.require(Capability.MANAGE_PEOPLE, key.agency)
    _hold(key)
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = clock.now(), actor.user
        key.previous_secret, key.previous_until = "", None
        key.save()
        _end_tokens(key)
        audit.record(
            "key.revoke", subject=f"key/{key.client_id}", actor=actor, agency_id=key.agency_id
        )


def _hold(key: ApiKey) -> None:
    """Lock the key and read it again: what two administrators do to it happens one after the other."""
    key.refresh_from_db(from_queryset=ApiKey.objects.select_for_update(of=("self",)))


def _end_tokens(key: ApiKey) -> None:
    get_access_token_model().objects.filter(application=key).delete()


def _end_after(valid_days: int) -> datetime:
    if not 1 <= valid_days <= ApiKey.LONGEST_DAYS:
        raise BadInput("valid_days", f"A key is good for between 1 and {ApiKey.LONGEST_DAYS} days.")
    return clock.now() + timedelta(valid_days)


def is_last_holder(membership: Membership) -> bool:
    """Whether nobody else has this role there, and it is a role that somebody must have."""
    return (
        membership.role in WITHOUT_ANY
        and not Membership.objects.filter(
            agency=membership.agency_id,
            role=membership.role,
            ended_at=None,
            user__is_active=True,
        )
        .exclude(user=membership.user_id)
        .exists()
    )


def _new_person(email: str, name: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email=email, name=name)
    except ValidationError as error:
        raise BadInput("invalid_person", " ".join(error.messages)) from error
    except IntegrityError as error:
        raise Refused(
            "person_exists",
            f"Somebody else has just added {email}.",
            "Send the invitation again; they get the role and keep their account.",
        ) from error


def require_to_manage(actor: Actor, role: Role, agency: Agency | None) -> None:
    if actor.can(Capability.MANAGE_USERS):
        return
    if agency is not None and actor.can(Capability.MANAGE_PEOPLE):
        actor.require(Capability.MANAGE_PEOPLE, agency)
    elif agency is not None and actor.can(Capability.MANAGE_AGENCIES):
        if role is not Role.ADMINISTRATOR:
            raise NotAllowed(
                "first_administrator_only",
                "A program manager appoints an agency's administrator, who appoints the others.",
            )
    else:
        actor.require(Capability.MANAGE_USERS)


def next_numbers(count: int) -> list[str]:
    """So many portal numbers that no agency has or ever had."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('accounts_agency_number') FROM generate_series(1, %s)", [count]
        )
        return [f"A{number:05d}" for (number,) in cursor.fetchall()]
