"""The roster by hand: one form per matter, and what another person changed while it was open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agreements import selectors
from agreements.models import Officer, RosterEntry
from agreements.officer_forms import (
    AuthorizationForm,
    EditForm,
    EmploymentForm,
    EndAuthorizationForm,
    NameForm,
    NewAuthorizationForm,
    NewOfficerForm,
)
from agreements.roster_changes import OFFICER_FIELDS, as_text
from agreements.services import officers as services
from agreements.services.officers import EMPLOYMENT_FIELDS, ENTRY_FIELDS
from agreements.views.differences import NAMES, in_words
from agreements.views.scope import Crumbs, agency_meant, crumbs_to_officers
from portal.accounts.policies import found
from portal.accounts.roles import Capability
from portal.kernel.errors import NotFound, Refused
from portal.web import refusals
from portal.web.access import ActorRequest, signed_in
from portal.web.sending import posted
from portal.web.show import show

Save = Callable[[dict[str, Any], Mapping[str, str]], services.Saved]


class Clash(NamedTuple):
    """One value that another person changed while the form was open; `entered` is empty if untouched."""

    name: str
    seen: str
    now: str
    entered: str


@dataclass(frozen=True)
class Matter:
    """What one page of this module is about."""

    heading: str
    button: str
    form: type[EditForm]
    crumbs: Crumbs
    save: Save
    done: str
    lead: str = ""
    values: dict[str, str] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)


@signed_in
def add_officer(request: ActorRequest) -> HttpResponse:
    """Put an officer on the roster."""
    actor = request.actor
    actor.require(Capability.PREPARE)
    agency = agency_meant(actor, None)

    def save(values: dict[str, Any], seen: Mapping[str, str]) -> services.Saved:
        return services.add_officer(
            actor=actor, agency=agency, payroll_id=values.pop("payroll_id"), values=values
        )

    return _page(
        request,
        Matter(
            heading="Add an officer",
            lead="For one officer. A roster file is quicker for many.",
            button="Add the officer",
            form=NewOfficerForm,
            crumbs=crumbs_to_officers(actor, agency),
            save=save,
            done="{name} is on the roster.",
        ),
    )


@signed_in
def correct_name(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct an officer's name or title."""
    officer = _officer(request, pk)
    return _page(
        request,
        Matter(
            heading="Correct the name or title",
            lead=_about(officer),
            button="Save the name",
            form=NameForm,
            crumbs=_crumbs(request, officer),
            save=lambda values, seen: services.correct_officer(
                actor=request.actor, officer=officer, values=values, seen=seen
            ),
            done="The name and title of {name} are saved.",
            values=_texts(officer, OFFICER_FIELDS),
        ),
    )


@signed_in
def add_authorization(request: ActorRequest, pk: int) -> HttpResponse:
    """Add an authorization or a training."""
    officer = _officer(request, pk)
    latest = officer.entries.order_by("-hired_on").first()
    employed = latest is not None and latest.separated_on is None
    return _page(
        request,
        Matter(
            heading="Add an authorization",
            lead=_about(officer),
            button="Add the authorization",
            form=NewAuthorizationForm,
            crumbs=_crumbs(request, officer),
            save=lambda values, seen: services.add_authorization(
                actor=request.actor, officer=officer, values=values
            ),
            done="The authorization of {name} is added.",
            suggested=_texts(latest, ("hired_on",)) if employed else {},
        ),
    )


@signed_in
def change_authorization(request: ActorRequest, pk: int, entry: int) -> HttpResponse:
    """Change an authorization or a training."""
    return _authorization(
        request,
        _entry(request, pk, entry),
        AuthorizationForm,
        "Change the authorization",
        "The authorization of {name} is saved.",
    )


@signed_in
def end_authorization(request: ActorRequest, pk: int, entry: int) -> HttpResponse:
    """End an authorization."""
    found_entry = _entry(request, pk, entry)
    if found_entry.authorized_from is None:
        raise NotFound("authorization")
    return _authorization(
        request,
        found_entry,
        EndAuthorizationForm,
        "End the authorization",
        "The end of the authorization of {name} is recorded.",
    )


