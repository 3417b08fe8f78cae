"""Officers: the list of an agency, and one officer's authorizations and payable days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect

from agreements import selectors
from agreements.forms import AsOfForm
from agreements.models import RosterEntry
from agreements.rules import OPEN, NotPayable
from agreements.views.history import told
from agreements.views.scope import agency_meant, crumbs_to_agency, crumbs_to_officers, rosters_url
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel import clock
from portal.web.access import ActorRequest, signed_in
from portal.web.paging import Column, Filter, Listing
from portal.web.show import show

STANDINGS = {
    selectors.AUTHORIZED: "Authorized",
    selectors.IN_TRAINING: "In training",
    selectors.ENDED: "Authorization or employment ended",
}


class Reason(NamedTuple):
    """Why a day is not payable: a word for the list, a sentence, and what to do about it."""

    short: str
    text: str
    fix: str


WHY = {
    NotPayable.BEFORE_PROGRAM: Reason(
        "Before the program", "The program had not begun on this day.", "Nothing to do."
    ),
    NotPayable.NOT_EMPLOYED: Reason(
        "Not employed",
        "By the roster, the officer is not employed by the agency on this day.",
        "If that is wrong, correct the employment by hand or in the next roster.",
    ),
    NotPayable.IN_TRAINING: Reason(
        "In training",
        "No authorization has begun by this day.",
        "Once the officer is authorized, add the authorization by hand or in the next roster.",
    ),
    NotPayable.NOT_AUTHORIZED: Reason(
        "Authorization ended",
        "The authorization has ended by this day and no other has begun.",
        "If it was renewed, add the new authorization by hand or as a second row of the roster.",
    ),
    NotPayable.MODEL_NOT_COVERED: Reason(
        "Model not covered",
        "The officer is authorized under a model whose pay is not reimbursed.",
        "Nothing to do, unless the model on the roster is wrong.",
    ),
    NotPayable.NO_AGREEMENT: Reason(
        "No agreement",
        "The agency has no active agreement of the officer's model on this day.",
        "Look at the agency's agreements. The program office keeps them.",
    ),
}


@signed_in
def officers(request: ActorRequest, number: str | None = None) -> HttpResponse:
    """An agency's officers, with whether today is payable for each."""
    actor = request.actor
    if number is None and actor.side == Side.FEDERAL:
        return redirect("agreements:agencies")
    agency = agency_meant(actor, number)
    today = clock.today(agency.time_zone)
    listing = Listing(
        request.GET,
        selectors.officers_listed(agency, today),
        columns=[
            Column("Name", "name", ("last_name", "first_name")),
            Column("Payroll id", "id", ("payroll_id",)),
            Column("Title", "title", ("title",)),
            Column("Authorization", "standing", ("standing",)),
            Column("Payable today"),
        ],
        order="name",
        search=("last_name", "first_name", "payroll_id", "title"),
        filters=[Filter("standing", "Standing today", list(STANDINGS.items()))],
    )
    eligibility = selectors.eligibility_on(agency, today)
    marks = selectors.marks_of((e for officer in listing for e in officer.entries.all()), today)
    for officer in listing:
        entries = _by_time(officer.entries.all())
        reason = eligibility.why_not(today, selectors.roster_rows(entries))
        officer.entry = entries[-1] if entries else None
        officer.reason = WHY[reason] if reason else None
        officer.mark = marks.get(officer.entry.pk) if officer.entry else None
    return show(
        request,
        "agreements/officers.html",
        fragment="agreements/_officers.html",
        agency=agency,
        listing=listing,
        crumbs=crumbs_to_agency(actor, agency) if actor.side == Side.FEDERAL else [],
        rosters_url=rosters_url(actor, agency),
        may_upload=may_upload(actor),
    )


@signed_in
def officer(request: ActorRequest, pk: int) -> HttpResponse:
    """One officer: roster entries, payable days, and why a chosen day is not payable."""
    found = selectors.officer_for(request.actor, pk)
    agency = found.agency
    form = AsOfForm(request.GET if "on" in request.GET else None)
    today = clock.today(agency.time_zone)
    on: date = form.cleaned_data["on"] if form.is_valid() else today
    if not form.is_bound:
        form = AsOfForm(initial={"on": today})
    entries = _by_time(found.entries.select_related("upload"))
    marks = selectors.marks_of(entries, on)
    rows = selectors.roster_rows(entries)
    eligibility = selectors.eligibility_on(agency, on)
    reason = eligibility.why_not(on, rows)
    return show(
        request,
        "agreements/officer.html",
        status=422 if form.errors else 200,
        officer=found,
        agency=agency,
        entries=[(entry, marks.get(entry.pk)) for entry in entries],
        latest=entries[-1] if entries else None,
        history=told(found),
        may_edit=may_upload(request.actor),
        stretches=_stretches(eligibility.days(rows)),
        on=on,
        is_today=on == today,
        reason=WHY[reason] if reason else None,
        form=form,
        crumbs=crumbs_to_officers(request.actor, agency),
    )


def may_upload(actor: Actor) -> bool:
    """Whether the actor sends rosters in."""
    return actor.side == Side.AGENCY and actor.can(Capability.PREPARE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that are payable, or the gap between two such; `last` None is open."""

    first: date
    last: date | None
    is_payable: bool

    @property
    def days(self) -> int | None:
        return None if self.last is None else (self.last - self.first).days + 1


def _stretches(ranges: tuple[tuple[int, int], ...]) -> list[Stretch]:
    found: list[Stretch] = []
    for begin, end in ranges:
        if found and found[-1].last is not None:
            gap_from = date.fromordinal(found[-1].last.toordinal() + 1)
            found.append(Stretch(gap_from, date.fromordinal(begin - 1), is_payable=False))
        last = None if end >= OPEN else date.fromordinal(end)
        found.append(Stretch(date.fromordinal(begin), last, is_payable=True))
    return found


def _by_time(entries: object) -> list[RosterEntry]:
    return sorted(
        entries,  # type: ignore[call-overload]  # a related manager's rows, prefetched or not
        key=lambda entry: (entry.hired_on, entry.authorized_from or date.max, entry.pk),
    )
