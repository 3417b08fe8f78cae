"""What a column can be, what is typed once for a whole file, and one clerk's answer to both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from portal.kernel.canonical import canonical_json, sha256_text
from portal.kernel.tabular.layout import Kind, normal
from portal.kernel.tabular.table import Table

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Role:
    """What a column of a file, or a pay code in it, can be.

    Several columns may share a role of `many` and are added up. A role with `choices` is written
    `excluded:bonus`, one that `is_named` `benefit:health`; `benefit:` alone is named by its column.
    `lacking` says what is wrong when nothing gives it.
    """

    code: str
    label: str
    help: str
    group: str
    kind: Kind
    many: bool = False
    choices: Pairs = ()
    is_named: bool = False
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value for the whole file that a clerk types once; a choice is a value and its label."""

    name: str
    label: str
    help: str
    kind: Kind
    choices: Pairs = ()


class Gap(NamedTuple):
    """What a mapping still lacks or contradicts, and what the clerk should do about it.

    `column` is the file's column it is about, `missing` the role that nothing gives.
    """

    text: str
    fix: str
    column: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each column (in file order) and each pay code is, and the values typed for all rows.

    Codes and fixed values have an order of their own, so that equal answers are equal mappings.
    """

    columns: Pairs = ()
    codes: Pairs = ()
    fixed: Pairs = ()

    def __post_init__(self) -> None:
        _once(header for header, _ in self.columns)
        _once(code_key(code) for code, _ in self.codes)
        _once(name for name, _ in self.fixed)
        object.__setattr__(self, "codes", tuple(sorted(self.codes)))
        typed = ((name, value.strip()) for name, value in self.fixed)
        object.__setattr__(self, "fixed", tuple(sorted(pair for pair in typed if pair[1])))

    @property
    def signature(self) -> str:
        """By which the mapping is found for the next file with these columns."""
        return signature_of([header for header, _ in self.columns])

    def headers(self, code: str) -> list[str]:
        """The columns with a role, whatever stands behind its colon."""
        return [header for header, role in self.columns if role.partition(":")[0] == code]

    def value(self, name: str) -> str:
        """What was typed for the whole file; empty if nothing."""
        return dict(self.fixed).get(name, "")

    def without(self, names: Iterable[str]) -> Mapping:
        """The same without some values typed for the whole file."""
        out = set(names)
        return replace(self, fixed=tuple(pair for pair in self.fixed if pair[0] not in out))

    def as_json(self) -> str:
        """Canonical JSON: equal mappings are equal texts."""
        return canonical_json(
            {"codes": dict(self.codes), "columns": self.columns, "fixed": dict(self.fixed)}
        )

    @classmethod
    def of_json(cls, text: str) -> Mapping:
        """The mapping written by `as_json`; ValueError for anything else."""
        data = json.loads(text)
        if not isinstance(data, dict) or set(data) != {"codes", "columns", "fixed"}:
            raise ValueError("a mapping has columns, codes and fixed, and nothing else")
        return cls(_pairs(data["columns"]), _pairs(data["codes"]), _pairs(data["fixed"]))


def signature_of(header: Iterable[str]) -> str:
    """64 hexadecimal digits, the same for the same column names in any order and spelling."""
    return sha256_text("\n".join(sorted(header_key(name) for name in header)))


def header_key(header: str) -> str:
    """A column name as it is compared; a name of signs only (`#`) is itself."""
    return normal(header) or header.strip()


def code_key(code: str) -> str:
    """A pay code as it is compared: without regard to case and outer spaces."""
    return code.strip().casefold()


def places_of(mapping: Mapping, header: Sequence[str]) -> dict[str, int]:
    """Where the mapping's columns stand in a header; those that are not there are left out."""
    places = {name: position for position, name in enumerate(header)}
    by_key = {header_key(name): position for name, position in reversed(places.items())}
    found = {name: places.get(name, by_key.get(header_key(name))) for name, _ in mapping.columns}
    return {name: position for name, position in found.items() if position is not None}


def column_of(table: Table, position: int) -> list[Any]:
    """The cells of one column."""
    return [row[position] for row in table.rows]


def _once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError("a mapping names a column, code or value twice")
        seen.add(name)


def _pairs(data: Any) -> Pairs:
    pairs = list(data.items()) if isinstance(data, dict) else data
    if not isinstance(pairs, list):
        raise ValueError("a mapping consists of pairs")
    for pair in pairs:
        if not isinstance(pair, list | tuple) or [type(text) for text in pair] != [str, str]:
            raise ValueError("a mapping consists of pairs of texts")
    return tuple((first, second) for first, second in pairs)
