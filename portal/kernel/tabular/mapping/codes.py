"""Values that are sorted one by one: the pay codes of a long file, the titles of a roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from portal.kernel.counting import counted
from portal.kernel.findings import Finding
from portal.kernel.tabular.mapping.catalogue import MAPPING_FINDINGS
from portal.kernel.tabular.mapping.cells import plain
from portal.kernel.tabular.mapping.model import Mapping, code_key, column_of, places_of
from portal.kernel.tabular.mapping.target import LEAVE_OUT, Target, code_roles_of
from portal.kernel.tabular.table import Cell, Table, show

BLANK_CODE = "(blank)"
MAX_CODES = 200


def rows_by_code(cells: Iterable[Cell]) -> dict[str, list[int]]:
    """The rows (from 0) of each code, spelled as at first; a blank cell has the code `(blank)`."""
    cells = list(cells)
    known = {cell: plain(cell) or BLANK_CODE for cell in set(cells)}
    spelled: dict[str, str] = {}
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for index, cell in enumerate(cells):
        code = known[cell]
        rows[spelled.setdefault(code_key(code), code)].append(index)
    return dict(rows)


def without_left_out(target: Target, mapping: Mapping, table: Table) -> tuple[Table, list[Finding]]:
    """The table without the rows a clerk left out by their title, before anything else is read."""
    if not target.makes_ids or not target.sorts(mapping):
        return table, []
    header = mapping.headers(target.code_column)[0]
    cells = column_of(table, places_of(mapping, table.header)[header])
    roles = code_roles_of(mapping)
    out: set[int] = set()
    findings = []
    for code, rows in rows_by_code(cells).items():
        role = roles.get(code_key(code))
        if role is None or role == LEAVE_OUT:
            out.update(rows)
            findings.append(
                MAPPING_FINDINGS.finding(
                    target.unknown_code if role is None else "rows_left_out",
                    column=header,
                    value=show(code),
                    rows=counted(len(rows), "row"),
                )
            )
    kept = [index for index in range(len(table.rows)) if index not in out]
    rows_kept = [table.rows[index] for index in kept]
    return Table(table.header, rows_kept, [table.numbers[index] for index in kept]), findings
