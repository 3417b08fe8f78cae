"""A workbook is kept as it was sent only if nothing in it, seen or unseen, looks like a personal number."""

from __future__ import annotations

import re
from collections.abc import Callable

import openpyxl.comments
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from portal.kernel.tabular import read_table
from portal.kernel.tabular.sensitive import NEVER_KEPT
from tests.kernel.hostile.outcomes import read
from tests.kernel.hostile.test_workbooks import NAMES, ROW, book, parts_changed
from tests.kernel.test_tabular_xlsx import edited

SSN = "123-45-6789"


def comment(sheet: Worksheet) -> None:
    sheet["A2"].comment = openpyxl.comments.Comment(f"Is {SSN} hers?", "Payroll")


def author(sheet: Worksheet) -> None:
    sheet["A2"].comment = openpyxl.comments.Comment("Checked.", f"Ana {SSN}")


def instructions(sheet: Worksheet) -> None:
    sheet.parent.create_sheet("Instructions")["B7"] = f"Ask {SSN}."


def sheet_name(sheet: Worksheet) -> None:
    sheet.title = SSN


def properties(sheet: Worksheet) -> None:
    sheet.parent.properties.keywords = "A123456789"


def link(sheet: Worksheet) -> None:
    sheet["A2"].hyperlink = f"https://example.org/{SSN}"


@pytest.mark.parametrize("change", [comment, author, instructions, sheet_name, properties, link])
def test_a_number_outside_the_table_is_an_error_and_not_repeated(
    change: Callable[[Worksheet], None],
) -> None:
    reading = read(book(change=change))
    assert [finding.code for finding in reading.findings if finding.code in NEVER_KEPT]
    assert not re.search("6789", str(reading.findings))


@pytest.mark.parametrize(
    "part",
    [
        f"<comments><comment><t>{SSN}</t></comment></comments>",
        "<comments><r><t>123-</t></r><r><rPr><b/><sz val='9'/></rPr><t>45-6789</t></r></comments>",
        "<a:p><a:r><a:rPr lang='en'/><a:t>123-4</a:t></a:r><a:r><a:t>5-6789</a:t></a:r></a:p>",
        "<t>123&#45;45&#x2D;6789</t>",
        "<si><t>123-45</t><t>-6789</t></si>",
        "<r><t>123-45</t></r><rPh sb='0' eb='1'><t>x</t></rPh><r><t>-6789</t></r>",
        "<t><![CDATA[123-45]]>-6789</t>",
        "<t>123-45<!-- so\n it is -->-6789</t>",
        f'<r><s v="{SSN}"/></r>',
        "<t>A-123-456-789</t>",
        "<t>a# 123456789</t>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_every_way_to_write_it_is_found(part: str, encoding: str) -> None:
    added = edited(book(), {"docProps/custom.xml": lambda _: part.encode(encoding)})
    codes = {finding.code for finding in read(added).findings}
    assert codes & {"looks_like_ssn", "looks_like_alien_number"}


def test_a_stored_value_behind_a_formula_is_found() -> None:
    def change(name: str, part: bytes) -> bytes:
        cell = f'<c r="D3" t="str"><f>A1</f><v>{SSN}</v></c>'
        row = f'<row r="3">{cell}</row></sheetData>'.encode()
        return part.replace(b"</sheetData>", row) if "worksheets/" in name else part

    codes = {finding.code for finding in read(parts_changed(book(), change)).findings}
    assert "looks_like_ssn" in codes


@pytest.mark.parametrize(
    "part",
    [
        "<a>{A1234567-1234-12AB-A123-A12345678901}</a>",
        "<dcterms:created>2025-10-31T10:00:00Z</dcterms:created><v>16.0300</v>",
        '<c r="A12"><v>123</v></c><c r="A123"><v>45.6789</v></c>',
        "<si><t>123-</t></si><si><t>45-6789</t></si>",
        '<a rgb="FFA123456789"/>',
    ],
)
def test_what_workbooks_are_full_of_is_no_personal_number(part: str) -> None:
    content = edited(book(), {"docProps/custom.xml": lambda _: part.encode()})
    assert read(content).findings == []


def test_how_numbers_look_is_nobodys_number() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C2"].number_format = "000-00-0000"

    assert read(book(change=change)).findings == []


@pytest.mark.parametrize(
    "look",
    [
        "000-00-0000",
        r"000\-00\-0000",
        '000"-"00"-"0000',
        "[$-409]000-00-0000",
        r"[<=999999999]000\-00\-0000;@",
        "###-##-####",
    ],
)
@pytest.mark.parametrize("number", [123456789, 1010001])
def test_a_number_that_is_shown_as_a_social_security_number_is_one(look: str, number: int) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].value, sheet["A2"].number_format = number, look

    findings = read(book(change=change)).findings
    assert [(f.code, f.row, f.column) for f in findings] == [("looks_like_ssn", 2, NAMES[0])]
    assert not re.search("6789|0001", str(findings))


@pytest.mark.parametrize("number", [0, 42, 999_999, 10**9, -123456789])
def test_what_is_too_short_or_too_long_for_one_is_a_number(number: int) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].value, sheet["A2"].number_format = number, "000-00-0000"

    assert read(book(change=change)).findings == []


def test_in_a_column_that_is_dropped_it_goes_with_the_column() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["E2"].number_format = "000-00-0000"

    reading = read(book([*NAMES, "SSN"], [*ROW, 123456789], change=change))
    assert [finding.code for finding in reading.findings] == ["sensitive_column_dropped"]
    assert reading.reduced is not None
    assert b"6789" not in reading.reduced


def test_a_reduced_workbook_leaves_all_that_behind() -> None:
    content = book(
        [*NAMES, "SSN"], [*ROW, SSN], change=lambda sheet: (comment(sheet), author(sheet))
    )
    reading = read(content)
    assert [finding.code for finding in reading.findings] == ["sensitive_column_dropped"]
    assert reading.reduced is not None
    assert read_table(reading.reduced).findings == []


def test_hidden_rows_are_told_of_again_when_the_reduced_workbook_is_read() -> None:
    def hide(sheet: Worksheet) -> None:
        for row in (2, 5):
            sheet.row_dimensions[row].hidden = True

    reading = read(book([*NAMES, "SSN"], [*ROW, SSN], [*ROW, SSN], change=hide))
    assert reading.reduced is not None
    again = read(reading.reduced)
    assert again.table == reading.table
    told = [f.message for f in reading.findings if f.code == "hidden_rows"]
    assert told == [f.message for f in again.findings] != []
