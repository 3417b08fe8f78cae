"""Whose work a file is: who sent it, who corrected it, and who said what its columns mean."""

from __future__ import annotations

from portal.accounts.models import User
from portal.intake.models import Batch


def people_behind(batch: Batch) -> list[User]:
    """Everybody who had a hand in what counts of a file, the last first.

    Matched columns are an agency's standing record. Who matched them counts only if it was for this
    file: if they did so after it had been received.
    """
    people = [batch.uploaded_by]
    first = batch
    while first.corrects is not None:
        first = first.corrects
        people.append(first.uploaded_by)
    if batch.mapping is not None and batch.mapping.created_at >= first.received_at:
        people.append(batch.mapping.created_by)
    return list(dict.fromkeys(people))
