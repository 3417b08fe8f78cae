"""Agencies: the list, one agency with its agreements, and what a program manager does there."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agreements import selectors
from agreements.agency_names import name_key
from agreements.forms import AgencyFactsForm, AgencyForm, AgreementForm, EndForm
from agreements.services.agencies import FACTS, edit_agency
from agreements.services.agreements import add_agreement, end_period
from agreements.views import list_changes
from agreements.views.scope import agency_meant, crumbs_to_agency, officers_url, rosters_url
from portal.accounts.forms import InvitationForm
from portal.accounts.models import Agency
from portal.accounts.roles import Capability, Role, Side
from portal.accounts.selectors import administrators_of, agency_for
from portal.accounts.services import create_agency, invite_person
from portal.accounts.views import send_invitation
from portal.kernel import clock
from portal.kernel.states import STATES
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show


@signed_in
def agencies(request: ActorRequest) -> HttpResponse:
    """Every agency the reader may see; somebody of an agency sees their own page instead."""
    actor = request.actor
    if actor.side == Side.AGENCY:
        return redirect("agreements:own_agency")
    actor.require(Capability.READ_AGENCY)
    listing = Listing(
        request.GET,
        selectors.agencies_listed(actor, clock.today()),
        columns=[
            Column("Agency", "name", ("name",)),
            Column("Number", "number", ("number",)),
            Column("State", "state", ("state", "name")),
            Column("Active models"),
            Column("Officers", "officers", ("officer_count",), numeric=True),
        ],
        order="name",
        search=("name", "number", "county"),
        filters=[Filter("state", "State", list(STATES.items()))],
    )
    return show(
        request,
        "agreements/agencies.html",
        fragment="agreements/_agencies.html",
        listing=listing,
        may_manage=actor.can(Capability.MANAGE_AGENCIES),
    )


@signed_in
def agency(request: ActorRequest, number: str | None = None) -> HttpResponse:
    """One agency: facts, agreements, administrators, and the ways to its officers and claims."""
    actor = request.actor
    if number is None and actor.side == Side.FEDERAL:
        return redirect("agreements:agencies")
    found = agency_meant(actor, number)
    is_federal = actor.side == Side.FEDERAL
    return show(
        request,
        "agreements/agency.html",
        agency=found,
        today=clock.today(found.time_zone),
        facts=_facts(found),
        merged=found.merged.order_by("number"),
        agreements=selectors.periods_of(found),
        papers=selectors.agreements_of(found),
        waiting=selectors.agreements_without_days(found),
        unpaid_models=selectors.unpaid_models(found, clock.today(found.time_zone)),
        history=[list_changes.of_agency(change) for change in selectors.changes_of(found)],
        officer_count=found.officers.count(),
        administrators=administrators_of(found),
        crumbs=[("Agencies", reverse("agreements:agencies"))] if is_federal else [],
        is_federal=is_federal,
        may_manage=actor.can(Capability.MANAGE_AGENCIES) and not found.merged_into_id,
        officers_url=officers_url(actor, found),
        rosters_url=rosters_url(actor, found),
    )


@signed_in
def new_agency(request: ActorRequest) -> HttpResponse:
    """Add an agency; it gets the next portal number."""
    request.actor.require(Capability.MANAGE_AGENCIES)
    form = AgencyForm(posted(request))
    if form.is_valid():
        try:
            with refused_on(form):
                made = create_agency(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        if form.is_valid():
            messages.success(request, f"{made.name} has the portal number {made.number}.")
            return redirect("agreements:agency", made.number)
    return show(
        request,
        "agreements/form.html",
        status=422 if form.errors else 200,
        form=form,
        heading="Add an agency",
        lead="Next come its agreement and its first administrator.",
        button="Add the agency",
        crumbs=[("Agencies", reverse("agreements:agencies"))],
    )


@signed_in
def edit(request: ActorRequest, number: str) -> HttpResponse:
    """Correct the facts on record about an agency."""
    actor = request.actor
    actor.require(Capability.MANAGE_AGENCIES)
    found = agency_for(actor, number)
    form = AgencyFactsForm(posted(request), initial={name: getattr(found, name) for name in FACTS})
    if form.is_valid():
        with refused_on(form):
            edit_agency(actor=actor, agency=found, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, "The facts are recorded.")
            return redirect("agreements:agency", number)
    return show(
        request,
        "agreements/form.html",
        status=422 if form.errors else 200,
        form=form,
        heading="Correct the facts",
        lead=f"Of {found.name}, {found.number}. A name it had stays one of its names.",
        button="Record the facts",
        crumbs=crumbs_to_agency(actor, found),
    )


@signed_in
def new_agreement(request: ActorRequest, number: str) -> HttpResponse:
    """Record a stretch of days on which an agreement of the agency is active."""
    actor = request.actor
    actor.require(Capability.MANAGE_AGENCIES)
    found = agency_for(actor, number)
    form = AgreementForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            added = add_agreement(actor=actor, agency=found, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, f"The {added.model} agreement is recorded.")
            return redirect("agreements:agency", number)
    return show(
        request,
        "agreements/form.html",
        status=422 if form.errors else 200,
        form=form,
        heading="Add an agreement",
        lead=f"For {found.name}. A suspension ends an agreement; a reinstatement is a new one.",
        button="Add the agreement",
        crumbs=crumbs_to_agency(actor, found),
    )


@signed_in
def end(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Set the last active day of an agreement."""
    actor = request.actor
    actor.require(Capability.MANAGE_AGENCIES)
    agreement = selectors.period_for(actor, number, pk)
    form = EndForm(
        posted(request),
        initial={"active_to": agreement.active_to, "because": agreement.ended_because},
    )
    if form.is_valid():
        with refused_on(form):
            end_period(actor=actor, period=agreement, **form.cleaned_data)
        if form.is_valid():
            messages.success(
                request, f"The last day of the {agreement.model} agreement is recorded."
            )
            return redirect("agreements:agency", number)
    return show(
        request,
        "agreements/form.html",
        status=422 if form.errors else 200,
        form=form,
        heading=f"End the {agreement.model} agreement",
        lead=f"Of {agreement.agency.name}, active from {agreement.active_from:%B %-d, %Y}. "
        "Claims that were not submitted yet are calculated again.",
        button="Record the last day",
        crumbs=crumbs_to_agency(actor, agreement.agency),
    )


