"""A first proposal for a mapping: by the names other systems use, checked against the values.

Amounts are never guessed from values alone: what a number pays for stands in the column's name or
nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from portal.kernel.tabular.layout import Kind, normal
from portal.kernel.tabular.mapping.cells import (
    DATE_STYLES,
    date_reader,
    plain,
    read_rate,
    read_signed_hours,
    read_signed_money,
)
from portal.kernel.tabular.mapping.codes import MAX_CODES, rows_by_code
from portal.kernel.tabular.mapping.model import Mapping, column_of, places_of
from portal.kernel.tabular.mapping.target import NAME_ROLES, Target
from portal.kernel.tabular.table import Cell, Table, is_blank, show
from portal.kernel.tabular.values import Problem, read_id

LOOKED_AT = 500
# Dollars an hour. `Pay Rate` may also be a salary, and a salary is no rate.
_HIGHEST_RATE = 500
_PORTAL_NUMBER = re.compile(r"A[0-9]{5}")


class CodeFound(NamedTuple):
    """A pay code or title of a file: in how many rows, and their sum in cents if it is known."""

    code: str
    rows: int
    cents: int | None


def suggest(target: Target, table: Table) -> Mapping:
    """What the columns most likely are; every column is in it, most of them perhaps not needed."""
    samples = [_sample(table, position) for position in range(len(table.header))]
    roles = _roles(target, table.header, samples)
    dated = [
        sample
        for code, sample in zip(roles, samples, strict=True)
        if (role := target.role(code)) and role.kind is Kind.DATE
    ]
    fixed = {"date_style": _date_style(dated)} if target.value("date_style") else {}
    if "hourly_rate" in roles:
        fixed["hours_a_year"] = "2080"
    if target.value("combine") and _are_repeated(target, table, roles):
        fixed["combine"] = "yes"
    columns = tuple(zip(table.header, roles, strict=True))
    mapping = Mapping(columns, fixed=tuple(fixed.items()))
    if not target.sorts(mapping):
        return mapping
    codes = {
        found.code: target.aliases.codes.get(normal(found.code))
        for found in codes_in(target, mapping, table)
    }
    return Mapping(
        columns, tuple((code, role) for code, role in codes.items() if role), mapping.fixed
    )


def codes_in(target: Target, mapping: Mapping, table: Table) -> list[CodeFound]:
    """The pay codes or titles of a file, the most frequent 200, for the clerk to sort."""
    places = places_of(mapping, table.header)
    place = next((places.get(header) for header in mapping.headers(target.code_column)), None)
    if place is None:
        return []
    amounts: list[int | Problem | None] | None = None
    for header in mapping.headers("amount"):
        if header in places:
            cells = column_of(table, places[header])
            amounts = [None if is_blank(cell) else read_signed_money(cell) for cell in cells]
    found = [
        CodeFound(code, len(rows), _total(amounts, rows))
        for code, rows in rows_by_code(column_of(table, place)).items()
    ]
    return sorted(found, key=lambda one: (-one.rows, one.code))[:MAX_CODES]


def preview(table: Table, n: int = 5) -> list[tuple[str, list[str]]]:
    """Each column with a few distinct values, as a finding may repeat them."""
    shown = []
    for position, header in enumerate(table.header):
        values = dict.fromkeys(show(cell) for cell in _sample(table, position))
        shown.append((header, list(islice((value for value in values if value.strip()), n))))
    return shown


def _total(amounts: Sequence[int | Problem | None] | None, rows: Sequence[int]) -> int | None:
    if amounts is None:
        return None
    found = [amounts[index] for index in rows]
    cents = [amount for amount in found if isinstance(amount, int)]
    return sum(cents) if not any(isinstance(amount, Problem) for amount in found) else None


def _sample(table: Table, position: int) -> list[Cell]:
    """The first cells of a column that are not blank."""
    filled = (row[position] for row in table.rows if not is_blank(row[position]))
    return list(islice(filled, LOOKED_AT))


def _are_repeated(target: Target, table: Table, roles: Sequence[str]) -> bool:
    """Whether the first rows give an officer, period and payday twice, which only adding up can mean."""
    who = {"officer_id", *NAME_ROLES}
    named = {role for role in roles if role in target.key or role in who}
    if named <= who or named.isdisjoint(who) or "amount" in roles:
        return False
    places = [place for place, role in enumerate(roles) if role in named]
    keys = [tuple(row[place] for place in places) for row in table.rows[:LOOKED_AT]]
    return len(set(keys)) < len(keys)


def _roles(target: Target, header: Sequence[str], samples: Sequence[Sequence[Cell]]) -> list[str]:
    """A role or nothing for each column."""
    own = {normal(c.name): c.name for c in target.layout.columns if target.role(c.name)}
    roles = [""] * len(header)
    best: dict[str, tuple[bool, int, int]] = {}
    for position, name in enumerate(header):
        code, rank = target.aliases.of_column(name) or ("", 0)
        if normal(name) in own:
            code, rank = own[normal(name)], -1
        elif normal(name).startswith("ext") and name.strip().lower()[3:4] in {"_", "-", " "}:
            code = "ext"
        if code == "officer_id" and _are_names(samples[position]):
            code = "officer_name"
        role = target.role(code)
        if role is None or not _looks_like(role.code, role.kind, samples[position]):
            continue
        if role.many:
            roles[position] = code
            continue
        candidate = (not samples[position], rank, position)
        best[code] = min(best.get(code, candidate), candidate)
    for code, (_, _, position) in best.items():
        roles[position] = code
    return _without_contradictions(target, roles)


def _without_contradictions(target: Target, roles: list[str]) -> list[str]:
    for code, other in target.together:
        if other not in roles:
            roles = ["" if role == code else role for role in roles]
    for winner, losers in target.over:
        if any(role.partition(":")[0] == winner for role in roles):
            roles = ["" if role.partition(":")[0] in losers else role for role in roles]
    return roles


def _looks_like(code: str, kind: Kind, sample: Sequence[Cell]) -> bool:
    """Whether at least half of the values could be what the name promises."""
    if code == "agency":
        # Many exports call a department so; only portal numbers say which agency a file is of.
        return bool(sample) and all(_PORTAL_NUMBER.fullmatch(plain(cell)) for cell in sample)
    if code == "hourly_rate":
        rates = [read_rate(cell) for cell in sample]
        good = sum(not isinstance(rate, Problem) and rate < _HIGHEST_RATE for rate in rates)
    elif kind is Kind.DATE:
        readers = [date_reader(style) for style in ("", *dict(DATE_STYLES))]
        good = max(_readable(read, sample) for read in readers)
    elif kind in _READERS:
        good = _readable(_READERS[kind], sample)
    else:
        return True
    return 2 * good >= len(sample)


def _are_names(sample: Sequence[Cell]) -> bool:
    """Whether a column that is called like an id (`Employee`) holds names."""
    texts = [plain(cell) for cell in sample]
    named = sum(text.replace(",", " ").count(" ") > 0 and text[:1].isalpha() for text in texts)
    return bool(texts) and 2 * named > len(texts)


def _readable(read: Callable[[Cell], object], sample: Sequence[Cell]) -> int:
    return sum(not isinstance(read(cell), Problem) for cell in sample)


_READERS: dict[Kind, Callable[[Cell], object]] = {
    Kind.MONEY: read_signed_money,
    Kind.HOURS: read_signed_hours,
    Kind.ID: read_id,
}


def _date_style(columns: Sequence[Sequence[Cell]]) -> str:
    """The one style that reads every date where the usual ones do not; never a choice of two."""
    cells = [cell for column in columns for cell in column]
    if not cells or _readable(date_reader(""), cells) == len(cells):
        return ""
    fitting = [
        style for style in dict(DATE_STYLES) if _readable(date_reader(style), cells) == len(cells)
    ]
    return fitting[0] if len(fitting) == 1 else ""
