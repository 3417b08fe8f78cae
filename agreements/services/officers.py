"""The roster by hand: one officer at a time, checked as a file's row is, and never over another's change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from agreements.models import Officer, RosterEntry
from agreements.roster_changes import KEY_FIELDS, OFFICER_FIELDS, VALUE_FIELDS, Values, as_text
from agreements.roster_file import RosterFileRow, parse_roster
from agreements.selectors import last_editor_of, roster_thread
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import announce
from portal.kernel import clock
from portal.kernel.errors import BadInput, Refused
from portal.kernel.findings import Finding, Severity
from portal.kernel.tabular import table_from_rows
from portal.records import audit

EMPLOYMENT_FIELDS = ("hired_on", "separated_on", "separation_reason")
ENTRY_FIELDS = (*KEY_FIELDS, *VALUE_FIELDS)


class RowRefused(BadInput):
    """What was entered cannot stand on a roster; `findings` say where and why, as for a file."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("invalid_row", findings[0].message, findings[0].fix)
        self.findings = findings


class ChangedMeanwhile(Refused):
    """Somebody else changed the same thing since it was shown; `now` is how it stands, as text."""

    def __init__(self, now: dict[str, str], editor: str) -> None:
        super().__init__(
            "changed_meanwhile",
            f"{editor or 'Somebody'} changed this officer while you had the form open.",
            "Look at what was changed, then save again.",
        )
        self.now = now


class Saved(NamedTuple):
    """The officer as they stand now, and what looks odd about what was entered."""

    officer: Officer
    warnings: list[Finding]


@transaction.atomic
def add_officer(*, actor: Actor, agency: Agency, payroll_id: str, values: Values) -> Saved:
    """Put an officer on the roster with their first entry. `values` may leave out what is unknown."""
    _begin(actor, agency)
    row, warnings = _checked(payroll_id, values)
    known = Officer.objects.filter(agency=agency, payroll_id=row.officer_id).first()
    if known is not None:
        raise Refused(
            "officer_exists",
            f"{known.name} is on the roster with the payroll id {known.payroll_id} already.",
            "Check the id, or open that officer and change what is wrong.",
        )
    officer = Officer.objects.create(
        agency=agency,
        payroll_id=row.officer_id,
        **{name: getattr(row, name) for name in OFFICER_FIELDS},
    )
    RosterEntry.objects.create(officer=officer, **_entry_values(row))
    _end("officer.add", officer, actor, {}, {**_names(officer), **_entry_values(row)})
    return Saved(officer, warnings)


@transaction.atomic
def correct_officer(
    *, actor: Actor, officer: Officer, values: Values, seen: Mapping[str, str]
) -> Saved:
    """Correct an officer's name or title. `seen` are the values the person was shown, as text."""
    _begin(actor, officer.agency)
    officer.refresh_from_db(fields=OFFICER_FIELDS)
    before = _names(officer)
    _refuse_stale(officer, before, seen)
    # Only the names are looked at; the day stands in for one the row must have.
    row, _ = _checked(officer.payroll_id, {**values, "hired_on": clock.today()})
    after = {name: getattr(row, name) for name in OFFICER_FIELDS}
    if after != before:
        for name, value in after.items():
            setattr(officer, name, value)
        officer.save(update_fields=OFFICER_FIELDS)
        _end("officer.correct", officer, actor, before, after)
    return Saved(officer, [])


@transaction.atomic
def add_authorization(*, actor: Actor, officer: Officer, values: Values) -> Saved:
    """Add an authorization, or a training, in the employment that began on `hired_on`.

    It takes the place of the same employment's entry in training, as a file's row would.
    """
    _begin(actor, officer.agency)
    entries = list(officer.entries.order_by("pk"))
    employment = next((e for e in entries if e.hired_on == values.get("hired_on")), None)
    if employment is not None:
        values = {**{name: getattr(employment, name) for name in EMPLOYMENT_FIELDS}, **values}
    row, warnings = _checked(officer.payroll_id, {**_names(officer), **values})
    after = _entry_values(row)
    entry = next((e for e in entries if _is_training_for(e, row)), None)
    _refuse_twin(after, [e for e in entries if e is not entry])
    before = _values_of(entry) if entry else {}
    _save(entry or RosterEntry(officer=officer), after)
    _end("officer.authorize", officer, actor, before, after)
    return Saved(officer, warnings)


