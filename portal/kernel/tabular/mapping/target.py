"""What a kind of file can be mapped to: its roles, its values, the names other systems use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from portal.kernel.tabular.layout import Kind, Layout, normal, slug
from portal.kernel.tabular.mapping.model import (
    Fixed,
    Gap,
    Mapping,
    Pairs,
    Role,
    code_key,
    header_key,
)

if TYPE_CHECKING:
    from portal.kernel.tabular.mapping.draft import Draft

LEAVE_OUT = "leave_out"
NOT_NEEDED = "not_needed"
# The roles an officer can be named by, where there is no id.
NAME_ROLES = ("officer_name", "last_name", "first_name", "middle_name", "suffix")


@dataclass(frozen=True, slots=True)
class Aliases:
    """Column names and pay codes of other systems, by the role they most likely have.

    `columns` holds (role, rank): of two columns for one role that with the lower rank is suggested.
    A column that is known and not needed has an empty role.
    """

    columns: dict[str, tuple[str, int]] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    codes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Aliases:
        """From a TOML file; ValueError when a name stands in it twice."""
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        columns: dict[str, tuple[str, int]] = {}
        for role, names in data["columns"].items():
            for rank, name in enumerate(names):
                if columns.setdefault(header_key(name), (role, rank)) != (role, rank):
                    raise ValueError(f"{path.name} has the column {name} twice")
        codes: dict[str, str] = {}
        for role, names in data.get("codes", {}).items():
            for name in names:
                if codes.setdefault(normal(name), role) != role:
                    raise ValueError(f"{path.name} has the pay code {name} twice")
        patterns = tuple(
            (re.compile(pattern), role)
            for role, found in data.get("patterns", {}).items()
            for pattern in found
        )
        known = {key: ("" if r == NOT_NEEDED else r, rank) for key, (r, rank) in columns.items()}
        return cls(known, patterns, codes)

    def of_column(self, header: str) -> tuple[str, int] | None:
        """The likely role of a column and its rank, or None for a name nobody knows."""
        key = header_key(header)
        if key in self.columns:
            return self.columns[key]
        found = (role for pattern, role in self.patterns if pattern.search(key))
        return next(((role, len(self.columns)) for role in found), None)


def no_gaps(mapping: Mapping) -> Iterator[Gap]:
    """A target without rules of its own."""
    return iter(())


def nothing_computed(mapping: Mapping) -> dict[str, str]:
    """A target whose columns all stand in the file."""
    return {}


def nothing_more(draft: Draft) -> None:
    """A target that computes nothing."""


@dataclass(frozen=True)
class Target:
    """A kind of file, and everything the mapping step needs to know about it.

    `code_column` is the role whose values (pay codes, titles) are sorted into `code_roles`. Rows
    that agree in `key` can be combined. `makes_ids`: the file tells who the officers are, so one
    without an id gets one. `over`: where the first role is found, the others are not suggested;
    `together`: the first is only suggested with the second. `missing` says what else a mapping
    lacks, `computed` which columns it computes and of which role; `derive` computes them for each
    row, `conclude` for each row of the result.
    """

    layout: Layout
    roles: tuple[Role, ...]
    fixed: tuple[Fixed, ...]
    aliases: Aliases
    code_column: str
    code_roles: tuple[Role, ...]
    unknown_code: str
    key: tuple[str, ...] = ()
    makes_ids: bool = False
    over: tuple[tuple[str, tuple[str, ...]], ...] = ()
    together: Pairs = ()
    missing: Callable[[Mapping], Iterator[Gap]] = no_gaps
    computed: Callable[[Mapping], dict[str, str]] = nothing_computed
    derive: Callable[[Draft], None] = nothing_more
    conclude: Callable[[Draft], None] = nothing_more

    def role(self, code: str) -> Role | None:
        """The role a column was given (`benefit:health`), or None if there is none like that."""
        return _find(self.roles, code)

    def code_role(self, code: str) -> Role | None:
        """The same for a pay code or title."""
        return _find(self.code_roles, code)

    def value(self, name: str) -> Fixed | None:
        """The value for the whole file called `name`."""
        return next((fixed for fixed in self.fixed if fixed.name == name), None)

    def typed_dates(self, mapping: Mapping) -> list[str]:
        """The dates somebody typed for a whole file: they hold for that file and no other."""
        return [
            fixed.name
            for fixed in self.fixed
            if fixed.kind is Kind.DATE and mapping.value(fixed.name)
        ]

    def options(self, header: str = "") -> list[tuple[str, Pairs]]:
        """What a form offers for a column: heading, and (value, label) of each choice under it."""
        return _options(self.roles, header)

    def code_options(self, code: str = "") -> list[tuple[str, Pairs]]:
        """The same for a pay code or title."""
        return _options(self.code_roles, code)

    @property
    def required_amounts(self) -> list[str]:
        """Template columns that are added up and may not be blank."""
        added = {role.code for role in self.roles if role.many}
        return [c.name for c in self.layout.columns if c.required == "yes" and c.name in added]

    def sorts(self, mapping: Mapping) -> bool:
        """Whether the values of the code column are to be sorted.

        Titles only if a clerk began to; pay codes whenever there are any.
        """
        return bool(mapping.headers(self.code_column)) and (
            bool(mapping.codes) or not self.makes_ids
        )


def fits(target: Target, header: Sequence[str]) -> bool:
    """Whether a file has the template's required columns, so that no mapping is needed."""
    names = {normal(name) for name in header}
    return all(normal(c.name) in names for c in target.layout.columns if c.required == "yes")


