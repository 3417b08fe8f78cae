"""Pages about people, their roles and keys, and the switch between agencies."""

from __future__ import annotations

import logging

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal.accounts import services
from portal.accounts.forms import InvitationForm, KeyForm, LifetimeForm, RoleForm, RotationForm
from portal.accounts.leaving import can_be_renamed
from portal.accounts.middleware import SESSION_KEY
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor, agencies_of, found
from portal.accounts.roles import SCOPES, Capability
from portal.accounts.selectors import (
    CURRENT,
    FORMER,
    grantable_roles,
    key_for,
    keys_for,
    managed_roles,
    people_for,
    person_for,
    preparers_of,
)
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.refusals import refused_as_message, refused_on
from portal.web.sending import posted
from portal.web.show import show

log = logging.getLogger(__name__)


@signed_in
@require_POST
def switch_agency(request: ActorRequest) -> HttpResponse:
    """Act for another of one's agencies from now on."""
    wanted = request.POST.get("agency", "")
    pk = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 18 else 0
    agency = found(agencies_of(request.actor.user), "agency", pk=pk)
    request.session[SESSION_KEY] = agency.pk
    messages.success(request, f"You now act for {agency.name}.")
    return redirect("home")


@signed_in
def people(request: ActorRequest) -> HttpResponse:
    """Everybody the actor gives roles to and takes them from."""
    require_manager(request.actor)
    listing = Listing(
        request.GET,
        people_for(request.actor),
        columns=[
            Column("Name", "name", ("name",)),
            Column("Roles"),
            Column("Last signed in", "seen", ("last_login",)),
        ],
        order="name",
        search=("name", "email"),
        filters=[
            Filter("standing", "Show", [(CURRENT, "With a role"), (FORMER, "Without a role now")])
        ],
    )
    return show(request, "accounts/people.html", fragment="accounts/_people.html", listing=listing)


@signed_in
def invite(request: ActorRequest) -> HttpResponse:
    """Give somebody new a role, and send them the invitation."""
    actor = request.actor
    require_manager(actor)
    form = InvitationForm(posted(request), roles=grantable_roles(actor))
    if form.is_valid():
        with refused_on(form):
            person = services.invite_person(
                actor=actor,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                role=form.chosen,
                agency=actor.agency,
            )
        if form.is_valid():
            send_invitation(request, person)
            return redirect("accounts:people")
    return show(
        request, "accounts/invite.html", status=_status(form), form=form, crumbs=_crumbs("people")
    )


@signed_in
def person(request: ActorRequest, pk: int) -> HttpResponse:
    """One person: the roles they have and had, and a form for another one."""
    actor = request.actor
    require_manager(actor)
    somebody = person_for(actor, pk)
    roles = managed_roles(actor).filter(user=somebody)
    now = list(roles.filter(ended_at=None).order_by("role"))
    held = {role.role for role in now}
    free = [role for role in grantable_roles(actor) if role not in held]
    form = RoleForm(posted(request), roles=free)
    if form.is_valid():
        with refused_on(form):
            services.grant_role(actor=actor, user=somebody, role=form.chosen, agency=actor.agency)
        if form.is_valid():
            messages.success(request, f"{somebody.name} is now {form.chosen.label.lower()}.")
            return redirect("accounts:person", pk)
    return show(
        request,
        "accounts/person.html",
        status=_status(form),
        crumbs=_crumbs("people"),
        person=somebody,
        now=now,
        past=roles.exclude(ended_at=None).order_by("-ended_at"),
        form=form if free else None,
        may_rename=can_be_renamed(somebody),
    )


@signed_in
@require_POST
def invite_again(request: ActorRequest, pk: int) -> HttpResponse:
    """Send the invitation once more to somebody who has never signed in."""
    require_manager(request.actor)
    somebody = person_for(request.actor, pk)
    serves = managed_roles(request.actor).filter(user=somebody, ended_at=None).exists()
    if serves and not somebody.has_usable_password():
        send_invitation(request, somebody)
    else:
        messages.info(request, f"{somebody.name} needs no invitation any more.")
    return redirect("accounts:person", pk)


