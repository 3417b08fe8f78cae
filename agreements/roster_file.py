"""The roster file: its layout, how it is read, and what is checked within it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.roster_layout import A_ROSTER, PAYROLL_INSTEAD, ROSTER
from portal.kernel.findings import Finding
from portal.kernel.tabular import FILE_FINDINGS, ColumnReader, Reading, limit_findings


class RosterFileRow(NamedTuple):
    """One row of a roster file: one employment of an officer with at most one authorization in it.

    Blank texts are empty; `row` is the row number in the file.
    """

    row: int
    officer_id: str
    last_name: str
    first_name: str
    title: str
    hired_on: date
    separated_on: date | None
    separation_reason: str
    model: str
    trained_on: date | None
    authorized_from: date | None
    authorized_to: date | None
    end_reason: str
    credential_number: str
    ext: Mapping[str, str]


class ParsedRoster(NamedTuple):
    """The rows that could be read, in file order, and what was found."""

    rows: list[RosterFileRow]
    findings: list[Finding]


def check_kind(header: Sequence[str]) -> list[Finding]:
    """One error when the header is that of payroll; columns of both kinds are left to the layout."""
    return A_ROSTER.check(header, [PAYROLL_INSTEAD])


def parse_roster(reading: Reading) -> ParsedRoster:
    """The roster rows of a table, checked row by row and against each other.

    A row with any value that cannot be read is left out, with findings.
    """
    if reading.table is None:
        return ParsedRoster([], reading.findings)
    matched, findings = ROSTER.match(reading.table)
    findings = reading.findings + findings
    if matched.is_unusable:
        return ParsedRoster([], findings)
    reader = ColumnReader(matched)
    columns = (
        reader.numbers,
        reader.ids,
        reader.texts("last_name"),
        reader.texts("first_name"),
        reader.texts("title"),
        reader.dates("hired_on"),
        reader.optional_dates("separated_on"),
        reader.choices("separation_reason"),
        reader.choices("model"),
        reader.optional_dates("trained_on"),
        reader.optional_dates("authorized_from"),
        reader.optional_dates("authorized_to"),
        reader.choices("end_reason"),
        reader.texts("credential_number"),
    )
    everything = list(map(RosterFileRow, *columns, reader.ext))
    rows = [row for index, row in enumerate(everything) if index not in reader.spoiled]
    findings += reader.findings
    findings += (finding for row in rows for finding in _check_row(row))
    findings += _check_officers(rows)
    return ParsedRoster(rows, limit_findings(ROSTER_FINDINGS, findings, reader.unexplained))


def _check_row(row: RosterFileRow) -> Iterator[Finding]:
    if row.separated_on:
        if row.separated_on < row.hired_on:
            yield about_row("separated_before_hired", row, "separated_on", value=row.separated_on)
        elif row.authorized_from and row.authorized_from > row.separated_on:
            yield about_row("authorized_after_separation", row, "authorized_from")
    elif row.separation_reason:
        yield about_row("reason_without_separation", row, "separation_reason")
    if row.authorized_from is None:
        if row.authorized_to:
            yield about_row(
                "end_without_authorization", row, "authorized_to", value=row.authorized_to
            )
        return
    for column in ("model", "trained_on"):
        if not getattr(row, column):
            yield FILE_FINDINGS.finding(
                "required_value",
                row=row.row,
                column=column,
                officer_id=row.officer_id,
                ext=row.ext,
                expected=ROSTER.column(column).format,
                why=" It is needed in every row with authorized_from.",
            )
    if row.trained_on and row.trained_on > row.authorized_from:
        yield about_row("trained_after_authorized", row, "trained_on", value=row.trained_on)
    if row.authorized_to is None:
        yield about_row("authorization_open", row, "authorized_to")
    elif row.authorized_to < row.authorized_from:
        yield about_row("authorization_reversed", row, "authorized_to", value=row.authorized_to)


def _check_officers(rows: Iterable[RosterFileRow]) -> Iterator[Finding]:
    by_officer: dict[str, list[RosterFileRow]] = defaultdict(list)
    for row in rows:
        by_officer[row.officer_id].append(row)
    for own in by_officer.values():
        if len(own) > 1:
            yield from _check_officer(own)


def _check_officer(own: Sequence[RosterFileRow]) -> Iterator[Finding]:
    first = own[0]
    keys: dict[tuple[object, ...], int] = {}
    employments: dict[tuple[date, date | None], RosterFileRow] = {}
    for row in own:
        key = (row.hired_on, row.model, row.authorized_from)
        if (other := keys.setdefault(key, row.row)) != row.row:
            yield about_row("duplicate_authorization", row, "officer_id", other=other)
        if _name(row) != _name(first):
            names = " and ".join(sorted({" ".join(_name(row)), " ".join(_name(first))}))
            yield about_row("two_names", row, "last_name", other=first.row, names=names)
        employments.setdefault((row.hired_on, row.separated_on), row)
    ordered = sorted(employments.values(), key=lambda row: row.hired_on)
    for before, after in pairwise(ordered):
        if before.separated_on is None or after.hired_on <= before.separated_on:
            earlier, later = sorted((before, after), key=lambda row: row.row)
            yield about_row(
                "employments_overlap",
                later,
                "hired_on",
                other=earlier.row,
                other_hired_on=earlier.hired_on,
                other_separated_on=earlier.separated_on,
            )


def _name(row: RosterFileRow) -> tuple[str, str]:
    return row.last_name.casefold(), row.first_name.casefold()


def about_row(
    code: str, row: RosterFileRow, column: str, value: object = "", **facts: Any
) -> Finding:
    """A finding about one row: whose it is, and all of its days."""
    return ROSTER_FINDINGS.finding(
        code,
        row=row.row,
        column=column,
        value=str(value),
        officer_id=row.officer_id,
        ext=row.ext,
        name=f"{row.first_name} {row.last_name}",
        hired_on=row.hired_on,
        separated_on=row.separated_on,
        reason=row.separation_reason,
        model=row.model,
        trained_on=row.trained_on,
        authorized_from=row.authorized_from,
        authorized_to=row.authorized_to,
        **facts,
    )
