"""Findings: what a check has to say about a file, as data.

Parsers and checks never raise on what a person sent. They return findings, each with a stable code from
a catalogue that also feeds pages, files, API and documentation.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


class Severity(enum.StrEnum):
    """`error` blocks, `warning` wants a justification, `notice` informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"

    def __reduce_ex__(self, _protocol: object) -> tuple[type[Severity], tuple[str]]:
        # Some releases of Python 3.11 would have `getattr` called, which `tabular.apart` lets nobody do.
        return type(self), (self.value,)


@dataclass(frozen=True, slots=True)
class Kind:
    """One entry of a catalogue: what a code means, in words for the person who must act.

    `message` and `fix` are format strings over the finding's facts; `why` says why it matters. `about`
    names the facts that make two findings of one officer the same, whatever file and row they are in.
    """

    code: str
    severity: Severity
    title: str
    message: str
    fix: str
    why: str = ""
    about: tuple[str, ...] = ("column", "value")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one file. `row` is the row number in the file, 1 being its first line.

    `dollars` is what the row asks for, or the difference in question. `about` is what was found without
    file, row and words: a later file with the same facts says the same thing again.
    """

    code: str
    severity: Severity
    message: str
    fix: str
    row: int | None = None
    column: str = ""
    value: str = ""
    expected: str = ""
    dollars: str = ""
    officer_id: str = ""
    ext: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()


class Catalogue:
    """The findings one kind of file can have, by code."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds: dict[str, Kind] = {}
        for kind in kinds:
            if kind.code in self.kinds:
                raise ValueError(f"finding {kind.code} is defined twice")
            self.kinds[kind.code] = kind

    def finding(
        self,
        code: str,
        *,
        row: int | None = None,
        column: str = "",
        value: str = "",
        expected: str = "",
        dollars: str = "",
        officer_id: str = "",
        ext: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> Finding:
        """A finding of kind `code`, its words filled in from the facts."""
        kind = self.kinds[code]
        known = {"row": row, "column": column, "value": value, "expected": expected}
        words = {**known, "dollars": dollars, "officer_id": officer_id, **facts}
        return Finding(
            code=code,
            severity=kind.severity,
            message=kind.message.format(**words),
            fix=kind.fix.format(**words),
            row=row,
            column=column,
            value=value,
            expected=expected,
            dollars=dollars,
            officer_id=officer_id,
            ext=dict(ext or {}),
            about=tuple(str(words[name]) for name in kind.about),
        )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether anything found blocks the file."""
    return any(finding.severity is Severity.ERROR for finding in findings)
