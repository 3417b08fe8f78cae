"""A file's table becomes a table in the template's columns. What cannot be read is never zero."""

from __future__ import annotations

from portal.kernel import money
from portal.kernel.collector import collector_paused
from portal.kernel.findings import Finding
from portal.kernel.tabular.catalogue import limit_findings
from portal.kernel.tabular.layout import Kind, normal
from portal.kernel.tabular.mapping.amounts import read_amounts, settle_amounts
from portal.kernel.tabular.mapping.catalogue import MAPPING_FINDINGS
from portal.kernel.tabular.mapping.cells import plain
from portal.kernel.tabular.mapping.checking import columns_missing, problems_of
from portal.kernel.tabular.mapping.codes import without_left_out
from portal.kernel.tabular.mapping.combining import combine, keep_unspoiled
from portal.kernel.tabular.mapping.draft import Draft
from portal.kernel.tabular.mapping.model import Mapping, column_of, places_of
from portal.kernel.tabular.mapping.names import People
from portal.kernel.tabular.mapping.officers import identify
from portal.kernel.tabular.mapping.target import NAME_ROLES, Target, sources_of, template_column
from portal.kernel.tabular.table import Cell, Table, show
from portal.kernel.tabular.values import read_money

AGENCY_COLUMNS = ("agency", "agencynumber", "portalnumber")


@collector_paused()
def apply_mapping(
    target: Target, mapping: Mapping, table: Table, people: People | None = None
) -> tuple[Table, list[Finding]]:
    """The table in the template's columns, and what was found.

    Rows with an error are left out of it; an error keeps the whole file from counting anyway. Row
    numbers are the file's; of rows added up, the first one's.
    """
    gaps = [*problems_of(target, mapping), *columns_missing(mapping, table.header)]
    if gaps:
        return Table(tuple(target.layout.template_header()), [], []), [
            MAPPING_FINDINGS.finding(
                "mapping_incomplete", column=gap.column, text=gap.text, advice=gap.fix
            )
            for gap in gaps
        ]
    taken, left_out = without_left_out(target, mapping, table)
    draft = Draft(target, mapping, taken, people or People())
    draft.findings += left_out
    _note_not_needed(draft)
    identify(draft)
    _read_values(draft)
    read_amounts(draft)
    target.derive(draft)
    if target.key and (mapping.headers("amount") or mapping.value("combine")):
        combine(draft)
    else:
        keep_unspoiled(draft)
    settle_amounts(draft)
    target.conclude(draft)
    keep_unspoiled(draft)
    return _table(draft), limit_findings(MAPPING_FINDINGS, draft.findings)


def agencies_named(table: Table, mapping: Mapping | None = None) -> list[str]:
    """The agencies a file names in its rows, by the column that is mapped or is called so."""
    if mapping is None:
        places = [
            position for position, name in enumerate(table.header) if normal(name) in AGENCY_COLUMNS
        ]
    else:
        found = places_of(mapping, table.header)
        places = [found[header] for header in mapping.headers("agency") if header in found]
    cells = {cell: None for place in places for cell in column_of(table, place)}
    return sorted({plain(cell) for cell in cells} - {""})


def source_of(mapping: Mapping, column: str) -> str:
    """The columns of the file that fill a column of the template: `REGULAR + RETRO (regular_pay)`."""
    sources = sources_of(mapping, column)
    return f"{' + '.join(sources)} ({column})" if sources else column


def _note_not_needed(draft: Draft) -> None:
    names = [show(header) for header, role in draft.mapping.columns if not role]
    if names:
        draft.note("columns_not_needed", value=", ".join(f"“{name}”" for name in names))


def _read_values(draft: Draft) -> None:
    """Every column that stands for itself: one source column each."""
    for header, code in draft.mapping.columns:
        role = draft.target.role(code)
        if code == "ext":
            draft.values[template_column(code, header)] = [plain(c) for c in draft.cells(header)]
        elif role is None or role.many or code in ("officer_id", *NAME_ROLES):
            continue
        elif code in {column.name for column in draft.target.layout.columns}:
            if role.kind is Kind.MONEY:
                draft.values[code] = draft.read(header, read_money, Kind.MONEY.value)
            elif role.kind is not Kind.DATE:
                draft.values[code] = list(draft.cells(header))
    for column in draft.target.layout.columns:
        if column.kind is Kind.DATE and (dates := draft.dates(column.name)) is not None:
            draft.values[column.name] = dates
        elif typed := draft.mapping.value(column.name):
            draft.values[column.name] = [typed] * len(draft.numbers)


def _table(draft: Draft) -> Table:
    kinds = {column.name: column.kind for column in draft.target.layout.columns}
    columns: dict[str, list[Cell]] = {"officer_id": list(draft.ids)}
    for name, values in draft.values.items():
        if kinds.get(name) is Kind.MONEY:
            columns[name] = ["" if cents is None else money.text(cents) for cents in values]
        else:
            columns[name] = ["" if value is None else value for value in values]
    for name, amounts in draft.amounts.items():
        columns[name] = ["" if amount is None else money.text(amount) for amount in amounts]
    ordered = sorted(
        columns, key=lambda name: list(kinds).index(name) if name in kinds else len(kinds)
    )
    return Table(
        tuple(ordered), list(zip(*(columns[name] for name in ordered), strict=True)), draft.numbers
    )
