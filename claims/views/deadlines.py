"""When claims are due: the panel of a claim, an agency's due dates, and extensions of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path

from claims.forms import ExtensionForm
from claims.models import ClaimVersion
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import Kind
from claims.selectors.claims import claims_for
from claims.selectors.deadlines import (
    Deadline,
    Due,
    deadline_of,
    deadlines_of,
    due_of,
    extensions_of,
    is_unsigned,
    lateness_of,
)
from claims.selectors.linked import claims_of
from claims.selectors.quarters import claimable_quarters, last_versions
from claims.services.extending import grant_extension, obstacle
from claims.views.calendar_file import calendar
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.accounts.selectors import agency_for
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.parameters import Citation
from portal.kernel.quarter import Quarter
from portal.web.access import ActorRequest, signed_in
from portal.web.download import attachment
from portal.web.refusals import refused_on
from portal.web.sending import posted
from portal.web.show import show

_CITED = ("due_days", "closing_month_day", "return_days")
"""Rules that a due date goes by."""


def when(due_on: date, today: date) -> str:
    """How far a due date lies from today: `in 10 days`, `today`, `5 days ago`."""
    days = (due_on - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return near.get(days) or (f"in {days:,} days" if days > 0 else f"{-days:,} days ago")


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What the claim's page shows of it to this reader; None when nothing is due, late or extended."""
    claim = version.claim
    if claim.version_id != version.pk:
        return None
    deadline = deadline_of(claim.agency, claim.quarter)
    due = due_of(version, deadline)
    lateness = lateness_of(claim) if claim.kind == Kind.ORIGINAL else None
    extended = claim.kind == Kind.ORIGINAL and deadline.extension is not None
    if due is None and lateness is None and not extended:
        return None
    today = clock.today(claim.agency.time_zone)
    return {
        "deadline": deadline,
        "due": due,
        "when": when(due.on, today) if due else "",
        "overdue": due is not None and due.on < today,
        "closed": is_unsigned(version) and today > deadline.closes_on,
        "lateness": lateness,
        "extended": extended,
        "may_extend": actor.can(Capability.MANAGE_AGENCIES) and is_unsigned(version),
    }


def citations(quarter: Quarter) -> list[Citation]:
    """The rules that a quarter's due dates go by."""
    return [cited for cited in rules_on(quarter.start).citations if cited.name in _CITED]


class Row(NamedTuple):
    """A quarter on the page of due dates."""

    quarter: Quarter
    deadline: Deadline
    version: ClaimVersion | None
    due: Due | None
    when: str
    overdue: bool


@signed_in
def due_dates(request: ActorRequest, number: str) -> HttpResponse:
    """An agency's due dates, quarter by quarter."""
    actor, agency = request.actor, agency_for(request.actor, number)
    quarters = claimable_quarters(clock.today(agency.time_zone))
    return show(
        request,
        "claims/due_dates.html",
        agency=agency,
        rows=list(_rows(actor, agency, quarters[::-1])),
        citations=citations(quarters[-1]) if quarters else [],
        may_extend=actor.can(Capability.MANAGE_AGENCIES),
    )


@signed_in
def extension(request: ActorRequest, number: str, quarter: str) -> HttpResponse:
    """The extensions of an agency's quarter, and for program managers the form that grants one."""
    actor, agency, asked = request.actor, agency_for(request.actor, number), _quarter(quarter)
    may_extend = actor.can(Capability.MANAGE_AGENCIES)
    if request.method == "POST":
        actor.require(Capability.MANAGE_AGENCIES, agency)
    form = ExtensionForm(posted(request))
    if form.is_valid():
        with refused_on(form):
            granted = grant_extension(
                actor=actor, agency=agency, quarter=asked, **form.cleaned_data
            )
        if form.is_valid():
            messages.success(
                request, f"The claim of {asked} is now due on {granted.due_on:%B %-d, %Y}."
            )
            return redirect("claims:extension", agency.number, asked)
    claim = claims_of(agency, asked).first()
    deadline = deadline_of(agency, asked)
    return show(
        request,
        "claims/extension.html",
        status=422 if form.errors else 200,
        agency=agency,
        quarter=asked,
        claim=claim if claim and claims_for(actor).filter(pk=claim.pk).exists() else None,
        deadline=deadline,
        when=when(deadline.due_on, clock.today(agency.time_zone)),
        extensions=extensions_of(agency, asked),
        refusal=obstacle(agency, asked) if may_extend else None,
        form=form if may_extend else None,
        citations=citations(asked),
    )


@signed_in
def calendar_file(request: ActorRequest) -> HttpResponse:
    """The due dates of the reader's agency for a calendar program."""
    actor = request.actor
    if actor.agency is None or not actor.can(Capability.READ_AGENCY):
        raise NotFound("agency")
    agency = actor.agency
    quarters = claimable_quarters(clock.today(agency.time_zone))
    entries = [
        (
            f"{agency.number}-{row.quarter}-{'correction' if row.due.is_correction else 'claim'}",
            row.due.on,
            f"287(g) {'correction' if row.due.is_correction else 'claim'} of {row.quarter} is due",
        )
        for row in _rows(actor, agency, quarters)
        if row.due
    ]
    content = calendar(entries, clock.now())
    return attachment(content, f"due-dates-{agency.number}.ics", "text/calendar; charset=utf-8")


def _rows(actor: Actor, agency: Agency, quarters: list[Quarter]) -> Iterator[Row]:
    today = clock.today(agency.time_zone)
    versions = {version.claim.quarter: version for version in last_versions(actor, agency)}
    for quarter, deadline in deadlines_of(agency, quarters).items():
        version = versions.get(quarter)
        due = due_of(version, deadline)
        yield Row(
            quarter,
            deadline,
            version,
            due,
            when(due.on, today) if due else "",
            due is not None and due.on < today,
        )


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise NotFound("quarter") from error


paths = [
    path("claims/due-dates.ics", calendar_file, name="calendar_file"),
    path("claims/extensions/<slug:number>/", due_dates, name="due_dates"),
    path("claims/extensions/<slug:number>/<str:quarter>/", extension, name="extension"),
]
