"""CSV files as people really send them: read, read with a notice, or refused with one."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from portal.kernel.tabular import Reading, read_table, table_from_rows
from portal.kernel.tabular.table import MAX_BYTES, MAX_ROWS, Odd


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def rows(reading: Reading) -> list[list[object]]:
    assert reading.table is not None
    return [list(row) for row in reading.table.rows]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,4\n",
        b"a,b\r\n1,2\r\n3,4",
        b"a,b\r1,2\r3,4\r",
        b"a,b\n1,2\r\n3,4\r",
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b"a,b,,\n1,2,,\n3,4,,\n",
        b"a,b,,\n1,2\n3,4,,\n",
        b'"a","b"\n"1","2"\n"3","4"\n',
        b"a,b\n\n1,2\n , \n3,4\n\n\n",
        b"\n\na,b\n1,2\n3,4\n",
    ],
)
def test_every_usual_spelling_of_a_file_gives_the_same_rows(content: bytes) -> None:
    reading = read_table(content)
    assert reading.table is not None
    assert reading.table.header == ("a", "b")
    assert rows(reading) == [["1", "2"], ["3", "4"]]
    assert reading.findings == []


@pytest.mark.parametrize(
    "content",
    [b"a;b\n1,5;2\n", b"a\tb\n1,5\t2\n", b"sep=;\na;b\n1,5;2\n", b"sep=;\r\na;b\r\n1,5;2"],
)
def test_another_delimiter_is_accepted_and_told(content: bytes) -> None:
    reading = read_table(content)
    assert rows(reading) == [["1,5", "2"]]
    assert codes(reading) == ["other_delimiter"]


def test_rows_keep_the_numbers_a_spreadsheet_shows() -> None:
    table = read_table(b'a,b\n1,"two\nlines"\n\n3,4\n').table
    assert table is not None
    assert table.numbers == [2, 4]


def test_a_million_blank_rows_are_passed_over() -> None:
    reading = read_table(b"a,b\n1,2\n" + b",\n" * 1_000_000 + b"3,4\n")
    assert rows(reading) == [["1", "2"], ["3", "4"]]


def test_a_row_of_another_length_is_an_error_and_the_others_are_read() -> None:
    reading = read_table(b"a,b\n1\n1,2\n1,2,3\n1,2,\n")
    assert [f.code for f in reading.findings] == ["row_length"] * 3
    assert [f.row for f in reading.findings] == [2, 4, 5]
    assert rows(reading) == [["1", "2"]]


def _zip(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return packed.getvalue()


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\n \n\r\n", "file_empty"),
        (b",,,\n,,\n", "file_empty"),
        (b"a,b\n", "no_rows"),
        (b"a,b\n,\n\n", "no_rows"),
        ("a,b\n1,2\n".encode("utf-16-le"), "file_encoding"),
        ("a,b\n1,2\n".encode("utf-32"), "file_encoding"),
        (b"a,b\n1,\x002\n", "file_encoding"),
        (b"Payroll of October\n\nAll units,,\na,b\n1,2\n", "header_not_first"),
        (b'a,b\n"1,2\n3,4\n', "file_quotes"),
        (b'a,b\n"1"x,2\n3,4\n', "file_quotes"),
        (b"a,b\n" + b"x" * 2_000_000 + b",2\n", "file_quotes"),
        (b",".join(b"c%d" % n for n in range(100_000)) + b"\n1\n", "too_many_columns"),
        (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b"a,b\n" + b"1\n" * (MAX_ROWS + 1), "too_many_rows"),
        (bytes(MAX_BYTES + 1), "file_too_large"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "wrong_file_type"),
        (b"%PDF-1.7\n", "wrong_file_type"),
        (b"<!DOCTYPE html><table>", "wrong_file_type"),
        (b"  <html>", "wrong_file_type"),
        (b"<?xml version='1.0'?><Workbook/>", "wrong_file_type"),
        (b'{"rows": []}', "wrong_file_type"),
        (b"\x7fELF\x02\x01", "wrong_file_type"),
        (COMPOUND, "wrong_file_type"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "file_has_password"),
        (_zip(word__document=b""), "wrong_file_type"),
        (_zip(), "wrong_file_type"),
        (b"PK\x03\x04 and nothing more", "file_damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_one_finding(content: bytes, code: str) -> None:
    reading = read_table(content)
    assert reading.table is None
    assert codes(reading) == [code]


def test_an_unreadable_byte_is_refused_with_its_row() -> None:
    (finding,) = read_table(b"a,b\n1,2\n3,\xe9\n").findings
    assert finding.row == 3


def test_the_broken_quotation_mark_is_refused_with_its_row() -> None:
    (finding,) = read_table(b'a,b\n1,2\n"3,4\n5,6\n').findings
    assert finding.row == 3


def test_a_file_on_disk_is_read_and_measured_first(tmp_path: Path) -> None:
    path = tmp_path / "payroll.xlsx"
    path.write_bytes(b"a,b\n1,2\n")
    assert rows(read_table(path)) == [["1", "2"]]
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert codes(read_table(path)) == ["file_too_large"]


def test_a_header_alone_may_be_allowed() -> None:
    assert read_table(b"a,b\n", may_be_empty=True) == Reading(
        read_table(b"a,b\n", may_be_empty=True).table, []
    )


def test_json_rows_become_a_table() -> None:
    reading = table_from_rows([{"a": "1", "b": 2}, {"b": None, "c": "x"}])
    assert reading.table is not None
    assert reading.table.header == ("a", "b", "c")
    assert rows(reading) == [["1", 2, ""], ["", "", "x"]]
    assert reading.table.numbers == [1, 2]


@pytest.mark.parametrize("value", [1.5, True, [1], {"x": 1}, float("nan"), 10**400])
def test_json_values_other_than_text_and_whole_numbers_hold_no_value(value: object) -> None:
    ((cell,),) = rows(table_from_rows([{"a": value}]))
    assert isinstance(cell, Odd)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([], "no_rows"),
        (["text"], "row_not_object"),
        ([["a"]], "row_not_object"),
        ([{}], "no_rows"),
        ([{str(n): "" for n in range(300)}], "too_many_columns"),
        ([{"a": ""}] * (MAX_ROWS + 1), "too_many_rows"),
    ],
)
def test_json_that_is_no_table_is_refused_with_one_finding(sent: list[object], code: str) -> None:
    assert codes(table_from_rows(sent)) == [code]
