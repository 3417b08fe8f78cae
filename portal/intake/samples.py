"""What is kept of a file's cells for its pages: samples to match its columns by, and its faulty rows."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from portal.kernel.findings import Finding, Severity
from portal.kernel.tabular import Table
from portal.kernel.tabular.mapping import Mapping as ColumnsMatched
from portal.kernel.tabular.mapping import Target, preview, suggest
from portal.kernel.tabular.mapping.codes import rows_by_code
from portal.kernel.tabular.mapping.target import NAME_ROLES, template_column
from portal.kernel.tabular.patch import text_of
from portal.kernel.tabular.table import Cell

DISTINCT = 200
"""A column with more different values than this is none of pay codes or titles."""
FAULTY_ROWS = 2_000
FAULTY_CELL = 500
_COMBINED = "ext_rows"
_NUMBERS = re.compile(r"[0-9]+")


def sample_of(
    target: Target,
    source: Table,
    mapping: ColumnsMatched | None,
    findings: Iterable[Finding],
    officers: Sequence[tuple[str, str, str]] = (),
) -> str:
    """Header, some values of each column, and how they may be matched, as JSON for the page.

    Where officers were looked up by name, also the roster as it was: without it the file could not be
    read once more with the same result.
    """
    suggested = mapping or suggest(target, source)
    return json.dumps(
        {
            "rows": len(source.rows),
            "header": source.header,
            "values": dict(preview(source)),
            "distinct": _distinct(source),
            "suggested": json.loads(suggested.as_json()),
            "dropped": [f.column for f in findings if f.code == "sensitive_column_dropped"],
            "people": officers if mapping and _looks_up(mapping) else [],
        }
    )


def sources_of(
    target: Target, source: Table, mapping: ColumnsMatched | None = None
) -> dict[str, tuple[str, ...]]:
    """The file's own columns that each column of the template was read from."""
    if mapping is not None:
        return _matched_sources(mapping)
    matched, _ = target.layout.match(source)
    places = {**matched.positions, **matched.ext}
    for group in matched.groups.values():
        places |= group
    return {name: (source.header[place],) for name, place in places.items()}


def faulty_of(
    source: Table,
    table: Table,
    sources: Mapping[str, Sequence[str]],
    findings: Iterable[Finding],
) -> str:
    """The cells of rows with an error or a warning, as JSON; errors first where they are too many."""
    behind = _rows_behind(table)
    rows: dict[int, None] = {}
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in findings:
            if finding.severity is severity and finding.row is not None:
                rows.update(dict.fromkeys(behind.get(finding.row, [finding.row])))
    if not rows:
        return ""
    places = {number: place for place, number in enumerate(source.numbers)}
    kept = sorted([number for number in rows if number in places][:FAULTY_ROWS])
    return json.dumps(
        {
            "header": source.header,
            "sources": sources,
            "rows": {number: _texts(source.rows[places[number]]) for number in kept},
        }
    )


def _looks_up(mapping: ColumnsMatched) -> bool:
    return not mapping.headers("officer_id") or bool(mapping.value("not_on_roster"))


def _texts(row: Sequence[Cell]) -> list[str]:
    return [text_of(cell)[:FAULTY_CELL] for cell in row]


def _rows_behind(table: Table) -> dict[int, list[int]]:
    """The rows of the file that were added up to one, by the number of that one."""
    if _COMBINED not in table.header:
        return {}
    place = table.header.index(_COMBINED)
    return {
        number: [int(n) for n in _NUMBERS.findall(str(row[place]).partition(" and ")[0])]
        for number, row in zip(table.numbers, table.rows, strict=True)
    }


def _matched_sources(mapping: ColumnsMatched) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for header, role in mapping.columns:
        if role:
            found[template_column(role, header)].append(header)
    # An officer without an id column is named, and an amount by its pay code stands with the others.
    found["officer_id"] = found["officer_id"] or [
        header for role in NAME_ROLES for header in mapping.headers(role)
    ]
    for code, role in mapping.codes:
        found[template_column(role, code)] += mapping.headers("amount")
    return {name: tuple(dict.fromkeys(headers)) for name, headers in found.items()}


def _distinct(source: Table) -> dict[str, dict[str, int]]:
    return {
        name: {code: len(rows) for code, rows in rows_by_code(cells).items()}
        for name, cells in zip(source.header, zip(*source.rows, strict=True), strict=False)
        if len(set(cells)) <= DISTINCT
    }
