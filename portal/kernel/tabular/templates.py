"""Downloadable templates, made from the same layout the validator reads."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from portal.kernel.tabular.export import write_csv
from portal.kernel.tabular.layout import ColumnDoc, Kind, Layout
from portal.kernel.tabular.workbook import HELP_SHEET

_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.MONEY: "0.00", Kind.HOURS: "0.00##"}
_TEXT = "@"
_WIDE = 60


def template_csv(layout: Layout) -> bytes:
    """The CSV template: the header alone."""
    return write_csv(layout.template_header(), [])


def template_xlsx(layout: Layout) -> bytes:
    """The Excel template: the header, columns formatted (identifiers as text), and instructions."""
    book = Workbook()
    sheet = book.active
    sheet.title = layout.title[:31]
    sheet.append(layout.template_header())
    sheet.freeze_panes = "A2"
    for number, (_, column) in enumerate(layout.template_columns(), start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = _FORMATS.get(column.kind, _TEXT)
        sheet.column_dimensions[letter].width = 22
        sheet.cell(1, number).font = Font(bold=True)
        sheet.cell(1, number).number_format = _TEXT
    _add_instructions(book, layout)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_instructions(book: Workbook, layout: Layout) -> None:
    sheet = book.create_sheet(HELP_SHEET)
    sheet.append([field.capitalize() for field in ColumnDoc._fields])
    for line in layout.documentation():
        sheet.append(list(line))
    for number in range(1, len(ColumnDoc._fields) + 1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = 24
    sheet.column_dimensions[get_column_letter(ColumnDoc._fields.index("help") + 1)].width = _WIDE
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = _TEXT
