"""A workbook written again without some of its columns: what is kept in the place of what was sent.

Written by hand, not with a library: cells keep their kind (text stays text, whatever it begins
with), and a large sheet takes seconds.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from itertools import compress

from portal.kernel.tabular.archive import read_parts
from portal.kernel.tabular.table import Cell, Found, Odd, column_name
from portal.kernel.tabular.workbook import Area, cells_of, hidden_rows, only_sheet

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    # Cell formats by number: 1 a day, 2 a day with time, 3 a time of day.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/>'
    '<xf numFmtId="21" applyNumberFormat="1"/></cellXfs></styleSheet>',
}
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no time zone
_DAY_SECONDS = 86_400
_HIDDEN = ' hidden="1"'
# `_x0041_` in a workbook is the letter A.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What each kind of cell without a value is again, when the new workbook is read.
_ODD = {
    "formula": "<c{at}><f>NA()</f></c>",
    "error": '<c{at} t="e"><v>#N/A</v></c>',
    "a true/false value": '<c{at} t="b"><v>1</v></c>',
    "a time of day": '<c{at} s="3"><v>0.5</v></c>',
    "a day before March 1900": '<c{at} s="1"><v>1</v></c>',
}


def workbook_without(content: bytes, found: Found, gone: Collection[int]) -> bytes:
    """A workbook of the sheet with data alone, without some columns, every row in its place."""
    sheet = only_sheet(read_parts(content))
    rows, merged = cells_of(sheet)
    kept = [place not in gone for place in range(max(map(len, rows), default=0))]
    # Rows above the header have no columns yet.
    rows = [
        list(compress(row, kept)) if number >= found.header_row else row
        for number, row in enumerate(rows, start=1)
    ]
    data = _data(rows, hidden_rows(sheet.xml))
    parts = {
        **_PARTS,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{data}'
        f"</sheetData>{_merged(merged, kept, found.header_row)}</worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            # The same content gives the same bytes on every day.
            entry = zipfile.ZipInfo(name)
            archive.writestr(entry, (_HEAD + part).encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _data(rows: Sequence[Sequence[Cell]], hidden: Iterable[int]) -> str:
    """The rows that hold something; one that was hidden stays so, and is told of again."""
    letters = [column_name(number) for number in range(1, max(map(len, rows), default=0) + 1)]
    written = {
        number: "".join(
            _cell(cell, f' r="{letter}{number}"')
            for letter, cell in zip(letters, row, strict=False)
            if cell != ""
        )
        for number, row in enumerate(rows, start=1)
    }
    unseen = {number for number in hidden if number}
    return "".join(
        f'<row r="{number}"{_HIDDEN if number in unseen else ""}>{cells}</row>'
        for number, cells in sorted((dict.fromkeys(unseen, "") | written).items())
        if cells or number in unseen
    )


def _cell(cell: Cell, at: str) -> str:
    if isinstance(cell, str):
        return f'<c{at} t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'
    if isinstance(cell, Odd):
        return _ODD.get(cell.what, _ODD["error"]).format(at=at)
    if isinstance(cell, datetime):
        seconds = (cell - _DAY_ZERO).total_seconds()
        return f'<c{at} s="2"><v>{seconds / _DAY_SECONDS!r}</v></c>'
    if isinstance(cell, date):
        days = (datetime.combine(cell, time()) - _DAY_ZERO).days
        return f'<c{at} s="1"><v>{days}</v></c>'
    return f"<c{at}><v>{cell!r}</v></c>"


def _merged(areas: Sequence[Area], kept: Sequence[bool], header_row: int) -> str:
    """Areas that are still more than one cell."""
    left_of = [0]
    for is_kept in kept:
        left_of.append(left_of[-1] + is_kept)
    references = []
    for (top, left), (bottom, right) in areas:
        if top + 1 >= header_row:
            left, right = left_of[min(left, len(kept))], left_of[min(right + 1, len(kept))] - 1
        if right >= left and (top, left) != (bottom, right):
            first, last = (
                f"{column_name(left + 1)}{top + 1}",
                f"{column_name(right + 1)}{bottom + 1}",
            )
            references.append(f'<mergeCell ref="{first}:{last}"/>')
    return f"<mergeCells>{''.join(references)}</mergeCells>" if references else ""


def _text(text: str) -> str:
    plain = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", _ESCAPE.sub("_x005F_", text))
    return html.escape(plain, quote=False).replace("\r", "&#13;")
