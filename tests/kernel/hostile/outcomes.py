"""How a file fares: read as a file of officers and pay, with the one word `docs/reading.md` uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from portal.kernel.findings import Severity
from portal.kernel.tabular import Column, ColumnReader, Layout, Reading, read_table
from portal.kernel.tabular.layout import Kind, normal

LAYOUT = Layout(
    "hostile",
    "Hostile",
    (
        Column("officer_id", Kind.ID, "", "0042", required="yes"),
        Column("paid_on", Kind.DATE, "", "2025-10-31", required="yes"),
        Column("regular_pay", Kind.MONEY, "", "1234.50", required="yes"),
        Column("last_name", Kind.TEXT, "", "Reyes", blank="unknown"),
    ),
)
HEADER = "officer_id,paid_on,regular_pay,last_name"
ROW = "0042,2025-10-31,2780.50,Reyes"
_KNOWN = {normal(column.name) for column in LAYOUT.columns}


class Outcome(NamedTuple):
    """`accepted`, `told` (accepted with a notice), `rows` (errors by row) or `refused`; the codes."""

    word: str
    codes: set[str]
    ids: list[str]


def recognise(row: Sequence[str]) -> int:
    return sum(normal(name) in _KNOWN for name in row)


def read(content: bytes) -> Reading:
    return read_table(content, recognise=recognise, drop_sensitive=True)


def outcome(content: bytes) -> Outcome:
    """What becomes of the file; checks that every finding says what to do and shows no number."""
    reading = read(content)
    findings = list(reading.findings)
    ids: list[str] = []
    unusable = reading.table is None
    if reading.table is not None:
        matched, about_header = LAYOUT.match(reading.table)
        findings += about_header
        unusable = matched.is_unusable
        if not unusable:
            reader = ColumnReader(matched)
            reader.dates("paid_on")
            reader.money("regular_pay")
            reader.texts("last_name")
            findings += reader.findings
            ids = reader.ids
    for finding in findings:
        assert finding.message
        assert finding.fix
        assert "123-45-6789" not in f"{finding}"
        assert "123456789" not in f"{finding}"
    codes = {finding.code for finding in findings}
    if unusable:
        return Outcome("refused", codes, ids)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Outcome("rows", codes, ids)
    return Outcome("told" if findings else "accepted", codes, ids)


def text(*lines: str, end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()