@signed_in
def keys(request: ActorRequest) -> HttpResponse:
    """The agency's API keys."""
    request.actor.require(Capability.MANAGE_PEOPLE)
    listing = Listing(
        request.GET,
        keys_for(request.actor),
        columns=[
            Column("Name", "name", ("name",)),
            Column("May"),
            Column("Answers for it", "owner", ("user__name",)),
            Column("Last used", "used", ("last_used_at",)),
            Column("Good until", "until", ("expires_at",)),
            Column("State", "state", ("revoked_at",)),
        ],
        order="name",
    )
    for key in listing:
        key.may = [SCOPES[scope][0] for scope in key.scopes.split() if scope in SCOPES]
    return show(request, "accounts/keys.html", listing=listing, crumbs=_crumbs("people"))


@signed_in
def new_key(request: ActorRequest) -> HttpResponse:
    """Make a key and show its secret, this once."""
    actor = request.actor
    actor.require(Capability.MANAGE_PEOPLE)
    owners = preparers_of(actor.agency)
    form = KeyForm(posted(request), owners=owners)
    if form.is_valid():
        with refused_on(form):
            key, secret = services.create_key(
                actor=actor,
                agency=actor.agency,
                owner=form.cleaned_data["owner"],
                name=form.cleaned_data["name"],
                scopes=" ".join(form.cleaned_data["scopes"]),
                valid_days=form.cleaned_data["valid_days"],
            )
        if form.is_valid():
            return show(request, "accounts/key_secret.html", key=key, secret=secret)
    return show(
        request,
        "accounts/new_key.html",
        status=_status(form),
        crumbs=_crumbs("people", "keys"),
        form=form,
        has_owners=owners.exists(),
    )


@signed_in
def rotate_key(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a key a new secret and more time, and show the secret, this once."""
    request.actor.require(Capability.MANAGE_PEOPLE)
    key = key_for(request.actor, pk)
    form = RotationForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            secret = services.rotate_key(actor=request.actor, key=key, **form.cleaned_data)
        if form.is_valid():
            key.refresh_from_db()
            return show(request, "accounts/key_secret.html", key=key, secret=secret)
    return show(
        request,
        "accounts/rotate_key.html",
        status=_status(form),
        crumbs=_crumbs("people", "keys"),
        form=form,
        key=key,
    )


@signed_in
def revoke_key(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask first, then end a key at once."""
    request.actor.require(Capability.MANAGE_PEOPLE)
    key = key_for(request.actor, pk)
    if request.method == "POST":
        with refused_as_message(request):
            services.revoke_key(actor=request.actor, key=key)
            messages.success(request, f"The key “{key.name}” no longer works.")
        return redirect("accounts:keys")
    return show(request, "accounts/revoke_key.html", key=key)


def send_invitation(request: ActorRequest, person: User, agency: Agency | None = None) -> None:
    """Send the mail and say on the next page whether it went out.

    `agency` is the one they are to act for; by default the actor's own, or the program office.
    """
    agency = agency or request.actor.agency
    place = agency.name if agency else "the program office"
    try:
        get_adapter(request).send_invitation(person, place=place, by=request.actor.user.name)
    except OSError:
        log.exception("the invitation of user %s could not be sent", person.pk)
        messages.warning(
            request,
            f"{person.name} has the role, but the mail to {person.email} could not be sent."
            " Open their page and send the invitation again.",
        )
    else:
        messages.success(
            request, f"{person.name} has the role. An invitation went to {person.email}."
        )


def require_manager(actor: Actor) -> None:
    """Refuse who manages nobody."""
    if not actor.can(Capability.MANAGE_USERS):
        actor.require(Capability.MANAGE_PEOPLE)


def _crumbs(*pages: str) -> list[tuple[str, str]]:
    labels = {"people": "People", "keys": "API keys"}
    return [(labels[page], reverse(f"accounts:{page}")) for page in pages]


def _status(form: InvitationForm | RoleForm | LifetimeForm) -> int:
    return 422 if form.errors else 200
