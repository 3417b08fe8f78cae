"""How far an agency is with a quarter, and what it does next: the words of its home page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from claims.models import ClaimVersion
from claims.rules.lifecycle import State
from claims.selectors.quarters import Standing
from claims.selectors.recipients import why_nobody_signs
from claims.views.payroll import DESK as PAYROLL
from claims.warnings import tally_of
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.models import Batch
from portal.kernel.counting import counted


class Next(NamedTuple):
    """The one next step: the reader's own, or whom it waits for."""

    title: str
    text: str
    yours: bool = False
    whose: str = ""
    url: str = ""
    action: str = ""
    other: str = ""
    other_url: str = ""


class Step(NamedTuple):
    """What a preparer does next for a quarter; the others are told `meanwhile` and wait.

    `other` is a second way to be done with it.
    """

    title: str
    text: str
    url: str
    action: str
    meanwhile: str
    other: str = ""
    other_url: str = ""

    def told_to(self, actor: Actor) -> Next:
        """The step as the actor reads it."""
        if actor.can(Capability.PREPARE):
            return Next(
                self.title,
                self.text,
                yours=True,
                url=self.url,
                action=self.action,
                other=self.other,
                other_url=self.other_url,
            )
        return Next(self.meanwhile, "", whose="your preparer")


class Pause(NamedTuple):
    """Nothing for a preparer to do: everybody reads whom the quarter waits for."""

    title: str
    text: str
    whose: str

    def told_to(self, actor: Actor) -> Next:
        """The same for everybody."""
        return Next(self.title, self.text, whose=self.whose)


def step_of(standing: Standing) -> Step | Pause | None:
    """What a quarter needs next; None when there is nothing to do for it."""
    quarter, version = standing.quarter, standing.version
    claim = reverse("claims:claim", args=[version.claim.number]) if version else ""
    if not standing.is_open or not (standing.has_agreement or standing.has_begun):
        return None
    if version and version.state == State.RETURNED:
        return Step(
            f"Correct the {version.claim.kind_word} of {quarter}",
            "It came back. Read the note, correct it and submit it again.",
            claim,
            "Read the note",
            f"The {version.claim.kind_word} of {quarter} came back and is to be corrected",
        )
    if version and version.state == State.WITHDRAWN:
        return Step(
            f"Correct the {version.claim.kind_word} of {quarter} and submit it again",
            "Your agency withdrew it. Nothing is decided before it is submitted again.",
            claim,
            "Open the claim",
            f"The {version.claim.kind_word} of {quarter} was withdrawn and is to be corrected",
        )
    if version and version.state == State.READY and (why := why_nobody_signs(version)):
        return Pause(
            f"Nobody can sign the {version.claim.kind_word} of {quarter}",
            f"{why} Your administrator names a certifier who has not worked on it.",
            "your administrator",
        )
    if version and version.state == State.READY:
        return Pause(
            f"The {version.claim.kind_word} of {quarter} waits for its signature",
            "A certifier who did not prepare it signs it.",
            "your certifier",
        )
    if version and version.nil:
        return Step(
            f"“Nothing to claim for {quarter}”: mark the claim ready",
            "Your certifier, who must be somebody else, signs it then.",
            claim,
            "Open the claim",
            f"That there is nothing to claim for {quarter} is being prepared",
        )
    if not standing.officers:
        return Step(
            "Upload your roster",
            "The portal needs to know your officers, and from when to when each was authorized.",
            reverse("agreements:upload_roster"),
            "Upload a roster",
            "Your roster is to be uploaded",
        )
    if stopped := _stopped_file(standing):
        return stopped
    if not standing.files:
        return Step(
            f"Upload the payroll of {quarter}",
            f"One file or several, with every pay period that overlaps the quarter. "
            f"{_until(standing)}",
            f"{reverse('claims:upload_payroll')}?quarter={quarter}",
            "Upload payroll",
            f"The payroll of {quarter} is to be uploaded",
            "Or start from what the portal knows",
            reverse("claims:prefill", args=[quarter]),
        )
    if not standing.is_over:
        return Pause(
            "Nothing to do today",
            f"{_until(standing)} You can upload more payroll until then.",
            "the end of the quarter",
        )
    what = version.claim.kind_word if version else "claim"
    return Step(
        f"Check the {what} of {quarter} and mark it ready",
        "Its payroll is in. Look at the amounts; when they are right, your certifier signs them.",
        claim,
        "Check the amounts",
        f"The {what} of {quarter} is being prepared",
    )


def _stopped_file(standing: Standing) -> Step | Pause | None:
    """What the payroll file sent last needs before it counts; None when it counts or nothing does."""
    file, quarter = standing.latest_file, standing.quarter
    if file is None:
        return None
    if not file.is_finished:
        return Pause(
            f"Your payroll of {quarter} is being checked",
            f"{file.sent_name}, file {file.reference}, has arrived. This takes a moment.",
            "the portal",
        )
    if file.state == Batch.State.PROPOSED:
        return Step(
            f"Say what the columns of your payroll of {quarter} mean",
            f"{file.sent_name}, file {file.reference}, waits for it. Until then nothing of it counts.",
            PAYROLL.url(file, "columns"),
            "Match the columns",
            f"The columns of the payroll of {quarter} are to be matched",
        )
    if file.state == Batch.State.REJECTED:
        errors = f" with {counted(file.errors, 'error')}" if file.errors else ""
        return Step(
            f"Correct your payroll of {quarter}",
            f"{file.sent_name}, file {file.reference}, was rejected{errors}. Nothing of it counts.",
            reverse("claims:batch", args=[file.pk]),
            "See what is wrong",
            f"The payroll of {quarter} was rejected and is to be corrected",
        )
    return None


