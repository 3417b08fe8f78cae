"""Pages about people who go: ending a role, handing it over, removing somebody, correcting a name."""

from __future__ import annotations

import logging

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.accounts import leaving, services
from portal.accounts.forms import NameForm, PersonForm
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.selectors import keys_of, managed_roles, person_for, role_for
from portal.accounts.views import require_manager, send_invitation
from portal.kernel.errors import NotFound, Refused
from portal.web.access import ActorRequest, signed_in
from portal.web.refusals import in_words, refused_on
from portal.web.sending import posted
from portal.web.show import show

log = logging.getLogger(__name__)


@signed_in
def end_role(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask first, saying what follows; then take the role away."""
    actor = request.actor
    require_manager(actor)
    role = role_for(actor, pk)
    stops, refusal = list(leaving.what_stops([role])), ""
    if request.method == "POST":
        try:
            services.end_role(
                actor=actor, membership=role, even_if_last="even_if_last" in request.POST
            )
        except Refused as refused:
            refusal = in_words(refused)
        else:
            ended = role.get_role_display().lower()
            messages.success(request, f"{role.user.name} is no longer {ended}.")
            return _away(request, role.user, [Role(role.role)])
    return show(
        request,
        "accounts/end_role.html",
        role=role,
        stops=stops,
        refusal=refusal,
        is_last=services.is_last_holder(role),
    )


@signed_in
def hand_over(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a role to somebody else and end it for its holder, in one step."""
    actor = request.actor
    require_manager(actor)
    role = role_for(actor, pk)
    form = PersonForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            successor = leaving.replace_person(actor=actor, membership=role, **form.cleaned_data)
        if form.is_valid():
            send_invitation(request, successor)
            return _away(request, role.user, [Role(role.role)])
    return show(
        request,
        "accounts/hand_over.html",
        status=422 if form.errors else 200,
        form=form,
        role=role,
        keys=list(keys_of(role.user, role.agency)) if role.role == Role.PREPARER else [],
        crumbs=_crumbs(role.user),
    )


@signed_in
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask first, saying what stops; then end all of a person's roles here."""
    actor = request.actor
    require_manager(actor)
    person = person_for(actor, pk)
    held = list(managed_roles(actor).filter(user=person, ended_at=None).order_by("role"))
    if not held:
        raise NotFound("person with a role")
    stops, refusal = list(leaving.what_stops(held)), ""
    if request.method == "POST":
        try:
            ended = leaving.remove_person(
                actor=actor, user=person, even_if_last="even_if_last" in request.POST
            )
        except Refused as refused:
            refusal = in_words(refused)
        else:
            messages.success(request, f"{person.name} has no role here any more.")
            return _away(request, person, ended)
    return show(
        request,
        "accounts/remove.html",
        person=person,
        held=held,
        stops=stops,
        refusal=refusal,
        is_last=any(map(services.is_last_holder, held)),
        crumbs=_crumbs(person),
    )


@signed_in
def rename(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct the name of somebody who has never signed in."""
    actor = request.actor
    require_manager(actor)
    person = person_for(actor, pk)
    form = NameForm(posted(request), initial={"name": person.name})
    if form.is_valid():
        with refused_on(form):
            leaving.rename_person(actor=actor, user=person, name=form.cleaned_data["name"])
        if form.is_valid():
            messages.success(request, "The name is corrected.")
            return redirect("accounts:person", pk)
    return show(
        request,
        "accounts/rename.html",
        status=422 if form.errors else 200,
        form=form,
        person=person,
        crumbs=_crumbs(person),
    )


def _away(request: ActorRequest, person: User, ended: list[Role]) -> HttpResponse:
    """Tell the person by mail, and go on where the actor may still be."""
    place = request.actor.agency.name if request.actor.agency else "the program office"
    roles = ", ".join(role.label.lower() for role in ended)
    try:
        get_adapter(request).send_farewell(
            person, place=place, by=request.actor.user.name, roles=roles
        )
    except OSError:
        log.exception("the farewell of user %s could not be sent", person.pk)
        messages.warning(
            request, f"The mail to {person.email} could not be sent. Tell them yourself."
        )
    if person == request.actor.user:
        return redirect("home")
    return redirect("accounts:person", person.pk)


def _crumbs(person: User) -> list[tuple[str, str]]:
    return [
        ("People", reverse("accounts:people")),
        (person.name, reverse("accounts:person", args=[person.pk])),
    ]
