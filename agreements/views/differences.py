"""What a roster file would change, officer by officer, in words for the person who confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from agreements.roster_changes import EntryChange, RosterChanges

NAMES = {
    "last_name": "Last name",
    "first_name": "First name",
    "title": "Title",
    "hired_on": "Hired",
    "separated_on": "Separated",
    "separation_reason": "Reason of separation",
    "model": "Model",
    "trained_on": "Trained",
    "authorized_from": "Authorized from",
    "authorized_to": "Authorized to",
    "end_reason": "Reason of the end",
    "credential_number": "Credential",
}
DAY_ENDINGS = ("_on", "_from", "_to")


class Value(NamedTuple):
    """One value of an officer or entry that is new or changes; `before` is empty for a new one."""

    name: str
    before: str
    after: str


class Entry(NamedTuple):
    """One roster entry that is new or changes, with the row of the file that says so."""

    row: int
    is_new: bool
    values: list[Value]


@dataclass(slots=True)
class Difference:
    """Everything the file changes about one officer."""

    officer_id: str
    name: str = ""
    is_new: bool = False
    names: list[Value] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the officer is searched by."""
        return f"{self.officer_id} {self.name}"


def differences(changes: RosterChanges, known_names: dict[str, str]) -> list[Difference]:
    """The changes by officer, those known already first; `known_names` names them."""
    found: dict[str, Difference] = {}
    for change in changes.officers:
        difference = found.setdefault(change.officer_id, Difference(change.officer_id))
        difference.name = f"{change.after['last_name']}, {change.after['first_name']}"
        difference.is_new = change.before is None
        if change.before is not None:
            difference.names = _values(change.before, change.after)
    for entry in changes.entries:
        difference = found.setdefault(
            entry.officer_id,
            Difference(entry.officer_id, known_names.get(entry.officer_id, "")),
        )
        difference.entries.append(_entry(entry))
    return sorted(found.values(), key=lambda difference: difference.is_new)


def _entry(change: EntryChange) -> Entry:
    before = change.before
    if before is None:
        values = [
            Value(NAMES[name], "", _shown(value)) for name, value in change.after.items() if value
        ]
        return Entry(change.row, True, values)
    return Entry(change.row, False, _values(before, change.after))


def _values(before: dict[str, Any], after: dict[str, Any]) -> list[Value]:
    return [
        Value(NAMES[name], _shown(before.get(name)), _shown(value))
        for name, value in after.items()
        if before.get(name) != value
    ]


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%b} {value.day}, {value.year}"
    return str(value) if value else "empty"


def in_words(name: str, text: str) -> str:
    """A value that was kept as text, as a person reads it: a day, the words of a code, or `empty`."""
    if text and name.endswith(DAY_ENDINGS):
        return _shown(date.fromisoformat(text))
    if text and name.endswith("_reason"):
        return text.replace("_", " ")
    return text or "empty"


def ids_of(changes: RosterChanges) -> Iterable[str]:
    """The payroll ids of the officers whose entries change."""
    return {change.officer_id for change in changes.entries}
