"""The door for files and JSON rows: what it really is, whatever its name says; then its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from portal.kernel.collector import collector_paused
from portal.kernel.findings import Finding, has_errors
from portal.kernel.tabular.by_column import ByColumn, by_column
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.delimited import read_delimited
from portal.kernel.tabular.delimited import without_columns as text_without
from portal.kernel.tabular.header import tidied
from portal.kernel.tabular.markup import personal_numbers_in_parts
from portal.kernel.tabular.rewriting import workbook_without
from portal.kernel.tabular.sensitive import (
    forbidden,
    personal_numbers,
    personal_numbers_outside,
    sensitive_columns,
    without_sensitive,
)
from portal.kernel.tabular.table import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    FileRefused,
    Found,
    Odd,
    Recognise,
    Table,
    show,
)
from portal.kernel.tabular.workbook import read_workbook

_SAVE_AS = "Save it from Excel as “Excel Workbook (.xlsx)” or “CSV UTF-8”, and send that file."
_EXPORT = "Export the table from your payroll system as CSV or Excel, and send that file."
# What the first bytes of a file give away. Names and types a browser sends are not looked at.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a compressed file (gzip)", "Unpack it and send the file in it."),
    (b"Rar!", "a compressed file (RAR)", "Unpack it and send the file in it."),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7z)", "Unpack it and send the file in it."),
    (b"BZh", "a compressed file (bzip2)", "Unpack it and send the file in it."),
    (b"%PDF", "a PDF document", _EXPORT),
    (b"{\\rtf", "a text document (RTF)", _EXPORT),
    (b"\x7fELF", "a program", _EXPORT),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
    (b"MZ\x90\0", "a program", _EXPORT),
    (b"PAR1", "a Parquet file", _EXPORT),
    (b"SQLite format 3", "a database", _EXPORT),
    (b"\xfd7zXZ", "a compressed file (xz)", "Unpack it and send the file in it."),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)", "Unpack it and send the file in it."),
    (b"ID;PWXL", "an old SYLK file", _SAVE_AS),
    (b"X5O!P%@AP[4", "a test file of virus scanners (EICAR)", _EXPORT),
    (b"<!doctype", "a web page", _SAVE_AS),
    (b"<html", "a web page", _SAVE_AS),
    (b"<?xml", "an XML file", _SAVE_AS),
    (b"<", "a web page or XML file", _SAVE_AS),
    (b"{", "JSON", "Send JSON through the API, or export the table as CSV or Excel."),
    (b"[", "JSON", "Send JSON through the API, or export the table as CSV or Excel."),
)
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Reading(NamedTuple):
    """A table, or None when the file is refused; and what was found on the way.

    `reduced` is the file without its sensitive columns, where some were dropped: read again, it
    gives the same table. It is what may be kept in the file's place.
    """

    table: Table | None
    findings: list[Finding]
    reduced: bytes | None = None


@collector_paused()
def read_table(
    source: bytes | Path,
    *,
    may_be_empty: bool = False,
    recognise: Recognise | None = None,
    drop_sensitive: bool = False,
) -> Reading:
    """Read a CSV file or an Excel workbook. Never raises on its content.

    A header without rows is refused unless it `may_be_empty`. With `recognise` the header may lie
    under titles, and its repetitions and totals are passed over, each with a notice. Sensitive
    columns are an error, or with `drop_sensitive` dropped: then `reduced` is the evidence.
    """
    try:
        content = content_of(source)
        reading = _read(content, recognise, drop_sensitive=drop_sensitive)
    except FileRefused as refusal:
        return Reading(None, [refusal.finding])
    return reading if may_be_empty else _with_rows(reading)


def content_of(source: bytes | Path) -> bytes:
    """The bytes of a file that is not too large; raises FileRefused."""
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > MAX_BYTES:
        raise FileRefused(FILE_FINDINGS.finding("file_too_large"))
    return source.read_bytes() if isinstance(source, Path) else source


def is_workbook(content: bytes) -> bool:
    """Whether a file begins like an Excel workbook (.xlsx)."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


