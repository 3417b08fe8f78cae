"""Tables out: CSV and XLSX that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from portal.kernel.tabular.table import is_control

Out = str | int | Decimal | date | None

# Full-width forms count too: some programs fold them. Leading blanks are looked through.
_FORMULA_START = re.compile(r"[\s\x00]*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def inert(text: str) -> str:
    """Text that a spreadsheet shows as it is: an apostrophe goes before what it would calculate.

    Plain numbers, also negative ones, stay numbers.
    """
    if _FORMULA_START.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Out]]) -> bytes:
    """A CSV file in UTF-8 with CRLF line ends; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([inert(name) for name in header])
    writer.writerows([[_text(value) for value in row] for row in rows])
    # A lone surrogate has no UTF-8 form; one in an old row must not stop an export.
    return out.getvalue().encode("utf-8", "replace")


def write_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Out]]) -> bytes:
    """An Excel workbook of one sheet; numbers and dates stay what they are, text is always text."""
    # Loaded when one is written: who reads a file, in a process of its own, has no use for it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, _safe(name)) for name in header]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_safe(value) if isinstance(value, str) else value for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(value: Out) -> str:
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else str(value)


def _safe(text: str) -> str:
    """Text a workbook can hold: XML has no control characters."""
    return inert("".join(mark for mark in text if mark in "\t\n" or not is_control(mark)))
