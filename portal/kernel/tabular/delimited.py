"""CSV text into a table: encoding, delimiter, quotation marks, row lengths."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice

from portal.kernel.findings import Finding
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.table import MAX_COLUMNS, MAX_ROWS, FileRefused, Table, is_blank

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
LINES_OF_A_TITLE = 20


def read_delimited(content: bytes) -> tuple[Table, list[Finding]]:
    """The table of a CSV file; raises FileRefused. Rows count as a spreadsheet numbers them."""
    text = _decode(content)
    delimiter, skipped = _delimiter(text)
    records = _records(text, delimiter)
    for _ in range(skipped):
        next(records)
    number, header = next(((n, r) for n, r in records if any(map(str.strip, r))), (0, []))
    unnamed = len(header)
    while header and not header[-1].strip():
        header.pop()
    unnamed -= len(header)
    if not header:
        raise FileRefused(FILE_FINDINGS.finding("file_empty"))
    if sum(map(bool, header)) == 1:
        records = _without_title(records)
    if len(header) > MAX_COLUMNS:
        raise FileRefused(FILE_FINDINGS.finding("too_many_columns"))
    findings = []
    if delimiter != ",":
        name = _DELIMITERS[delimiter]
        findings.append(FILE_FINDINGS.finding("other_delimiter", row=number, delimiter=name))
    return _table(header, unnamed, records, findings), findings


def _table(
    header: list[str],
    unnamed: int,
    records: Iterator[tuple[int, list[str]]],
    findings: list[Finding],
) -> Table:
    """The rows of the header's length, which may end in `unnamed` columns that are blank.

    Nothing else is cut off a long row: with `2,780.00` and a blank last column it would only look
    as if it had the right length, its values in the wrong columns.
    """
    rows: list[list[str]] = []
    numbers: list[int] = []
    width = len(header)
    for number, record in records:
        if not (record and record[0].strip()) and not any(map(str.strip, record)):
            continue
        if len(numbers) + len(findings) >= MAX_ROWS:
            raise FileRefused(FILE_FINDINGS.finding("too_many_rows"))
        if unnamed and len(record) == width + unnamed and all(map(is_blank, record[width:])):
            del record[width:]
        if len(record) == width:
            rows.append(record)
            numbers.append(number)
        else:
            findings.append(
                FILE_FINDINGS.finding("row_length", row=number, count=len(record), wanted=width)
            )
    return Table(tuple(name.strip() for name in header), rows, numbers)


def _without_title(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The records again; raises FileRefused when they show that the first row was only a title."""
    first = list(islice(records, LINES_OF_A_TITLE))
    for number, record in first:
        if sum(map(bool, record)) > 1:
            raise FileRefused(FILE_FINDINGS.finding("header_not_first", row=number))
    return chain(first, records)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(
            FILE_FINDINGS.finding("file_encoding", where=" (it is “Unicode text”, UTF-16)")
        )
    if (position := content.find(b"\0")) >= 0:
        line = _line(content, position)
        raise FileRefused(
            FILE_FINDINGS.finding(
                "file_encoding", row=line, where=f": row {line} holds a zero byte"
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line(content, error.start)
        raise FileRefused(
            FILE_FINDINGS.finding("file_encoding", row=line, where=f", see row {line}")
        ) from None


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter and how many lines to skip: Excel may announce it in a first line `sep=;`."""
    start = text[:6].rstrip("\r\n").lower()
    if start.startswith("sep=") and start[4:] in _DELIMITERS:
        return start[4:], 1
    lines = io.StringIO(text, newline="")
    first = next((line for line in lines if line.strip()), "")
    return max(_DELIMITERS, key=first.count) if first else ",", 0


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            yield number, record
    except csv.Error:
        raise FileRefused(FILE_FINDINGS.finding("file_quotes", row=number + 1)) from None