@collector_paused()
def table_from_rows(rows: Sequence[Any], *, drop_sensitive: bool = False) -> Reading:
    """The table of a list of JSON objects: values are text, whole numbers or null, never decimals.

    A decimal number is refused in every column that is read: JSON's are binary fractions in most
    programs, and money must arrive as it was meant. Where sensitive values were dropped,
    `reduced_rows` of the same list is the evidence.
    """
    if len(rows) > MAX_ROWS:
        return Reading(None, [FILE_FINDINGS.finding("too_many_rows")])
    findings = [
        FILE_FINDINGS.finding("row_not_object", row=number)
        for number, row in enumerate(rows, start=1)
        if not isinstance(row, dict)
    ]
    objects = {n: row for n, row in enumerate(rows, start=1) if isinstance(row, dict) and row}
    names: dict[str, None] = {}
    # Nearly all rows have the same names in the same order.
    for names_of_row in dict.fromkeys(map(tuple, objects.values())):
        names.update(dict.fromkeys(names_of_row))
        if len(names) > MAX_COLUMNS:
            return Reading(None, [FILE_FINDINGS.finding("too_many_columns")])
    columns = [_json_column([row.get(name) for row in objects.values()]) for name in names]
    table = Table(tuple(map(str, names)), ByColumn(columns), list(objects))
    permitted, about_columns = _permitted(table, drop_sensitive=drop_sensitive)
    if permitted is None:
        return Reading(None, about_columns)
    return _with_rows(Reading(permitted, findings + about_columns + personal_numbers(permitted)))


def _read(content: bytes, recognise: Recognise | None, *, drop_sensitive: bool) -> Reading:
    found = _found(content, recognise)
    gone = sensitive_columns(found.table.header)
    table, about_columns = _permitted(found.table, drop_sensitive=drop_sensitive)
    if table is None:
        return Reading(None, about_columns)
    reduced = None
    if gone:
        rewrite = workbook_without if is_workbook(content) else text_without
        reduced = rewrite(content, found, gone)
        found = replace(found, table=table)
    # By column once, for all who read the columns after this.
    found = replace(found, table=replace(found.table, rows=by_column(found.table)))
    if recognise:
        found = tidied(found)
    numbers = personal_numbers(found.table) + personal_numbers_outside(found.outside)
    if reduced is None and is_workbook(content) and not numbers:
        numbers = personal_numbers_in_parts(content)
    return Reading(found.table, about_columns + found.findings + numbers, reduced)


def _permitted(table: Table, *, drop_sensitive: bool) -> tuple[Table | None, list[Finding]]:
    """The table without what may not be kept, or none when it has what may not be sent."""
    table, findings = without_sensitive(table) if drop_sensitive else (table, forbidden(table))
    return (None if has_errors(findings) else table), findings


def _found(content: bytes, recognise: Recognise | None) -> Found:
    if is_workbook(content):
        return read_workbook(content, recognise)
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise FileRefused(FILE_FINDINGS.finding("file_has_password"))
        raise _wrong_type("an old Excel file (.xls) or another old Office file", _SAVE_AS)
    start = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start and not content.strip():
        raise FileRefused(FILE_FINDINGS.finding("file_empty"))
    for signature, looks_like, advice in _SIGNATURES:
        if start[: len(signature)].lower() == signature.lower():
            raise _wrong_type(looks_like, advice)
    return read_delimited(content, recognise)


def _with_rows(reading: Reading) -> Reading:
    table, findings, _ = reading
    if table is None or table.rows or has_errors(findings):
        return reading
    return Reading(None, [*findings, FILE_FINDINGS.finding("no_rows")])


def _json_column(values: list[Any]) -> list[Cell]:
    return values if set(map(type, values)) == {str} else list(map(_json_cell, values))


def _json_cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return Odd("true or false")
    if isinstance(value, int):
        return value if abs(value) < 10**15 else Odd(f"the number {show(str(value)[:20])}…")
    return Odd("a decimal number" if isinstance(value, float) else "a list or an object")


def _wrong_type(looks_like: str, advice: str) -> FileRefused:
    return FileRefused(
        FILE_FINDINGS.finding("wrong_file_type", looks_like=looks_like, advice=advice)
    )
