"""CSV text into a table: delimiter, title, quotation marks, row lengths."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from itertools import chain, compress, islice, repeat

from portal.kernel.findings import Finding
from portal.kernel.tabular.by_column import ByColumn
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.encoding import decoded
from portal.kernel.tabular.header import (
    ROWS_SEARCHED,
    about_title,
    about_totals,
    header_at,
    is_total,
)
from portal.kernel.tabular.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    FileRefused,
    Found,
    Recognise,
    Table,
    is_blank,
)

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
LINES_OF_A_TITLE = 20
_LEFT_OUT = "(left out)"


def read_delimited(content: bytes, recognise: Recognise | None = None) -> Found:
    """The table of a CSV file; raises FileRefused. Rows count as a spreadsheet numbers them."""
    text, findings = decoded(content)
    delimiter, skipped = _delimiter(text, LINES_OF_A_TITLE if recognise else 1)
    records = _records(text, delimiter)
    for _ in range(skipped):
        next(records)
    outside: dict[int, list[str]] = {}
    if recognise:
        number, header, records = _below_title(records, recognise, outside)
    else:
        number, header = next(((n, r) for n, r in records if any(map(str.strip, r))), (0, []))
    unnamed = len(header)
    while header and not header[-1].strip():
        header.pop()
    unnamed -= len(header)
    if not header:
        raise FileRefused(FILE_FINDINGS.finding("file_empty"))
    if not recognise and sum(map(bool, header)) == 1:
        records = _without_title(records)
    if len(header) > MAX_COLUMNS:
        raise FileRefused(FILE_FINDINGS.finding("too_many_columns"))
    if len(header) == 1 and header[0].count("|") > 1:
        raise FileRefused(FILE_FINDINGS.finding("unknown_delimiter", row=number))
    findings += about_title(number, len(outside))
    if delimiter != ",":
        name = _DELIMITERS[delimiter]
        findings.append(FILE_FINDINGS.finding("other_delimiter", row=number, delimiter=name))
    table = None
    if number == 1 and not unnamed:
        table = _plain_table(text, delimiter, header)
    if table is None:
        table = _table(header, unnamed, records, findings, outside, passes_totals=bool(recognise))
    return Found(table, number, findings, outside)


def without_columns(content: bytes, found: Found, gone: Collection[int]) -> bytes:
    """The same file without some columns, every row in its place.

    What cannot be told apart into columns goes too: a row of another length stays one, and says
    only that.
    """
    text, _ = decoded(content)
    delimiter, skipped = _delimiter(text, LINES_OF_A_TITLE)
    width = len(found.table.header)
    kept = [place not in gone for place in range(width)]
    data = {found.header_row, *found.table.numbers}
    # One value too many for the longest row that fits.
    longest = max((len(row) for n, row in _records(text, delimiter) if n == found.header_row))
    left_out = [_LEFT_OUT] * (sum(kept) + longest - width + 1)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for number, record in _records(text, delimiter):
        if number <= skipped or not any(map(str.strip, record)):
            writer.writerow([])
        elif number in data:
            writer.writerow([*compress(record, kept), *record[width:]])
        elif number < found.header_row:
            writer.writerow(record)
        else:
            writer.writerow(record[:1] if is_total(record) else left_out)
    return out.getvalue().encode()


def _below_title(
    records: Iterator[tuple[int, list[str]]], recognise: Recognise, outside: dict[int, list[str]]
) -> tuple[int, list[str], Iterator[tuple[int, list[str]]]]:
    """The header and the records below it; the rows above it go `outside`."""
    filled = ((n, record) for n, record in records if any(map(str.strip, record)))
    first = list(islice(filled, ROWS_SEARCHED))
    if not first:
        return 0, [], records
    place = header_at([record for _, record in first], recognise)
    outside.update(first[:place])
    number, header = first[place]
    return number, list(header), chain(first[place + 1 :], records)


def _plain_table(text: str, delimiter: str, header: list[str]) -> Table | None:
    """The table of a file without anything a CSV reader is needed for; None for every other file.

    No quotation marks, every line of the header's length, none blank, no total: such text is cut at its
    delimiters, many times as fast.
    """
    if '"' in text:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if "\r" in text:
        return None
    _, _, body = text.removesuffix("\n").partition("\n")
    lines = body.split("\n")
    width = len(header)
    if len(lines) > MAX_ROWS or max(map(len, lines)) >= csv.field_size_limit():
        return None
    if set(map(str.count, lines, repeat(delimiter))) != {width - 1}:
        return None
    cells = body.replace("\n", delimiter).split(delimiter)
    rows = ByColumn([cells[place::width] for place in range(width)])
    if not all(map(str.strip, rows.distinct(0))):  # type: ignore[arg-type]  # all are text
        return None
    return Table(_tidy(header), rows, list(range(2, len(lines) + 2)))


def _table(
    header: list[str],
    unnamed: int,
    records: Iterator[tuple[int, list[str]]],
    findings: list[Finding],
    outside: dict[int, list[str]],
    *,
    passes_totals: bool,
) -> Table:
    """The rows of the header's length, which may end in `unnamed` columns that are blank.

    Nothing else is cut off a long row: with `2,780.00` and a blank last column it would only look
    as if it had the right length, its values in the wrong columns.
    """
    rows: list[list[str]] = []
    numbers: list[int] = []
    totals: list[int] = []
    width = len(header)
    for number, record in records:
        if not (record and record[0].strip()) and not any(map(str.strip, record)):
            continue
        if len(numbers) + len(outside) >= MAX_ROWS:
            raise FileRefused(FILE_FINDINGS.finding("too_many_rows"))
        if unnamed and len(record) == width + unnamed and all(map(is_blank, record[width:])):
            del record[width:]
        if len(record) == width:
            rows.append(record)
            numbers.append(number)
            continue
        outside[number] = record
        if passes_totals and is_total([*record, ""]):
            totals.append(number)
        else:
            findings.append(
                FILE_FINDINGS.finding("row_length", row=number, count=len(record), wanted=width)
            )
    findings += about_totals(totals)
    return Table(_tidy(header), rows, numbers)


def _tidy(header: list[str]) -> tuple[str, ...]:
    return tuple(name.strip(" \t\r\n\ufeff") for name in header)


def _without_title(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The records again; raises FileRefused when they show that the first row was only a title."""
    first = list(islice(records, LINES_OF_A_TITLE))
    for number, record in first:
        if sum(map(bool, record)) > 1:
            raise FileRefused(FILE_FINDINGS.finding("header_not_first", row=number))
    return chain(first, records)


def _delimiter(text: str, lines_searched: int) -> tuple[str, int]:
    """The delimiter and how many lines to skip: Excel may announce it in a first line `sep=;`."""
    start = text[:6].rstrip("\r\n").lower()
    if start.startswith("sep=") and start[4:] in _DELIMITERS:
        return start[4:], 1
    lines = (line for line in io.StringIO(text, newline="") if line.strip())
    # A title has fewer of them than the header below it.
    searched = list(islice(lines, lines_searched))
    return max(
        _DELIMITERS, key=lambda mark: max((line.count(mark) for line in searched), default=0)
    ), 0


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            yield number, record
    except csv.Error:
        raise FileRefused(FILE_FINDINGS.finding("file_quotes", row=number + 1)) from None
