"""Layouts: what columns a kind of file has. Validator, templates and printed pages read them."""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from portal.kernel.findings import Finding, has_errors
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.table import Table, is_control, show

MAX_NAME_CHARACTERS = 60


class Kind(enum.Enum):
    """What a column holds; the value says how to write it."""

    ID = "text, up to 40 characters, leading zeros kept"
    TEXT = "text, up to 200 characters"
    DATE = "a date, YYYY-MM-DD or MM/DD/YYYY"
    MONEY = "dollars, like 1234.50 or $1,234.50, not negative"
    HOURS = "hours, like 12.25"
    CHOICE = "one of a list"
    COUNT = "a whole number, like 120 or 1,200"
    QUARTER = "a fiscal quarter, like FY2026Q1"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout.

    `required` is `yes`, `no` or a condition in words. `blank` says what an empty cell means. A
    column with `group` stands for any number whose names start so; `group` lists the usual ones.
    `ext_<name>` is described in every layout and found in all of them (`MatchedTable.ext`).
    """

    name: str
    kind: Kind
    help: str
    example: str
    required: str = "no"
    blank: str = "not allowed"
    choices: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    in_template: bool = True

    @property
    def format(self) -> str:
        """How to write a value of the column."""
        return "one of " + ", ".join(self.choices) if self.choices else self.kind.value

    @property
    def prefix(self) -> str:
        """What the names of a group start with."""
        return self.name.partition("<")[0] if self.group else ""


class ColumnDoc(NamedTuple):
    """One line of a layout's printed page."""

    column: str
    required: str
    format: str
    blank: str
    help: str
    example: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of file: its title, its columns in the template's order, its identifying column."""

    slug: str
    title: str
    columns: tuple[Column, ...]
    id_column: str = "officer_id"

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def template_header(self) -> list[str]:
        """The header of the template; a group gives its usual columns."""
        return [name for name, _ in self.template_columns()]

    def template_columns(self) -> list[tuple[str, Column]]:
        """The template's columns by name."""
        return [
            (name, column)
            for column in self.columns
            if column.in_template
            for name in column.group or (column.name,)
        ]

    def documentation(self) -> list[ColumnDoc]:
        """The printed page: one line per column."""
        return [
            ColumnDoc(c.name, c.required, c.format, c.blank, c.help, c.example)
            for c in self.columns
        ]

    def match(self, table: Table) -> tuple[MatchedTable, list[Finding]]:
        """Find the columns in a table's header, and say what is missing, unknown or not allowed."""
        matched = MatchedTable(self, table)
        findings = list(matched.find_columns())
        matched.is_unusable = has_errors(findings)
        return matched, findings


# Set by the portal: a file that brings them expects something that will not happen.
_RESERVED = frozenset(
    (
        "status",
        "state",
        "claimstatus",
        "claimid",
        "batchid",
        "findings",
        "approved",
        "approvedamount",
        "allowedamount",
        "disallowedamount",
        "paidamount",
        "amountpaid",
        "reimbursement",
        "reimbursementamount",
        "certifiedby",
        "certifiedon",
    )
)
# The second column of one name, as `header.tidied` calls it.
_COUNTED = re.compile(r" \([2-9]\)$")
_EXT = re.compile(r"\s*ext[\s_\-]+(?=\S)", re.IGNORECASE)


def normal(name: str) -> str:
    """A header as it is compared: lower case, letters and digits only."""
    return "".join(mark for mark in name.casefold() if mark.isalnum())


def slug(name: str) -> str:
    """A header as a name: `Workers' Comp.` becomes `workers_comp`."""
    return re.sub(r"[\W_]+", "_", name.casefold().replace("'", "")).strip("_")


@dataclass(slots=True)
class MatchedTable:
    """A table whose columns are known by name; `is_unusable` when its header has an error."""

    layout: Layout
    table: Table
    positions: dict[str, int] = field(default_factory=dict)
    groups: dict[str, dict[str, int]] = field(default_factory=dict)
    ext: dict[str, int] = field(default_factory=dict)
    ignored: dict[str, int] = field(default_factory=dict)
    is_unusable: bool = False

    def find_columns(self) -> Iterator[Finding]:
        """Fill in where each column stands, with the findings about the header."""
        singles = {normal(c.name): c.name for c in self.layout.columns if not c.group}
        seen: set[str] = set()
        for position, original in enumerate(self.table.header):
            header = self._singular(_COUNTED.sub("", original))
            key = normal(header)
            if key in seen and (key in singles or self._places(header, key) is not None):
                yield self._about("duplicate_column", column=singles.get(key, show(header)))
                continue
            seen.add(key)
            if key in singles:
                self.positions[singles[key]] = position
            elif key in _RESERVED:
                yield self._about("reserved_column", column=show(header), value=show(header))
            elif (places := self._places(header, key)) is not None:
                places[slug(header)] = position
                if len(header) > MAX_NAME_CHARACTERS:
                    yield self._about("long_column_name", column=show(header), value=show(header))
            else:
                self.ignored[show(original) or f"no. {position + 1}, without a name"] = position
        yield from self._missing()
        if self.ignored:
            names = ", ".join(f"“{name}”" for name in self.ignored)
            yield self._about("unknown_column", value=names)

    def _singular(self, header: str) -> str:
        """`Benefits Health` as `Benefit Health`, where `benefit_` starts a group."""
        for column in self.layout.columns:
            word = column.prefix.rstrip("_")
            if word and re.match(rf"\s*{word}s[\s_\-]", header, re.IGNORECASE):
                return word + header.lstrip()[len(word) + 1 :]
        return header

    def _places(self, header: str, key: str) -> dict[str, int] | None:
        """Where to note a column that belongs to a group, or to the agency itself."""
        for column in self.layout.columns:
            prefix = normal(column.prefix)
            # `Benefits` by itself is no component called `s`.
            if column.group and key.startswith(prefix) and key not in (prefix, prefix + "s"):
                return self.groups.setdefault(column.name, {})
        if _EXT.match(header) and not any(is_control(mark) for mark in header):
            return self.ext
        return None

    def _missing(self) -> Iterator[Finding]:
        wanted = [c.name for c in self.layout.columns if c.required == "yes"]
        missing = [name for name in wanted if name not in self.positions]
        if not missing:
            return
        if row := self._header_below(wanted):
            yield self._about("header_not_first", row=row)
            return
        for name in missing:
            near = difflib.get_close_matches(
                normal(name), {normal(other): other for other in self.ignored}, n=1, cutoff=0.6
            )
            other = next((o for o in self.ignored if near and normal(o) == near[0]), "")
            hint = f" Is it “{other}”?" if other else ""
            yield self._about("missing_column", column=name, hint=hint)

    def _header_below(self, wanted: list[str]) -> int | None:
        """The row, among the first twenty, that holds every required column's name."""
        keys = {normal(name) for name in wanted}
        for number, row in zip(self.table.numbers[:20], self.table.rows, strict=False):
            if keys <= {normal(cell) for cell in row if isinstance(cell, str)}:
                return number
        return None

    def _about(self, code: str, **facts: object) -> Finding:
        return FILE_FINDINGS.finding(code, **facts)  # type: ignore[arg-type]  # facts of many kinds


def choices_of(column: Column) -> Mapping[str, str]:
    """The choices of a column by their case-folded form."""
    return {choice.casefold(): choice for choice in column.choices}
