"""Which kind of file a header belongs to: people send the right file to the wrong page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.kernel.findings import Finding
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.layout import normal


@dataclass(frozen=True, slots=True)
class KindOfFile:
    """A kind of file as a sentence calls it, and the columns that no other kind has."""

    words: str
    columns: tuple[str, ...]

    def check(self, header: Sequence[str], others: Iterable[KindOfFile]) -> list[Finding]:
        """One error when the header has two columns or more of another kind and none of this one."""
        names = {normal(name) for name in header}
        if any(normal(name) in names for name in self.columns):
            return []
        for other in others:
            found = [name for name in other.columns if normal(name) in names]
            if len(found) > 1:
                return [
                    FILE_FINDINGS.finding(
                        "wrong_kind_of_file",
                        columns=", ".join(found),
                        other=other.words,
                        wanted=self.words,
                    )
                ]
        return []
