"""What a roster file would change: officers and entries that are new, changed or the same already.

Pure. A file never ends anybody by leaving them out, so what it does not mention is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from portal.kernel.canonical import canonical_json, sha256_text

OFFICER_FIELDS = ("last_name", "first_name", "title")
KEY_FIELDS = ("hired_on", "model", "authorized_from")
VALUE_FIELDS = (
    "separated_on",
    "separation_reason",
    "trained_on",
    "authorized_to",
    "end_reason",
    "credential_number",
)

Values = dict[str, Any]


def as_text(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as a form or a file would hold them: days as `2026-01-20`, nothing as an empty text."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value or "")
        for name, value in values.items()
    }


class OfficerChange(NamedTuple):
    """An officer who is new (`before` is None) or whose name or title changes."""

    officer_id: str
    before: Values | None
    after: Values


class EntryChange(NamedTuple):
    """A roster entry that is new (`entry` is None) or changes; `entry` is the key of the one there is."""

    officer_id: str
    row: int
    entry: int | None
    before: Values | None
    after: Values

    @property
    def changed(self) -> list[str]:
        """The names of the values that differ."""
        return [name for name in self.after if (self.before or {}).get(name) != self.after[name]]


@dataclass(frozen=True)
class RosterChanges:
    """Everything one file would change, in the order of the file."""

    officers: Sequence[OfficerChange]
    entries: Sequence[EntryChange]
    unchanged: int

    @property
    def counts(self) -> dict[str, int]:
        """How many of each: for the page, the audit event and the API."""
        new = sum(change.before is None for change in self.officers)
        added = sum(change.entry is None for change in self.entries)
        return {
            "new_officers": new,
            "changed_officers": len(self.officers) - new,
            "new_entries": added,
            "changed_entries": len(self.entries) - added,
            "unchanged": self.unchanged,
        }

    @cached_property
    def sha256(self) -> str:
        """The hash of exactly these changes: what a person was shown is what they confirm."""
        return sha256_text(canonical_json([self.officers, self.entries]))


class Known(NamedTuple):
    """An officer as the roster has them: names, and entries by their database key."""

    names: Values
    entries: Mapping[int, Values]


def compare(rows: Iterable[Mapping[str, Any]], known: Mapping[str, Known]) -> RosterChanges:
    """Compare a file's rows with the roster.

    An entry is known by its employment, model and first authorized day. A row with an authorization takes
    the place of the same employment's entry in training.
    """
    officers: dict[str, OfficerChange] = {}
    entries: list[EntryChange] = []
    claimed: set[int] = set()
    unchanged = 0
    for row in rows:
        officer_id = row["officer_id"]
        there = known.get(officer_id)
        names = {name: row[name] for name in OFFICER_FIELDS}
        if there is None or there.names != names:
            officers[officer_id] = OfficerChange(officer_id, there.names if there else None, names)
        after = {name: row[name] for name in (*KEY_FIELDS, *VALUE_FIELDS)}
        entry = _same_entry(after, there, claimed)
        if entry is None:
            entries.append(EntryChange(officer_id, row["row"], None, None, after))
            continue
        claimed.add(entry)
        assert there is not None
        before = there.entries[entry]
        if before == after:
            unchanged += 1
        else:
            entries.append(EntryChange(officer_id, row["row"], entry, before, after))
    return RosterChanges(list(officers.values()), entries, unchanged)


def _same_entry(after: Values, there: Known | None, claimed: set[int]) -> int | None:
    if there is None:
        return None
    free = {entry: values for entry, values in there.entries.items() if entry not in claimed}
    key = tuple(after[name] for name in KEY_FIELDS)
    for entry, values in free.items():
        if tuple(values[name] for name in KEY_FIELDS) == key:
            return entry
    if after["authorized_from"] is not None:
        for entry, values in free.items():
            in_training = values["authorized_from"] is None and values["model"] in (
                "",
                after["model"],
            )
            if in_training and values["hired_on"] == after["hired_on"]:
                return entry
    return None
