"""Text files that are hostile or merely unlucky: each has the outcome that `docs/reading.md` names."""

from __future__ import annotations

import codecs
import gzip

import pytest

from tests.kernel.hostile.outcomes import HEADER, ROW, outcome, read, text

BASE = text(HEADER, ROW)
TAB = BASE.replace(b",", b"\t")
PENA = text(HEADER, ROW.replace("Reyes", "Peña")).decode()
IRISH = PENA.replace("Peña", "O’Brien")


def named(content: str, encoding: str) -> bytes:
    return content.encode(encoding)


ACCEPTED = {
    "plain": BASE,
    "windows line ends": text(HEADER, ROW, end="\r\n"),
    "mac line ends": text(HEADER, ROW, end="\r"),
    "mixed line ends": text(HEADER, ROW) + text(ROW.replace("42", "43"), end="\r\n"),
    "no last line end": BASE.rstrip(),
    "byte order mark": codecs.BOM_UTF8 + BASE,
    "two byte order marks": codecs.BOM_UTF8 * 2 + BASE,
    "blank lines": text("", HEADER, "", " , , , ", ROW, "", ",,,"),
    "trailing empty columns": text(HEADER + ",,", ROW + ",,"),
    "trailing empty columns in the header only": text(HEADER + ",,", ROW),
    "everything quoted": text(*('"' + line.replace(",", '","') + '"' for line in (HEADER, ROW))),
    "header in capitals": text(HEADER.upper(), ROW),
    "header with blanks": text(HEADER.replace("_", " ").replace(",", " , "), ROW),
    "another order": text("last_name,regular_pay,paid_on,officer_id", "Reyes,1.00,2025-10-31,0042"),
    "accents": PENA.encode(),
    "many blanks behind a value": text(HEADER, ROW + " " * 1_000),
    "an empty column without a name": text(
        HEADER.replace(",last", ",,last"), ROW.replace(",Rey", ",,Rey")
    ),
}
TOLD = {
    "semicolons": (BASE.replace(b",", b";"), "other_delimiter"),
    "tabs": (TAB, "other_delimiter"),
    "sep line": (b"sep=;\r\n" + BASE.replace(b",", b";"), "other_delimiter"),
    "utf-16 little": (named(PENA, "utf-16"), "other_encoding"),
    "utf-16 big": (codecs.BOM_UTF16_BE + named(PENA, "utf-16-be"), "other_encoding"),
    "excel unicode text": (named(TAB.decode(), "utf-16"), "other_delimiter"),
    "windows-1252 letter": (named(PENA, "cp1252"), "other_encoding"),
    "windows-1252 apostrophe": (named(IRISH, "cp1252"), "other_encoding"),
    "windows-1252 capital": (named(PENA.replace("Peña", "PEÑA"), "cp1252"), "other_encoding"),
    "windows-1252 dash": (named(PENA.replace("Peña", "Re – yes"), "cp1252"), "other_encoding"),
    **{
        f"windows-1252 {name}": (named(PENA.replace("Peña", name), "cp1252"), "other_encoding")
        for name in (
            *("Núñez", "Müñoz", "NÚÑEZ", "D’Angelo", "O’Élan", "“Bud”", "“André”"),
            *("Škoda", "Dušan", "Miloš", "Žižek", "ŽIŽEK"),
        )
    },
    "one title row": (text("Payroll October 2025", HEADER, ROW), "title_rows_skipped"),
    "padded title row": (text("Payroll,,,", ",,,", HEADER, ROW), "title_rows_skipped"),
    "title with a comma": (text("Payroll, October, 2025", HEADER, ROW), "title_rows_skipped"),
    "title and semicolons": (
        b"Payroll, October\n" + BASE.replace(b",", b";"),
        "title_rows_skipped",
    ),
    "facts above": (text("Agency,A00012", "Run,2025-11-02", HEADER, ROW), "title_rows_skipped"),
    "header again": (text(HEADER, ROW, HEADER, ROW), "header_repeated"),
    "header again after a byte order mark": (BASE + codecs.BOM_UTF8 + BASE, "header_repeated"),
    "total": (text(HEADER, ROW, "TOTAL,,2780.50,"), "total_row_skipped"),
    "subtotal": (text(HEADER, ROW, "Sub-Total: Patrol,,2780.50,"), "total_row_skipped"),
    "grand total": (text(HEADER, ROW, "Grand Total,,2780.50,"), "total_row_skipped"),
    "total in a later column": (text(HEADER, ROW, ",Totals,2780.50,"), "total_row_skipped"),
    "short total": (text(HEADER, ROW, "Total,2780.50"), "total_row_skipped"),
    "sum": (text(HEADER, ROW, "Sum:,,2780.50,"), "total_row_skipped"),
    "unknown column": (text(HEADER + ",unit", ROW + ",East"), "unknown_column"),
    "unknown column twice": (
        text(HEADER + ",unit,unit", ROW + ",East,5"),
        "column_name_repeated",
    ),
    "value below no name": (text("," + HEADER, "x," + ROW), "unknown_column"),
}
REFUSED = {
    "empty": (b"", "file_empty"),
    "blank": (b" \n\r\n\t", "file_empty"),
    "only commas": (b",,,\n,,,\n", "file_empty"),
    "header only": (text(HEADER), "no_rows"),
    "header and blank rows": (text(HEADER, ",,,", ""), "no_rows"),
    "utf-16 without mark": (named(PENA, "utf-16-le"), "file_encoding"),
    "utf-16 cut off": (named(PENA, "utf-16")[:-1], "file_encoding"),
    "utf-16 mark on ascii": (b"\xff\xfe" + BASE + b"x", "no_rows"),
    "utf-32": (named(PENA, "utf-32"), "file_encoding"),
    "zero byte": (BASE.replace(b"Reyes", b"Re\0yes"), "file_encoding"),
    "mac letters": (named(PENA, "mac-roman"), "file_encoding"),
    "mac letter like an apostrophe": (
        named(PENA.replace("Peña", "García"), "mac-roman"),
        "file_encoding",
    ),
    **{
        f"mac {name}": (named(PENA.replace("Peña", name), "mac-roman"), "file_encoding")
        for name in ("Núñez", "Müñoz", "Köhler", "März", "Pérez", "Renée", "Zoë")
    },
    "dos two letters": (named(PENA.replace("Peña", "Núñez"), "cp437"), "file_encoding"),
    "dos capital": (named(PENA.replace("Peña", "MÄRZ"), "cp437"), "file_encoding"),
    "dos letters": (named(PENA, "cp437"), "file_encoding"),
    "cyrillic windows": (named(PENA.replace("Peña", "Иванов"), "cp1251"), "file_encoding"),
    "shift-jis": (named(PENA.replace("Peña", "日本"), "shift-jis"), "file_encoding"),
    "both encodings": (PENA.encode() + named(PENA, "cp1252"), "file_encoding"),
    "a bad byte": (BASE.replace(b"Reyes", b"Re\x81yes"), "file_encoding"),
    "vertical bars": (BASE.replace(b",", b"|"), "unknown_delimiter"),
    "quotation mark not closed": (text(HEADER, ROW.replace("Rey", '"Rey')), "file_quotes"),
    "text after a quotation mark": (text(HEADER, ROW.replace("0042", '"00"42')), "file_quotes"),
    "a field of two megabytes": (text(HEADER, ROW + "x" * 2_000_000), "file_quotes"),
    "a hundred thousand columns": (
        text(",".join(f"c{n}" for n in range(100_000)), "1"),
        "too_many_columns",
    ),
    "missing column": (text("officer_id,paid_on", "1,2025-10-31"), "missing_column"),
    "column twice": (text(HEADER + ",Officer ID", ROW + ",43"), "duplicate_column"),
    "column twice, same letters": (text(HEADER + ",paid_on", ROW + ",43"), "duplicate_column"),
    "letters that only look alike": (text(HEADER.replace("o", "о"), ROW), "missing_column"),
    "status column": (text(HEADER + ",status", ROW + ",paid"), "reserved_column"),
    "approved amount": (text(HEADER + ",approved_amount", ROW + ",5"), "reserved_column"),
    "alien number column": (text(HEADER + ",Alien Number", ROW + ",5"), "forbidden_column"),
    "detainee column": (text(HEADER + ",Detainee", ROW + ",Doe"), "forbidden_column"),
    "gzip": (gzip.compress(BASE, mtime=0), "wrong_file_type"),
    "pdf": (b"%PDF-1.7\n", "wrong_file_type"),
    "web page named xls": (b"<html><table><tr><td>1</td></tr></table>", "wrong_file_type"),
    "web page behind a mark": (codecs.BOM_UTF8 + b"\r\n<!DOCTYPE html>", "wrong_file_type"),
    "xml spreadsheet": (b"<?xml version='1.0'?><Workbook/>", "wrong_file_type"),
    "json": (b'[{"officer_id": "1"}]', "wrong_file_type"),
    "program": (b"\x7fELF\x02\x01\x01", "wrong_file_type"),
    "windows program": (b"MZ\x90\x00\x03", "wrong_file_type"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "wrong_file_type"),
    "sylk": (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "wrong_file_type"),
    "virus scanner's test": (b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$", "wrong_file_type"),
    "rich text": (b"{\\rtf1\\ansi}", "wrong_file_type"),
    "picture": (b"\x89PNG\r\n\x1a\n", "wrong_file_type"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_without_a_word(name: str) -> None:
    result = outcome(ACCEPTED[name])
    assert result.word == "accepted", result.codes
    assert result.ids[0] == "0042"


@pytest.mark.parametrize("name", TOLD)
def test_accepted_and_told(name: str) -> None:
    content, code = TOLD[name]
    result = outcome(content)
    assert (result.word, code in result.codes) == ("told", True), result.codes
    assert set(result.ids) == {"0042"}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_reason(name: str) -> None:
    content, code = REFUSED[name]
    result = outcome(content)
    assert (result.word, code in result.codes) == ("refused", True), result.codes


ROWS = {
    "a row too short": "0042,2025-10-31",
    "a row too long": ROW + ",more",
    "thousands without quotation marks": "0042,2025-10-31,2,780.50,Reyes",
    "thousands and a blank last column": "0042,2025-10-31,2,780.50",
    "a signature below": "Prepared by the payroll office",
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_does_not_fit_is_an_error_and_never_shifted(name: str) -> None:
    if name == "thousands and a blank last column":
        header = HEADER.removesuffix(",last_name")
        result = outcome(text(header + ",", ROW.removesuffix("Reyes"), ROWS[name] + ","))
    else:
        result = outcome(text(HEADER, ROW, ROWS[name]))
    assert (result.word, result.codes) == ("rows", {"row_length"})


def test_letters_survive_every_encoding_that_is_accepted() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        for content, name in ((PENA, "Peña"), (IRISH, "O’Brien")):
            table = read(content.encode(encoding)).table
            assert table is not None
            assert table.rows[0][3] == name


@pytest.mark.parametrize("surname", ["Sum", "Total", "Summers", "Totaro"])
def test_an_officer_called_total_is_no_total(surname: str) -> None:
    content = text("last_name,officer_id,paid_on,regular_pay", f'"{surname}, Vi",42,2025-10-31,5')
    assert outcome(content).word == "accepted"


def test_rows_keep_their_numbers_under_a_title() -> None:
    reading = read(text("Payroll", "", HEADER, ROW, "Total,,1.00,", "", ROW))
    assert reading.table is not None
    assert reading.table.numbers == [4, 7]
    assert [(f.code, f.row) for f in reading.findings] == [
        ("title_rows_skipped", 3),
        ("total_row_skipped", 5),
    ]


def test_many_totals_are_told_in_one_notice() -> None:
    reading = read(text(HEADER, *[ROW, "Total,,1.00,"] * 21))
    assert reading.table is not None
    assert len(reading.table.rows) == 21
    (finding,) = reading.findings
    assert (finding.code, finding.row) == ("total_row_skipped", None)
    assert finding.message.startswith("21 rows are totals or subtotals (the first: rows 3, 5, ")


def test_without_known_names_the_first_row_of_names_is_the_header() -> None:
    reading = read(text("Roster of 2025,,", "10,20,30", "Nom,Prenom,Jour", "a,b,c"))
    assert reading.table is not None
    assert reading.table.header == ("Nom", "Prenom", "Jour")


def test_columns_get_names_of_their_own() -> None:
    reading = read(text("a,,b,B,,b (2),c", "1,2,3,4,,5,6"))
    assert reading.table is not None
    assert reading.table.header == ("a", "Column B", "b", "B (3)", "b (2)", "c")
