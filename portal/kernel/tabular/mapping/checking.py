"""What a mapping lacks or contradicts, in words for the clerk who matches the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from portal.kernel.tabular.layout import MAX_NAME_CHARACTERS, Kind, slug
from portal.kernel.tabular.mapping.codes import MAX_CODES, rows_by_code
from portal.kernel.tabular.mapping.draft import ROWS
from portal.kernel.tabular.mapping.model import (
    Fixed,
    Gap,
    Mapping,
    code_key,
    column_of,
    places_of,
)
from portal.kernel.tabular.mapping.target import Target, code_roles_of, template_column
from portal.kernel.tabular.table import Table, show
from portal.kernel.tabular.values import read_date

_COUNT = re.compile(r"[0-9]{1,5}")


def problems_of(target: Target, mapping: Mapping, table: Table | None = None) -> list[Gap]:
    """Everything a clerk still has to do; with a table, also what that file needs."""
    gaps = [*_columns(target, mapping), *_fixed(target, mapping), *_officer(target, mapping)]
    gaps += target.missing(mapping)
    gaps += (gap for column in _required(target) for gap in _nowhere(target, mapping, column))
    if table is not None:
        gaps += columns_missing(mapping, table.header)
        gaps += _codes(target, mapping, table)
    return gaps


def columns_missing(mapping: Mapping, header: Sequence[str]) -> list[Gap]:
    """The columns a mapping needs and a file does not have."""
    places = places_of(mapping, header)
    return [
        Gap(
            f"The file has no column “{show(name)}”, which was matched before.",
            "Match the columns of this file anew.",
            name,
        )
        for name, code in mapping.columns
        if code and name not in places
    ]


def _columns(target: Target, mapping: Mapping) -> Iterator[Gap]:
    for header, code in mapping.columns:
        if code and target.role(code) is None:
            yield Gap(
                f"What was chosen for “{show(header)}” is not among the choices.",
                "Choose again, and give a benefit a name of letters.",
                header,
            )
    for role in target.roles:
        headers = mapping.headers(role.code)
        if len(headers) > 1 and not role.many:
            names = ", ".join(f"“{show(header)}”" for header in headers)
            yield Gap(
                f"{names} are all matched to “{role.label}”, which takes one column.",
                "Keep one of them, and choose “Not needed” for the others.",
                headers[-1],
            )
    for name, code in (*mapping.columns, *mapping.codes):
        if code.endswith(":") and not _is_name(slug(name)):
            yield Gap(
                f"“{show(name)}” cannot be the name of a column of the portal.",
                "Type a short name of letters for it.",
                name,
            )
    own = Counter(template_column("ext", header) for header in mapping.headers("ext"))
    for header in mapping.headers("ext"):
        name = template_column("ext", header)
        if own[name] > 1 or name == ROWS or not _is_name(name.removeprefix("ext_")):
            yield Gap(
                f"“{show(header)}” cannot be kept under a name of its own.",
                "Rename the column in the file, or choose “Not needed”.",
                header,
            )
    for code, role_code in mapping.codes:
        if target.code_role(role_code) is None:
            yield Gap(
                f"What was chosen for “{show(code)}” is not among the choices.", "Choose again."
            )


def _is_name(name: str) -> bool:
    return 0 < len(name) <= MAX_NAME_CHARACTERS - 20 and name != "total"


def _fixed(target: Target, mapping: Mapping) -> Iterator[Gap]:
    for name, text in mapping.fixed:
        fixed = target.value(name)
        if fixed is None:
            yield Gap(f"There is no value called {show(name)}.", "Leave it out.")
            continue
        if why := _unreadable(fixed, text):
            yield Gap(f"“{show(text)}” in “{fixed.label}” {why}.", "Correct it.")
        if headers := mapping.headers(name):
            yield Gap(
                f"“{fixed.label}” is typed for all rows and also matched to “{show(headers[0])}”.",
                "Clear the typed value, or choose “Not needed” for the column.",
                headers[0],
            )


def _unreadable(fixed: Fixed, text: str) -> str:
    if fixed.choices:
        return "" if text in dict(fixed.choices) else "is not among the choices"
    if fixed.kind is Kind.DATE:
        return "" if isinstance(read_date(text), date) else "is not a date like 10/31/2025"
    if fixed.kind is Kind.COUNT:
        return "" if _COUNT.fullmatch(text) else "is not a whole number"
    return ""


def _officer(target: Target, mapping: Mapping) -> Iterator[Gap]:
    pair = [role for role in ("last_name", "first_name") if mapping.headers(role)]
    if len(pair) == 1 and not mapping.headers("officer_name"):
        other = "first" if pair == ["last_name"] else "last"
        yield Gap(
            f"There is a column with {pair[0].replace('_', ' ')}s but none with {other} names.",
            f"Match the column with the {other} names.",
            mapping.headers(pair[0])[0],
        )
        return
    if mapping.headers("officer_name") and pair:
        yield Gap(
            "There are columns with whole names and columns with their parts.",
            "Keep either the whole name or its parts.",
            mapping.headers("officer_name")[0],
        )
    is_named = bool(pair or mapping.headers("officer_name"))
    if not is_named and (target.makes_ids or not mapping.headers("officer_id")):
        what = "the officers' names" if target.makes_ids else "who the officer is"
        yield Gap(
            f"No column says {what}.",
            "Match a column with the names."
            if target.makes_ids
            else "Match the column with the payroll id; if there is none, the one with the names.",
        )


def _required(target: Target) -> list[str]:
    """Required columns that one column of the file fills, or one value typed for all rows."""
    by_rules = {"officer_id", "last_name", "first_name"}
    single = {role.code for role in target.roles if not role.many} - by_rules
    return [c.name for c in target.layout.columns if c.required == "yes" and c.name in single]


def _nowhere(target: Target, mapping: Mapping, column: str) -> Iterator[Gap]:
    role = target.role(column)
    if role is None or column in target.computed(mapping):
        return
    if not mapping.headers(column) and not mapping.value(column):
        other = ", or type it for the whole file" if target.value(column) else ""
        lacking = role.lacking or f"“{role.label}” is missing."
        yield Gap(lacking, f"Match the column with it{other}.", missing=column)


def _codes(target: Target, mapping: Mapping, table: Table) -> Iterator[Gap]:
    if not target.sorts(mapping):
        return
    header = mapping.headers(target.code_column)[0]
    place = places_of(mapping, table.header).get(header)
    if place is None:
        return
    rows = rows_by_code(column_of(table, place))
    if len(rows) > MAX_CODES:
        yield Gap(
            f"“{show(header)}” has {len(rows):,} different values; at most {MAX_CODES} can be sorted.",
            "Choose another column.",
            header,
        )
        return
    roles = code_roles_of(mapping)
    for code, found in rows.items():
        if code_key(code) not in roles:
            yield Gap(
                f"Nobody said yet what “{show(code)}” is ({len(found):,} rows).",
                "Choose what it is.",
                header,
            )
