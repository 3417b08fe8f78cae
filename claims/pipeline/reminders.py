"""Reminders before and after due dates: of a claim not signed yet, a correction, a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q

from claims.models import ClaimVersion, Extension, Notice
from claims.pipeline import notices
from claims.pipeline.telling import Matter, day, notice
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import State
from claims.selectors.agencies import takes_part
from claims.selectors.deadlines import correction_due_on, is_unsigned, return_of
from claims.selectors.quarters import claimable_quarters
from claims.selectors.questions import questions_to_answer
from claims.selectors.recipients import offices_of
from portal.accounts.models import Agency, User
from portal.kernel import clock
from portal.kernel.quarter import Quarter

GRACE_DAYS = 3
"""How many days late a reminder is still written, for days on which the portal stood still."""


class Due(NamedTuple):
    """Something of an agency that is due; `what` begins the key, so that each is reminded of once."""

    what: str
    matter: Matter
    on: date
    subject: str
    happened: str
    to_do: str


def write() -> bool:
    """Write the reminders of the day that are not written yet; whether there are any."""
    every = (*_claims(), *_corrections(), *_questions())
    dues = [due for due in every if _step(due) is not None]
    people = offices_of({due.matter.agency.pk for due in dues})
    return notices.write(
        reminder for due in dues for reminder in _reminders(due, people[due.matter.agency.pk])
    )


def _reminders(due: Due, people: Iterable[User]) -> Iterator[Notice]:
    """One per person and step; a later due date has steps of its own."""
    key = f"{due.what}/{due.matter.name}/{due.on}/{_step(due)}"
    for person in people:
        yield notice(person, due.matter, key, due.subject, due.happened, due.to_do)


def _step(due: Due) -> int | None:
    """The reminder that is due: so many days after the due date, negative before it."""
    rules = rules_on(due.matter.quarter.start)
    days = (clock.today(due.matter.agency.time_zone) - due.on).days
    steps = [*(-before for before in rules.reminder_days_before), *rules.reminder_days_after]
    passed = max((step for step in steps if step <= days), default=None)
    return passed if passed is not None and days <= passed + GRACE_DAYS else None


def _claims() -> Iterator[Due]:
    today = clock.today()
    for quarter in claimable_quarters(today):
        # A claim can be signed once its quarter is over.
        if quarter.end < today:
            yield from _claims_of(quarter)


def _claims_of(quarter: Quarter) -> Iterator[Due]:
    usual = rules_on(quarter.start).due_on(quarter)
    extended = dict(
        Extension.objects.filter(quarter=quarter).order_by("pk").values_list("agency", "due_on")
    )
    current = ClaimVersion.objects.filter(
        claim__quarter=quarter, claim__sequence=1, claim__version=F("pk")
    )
    versions = {
        version.claim.agency_id: version
        for version in current.select_related("claim__agency").defer("calculation")
    }
    for agency in Agency.objects.filter(takes_part(quarter), merged_into=None).order_by("pk"):
        version = versions.get(agency.pk)
        if version is None or is_unsigned(version):
            yield _claim(agency, quarter, version, extended.get(agency.pk, usual))


def _corrections() -> Iterator[Due]:
    """What was returned and not handed in again, and the corrections that the portal opened."""
    signed_before = Q(number__gt=1) | Q(claim__sequence__gt=1)
    unsigned = signed_before & Q(state__in=(State.DRAFT, State.READY))
    current = ClaimVersion.objects.filter(
        unsigned | Q(state=State.RETURNED), claim__version=F("pk")
    )
    for version in current.select_related("claim__agency").defer("calculation").order_by("pk"):
        due_on = correction_due_on(version)
        if due_on is not None:
            yield _correction(version, due_on)


def _claim(agency: Agency, quarter: Quarter, version: ClaimVersion | None, due_on: date) -> Due:
    is_over = clock.today(agency.time_zone) > due_on
    if version is None:
        to_do = "Send its payroll, or declare on the page “Claims” that there is nothing to claim."
    elif version.state == State.READY:
        to_do = "It is ready and waits for the signature of your certifier."
    else:
        to_do = "Finish the draft and mark it ready; then your certifier signs it."
    return Due(
        "due",
        Matter(agency, quarter, version.claim if version else None, version),
        due_on,
        "Claim overdue" if is_over else "Claim due soon",
        f"The claim of {quarter} {'was' if is_over else 'is'} due on {day(due_on)} and has not been "
        f"submitted{'. It is still accepted, with the reason why it is late' if is_over else ' yet'}.",
        to_do,
    )


def _correction(version: ClaimVersion, due_on: date) -> Due:
    claim = version.claim
    is_over = clock.today(claim.agency.time_zone) > due_on
    if return_of(version) is not None:
        begun = f"The claim of {claim.quarter} was returned to you, to be corrected."
        to_do = "Correct what the note on the claim's page names, mark the claim ready and have it signed."
    else:
        begun = f"An earlier quarter changed, and a correction of the claim of {claim.quarter} was opened."
        to_do = "Look at the differences, mark the correction ready and have it signed."
    return Due(
        "correction",
        Matter(claim.agency, claim.quarter, claim, version),
        due_on,
        "Correction overdue" if is_over else "Correction due soon",
        f"{begun} It {'was' if is_over else 'is'} due on {day(due_on)}.",
        to_do,
    )


def _questions() -> Iterator[Due]:
    """The questions nobody has answered, one for each claim and due date."""
    seen = set()
    waiting = questions_to_answer().select_related("version__claim__agency")
    for question in waiting.order_by("due_on", "pk"):
        version = question.version
        if (version.pk, question.due_on) in seen:
            continue
        seen.add((version.pk, question.due_on))
        claim = version.claim
        is_over = clock.today(claim.agency.time_zone) > question.due_on
        yield Due(
            "question",
            Matter(claim.agency, claim.quarter, claim, version),
            question.due_on,
            "Answer overdue" if is_over else "Answer due soon",
            f"A question of the federal reviewer about the claim of {claim.quarter} "
            f"{'was' if is_over else 'is'} to be answered by {day(question.due_on)}.",
            "Answer it on the claim's page.",
        )
