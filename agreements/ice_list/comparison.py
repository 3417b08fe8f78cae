"""What a list would change: its rows against the agreements that are known. Nothing is decided here."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from agreements.agency_names import likeness
from agreements.ice_list.rows import IceList, IceRow

Status = Literal["pending", "signed", "ended"]

_COMPARED = ("signed_on", "county", "agency_type", "moa_url", "addendum_url")
# ICE lists an agreement within weeks; one dated nearly a year back mostly has last year's number.
_LATE_DAYS = 300
_ALIKE = 0.8


class KnownAgreement(NamedTuple):
    """An agreement as it was last listed. A fact that is None is not compared."""

    state: str
    name_key: str
    model: str
    status: Status
    signed_on: date | None = None
    county: str | None = None
    agency_type: str | None = None
    moa_url: str | None = None
    addendum_url: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about: state, agency, model."""
        return self.state, self.name_key, self.model


class FieldChange(NamedTuple):
    """One fact that the list gives otherwise."""

    field: str
    before: str
    after: str


class Change(NamedTuple):
    """A row, the agreement it is about, and the facts in which they differ."""

    row: IceRow
    known: KnownAgreement
    fields: tuple[FieldChange, ...]


class Comparison(NamedTuple):
    """Every usable row is in exactly one of the first five; every known one is matched or missing.

    `created`: not known. `changed`: other facts. `moved`: a pending agreement in a list of signed
    ones, or a signed one in a list of pending ones. `returned`: known as ended. `unchanged`: the
    rest. `missing`: known with the status of this list and not in it; that never means ended by
    itself. `left_out`: rows whose state, agency or model is unknown, or that repeat another row.
    Among these, for a person to look at: `respelled`, missing agreements that a created row may be
    under another name; `dated_late`, created rows signed long before the list they first appear in.
    """

    created: tuple[IceRow, ...]
    changed: tuple[Change, ...]
    moved: tuple[Change, ...]
    returned: tuple[Change, ...]
    unchanged: tuple[Change, ...]
    missing: tuple[KnownAgreement, ...]
    left_out: tuple[IceRow, ...]
    respelled: tuple[tuple[IceRow, KnownAgreement], ...]
    dated_late: tuple[IceRow, ...]


def compare(ice_list: IceList, known: Iterable[KnownAgreement]) -> Comparison:
    """What the list says against `known`, which holds one agreement per state, agency and model."""
    by_key = {agreement.key: agreement for agreement in known}
    status: Status = "signed" if ice_list.kind == "participating" else "pending"
    rows = _latest(ice_list.rows)
    has_earlier_list = any(agreement.status == status for agreement in by_key.values())
    created = tuple(row for row in rows.values() if row.key not in by_key)
    changes = [_change(row, by_key[row.key]) for row in rows.values() if row.key in by_key]
    same_status = [change for change in changes if change.known.status == status]
    missing = tuple(
        agreement
        for agreement in by_key.values()
        if agreement.status == status and agreement.key not in rows
    )
    taken = {row.row for row in rows.values()}
    return Comparison(
        created=created,
        changed=tuple(change for change in same_status if change.fields),
        moved=tuple(c for c in changes if c.known.status not in (status, "ended")),
        returned=tuple(c for c in changes if c.known.status == "ended"),
        unchanged=tuple(change for change in same_status if not change.fields),
        missing=missing,
        left_out=tuple(row for row in ice_list.rows if row.row not in taken),
        respelled=tuple(_respelled(created, missing)),
        dated_late=tuple(_dated_late(created, ice_list.as_of)) if has_earlier_list else (),
    )


def _latest(rows: Iterable[IceRow]) -> dict[tuple[str, str, str], IceRow]:
    """The usable rows by key; of two with one key the one signed last, of equals the first."""
    latest: dict[tuple[str, str, str], IceRow] = {}
    for row in rows:
        if row.is_usable:
            other = latest.get(row.key)
            if other is None or (row.signed_on or date.min) > (other.signed_on or date.min):
                latest[row.key] = row
    return latest


def _change(row: IceRow, known: KnownAgreement) -> Change:
    fields = []
    for field in _COMPARED:
        before, after = getattr(known, field), getattr(row, field)
        # What a list does not say, or cannot say, is no change: old layouts have fewer columns.
        if after and (before is not None or field == "signed_on") and before != after:
            fields.append(FieldChange(field, str(before or ""), str(after)))
    return Change(row, known, tuple(fields))


def _respelled(
    created: Sequence[IceRow], missing: Sequence[KnownAgreement]
) -> Iterator[tuple[IceRow, KnownAgreement]]:
    for row in created:
        for agreement in missing:
            same_place = row.state == agreement.state and row.model == agreement.model
            if same_place and _may_be_one(row, agreement):
                yield row, agreement


def _may_be_one(row: IceRow, agreement: KnownAgreement) -> bool:
    one, other = likeness(row.name), likeness(agreement.name_key)
    if one == other:
        return True
    same_day = row.signed_on is not None and row.signed_on == agreement.signed_on
    return same_day and difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _dated_late(created: Iterable[IceRow], as_of: date | None) -> Iterator[IceRow]:
    if as_of is None:
        return
    for row in created:
        if row.signed_on and row.signed_on < as_of - timedelta(days=_LATE_DAYS):
            yield row
