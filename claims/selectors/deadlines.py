"""Reading when an agency's claim is due, extensions included."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from claims.models import Certification, ClaimVersion, Extension
from claims.rules.adjudication import rules_on
from claims.rules.lifecycle import Kind
from portal.accounts.models import Agency
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter


class Deadline(NamedTuple):
    """When a quarter's claim is due, and until when a late one is accepted; in the agency's time zone."""

    due_on: date
    closes_on: date
    extension: Extension | None = None


def deadline_of(agency: Agency, quarter: Quarter) -> Deadline:
    """The deadline of an agency's claim of a quarter; the last extension counts."""
    rules = rules_on(quarter.start)
    due_on, closes_on = rules.due_on(quarter), rules.closes_on(quarter)
    granted = Extension.objects.filter(agency=agency, quarter=quarter).order_by("-id").first()
    if granted is not None:
        due_on, closes_on = granted.due_on, max(closes_on, granted.due_on)
    return Deadline(due_on, closes_on, granted)


def is_late(version: ClaimVersion) -> bool:
    """Whether an original claim that is signed for the first time today is signed after its due date."""
    claim = version.claim
    if claim.kind != Kind.ORIGINAL or Certification.objects.filter(version__claim=claim).exists():
        return False
    today = clock.today(claim.agency.time_zone)
    return today > deadline_of(claim.agency, claim.quarter).due_on


def window_closed(version: ClaimVersion) -> Refused | None:
    """Why a version comes too late to be accepted at all, or None; corrections have no such day."""
    claim = version.claim
    closes_on = deadline_of(claim.agency, claim.quarter).closes_on
    if not is_late(version) or clock.today(claim.agency.time_zone) <= closes_on:
        return None
    return Refused(
        "window_closed",
        f"Claims of {claim.quarter} were accepted until {closes_on:%B %-d, %Y}.",
        "Ask the program office for an extension, and say why the claim is late.",
    )