def resembles(target: Target, header: Sequence[str]) -> bool:
    """Whether a file has most of the template's required columns: then it is our template with a slip.

    Half is not enough: every list of persons has first and last names.
    """
    names = {normal(name) for name in header}
    required = [normal(c.name) for c in target.layout.columns if c.required == "yes"]
    return 2 * sum(name in names for name in required) > len(required)


def recognise(target: Target) -> Callable[[Sequence[object]], int]:
    """For `read_table`: how many cells of a row are names of columns that somebody knows."""
    # No function within this one: the file is read in another process, which is sent this.
    return partial(_known_in, target)


def _known_in(target: Target, row: Sequence[object]) -> int:
    names = {header_key(c.name) for c in target.layout.columns if not c.group}
    groups = tuple(normal(c.prefix) for c in target.layout.columns if c.group)
    # A long text is no name of a column; comparing it would only cost time.
    keys = [header_key(cell) for cell in row if isinstance(cell, str) and 0 < len(cell) <= 80]
    return sum(
        key in names or key in target.aliases.columns or (bool(groups) and key.startswith(groups))
        for key in keys
        if key
    )


def template_column(code: str, header: str) -> str:
    """The template's column that a role fills: `benefit:health` fills `benefit_health`."""
    role, _, name = code.partition(":")
    if role == "ext":
        return "ext_" + slug(header).removeprefix("ext_")
    return f"{role}_{slug(name or header)}" if ":" in code else role


def sources_of(mapping: Mapping, column: str) -> list[str]:
    """The file's columns and codes that fill a column of the template."""
    columns = [h for h, role in mapping.columns if role and template_column(role, h) == column]
    codes = [c for c, role in mapping.codes if template_column(role, c) == column]
    if not columns and column in ("officer_id", "last_name", "first_name"):
        columns = [header for role in NAME_ROLES for header in mapping.headers(role)]
    return columns + codes


def _find(roles: Sequence[Role], code: str) -> Role | None:
    name, colon, rest = code.partition(":")
    role = next((role for role in roles if role.code == name), None)
    if role is None or bool(colon) != bool(role.is_named or role.choices):
        return None
    if role.choices and rest not in dict(role.choices):
        return None
    if role.is_named and rest and (not slug(rest) or slug(rest) == "total"):
        return None
    return role


def _options(roles: Sequence[Role], header: str) -> list[tuple[str, Pairs]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for role in roles:
        offered = groups.setdefault(role.group, [])
        if role.choices:
            offered += [(f"{role.code}:{c}", f"{role.label}: {label}") for c, label in role.choices]
        elif role.is_named:
            named = f", named “{header}”" if header else ""
            offered.append((f"{role.code}:", role.label + named))
        else:
            offered.append((role.code, role.label))
    return [(group, tuple(offered)) for group, offered in groups.items()]


def code_roles_of(mapping: Mapping) -> dict[str, str]:
    """The roles of the mapping's codes, by the code as it is compared."""
    return {code_key(code): role for code, role in mapping.codes}