@signed_in
def change_employment(request: ActorRequest, pk: int, entry: int) -> HttpResponse:
    """Record a separation, or correct the days of an employment."""
    found_entry = _entry(request, pk, entry)
    officer = found_entry.officer
    return _page(
        request,
        Matter(
            heading="Record a separation",
            lead=f"{_about(officer)}. An authorization pays for no day after the separation.",
            button="Save the employment",
            form=EmploymentForm,
            crumbs=_crumbs(request, officer),
            save=lambda values, seen: services.change_employment(
                actor=request.actor, entry=found_entry, values=values, seen=seen
            ),
            done="The employment of {name} is saved.",
            values=_texts(found_entry, EMPLOYMENT_FIELDS),
        ),
    )


def _authorization(
    request: ActorRequest, entry: RosterEntry, form: type[EditForm], heading: str, done: str
) -> HttpResponse:
    began = entry.authorized_from
    stated = f"{entry.model} from {began:%b} {began.day}, {began.year}" if began else "in training"
    return _page(
        request,
        Matter(
            heading=heading,
            lead=f"{_about(entry.officer)}: {stated}",
            button="Save the authorization",
            form=form,
            crumbs=_crumbs(request, entry.officer),
            save=lambda values, seen: services.change_authorization(
                actor=request.actor, entry=entry, values=values, seen=seen
            ),
            done=done,
            values=_texts(entry, ENTRY_FIELDS),
            # The last day it was meant to have is not the day on which it ends now.
            suggested={"authorized_to": ""} if form is EndAuthorizationForm else {},
        ),
    )


def _page(request: ActorRequest, matter: Matter) -> HttpResponse:
    form = matter.form.opened(posted(request), matter.values, **matter.suggested)
    clashes: list[Clash] = []
    clash_title = ""
    if form.is_valid():
        try:
            saved = matter.save(form.values, form.seen_values)
        except NotFound:
            raise
        except services.ChangedMeanwhile as change:
            form, clashes = _merged(matter.form, form, change.now)
            clash_title = f"Not saved. {change.message}"
        except services.RowRefused as refusal:
            form.take_findings(list(refusal.findings))
        except Refused as refusal:
            form.add_error(None, refusals.in_words(refusal))
        else:
            return _saved(request, matter, saved)
    return show(
        request,
        "agreements/edit_officer.html",
        status=409 if clashes else 422 if form.errors else 200,
        heading=matter.heading,
        lead=matter.lead,
        button=matter.button,
        form=form,
        clashes=clashes,
        clash_title=clash_title,
        crumbs=matter.crumbs,
    )


def _saved(request: ActorRequest, matter: Matter, saved: services.Saved) -> HttpResponse:
    messages.success(
        request,
        f"{matter.done.format(name=saved.officer.name)} Your open claims follow shortly.",
    )
    for finding in saved.warnings:
        messages.warning(request, f"{finding.message} {finding.fix}".strip())
    return redirect("agreements:officer", saved.officer.pk)


def _merged(
    kind: type[EditForm], form: EditForm, now: Mapping[str, str]
) -> tuple[EditForm, list[Clash]]:
    """The form again over what stands now, with what this person had changed in it still filled in."""
    seen, entered = form.seen_values, as_text(form.values)
    own = {name: value for name, value in entered.items() if value != seen.get(name, "")}
    clashes = [
        Clash(
            NAMES[name],
            _readable(name, seen.get(name, "")),
            _readable(name, value),
            _readable(name, own[name]) if name in own else "",
        )
        for name, value in now.items()
        if seen.get(name, "") != value
    ]
    return kind.opened(None, now, **own), clashes


def _readable(name: str, text: str) -> str:
    """In words; what came back from the browser may be no day any more."""
    try:
        return in_words(name, text)
    except ValueError:
        return text


def _officer(request: ActorRequest, pk: int) -> Officer:
    officer = selectors.officer_for(request.actor, pk)
    request.actor.require(Capability.PREPARE, officer.agency)
    return officer


def _entry(request: ActorRequest, pk: int, entry: int) -> RosterEntry:
    officer = _officer(request, pk)
    entries = RosterEntry.objects.select_related("officer__agency").filter(officer=officer)
    return found(entries, "entry of this officer", pk=entry)


def _texts(row: Any, names: tuple[str, ...]) -> dict[str, str]:
    return as_text({name: getattr(row, name) for name in names})


def _about(officer: Officer) -> str:
    return f"{officer.name}, payroll id {officer.payroll_id}"


def _crumbs(request: ActorRequest, officer: Officer) -> Crumbs:
    above = crumbs_to_officers(request.actor, officer.agency)
    return [*above, (officer.name, reverse("agreements:officer", args=[officer.pk]))]
