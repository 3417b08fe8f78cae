"""The corrections of a file: each with who made it and when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Q

from portal.accounts.models import User
from portal.intake.models import Batch
from portal.kernel.canonical import canonical_json
from portal.kernel.tabular.patch import LEAVE_OUT, LONGEST_SHOWN, Edit

B = TypeVar("B", bound=Batch)


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell that was changed in the portal, or one row that was left out."""

    row: int
    column: str
    was: str
    now: str
    by: User
    at: datetime

    @property
    def leaves_out(self) -> bool:
        """Whether the whole row was left out."""
        return self.column == LEAVE_OUT


def corrections_of(batch: Batch) -> list[Correction]:
    """All corrections a batch was read with, the latest first.

    Each batch repeats those of the batch it corrects and adds its own at the end.
    """
    found: list[Correction] = []
    for step in reversed(list(_chain(batch))):
        found += [
            Correction(**asdict(edit), by=step.uploaded_by, at=step.received_at)
            for edit in edits_in(step.patch)[len(found) :]
        ]
    return found[::-1]


def edits_in(patch: str | None) -> list[Edit]:
    """The corrections a batch was stored with."""
    return [Edit(**edit) for edit in json.loads(patch)] if patch else []


def patch_with(patch: str | None, edits: Sequence[Edit]) -> str:
    """Corrections and further ones after them, as they are stored."""
    shown = [replace(edit, was=edit.was[:LONGEST_SHOWN]) for edit in edits]
    return canonical_json([asdict(edit) for edit in [*edits_in(patch), *shown]])


def living_relative(batch: B) -> B | None:
    """Another file that counts, or still may, and comes from the same file as sent; None if there is none.

    Those that led to this file are no hindrance: a correction takes the place of the one that counts.
    """
    files = type(batch)._default_manager.filter(agency=batch.agency_id)
    own = {batch.pk}
    step = batch.serializable_value("corrects")
    while step is not None:
        own.add(step)
        step = files.values_list("corrects", flat=True).get(pk=step)
    seen, found = set(own), set(own)
    while found:
        after = Q(*((f"{link}__in", found) for link in batch.SUCCEEDS), _connector=Q.OR)
        found = set(files.filter(after).exclude(pk__in=seen).values_list("pk", flat=True))
        seen |= found
    if seen == own:
        return None
    others = files.filter(pk__in=seen - own, state__in=Batch.LIVING)
    return others.defer("sample", "faulty").order_by("-received_at").first()


def _chain(batch: Batch) -> Iterator[Batch]:
    """A batch and those it corrects, back to the file as it was sent."""
    # Corrections stay within the agency; one query for all of them, however long the chain is.
    rows = type(batch)._default_manager.filter(agency=batch.agency_id).exclude(patch=None)
    earlier: dict[Any, Batch] = {}
    step: Any = batch
    if step.corrects_id:
        earlier = rows.select_related("uploaded_by").defer("sample", "faulty").in_bulk()
    while step is not None:
        yield step
        step = earlier.get(step.corrects_id)