@transaction.atomic
def change_authorization(
    *, actor: Actor, entry: RosterEntry, values: Values, seen: Mapping[str, str]
) -> Saved:
    """Change or end one authorization or training; what `values` leaves out stays as it is."""
    officer = entry.officer
    _begin(actor, officer.agency)
    entry.refresh_from_db(fields=ENTRY_FIELDS)
    before = _values_of(entry)
    _refuse_stale(officer, before, seen)
    row, warnings = _checked(officer.payroll_id, {**_names(officer), **before, **values})
    after = _entry_values(row)
    if after != before:
        _refuse_twin(after, officer.entries.exclude(pk=entry.pk))
        _save(entry, after)
        _end("officer.change_authorization", officer, actor, before, after)
    return Saved(officer, warnings)


@transaction.atomic
def change_employment(
    *, actor: Actor, entry: RosterEntry, values: Values, seen: Mapping[str, str]
) -> Saved:
    """Record a separation, or correct the days of an employment, in every entry that belongs to it."""
    officer = entry.officer
    _begin(actor, officer.agency)
    entry.refresh_from_db(fields=ENTRY_FIELDS)
    before = {name: getattr(entry, name) for name in EMPLOYMENT_FIELDS}
    _refuse_stale(officer, before, seen)
    own = list(officer.entries.filter(hired_on=entry.hired_on).order_by("pk"))
    others = list(officer.entries.exclude(hired_on=entry.hired_on))
    warnings: dict[str, Finding] = {}
    for member in own:
        row, found = _checked(
            officer.payroll_id, {**_names(officer), **_values_of(member), **values}
        )
        after = _entry_values(row)
        _refuse_twin(after, others)
        warnings.update((finding.message, finding) for finding in found)
        if after != _values_of(member):
            _save(member, after)
    now = {name: values.get(name, before[name]) for name in EMPLOYMENT_FIELDS}
    if now != before:
        _end("officer.change_employment", officer, actor, before, now)
    return Saved(officer, list(warnings.values()))


def _begin(actor: Actor, agency: Agency) -> None:
    actor.require(Capability.PREPARE, agency)
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _checked(officer_id: str, values: Values) -> tuple[RosterFileRow, list[Finding]]:
    """The values as the one row of a roster file, and what is odd about it."""
    parsed = parse_roster(table_from_rows([{"officer_id": officer_id, **as_text(values)}]))
    wrong = [f for f in parsed.findings if f.severity is Severity.ERROR or not parsed.rows]
    if wrong:
        raise RowRefused(wrong)
    return parsed.rows[0], parsed.findings


def _refuse_stale(officer: Officer, before: Values, seen: Mapping[str, str]) -> None:
    now = as_text(before)
    if any(seen.get(name, "") != value for name, value in now.items()):
        raise ChangedMeanwhile(now, last_editor_of(officer))


def _refuse_twin(after: Values, others: Any) -> None:
    key = [after[name] for name in KEY_FIELDS]
    if any([getattr(other, name) for name in KEY_FIELDS] == key for other in others):
        raise Refused(
            "same_authorization",
            "The officer has an entry with the same employment, model and first day already.",
            "Change that entry, or choose another first day.",
        )


def _is_training_for(entry: RosterEntry, row: RosterFileRow) -> bool:
    return (
        row.authorized_from is not None
        and entry.authorized_from is None
        and entry.hired_on == row.hired_on
        and entry.model in ("", row.model)
    )


def _save(entry: RosterEntry, values: Values) -> None:
    for name, value in values.items():
        setattr(entry, name, value)
    # The file it came from no longer says this.
    entry.upload = None
    entry.source_row = None
    entry.save()


def _names(officer: Officer) -> Values:
    return {name: getattr(officer, name) for name in OFFICER_FIELDS}


def _values_of(entry: RosterEntry) -> Values:
    return {name: getattr(entry, name) for name in ENTRY_FIELDS}


def _entry_values(row: RosterFileRow) -> Values:
    return {name: getattr(row, name) for name in ENTRY_FIELDS}


def _end(action: str, officer: Officer, actor: Actor, before: Values, after: Values) -> None:
    changed = [name for name in after if before.get(name) != after[name]]
    audit.record(
        action,
        subject=f"officer/{officer.pk}",
        thread=roster_thread(officer.agency),
        actor=actor,
        agency_id=officer.agency_id,
        officer=officer.payroll_id,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
    )
    announce("agency.facts_changed", officer.agency_id)