class Check(NamedTuple):
    """One line of a quarter's checklist. `state`: done, open, or waiting (for somebody else).

    `other` is a second way to be done with it.
    """

    what: str
    state: str
    text: str
    url: str = ""
    other: str = ""
    other_url: str = ""


def checklist(actor: Actor, standing: Standing) -> Iterator[Check]:
    """The way of a quarter to its signature, in order."""
    version = standing.version
    may = actor.can(Capability.PREPARE) and standing.is_open
    claim = reverse("claims:claim", args=[version.claim.number]) if version else ""
    done = {True: "done", False: "open"}
    yield Check(
        "Agreement",
        "done" if standing.has_agreement else "waiting",
        "An agreement that pays for officers is active."
        if standing.has_agreement
        else "No agreement that pays for officers is active in this quarter. "
        "The program office enters it.",
    )
    yield Check(
        "Roster",
        done[bool(standing.officers)],
        f"{standing.officers:,} officers are on your roster."
        if standing.officers
        else "No officer is on your roster yet.",
        reverse("agreements:officers")
        if standing.officers or not may
        else reverse("agreements:upload_roster"),
    )
    yield _payroll(standing, may=may)
    counts = standing.counts
    yield Check(
        "Counts",
        "done" if counts else "waiting",
        f"{counts.located:,} located of {counts.referred:,} referred."
        if counts
        else "Not confirmed yet. The program office reports them; salaries do not wait for it.",
    )
    state = State(version.state) if version else State.DRAFT
    nil = version is not None and version.nil
    signed = not standing.is_open
    yield Check(
        "Ready",
        done[signed or state == State.READY],
        ("“Nothing to claim” is to be signed." if nil else "The amounts are frozen for signature.")
        if signed or state == State.READY
        else "A preparer checks the claim and marks it ready.",
        claim,
    )
    yield Check(
        "Certified",
        done[signed],
        "Signed and submitted." if signed else "A certifier who did not prepare it signs.",
        claim,
    )


_STOPPED: dict[str, str] = {
    Batch.State.RECEIVED: "is being checked.",
    Batch.State.VALIDATING: "is being checked.",
    Batch.State.PROPOSED: "waits for its columns to be matched.",
    Batch.State.REJECTED: "was rejected; nothing of it counts.",
}
"""What keeps the payroll file sent last from counting."""


def _payroll(standing: Standing, *, may: bool) -> Check:
    """The checklist's line about payroll: files that count, or none because there is nothing to claim."""
    quarter, version = standing.quarter, standing.version
    url = (
        f"{reverse('claims:upload_payroll')}?quarter={quarter}"
        if may
        else reverse("claims:batches")
    )
    file = standing.latest_file if standing.is_open else None
    stopped = _STOPPED.get(file.state, "") if file else ""
    if file and stopped:
        accepted = f"Accepted files: {standing.files:,}. " if standing.files else ""
        return Check(
            "Payroll",
            "waiting" if file.state in Batch.UNFINISHED else "open",
            f"{accepted}File {file.reference} {stopped}",
            reverse("claims:batch", args=[file.pk]),
            *_open_warnings(version),
        )
    if standing.files:
        return Check(
            "Payroll", "done", f"Accepted files: {standing.files:,}.", url, *_open_warnings(version)
        )
    if version and version.nil:
        return Check("Payroll", "done", "Nothing to claim for this quarter.", url)
    unsaid = may and standing.is_over and (version is None or version.state == State.DRAFT)
    return Check(
        "Payroll",
        "open",
        "No payroll file of this quarter is accepted yet.",
        url,
        "Or say that there is nothing to claim" if unsaid else "",
        reverse("claims:nil", args=[quarter]) if unsaid else "",
    )


def _open_warnings(version: ClaimVersion | None) -> tuple[str, str]:
    """How many warnings of a quarter's files nobody has answered, and where to; empty without any."""
    unanswered = tally_of(version).unanswered if version else 0
    if version is None or not unanswered:
        return "", ""
    plural = "" if unanswered == 1 else "s"
    where = reverse("claims:warnings", args=[version.claim.number, version.number])
    return f"{unanswered:,} warning{plural} without an answer", where


def _until(standing: Standing) -> str:
    end, due_on = standing.quarter.end, standing.deadline.due_on
    if standing.is_over:
        return f"The claim is due on {due_on:%B %-d, %Y}."
    ends_on = f"{end:%B} {end.day}, {end.year}"
    return f"{standing.quarter} ends on {ends_on}; its claim is signed after that."