@signed_in
def appoint(request: ActorRequest, number: str) -> HttpResponse:
    """Invite an administrator of the agency, who invites its other people."""
    actor = request.actor
    actor.require(Capability.MANAGE_AGENCIES)
    found = agency_for(actor, number)
    form = InvitationForm(
        posted(request), roles=[Role.ADMINISTRATOR], initial={"role": Role.ADMINISTRATOR}
    )
    if form.is_valid():
        with refused_on(form):
            person = invite_person(
                actor=actor,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                role=Role.ADMINISTRATOR,
                agency=found,
            )
        if form.is_valid():
            send_invitation(request, person, found)
            return redirect("agreements:agency", number)
    return show(
        request,
        "agreements/form.html",
        status=422 if form.errors else 200,
        form=form,
        heading="Appoint an administrator",
        lead=f"They invite the other people of {found.name}, and get a mail with a link to begin.",
        button="Send the invitation",
        crumbs=crumbs_to_agency(actor, found),
    )


def _facts(agency: Agency) -> list[tuple[str, str]]:
    """What is on record about an agency; identifiers only where there are any."""
    names = [other.name for other in agency.names.all() if name_key(agency.name) != other.key]
    sworn = "" if agency.sworn_officers is None else f"{agency.sworn_officers:,}"
    return [
        ("Portal number", agency.number),
        ("Type", agency.get_kind_display() or "Not known"),
        ("State", STATES.get(agency.state, agency.state) or "Not known"),
        ("County", agency.county or "Not known"),
        ("Time zone", agency.time_zone.replace("_", " ")),
        *[
            (term, value)
            for term, value in (
                ("Also called", "; ".join(names)),
                ("Sworn officers", sworn),
                ("ORI", agency.ori),
                ("UEI", agency.uei),
            )
            if value
        ],
    ]
