"""Which events of a quarter are the agency's own affair still: work for what nobody has signed."""

from __future__ import annotations

import json
from collections import defaultdict

from claims.rules.lifecycle import ACTIONS, OPEN_TO_AGENCY
from portal.accounts.roles import Side
from portal.records.models import AuditEvent

_OPENS = ("open", "open_linked")


def unsent(thread: str, until: int | None = None) -> set[int]:
    """The keys of a thread's events that tell of work for a version which nobody has signed.

    As it was after the event `until`, or as it is now. Files and answers to their warnings go with the
    next signature; an answer about what has been submitted already is read at once.
    """
    events = AuditEvent.objects.filter(thread=thread)
    if until is not None:
        events = events.filter(pk__lte=until)
    signed: set[tuple[str, int]] = set()
    work: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    # What is to go with the next signature, and the steps that open a linked claim: it comes after them.
    loose, opening = set[int](), set[int]()
    last, with_the_agency = "", True
    rows = events.order_by("id").values_list("pk", "action", "subject", "content")
    for key, action, subject, content in rows.iterator():
        said = json.loads(content)
        code, number = action.removeprefix("claim."), said["facts"].get("version")
        step = ACTIONS.get(code)
        if code in _OPENS:
            work[subject, 1] |= {key} | opening
            opening.clear()
            last, with_the_agency = subject, True
        elif action.startswith(("payroll.", "warning.")):
            is_read = action.startswith("warning.") and not with_the_agency
            if said["actor_side"] != Side.FEDERAL and not is_read:
                loose.add(key)
        elif step and step.opens_claim:
            opening.add(key)
        elif step and step.opens_version:
            work[subject, number + 1].add(key)
        elif number is not None and subject.startswith("claim/"):
            work[subject, number].add(key)
        if code == "certify":
            signed.add((subject, number))
            loose.clear()
        if step and subject == last:
            with_the_agency = step.to in OPEN_TO_AGENCY and code != "drop"
    return loose.union(opening, *(keys for draft, keys in work.items() if draft not in signed))
