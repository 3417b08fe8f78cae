"""Matching columns: a file's own columns beside what they can be, and a person's answer as a mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping import Fixed, Gap, Mapping, Target, problems_of

LONGEST_NAME = 60
Options = Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column of the file. `role` is the option chosen for it, empty for one that is not needed."""

    field: str
    header: str
    values: Sequence[str]
    options: Options
    role: str
    name: str
    is_suggested: bool
    is_named: bool

    @property
    def name_field(self) -> str:
        """The field for a name of one's own."""
        return self.field.replace("role", "name")

    @property
    def can_be_named(self) -> bool:
        """Whether a choice is offered that takes a name."""
        return any(value.endswith(":") for value in _values(self.options))


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A pay code or title met in the file, with the number of its rows."""

    field: str
    code: str
    rows: int
    options: Options
    role: str
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A value for the whole file."""

    field: str
    fixed: Fixed
    value: str

    @property
    def input_type(self) -> str:
        """What kind of input takes it."""
        return "date" if self.fixed.kind is Kind.DATE else "text"


class Matching:
    """The page's form. `sample` is what the job kept of the file (`Batch.sample`); `start` the mapping to
    begin with; `post` what was filled in, if anything was."""

    def __init__(
        self,
        target: Target,
        sample: AnyMapping[str, Any],
        start: Mapping | None = None,
        post: AnyMapping[str, str] | None = None,
    ) -> None:
        self.target = target
        self.header: list[str] = sample["header"]
        self.rows: int = sample["rows"]
        self.dropped: list[str] = sample["dropped"]
        self._sample = sample
        self._suggested = Mapping.of_json(json.dumps(sample["suggested"]))
        self._start = start or self._suggested
        self._post = post

    @property
    def is_sent(self) -> bool:
        """Whether the form was filled in."""
        return self._post is not None

    @cached_property
    def mapping(self) -> Mapping:
        """What the fields say."""
        columns = tuple((column.header, self._role_of(column)) for column in self.columns)
        codes = tuple((row.code, row.role) for row in self.codes if row.role)
        values = tuple((value.fixed.name, value.value) for value in self.whole_file)
        return Mapping(columns, codes, values)

    @cached_property
    def columns(self) -> list[SourceColumn]:
        """The file's columns in their order."""
        return [self._column(place, header) for place, header in enumerate(self.header)]

    @property
    def recognised(self) -> list[SourceColumn]:
        """Columns that are given a role, or were suggested one."""
        return [column for column in self.columns if column.role or column.is_suggested]

    @property
    def others(self) -> list[SourceColumn]:
        """All other columns."""
        return [column for column in self.columns if not column.role and not column.is_suggested]

    @cached_property
    def codes(self) -> list[CodeRow]:
        """The values of the code column, the most frequent first; none without such a column."""
        header = self.code_column
        found = self._sample["distinct"].get(header, {}) if header else {}
        ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [self._code(place, code, rows) for place, (code, rows) in enumerate(ranked) if code]

    @property
    def code_column(self) -> str:
        """The column whose values are sorted, empty if there is none."""
        chosen = (c.header for c in self.columns if c.role == self.target.code_column)
        return next(chosen, "")

    @cached_property
    def whole_file(self) -> list[WholeFile]:
        """The values for the whole file."""
        start = dict(self._start.fixed)
        return [
            WholeFile(
                f"fixed-{fixed.name}",
                fixed,
                self._read(f"fixed-{fixed.name}", start.get(fixed.name, ""))[:LONGEST_NAME],
            )
            for fixed in self.target.fixed
        ]

    @property
    def needed_values(self) -> list[WholeFile]:
        """Values that no column gives, and those that were typed."""
        return [value for value in self.whole_file if self._is_needed(value)]

    @property
    def other_values(self) -> list[WholeFile]:
        """Values that are seldom typed."""
        return [value for value in self.whole_file if not self._is_needed(value)]

    @property
    def must_sort(self) -> bool:
        """Whether every value of the code column must be something."""
        return self.target.sorts(self.mapping)

    @property
    def placed_gaps(self) -> list[tuple[str, Gap]]:
        """What is missing, with the id of the field to go to."""
        return [(self._place_of(gap), gap) for gap in self.gaps]

    @cached_property
    def gaps(self) -> list[Gap]:
        """What is still missing or contradictory."""
        gaps = problems_of(self.target, self.mapping, None)
        return [*gaps, self._unsorted_codes] if self._unsorted_codes else gaps

    @cached_property
    def _unsorted_codes(self) -> Gap | None:
        unsorted = [row.code for row in self._unsorted]
        if not unsorted or not self.must_sort:
            return None
        named = ", ".join(unsorted[:5]) + (" and others" if len(unsorted) > 5 else "")
        return Gap(
            f"Nobody has said yet what these are: {named}.",
            f"Choose what each value of {self.code_column} is.",
            self.code_column,
        )

    @property
    def _unsorted(self) -> list[CodeRow]:
        return [row for row in self.codes if not row.role]

    def _place_of(self, gap: Gap) -> str:
        """Where to put something right: its column, the value for the whole file, or columns not used yet."""
        if gap == self._unsorted_codes:
            return self._unsorted[0].field
        of_column = [column.field for column in self.columns if column.header == gap.column]
        quoted = gap.text + gap.fix
        of_value = [
            value.field
            for value in self.whole_file
            if value.fixed.name == gap.missing or f"“{value.fixed.label}”" in quoted
        ]
        unused = [column.field for column in self.others]
        return next(iter((*of_column, *of_value, *unused)), "")

    def _is_needed(self, value: WholeFile) -> bool:
        is_a_column = self.target.role(value.fixed.name) is not None
        return bool(value.value) or (is_a_column and not self.mapping.headers(value.fixed.name))

    def _column(self, place: int, header: str) -> SourceColumn:
        suggested = dict(self._suggested.columns).get(header, "")
        role, name = _split(dict(self._start.columns).get(header, ""), self.target)
        role = self._read(f"role-{place}", role)
        options = self.target.options()
        if role not in _values(options):
            role = ""
        is_named = role.endswith(":")
        return SourceColumn(
            field=f"role-{place}",
            header=header,
            values=self._sample["values"].get(header, ()),
            options=options,
            role=role,
            name=self._read(f"name-{place}", name).strip()[:LONGEST_NAME] if is_named else "",
            is_suggested=bool(suggested) and _split(suggested, self.target)[0] == role,
            is_named=is_named,
        )

    def _code(self, place: int, code: str, rows: int) -> CodeRow:
        options = self.target.code_options(code)
        suggested = dict(self._suggested.codes).get(code, "")
        role = self._read(f"code-{place}", dict(self._start.codes).get(code, ""))
        role = _split(role, self.target)[0] if role not in _values(options) else role
        return CodeRow(
            f"code-{place}",
            code,
            rows,
            options,
            role if role in _values(options) else "",
            bool(suggested) and role == suggested,
        )

    def _role_of(self, column: SourceColumn) -> str:
        return column.role + column.name if column.is_named else column.role

    def _read(self, field: str, default: str) -> str:
        return default if self._post is None else self._post.get(field, default)


def _split(role: str, target: Target) -> tuple[str, str]:
    """The option of a role, and the name somebody gave it: `benefit:health` is `benefit:`, `health`."""
    code, colon, rest = role.partition(":")
    found = target.role(role) or target.code_role(role)
    if colon and found is not None and found.is_named:
        return f"{code}:", rest
    return role, ""


def _values(options: Options) -> set[str]:
    return {value for _, offered in options for value, _ in offered}
