"""From an event to the mails it causes: who is told, and in which words. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

from claims.models import Claim, ClaimVersion, Notice
from claims.pipeline import notices
from claims.pipeline.handovers import HANDOVERS, Audience, Handover
from claims.rules.adjudication import rules_on
from claims.selectors.appeals import appeal_until
from claims.selectors.deadlines import correction_due_on
from claims.selectors.recipients import (
    office_of,
    people_with,
    reviewers_of,
    signers_of,
    why_nobody_signs,
)
from portal.accounts.models import Agency, User
from portal.accounts.roles import Role
from portal.accounts.selectors import administrators_of
from portal.kernel import clock
from portal.kernel.quarter import Quarter

LONGEST_SUBJECT = 200
LONGEST_KEY = 120


class Matter(NamedTuple):
    """What a mail is about: an agency's quarter, and its claim if there is one already.

    `place` is the part of the claim's page where there is something to do.
    """

    agency: Agency
    quarter: Quarter
    claim: Claim | None = None
    version: ClaimVersion | None = None
    place: str = ""

    @property
    def name(self) -> str:
        """How keys name it."""
        if self.claim is None or self.version is None:
            return f"{self.agency.number}-{self.quarter}"
        return f"{self.claim.number}/{self.version.number}"

    @property
    def address(self) -> str:
        """The page to go to, from outside the portal."""
        if self.claim is None or self.version is None:
            return settings.PORTAL_ADDRESS + reverse("claims:inbox")
        page = reverse("claims:version", args=[self.claim.number, self.version.number])
        return f"{settings.PORTAL_ADDRESS}{page}{self.place}"


def matter_of(claim: Claim) -> Matter:
    """A claim as it stands now, whatever the caller has in hand."""
    version = ClaimVersion.objects.select_related("claim__agency").get(
        pk=Claim.objects.filter(pk=claim.pk).values("version")[:1]
    )
    return Matter(version.claim.agency, version.claim.quarter, version.claim, version)


def write(event: str, matter: Matter, facts: dict[str, Any]) -> bool:
    """Write the mails that an event causes, in the caller's transaction; whether there are any.

    `facts`: `actor` did it and is not told; `people` are those the event names, or else the author of
    `question`; `due_on` is by when to act. Other facts only tell one event from the next; with `once` the
    same event is told once, however often it is written.
    """
    handovers = HANDOVERS.get(event, ())
    if (question := facts.get("question")) is not None:
        matter = matter._replace(place=f"#question-{question.pk}")
    return notices.write(
        notice for handover in handovers for notice in _notices(event, handover, matter, facts)
    )


def notice(
    person: User, matter: Matter, key: str, subject: str, happened: str, to_do: str
) -> Notice:
    """One mail about a matter. Its subject names action, agency, quarter and date, and nobody."""
    today = clock.today(matter.agency.time_zone)
    ending = f", {matter.quarter} ({day(today)})"
    head = " ".join(f"{subject}: {matter.agency.name}".split())
    return Notice(
        user=person,
        key=key[:LONGEST_KEY],
        agency=matter.agency,
        claim=matter.claim,
        subject=head[: LONGEST_SUBJECT - len(ending)] + ending,
        text=f"{happened}\n\n{to_do}\n\n{matter.address}",
    )


def day(value: date) -> str:
    """A day as mails write it."""
    return f"{value:%B %-d, %Y}"


def _notices(
    event: str, handover: Handover, matter: Matter, facts: dict[str, Any]
) -> Iterator[Notice]:
    actor = facts.get("actor")
    people = [
        person
        for person in _audience(handover.audience, matter, facts)
        if actor is None or person.pk != actor.user.pk
    ]
    if not people:
        return
    gaps = {
        "agency": matter.agency.name,
        "quarter": str(matter.quarter),
        "due": day(_due_on(matter, facts)),
        "appeal": day(_appeal_until(matter)),
        "why": why_nobody_signs(matter.version) if matter.version else "",
    }
    key = f"{event}/{matter.name}/{_moment(matter, handover, facts)}"
    for person in people:
        yield notice(
            person,
            matter,
            key,
            handover.subject,
            handover.happened.format_map(gaps),
            handover.next.format_map(gaps),
        )


def _audience(audience: Audience, matter: Matter, facts: dict[str, Any]) -> Iterable[User]:
    agency, version = matter.agency, matter.version
    match audience:
        case Audience.OFFICE:
            return office_of(agency)
        case Audience.PREPARERS:
            return people_with((Role.PREPARER,), agency)
        case Audience.SIGNERS:
            return signers_of(version) if version else ()
        case Audience.ADMINISTRATORS:
            return administrators_of(agency) if version and why_nobody_signs(version) else ()
        case Audience.REVIEWERS:
            return reviewers_of(version) if version else ()
        case Audience.NAMED:
            question = facts.get("question")
            return facts.get("people") or ([question.asked_by] if question else ())


def _moment(matter: Matter, handover: Handover, facts: dict[str, Any]) -> str:
    """What tells one event from the next of its kind: the day, or the instant and what it was about."""
    if "once" in facts:
        return str(facts["once"])
    if handover.daily:
        return str(clock.today(matter.agency.time_zone))
    about = [
        str(getattr(fact, "pk", fact))
        for name, fact in sorted(facts.items())
        if name not in ("actor", "people", "note")
    ]
    return "/".join([f"{clock.now():%Y%m%dT%H%M%S%f}", *about])


def _due_on(matter: Matter, facts: dict[str, Any]) -> date:
    """By when to act: the day the event names, its question's, or that of a correction."""
    named = facts.get("due_on") or getattr(facts.get("question"), "due_on", None)
    if named is not None:
        return date.fromisoformat(str(named))
    returned = correction_due_on(matter.version) if matter.version else None
    period = timedelta(rules_on(matter.quarter.start).return_days)
    return returned or clock.today(matter.agency.time_zone) + period


def _appeal_until(matter: Matter) -> date:
    if matter.version and (last_day := appeal_until(matter.version)):
        return last_day
    period = timedelta(rules_on(matter.quarter.start).appeal_days)
    return clock.today(matter.agency.time_zone) + period
