"""Which events of a quarter are the agency's own affair still: work for what nobody has signed."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any
from uuid import UUID

from claims.models import PayrollBatch, PayrollFinding
from claims.rules.lifecycle import ACTIONS, OPEN_TO_AGENCY
from claims.selectors.payroll import ENDINGS
from portal.accounts.roles import Side
from portal.intake.models import Justification
from portal.kernel.findings import Severity
from portal.records.models import AuditEvent

_OPENS = ("claim.open", "claim.open_linked")


def unsent(thread: str, until: int | None = None) -> set[int]:
    """The keys of a thread's events that tell of work for a version which nobody has signed.

    As it was after the event `until`, or as it is now. What happened to files goes with the next
    signature, but for trial runs, and with it go answers about files that count by then. What the federal
    side did is never hidden.
    """
    return unsent_and_newest(thread, until)[0]


def unsent_and_newest(thread: str, until: int | None = None) -> tuple[set[int], int]:
    """The same, and the key of the newest event that was read: of later ones it says nothing."""
    events = AuditEvent.objects.filter(thread=thread)
    if until is not None:
        events = events.filter(pk__lte=until)
    drafts, files, federal, key = _Drafts(), _Files(), set[int](), 0
    rows = events.order_by("id").values_list("pk", "action", "subject", "agency", "content")
    for key, action, subject, agency, content in rows.iterator():
        said = json.loads(content)
        if said["actor_side"] == Side.FEDERAL:
            federal.add(key)
        if action.startswith("payroll."):
            files.take(key, action, subject, said)
        elif action.startswith("warning."):
            files.answer(key, said, is_draft=drafts.with_the_agency)
        else:
            drafts.take(key, action, subject, said)
        if action == "claim.certify":
            files.submit(agency)
    return (drafts.unsent() | files.unsent()) - federal, key


class _Drafts:
    """The steps of a quarter's claims, by the version that each is work for."""

    def __init__(self) -> None:
        self.with_the_agency = True
        self._last = ""
        self._work: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        self._signed: set[tuple[str, int]] = set()
        # The steps that open a linked claim: it comes after them.
        self._opening: set[int] = set()

    def take(self, key: int, action: str, subject: str, said: dict[str, Any]) -> None:
        code, number = action.removeprefix("claim."), said["facts"].get("version")
        step = ACTIONS.get(code)
        if action in _OPENS:
            self._work[subject, 1] |= {key} | self._opening
            self._opening.clear()
            self._last, self.with_the_agency = subject, True
        elif step and step.opens_claim:
            self._opening.add(key)
        elif step and step.opens_version:
            # By the button it tells of the version it was done to; by a file, of the version it opened.
            by_button = subject.startswith("claim/")
            self._work[(subject, number + 1) if by_button else (self._last, number)].add(key)
        elif code == "drop" and (subject, number - 1) in self._signed and not said["note"]:
            pass  # What was submitted once does not end in silence; a note is about the draft.
        elif number is not None and subject.startswith("claim/"):
            self._work[subject, number].add(key)
        if code == "certify":
            self._signed.add((subject, number))
        if step and subject == self._last:
            self.with_the_agency = step.to in OPEN_TO_AGENCY and code != "drop"

    def unsent(self) -> set[int]:
        work = (keys for draft, keys in self._work.items() if draft not in self._signed)
        return self._opening.union(*work)


class _Files:
    """What happened to a quarter's payroll files, and the answers to their warnings."""

    def __init__(self) -> None:
        # What goes with the next signature: of files by event, and answers, each with the file it was
        # given for and its text.
        self._loose: dict[int, UUID] = {}
        self._answers: dict[int, tuple[str, str]] = {}
        # The files that count, by reference, and the names of those that did when a claim was signed.
        self._counting: dict[str, UUID] = {}
        self._submitted: set[str] = set()
        self._accepted: set[UUID] = set()

    def take(self, key: int, action: str, subject: str, said: dict[str, Any]) -> None:
        file, reference = UUID(subject.removeprefix("payroll/")), said["facts"]["reference"]
        self._loose[key] = file
        if action == "payroll.accept":
            self._counting[reference] = file
            self._accepted.add(file)
        elif action in ENDINGS:
            self._counting.pop(reference, None)

    def answer(self, key: int, said: dict[str, Any], *, is_draft: bool) -> None:
        """An answer about what lies with the federal side is read at once."""
        reference = said["facts"]["reference"]
        if is_draft or reference not in self._submitted:
            self._answers[key] = (reference, said["note"])

    def submit(self, agency: int) -> None:
        """A claim was signed. Trial runs are never submitted, nor are answers about what never counted.

        Unless a file that counts has the same warning: then they answer that one.
        """
        trials = set[UUID]()
        # A trial run is never accepted, so that there is seldom anything to ask.
        if doubtful := {*self._loose.values()} - self._accepted:
            rows = PayrollBatch.objects.filter(pk__in=doubtful, dry_run=True)
            trials = set(rows.values_list("pk", flat=True))
        self._loose = {key: file for key, file in self._loose.items() if file in trials}
        self._submitted |= self._counting.keys()
        waiting = {
            key: answer for key, answer in self._answers.items() if answer[0] not in self._submitted
        }
        if waiting:
            warned = PayrollFinding.objects.filter(
                batch__in=self._counting.values(), severity=Severity.WARNING
            )
            carried_over = set(
                Justification.objects.filter(
                    agency=agency,
                    reference__in={reference for reference, _ in waiting.values()},
                    fingerprint__in=warned.values("fingerprint"),
                ).values_list("reference", "text")
            )
            waiting = {key: one for key, one in waiting.items() if one not in carried_over}
        self._answers = waiting

    def unsent(self) -> set[int]:
        return {*self._loose, *self._answers}
