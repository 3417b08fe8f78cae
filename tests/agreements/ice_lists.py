"""Workbooks made as ICE makes them, for the tests of its lists."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from agreements.ice_list import IceList, IceRow, read_ice_list

HEADER = [
    "STATE",
    "LAW ENFORCEMENT AGENCY",
    "TYPE",
    "COUNTY",
    "SUPPORT TYPE",
    "SIGNED",
    "MOA",
    "ADDENDUM",
]
ROW = [
    "TEXAS",
    "Garza County Sheriff's Office",
    "County",
    "Garza County",
    "Task Force Model",
    date(2025, 6, 25),
    "link",
    None,
]
TODAY = date(2025, 12, 1)
SAVED = datetime(2025, 9, 2, 20, 5, tzinfo=UTC)
NAME = "participatingAgencies09022025pm.xlsx"


def book(
    *rows: list[object],
    header: list[str] | None = None,
    change: Callable[[Worksheet], None] | None = None,
    saved_at: datetime = SAVED,
) -> bytes:
    workbook = openpyxl.Workbook()
    for row in [HEADER if header is None else header, *rows]:
        workbook.active.append(row)
    if change:
        change(workbook.active)
    workbook.save(out := io.BytesIO())
    return saved(out.getvalue(), saved_at)


def saved(content: bytes, saved_at: datetime) -> bytes:
    """The workbook as saved at another instant: openpyxl writes its own clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                stamp = saved_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            new.writestr(name, part)
    return out.getvalue()


def row(**values: object) -> list[object]:
    """A row of a list, with some cells otherwise: `state`, `agency`, `type`, `county`, …"""
    names = ("state", "agency", "type", "county", "model", "signed", "moa", "addendum")
    assert set(values) <= set(names)
    return [values.get(name, cell) for name, cell in zip(names, ROW, strict=True)]


def read(*rows: list[object], filename: str = NAME, **how: object) -> IceList:
    return read_ice_list(book(*rows, **how), filename, today=TODAY)


def codes(ice_list: IceList) -> list[str]:
    return [finding.code for finding in ice_list.findings]


def only(ice_list: IceList) -> IceRow:
    (one,) = ice_list.rows
    return one


def linked(*addresses: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for number, address in enumerate(addresses, start=2):
            sheet.cell(number, 7).hyperlink = address

    return change


LINK = "https://www.ice.gov/doclib/287gMOA/GarzaCoSOTX_TFM_MOA_06252025.pdf"
