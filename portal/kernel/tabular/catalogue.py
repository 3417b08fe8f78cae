"""What can be wrong with any file, whatever it is about: the part all catalogues share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from portal.kernel.findings import Catalogue, Finding
from portal.kernel.tabular.file_kinds import FORM_KINDS
from portal.kernel.tabular.header_kinds import HEADER_KINDS
from portal.kernel.tabular.value_kinds import VALUE_KINDS

FILE_KINDS = FORM_KINDS + HEADER_KINDS + VALUE_KINDS
FILE_FINDINGS = Catalogue(FILE_KINDS)

LISTED_OF_ONE_KIND = 500


def limit_findings(
    catalogue: Catalogue,
    findings: Iterable[Finding],
    unexplained: Mapping[tuple[str, str], int] = MappingProxyType({}),
) -> list[Finding]:
    """Findings in row order, at most 500 of one code and column; a notice counts the others.

    `unexplained` are further ones that were only counted, by code and column.
    """
    seen: Counter[tuple[str, str]] = Counter()
    listed: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: finding.row or 0):
        seen[finding.code, finding.column] += 1
        if seen[finding.code, finding.column] <= LISTED_OF_ONE_KIND:
            listed.append(finding)
    for (code, column), count in (seen + Counter(unexplained)).items():
        hidden = count - min(seen[code, column], LISTED_OF_ONE_KIND)
        if hidden:
            listed.append(
                catalogue.finding(
                    "more_of_the_same",
                    column=column,
                    count=f"{hidden:,}",
                    title=catalogue.kinds[code].title,
                    where=f" in {column}" if column else "",
                )
            )
    return listed
