"""Reading when an agency's claim is due, extensions included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from claims.models import Certification, Claim, ClaimVersion, Decision, Extension, Lateness
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import Kind, State
from portal.accounts.models import Agency
from portal.kernel import clock
from portal.kernel.asked_once import asked_once
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent

RETURNS = ("return", "return_recommended")
"""Decisions after which the agency corrects a claim."""


class Deadline(NamedTuple):
    """When a quarter's claim is due, and until when a late one is accepted; in the agency's time zone."""

    due_on: date
    closes_on: date
    extension: Extension | None = None


class Due(NamedTuple):
    """What an agency has to hand in next for a quarter: its claim, or a correction.

    `returned` is the decision to which the correction answers; None for one that the portal opened.
    """

    on: date
    is_correction: bool = False
    returned: Decision | None = None


@asked_once
def deadline_of(agency: Agency, quarter: Quarter) -> Deadline:
    """The deadline of an agency's claim of a quarter; the last extension counts."""
    return deadlines_of(agency, [quarter])[quarter]


def deadlines_of(agency: Agency, quarters: Iterable[Quarter]) -> dict[Quarter, Deadline]:
    """The deadlines of several quarters, by one query."""
    granted = {
        extension.quarter: extension
        for extension in Extension.objects.filter(agency=agency).order_by("id")
    }
    return {quarter: _deadline(quarter, granted.get(quarter)) for quarter in quarters}


def extensions_of(agency: Agency, quarter: Quarter) -> QuerySet[Extension]:
    """Every extension an agency was granted for a quarter, the last one first."""
    rows = Extension.objects.filter(agency=agency, quarter=quarter).select_related("granted_by")
    return rows.order_by("-id")


def due_of(version: ClaimVersion | None, deadline: Deadline) -> Due | None:
    """What is due next of a quarter whose current version this is; None when nothing is."""
    if version is None or is_unsigned(version):
        return Due(deadline.due_on)
    due_on = correction_due_on(version)
    return Due(due_on, True, return_of(version)) if due_on else None


def is_unsigned(version: ClaimVersion) -> bool:
    """Whether it is the draft of an original claim under which no signature stands yet."""
    return (
        version.claim.kind == Kind.ORIGINAL
        and version.state in (State.DRAFT, State.READY)
        and (version.number == 1 or not _was_signed(version.claim))
    )


def return_of(version: ClaimVersion) -> Decision | None:
    """The decision that sent a claim back which is not handed in again yet; None without one."""
    number = version.number
    if version.state in (State.DRAFT, State.READY):
        number -= 1
    elif version.state != State.RETURNED:
        return None
    returned = Decision.objects.filter(
        version__claim=version.claim_id, version__number=number, action__in=RETURNS
    )
    return returned.select_related("user").order_by("-id").first()


def correction_due_on(version: ClaimVersion) -> date | None:
    """By when a returned claim should come back, or a correction that the portal opened be signed.

    None for one that nobody returned, and for a correction that the agency began of its own accord.
    """
    returned = return_of(version)
    if returned is not None:
        return _days_after(version, returned.decided_at)
    return _days_after(version, version.opened_at) if _is_opened_by_portal(version) else None


def is_late(version: ClaimVersion) -> bool:
    """Whether an original claim that is signed for the first time today is signed after its due date.

    A signature that was withdrawn does not count: whoever signs next is judged anew. One under a version
    that was returned keeps the claim's date.
    """
    claim = version.claim
    if claim.kind != Kind.ORIGINAL or _was_signed(claim):
        return False
    today = clock.today(claim.agency.time_zone)
    return today > deadline_of(claim.agency, claim.quarter).due_on


def lateness_of(claim: Claim) -> Lateness | None:
    """Why a claim was certified after its due date; None for one that was not, as no correction can be."""
    said = Lateness.objects.filter(version__claim=claim).exclude(version__state=State.WITHDRAWN)
    return said.select_related("said_by").first()


def window_closed(version: ClaimVersion) -> Refused | None:
    """Why a version comes too late to be accepted at all, or None; corrections have no such day."""
    claim = version.claim
    closes_on = deadline_of(claim.agency, claim.quarter).closes_on
    if clock.today(claim.agency.time_zone) <= closes_on or not is_late(version):
        return None
    return Refused(
        "window_closed",
        f"Claims of {claim.quarter} were accepted until {closes_on:%B %-d, %Y}.",
        "Ask the program office for an extension, and say why the claim is late.",
    )


def _was_signed(claim: Claim) -> bool:
    signed = Certification.objects.filter(version__claim=claim)
    return signed.exclude(version__state=State.WITHDRAWN).exists()


def _is_opened_by_portal(version: ClaimVersion) -> bool:
    """Whether it is the unsigned first version of a linked claim that followed from an earlier quarter."""
    if version.number > 1 or version.claim.kind == Kind.ORIGINAL:
        return False
    if version.state not in (State.DRAFT, State.READY):
        return False
    opened = AuditEvent.objects.filter(subject=version.claim.subject, action="claim.open_linked")
    return opened.filter(actor=None).exists()


def _days_after(version: ClaimVersion, begun_at: datetime) -> date:
    """The last day of the period in which a correction is due, in the agency's time zone."""
    claim = version.claim
    begun_on = begun_at.astimezone(ZoneInfo(claim.agency.time_zone)).date()
    return begun_on + timedelta(rules_on(claim.quarter.start).return_days)


def _deadline(quarter: Quarter, granted: Extension | None) -> Deadline:
    rules = rules_on(quarter.start)
    due_on, closes_on = rules.due_on(quarter), rules.closes_on(quarter)
    if granted is not None:
        due_on, closes_on = granted.due_on, max(closes_on, granted.due_on)
    return Deadline(due_on, closes_on, granted)
