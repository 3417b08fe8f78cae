"""What one of ICE's lists changes, in words for the person who imports it or looks it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from agreements.models import AgreementChange
from agreements.pipeline.lists import Deed, Plan
from portal.kernel.program import MODELS
from portal.kernel.states import STATES

NAMES = {
    "signed_on": "Signed",
    "active_from": "First active day",
    "active_to": "Last active day",
    "status": "Status",
    "county": "County",
    "agency_type": "Type",
    "moa_url": "Agreement’s link",
    "addendum_url": "Addendum’s link",
}
WHAT = dict(AgreementChange.What.choices)


class Value(NamedTuple):
    """One fact that is new or changes; `before` is empty for a new one."""

    name: str
    before: str
    after: str


class ListChange(NamedTuple):
    """What a list does to one agreement."""

    agency: str
    number: str
    state: str
    model: str
    what: str
    label: str
    row: int | None
    values: list[Value]

    @property
    def text(self) -> str:
        """What it is searched by."""
        return f"{self.agency} {self.number} {STATES.get(self.state, '')} {self.model} {self.label}"


def planned(plan: Plan) -> list[ListChange]:
    """What the list would do without further confirmation: what changes first, then what is new."""
    told = [_of_deed(plan, deed) for deed in plan.deeds]
    return sorted(told, key=lambda change: change.what == AgreementChange.What.CREATED)


def endings(plan: Plan) -> list[ListChange]:
    """What would end too, if that is confirmed."""
    return [_of_deed(plan, deed) for deed in plan.endings]


def made(change: AgreementChange) -> ListChange:
    """What an import did."""
    agency = change.agreement.agency
    return ListChange(
        agency.name,
        agency.number,
        agency.state,
        MODELS[change.agreement.model],
        change.what,
        change.get_what_display(),
        change.row,
        values_of(change.before, change.after),
    )


class HistoryEntry(NamedTuple):
    """What one list did to one of an agency's agreements, with its source."""

    as_of: date
    import_pk: int
    file: str
    row: int | None
    model: str
    label: str
    values: list[Value]


def of_agency(change: AgreementChange) -> HistoryEntry:
    """What an import did, as its agency's page tells it."""
    source = change.list_import
    return HistoryEntry(
        source.as_of,
        source.pk,
        source.document.filename,
        change.row,
        MODELS[change.agreement.model],
        change.get_what_display(),
        values_of(change.before, change.after),
    )


def values_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Value]:
    """The facts in a change, in words; links are only said to have changed."""
    return list(_values(before, after))


def _of_deed(plan: Plan, deed: Deed) -> ListChange:
    state, _, model = deed.key
    agency = plan.known.agencies.get(deed.agency_key)
    name = agency.name if agency else deed.row.name if deed.row else ""
    return ListChange(
        name,
        agency.number if agency else "",
        state,
        MODELS[model],
        deed.what,
        WHAT[deed.what],
        deed.row.row if deed.row else None,
        values_of(deed.before, deed.after),
    )


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Value]:
    for name, label in NAMES.items():
        if name not in after:
            continue
        old, new = str(before.get(name) or ""), str(after[name] or "")
        if name.endswith("_url"):
            yield Value(label, "", "changed" if old else "added")
        else:
            yield Value(label, _shown(old), _shown(new))


def _shown(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text.replace("_", " ")
    return f"{day:%b} {day.day}, {day.year}"
