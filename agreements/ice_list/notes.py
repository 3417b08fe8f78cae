"""Findings while a list is read: one each where a person must look, one together for what is folded."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from agreements.ice_list.catalogue import ICE_FINDINGS
from portal.kernel.findings import Finding
from portal.kernel.tabular import limit_findings
from portal.kernel.tabular.table import show

_EXAMPLES = 5


class Notes:
    """Collects what is found in a list."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._folded: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)

    def add(self, code: str, row: int | None = None, value: str = "", **facts: Any) -> None:
        """A finding of its own."""
        self._findings.append(ICE_FINDINGS.finding(code, row=row, value=show(value), **facts))

    def keep(self, finding: Finding) -> None:
        """A finding that the file's reader made."""
        self._findings.append(finding)

    def fold(self, code: str, column: str, written: str = "", meant: str = "") -> None:
        """One more of a kind that is told once, with a count and the first different examples."""
        self._folded[code, column].append((written, meant))

    def all(self) -> tuple[Finding, ...]:
        """Everything found, in the order of the rows; what is told together stands first."""
        together = (
            ICE_FINDINGS.finding(
                code,
                column=column,
                count=f"{len(cases):,}",
                examples=_examples(cases),
            )
            for (code, column), cases in sorted(self._folded.items())
        )
        return tuple(limit_findings(ICE_FINDINGS, [*together, *self._findings]))


def _examples(cases: list[tuple[str, str]]) -> str:
    different = list(dict.fromkeys(cases))
    shown = ", ".join(f"“{show(written)}” as {meant}" for written, meant in different[:_EXAMPLES])
    return f"{shown} and others" if len(different) > _EXAMPLES else shown
