"""Reading a federal list: its rows, and what was found on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from agreements.federal_list.confirmation import credential_key
from agreements.federal_list.layout import FEDERAL_LIST, FEDERAL_LIST_FINDINGS
from portal.kernel.findings import Finding
from portal.kernel.tabular import ColumnReader, Reading, limit_findings


class FederalListRow(NamedTuple):
    """One authorization; `row` is the row number in the file, None of a date is open or never."""

    row: int
    credential_number: str
    model: str
    authorized_from: date
    authorized_to: date | None
    revoked_on: date | None


class ParsedList(NamedTuple):
    """The rows that could be read, in file order, and what was found."""

    rows: list[FederalListRow]
    findings: list[Finding]


def parse_federal_list(reading: Reading) -> ParsedList:
    """The authorizations of a table, checked row by row and against each other.

    Any column the layout does not have is an error: the list holds nothing about a person.
    """
    if reading.table is None:
        return ParsedList([], reading.findings)
    matched, findings = FEDERAL_LIST.match(reading.table)
    findings = reading.findings + findings
    if others := [*matched.ignored, *matched.ext]:
        names = ", ".join(f"“{name}”" for name in others)
        findings = [f for f in findings if f.code != "unknown_column"]
        findings.append(FEDERAL_LIST_FINDINGS.finding("listed_other_column", value=names))
    if matched.is_unusable or others:
        return ParsedList([], findings)
    reader = ColumnReader(matched)
    columns = (
        reader.numbers,
        reader.ids,
        reader.choices("model"),
        reader.dates("authorized_from"),
        reader.optional_dates("authorized_to"),
        reader.optional_dates("revoked_on"),
    )
    everything = map(FederalListRow, *columns)
    rows = [row for index, row in enumerate(everything) if index not in reader.spoiled]
    findings += reader.findings
    findings += _check(rows)
    return ParsedList(rows, limit_findings(FEDERAL_LIST_FINDINGS, findings, reader.unexplained))


def _check(rows: Iterable[FederalListRow]) -> Iterator[Finding]:
    seen: dict[tuple[str, str, date], int] = {}
    for row in rows:
        if row.authorized_to is not None and row.authorized_to < row.authorized_from:
            yield _about("listed_end_before_start", row, "authorized_to")
        if row.revoked_on is not None and row.revoked_on < row.authorized_from:
            yield _about("listed_revoked_before_start", row, "revoked_on")
        key = (credential_key(row.credential_number), row.model, row.authorized_from)
        if (other := seen.setdefault(key, row.row)) != row.row:
            yield _about("listed_twice", row, "credential_number", other=other)


def _about(code: str, row: FederalListRow, column: str, other: int = 0) -> Finding:
    return FEDERAL_LIST_FINDINGS.finding(
        code,
        row=row.row,
        column=column,
        value=str(getattr(row, column)),
        credential=row.credential_number,
        authorized_from=row.authorized_from,
        authorized_to=row.authorized_to,
        revoked_on=row.revoked_on,
        other=other,
    )
