"""What is kept of a file's cells for its pages: samples to match its columns by, and its faulty rows."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import itemgetter

from portal.kernel.findings import Finding, Severity
from portal.kernel.tabular import Table
from portal.kernel.tabular.by_column import by_column
from portal.kernel.tabular.mapping import Mapping as ColumnsMatched
from portal.kernel.tabular.mapping import Target, preview, suggest
from portal.kernel.tabular.mapping.codes import rows_by_code
from portal.kernel.tabular.mapping.draft import ROWS
from portal.kernel.tabular.mapping.target import NAME_ROLES, template_column
from portal.kernel.tabular.patch import shown
from portal.kernel.tabular.table import Cell

DISTINCT = 200
"""A column with more different values than this is none of pay codes or titles."""
FAULTY_ROWS = 2_000
MAX_KEPT = 2_000_000
"""So many characters of a file's cells its pages get at most, for each of the two purposes."""
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
        return _matched_sources(target, mapping)
    matched, _ = target.layout.match(source)
    places = {**matched.positions, **matched.ext}
    for group in matched.groups.values():
        places |= group
    return {name: (source.header[place],) for name, place in places.items()}


def faulty_of(
    source: Table, sources: Mapping[str, Sequence[str]], findings: Iterable[Finding]
) -> str:
    """The cells of rows with an error or a warning, as JSON; errors first where they are too many.

    `groups` are the rows that were added up to the one a finding is about, as far as they are kept.
    """
    groups: dict[int, list[int]] = {}
    rows: dict[int, None] = {}
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in findings:
            if finding.severity is severity and finding.row is not None:
                behind = _rows_behind(finding, sources)
                rows.update(dict.fromkeys(behind))
                if len(behind) > len(groups.get(finding.row, ())):
                    groups[finding.row] = behind
    if not rows:
        return ""
    places = {number: place for place, number in enumerate(source.numbers)}
    kept: dict[int, list[str]] = {}
    budget = MAX_KEPT
    for number in islice((number for number in rows if number in places), FAULTY_ROWS):
        texts = _texts(source.rows[places[number]])
        budget -= sum(map(len, texts))
        if budget < 0:
            break
        kept[number] = texts
    at_hand = {row: [n for n in behind if n in kept] for row, behind in groups.items()}
    return json.dumps(
        {
            "header": source.header,
            "sources": sources,
            "rows": dict(sorted(kept.items())),
            "total": len(source.rows),
            "groups": {row: behind for row, behind in at_hand.items() if len(behind) > 1},
        }
    )


def _looks_up(mapping: ColumnsMatched) -> bool:
    return not mapping.headers("officer_id") or bool(mapping.value("not_on_roster"))


def _texts(row: Sequence[Cell]) -> list[str]:
    return [shown(cell) for cell in row]


def _rows_behind(finding: Finding, sources: Mapping[str, Sequence[str]]) -> list[int]:
    """The rows of the file a finding is about: those that were added up, or the one it names."""
    row = finding.row or 0
    # A file may have a column of this name itself.
    added_up = "" if ROWS in sources else finding.ext.get(ROWS, "")
    behind = [int(number) for number in _NUMBERS.findall(added_up.partition(" and ")[0])]
    return behind if row in behind else [row]


def _matched_sources(target: Target, mapping: ColumnsMatched) -> dict[str, tuple[str, ...]]:
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
    # What is computed is corrected where it was computed from; the first day maybe from the payday.
    for _ in range(2):
        for name, role in target.computed(mapping).items():
            found[name] = found[name] or found[role]
    return {name: tuple(dict.fromkeys(headers)) for name, headers in found.items() if headers}


def _distinct(source: Table) -> dict[str, dict[str, int]]:
    """How often each value stands in a column that has few; of very much text the shortest columns."""
    cells = by_column(source)
    sizes = {
        place: sum(len(shown(cell)) for cell in cells.distinct(place))
        for place in range(len(source.header))
        if len(cells.distinct(place)) <= DISTINCT
    }
    found = {}
    budget = MAX_KEPT
    for place, size in sorted(sizes.items(), key=itemgetter(1)):
        budget -= size
        if budget < 0:
            break
        codes = rows_by_code(cells.columns[place])
        found[source.header[place]] = {code: len(rows) for code, rows in codes.items()}
    return found
