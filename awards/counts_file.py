"""The file with the counts of many agencies: its layout, how it is read, and what is checked within it.

Stricter than other files, because it is about persons nobody here may know: a column too many is an error,
and no finding repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from awards.rules import LARGEST_COUNT
from portal.kernel.findings import Catalogue, Finding, Severity
from portal.kernel.findings import Kind as FindingKind
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import ColumnReader, Layout, Reading
from portal.kernel.tabular.catalogue import FILE_KINDS
from portal.kernel.tabular.layout import Column, Kind, MatchedTable

COUNTS = Layout(
    slug="counts",
    title="Counts",
    id_column="agency",
    columns=(
        Column("agency", Kind.ID, "The agency's portal number.", "A00012", required="yes"),
        Column("quarter", Kind.QUARTER, "The fiscal quarter.", "FY2026Q1", required="yes"),
        Column(
            "referred",
            Kind.COUNT,
            "Persons ICE referred to the agency in the quarter.",
            "120",
            required="yes",
        ),
        Column("located", Kind.COUNT, "Of those, how many were located.", "96", required="yes"),
    ),
)

ERROR = Severity.ERROR

COUNTS_FINDINGS = Catalogue(
    (
        *FILE_KINDS,
        FindingKind(
            "more_than_counts",
            ERROR,
            "More than counts in the file",
            "The file has columns beside agency, quarter, referred and located. It was not kept.",
            "Send the four columns alone. Nothing about any person belongs into the portal.",
        ),
        FindingKind(
            "bad_agency",
            ERROR,
            "No portal number",
            "The value in {column} cannot be read as a portal number. It is not repeated here.",
            "Write the agency's portal number, such as A00012.",
        ),
        FindingKind(
            "unknown_agency",
            ERROR,
            "Unknown agency",
            "There is no agency with the number in row {row}, or it was merged into another.",
            "Look the number up in the list of agencies.",
        ),
        FindingKind(
            "bad_quarter",
            ERROR,
            "Quarter that cannot be read",
            "The value in {column} is not a fiscal quarter. It is not repeated here.",
            "Write the quarter like FY2026Q1.",
        ),
        FindingKind(
            "quarter_out_of_range",
            ERROR,
            "Quarter outside the program",
            "The program has no counts of the quarter in row {row}.",
            "Use a quarter from the program's first, {first}, to the present one, {last}.",
        ),
        FindingKind(
            "bad_count",
            ERROR,
            "Count that cannot be read",
            "The value in {column} is not a whole number. It is not repeated here.",
            "Write a whole number from 0 to 1,000,000, such as 120.",
        ),
        FindingKind(
            "located_exceeds_referred",
            ERROR,
            "More located than referred",
            "Row {row} has {located} located of {referred} referred.",
            "Nobody can be located who was not referred. Check the two numbers.",
        ),
        FindingKind(
            "duplicate_counts",
            ERROR,
            "One agency and quarter twice",
            "Rows {other} and {row} are the same agency and quarter.",
            "Keep one of the rows.",
        ),
    )
)

_UNREADABLE = {
    "agency": "bad_agency",
    "quarter": "bad_quarter",
    "referred": "bad_count",
    "located": "bad_count",
}
_COUNT = re.compile(r"[0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3}){1,2}", re.ASCII)


class CountsRow(NamedTuple):
    """One row of a file of counts; `row` is its number in the file."""

    row: int
    agency: str
    quarter: Quarter
    referred: int
    located: int


class ParsedCounts(NamedTuple):
    """The rows that could be read, in file order, and what was found."""

    rows: list[CountsRow]
    findings: list[Finding]


def parse_counts(reading: Reading) -> ParsedCounts:
    """The counts in a table, checked row by row and against each other.

    A row with any value that cannot be read is left out, with findings.
    """
    if reading.table is None:
        return ParsedCounts([], reading.findings)
    matched, findings = COUNTS.match(reading.table)
    if matched.ignored or matched.ext:
        # What the match has to say names the other columns.
        return ParsedCounts([], [*reading.findings, COUNTS_FINDINGS.finding("more_than_counts")])
    findings = reading.findings + findings
    if matched.is_unusable:
        return ParsedCounts([], findings)
    rows, found = _read(matched)
    found += _contradictions(rows)
    return ParsedCounts(rows, findings + found)


def check_known(
    rows: Iterable[CountsRow], agencies: Collection[str], quarters: Collection[Quarter]
) -> Iterator[Finding]:
    """What is wrong with rows that name another agency or quarter than these."""
    for row in rows:
        if row.agency not in agencies:
            yield COUNTS_FINDINGS.finding("unknown_agency", row=row.row, column="agency")
        if row.quarter not in quarters:
            yield COUNTS_FINDINGS.finding(
                "quarter_out_of_range",
                row=row.row,
                column="quarter",
                first=min(quarters),
                last=max(quarters),
            )


def _read(matched: MatchedTable) -> tuple[list[CountsRow], list[Finding]]:
    reader = ColumnReader(matched)
    columns = zip(
        reader.numbers,
        reader.ids,
        reader.texts("quarter"),
        reader.texts("referred"),
        reader.texts("located"),
        strict=True,
    )
    rows: list[CountsRow] = []
    findings = [_unspoken(finding) for finding in reader.findings]
    for index, (number, agency, quarter, referred, located) in enumerate(columns):
        if index in reader.spoiled:
            continue
        values = (_quarter(quarter), _count(referred), _count(located))
        for name, value in zip(("quarter", "referred", "located"), values, strict=True):
            if value is None:
                findings.append(_unreadable(name, number))
        if None not in values:
            rows.append(CountsRow(number, agency, *values))  # type: ignore[arg-type]  # none is None
    return rows, findings


def _quarter(text: str) -> Quarter | None:
    try:
        return Quarter.parse(text)
    except ValueError:
        return None


def _count(text: str) -> int | None:
    if not _COUNT.fullmatch(text):
        return None
    count = int(text.replace(",", ""))
    return count if count <= LARGEST_COUNT else None


def _unspoken(finding: Finding) -> Finding:
    """A finding about a value, in words that do not repeat it; a missing value stays as it is."""
    if finding.row is None or not finding.value:
        return finding
    return _unreadable(finding.column, finding.row)


def _unreadable(column: str, row: int) -> Finding:
    return COUNTS_FINDINGS.finding(
        _UNREADABLE[column], row=row, column=column, expected=COUNTS.column(column).format
    )


def _contradictions(rows: Iterable[CountsRow]) -> list[Finding]:
    findings = []
    first: dict[tuple[str, Quarter], int] = {}
    for row in rows:
        if row.located > row.referred:
            findings.append(
                COUNTS_FINDINGS.finding(
                    "located_exceeds_referred",
                    row=row.row,
                    column="located",
                    referred=row.referred,
                    located=row.located,
                )
            )
        other = first.setdefault((row.agency, row.quarter), row.row)
        if other != row.row:
            findings.append(
                COUNTS_FINDINGS.finding(
                    "duplicate_counts", row=row.row, column="agency", other=other
                )
            )
    return findings
