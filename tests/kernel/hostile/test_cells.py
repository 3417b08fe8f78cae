"""Values people write, wrongly or cleverly: amounts, identifiers, days, formulas, personal numbers."""

from __future__ import annotations

import csv
import io

import pytest

from tests.kernel.hostile.outcomes import HEADER, Outcome, outcome

GOOD = {
    "officer_id": "0042",
    "paid_on": "2025-10-31",
    "regular_pay": "2780.50",
    "last_name": "Reyes",
}


def with_cell(column: str, value: str) -> Outcome:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER.split(","))
    writer.writerow((GOOD | {column: value}).values())
    return outcome(out.getvalue().encode("utf-8", "replace"))


ACCEPTED = [
    *(("regular_pay", v) for v in ("0", "0.5", "1234.5", "$1,234.56", "1,234,567.89", " 5.00 ")),
    *(("officer_id", v) for v in ("00101", "A-1", "101/2", "x" * 40, "12 34", "1E5", "000-00-000")),
    *(("paid_on", v) for v in ("2025-10-31", "10/31/2025", "1/2/2025", " 2024-02-29 ")),
    *(
        ("last_name", v)
        for v in ("", "O'Neil-Ruiz", "Nguyễn", "李", "<b>Ruiz</b>", "=Ruiz", "555-1234")
    ),
]
ERRORS = [
    *(
        ("regular_pay", value, "negative_money")
        for value in ("-100", "(100)", "100-", "−100", "–100", "$-886.20", "-$5", "(380.71)")
    ),
    *(("regular_pay", v, "parts_of_a_cent") for v in ("10.005", "0.001", "$1,000.0000")),
    *(
        ("regular_pay", value, "bad_money")
        for value in (
            *("NaN", "sNaN", "Inf", "Infinity", "1e308", "1E+999999999", "1.5e3", "1_000"),
            *("1.234,56", "1 234.56", "1\u00a0234.56", "1\u202f234.56", "١٢٣", "１２３"),
            *("0x10", "5%", "5 EUR", "€5", "N/A", "#REF!", "#N/A", "=1+1", "+5", "1,23", "12,34.5"),
            *("9" * 5000, "1000000000", "5.", ".5", "$", "five", "1/2", "5\u200b", "TRUE"),
        )
    ),
    ("regular_pay", "", "required_value"),
    *(
        ("officer_id", value, "bad_id")
        for value in (
            *("1.01E+02", "101.0", "1E+5", "0042\u200b", "ОО42", "４２", "42\u00a0", "=42", "@x"),
            *("#REF!", "-42", "+42", "x" * 41, "4\n2", "4\t2", "4\x1b2", "ı42", "4\u202e2"),
        )
    ),
    ("officer_id", "", "required_value"),
    *(
        ("paid_on", value, "bad_date")
        for value in (
            *("10/31/25", "31/10/2025", "2025-02-30", "2025-13-01", "0026-10-31", "9999-10-31"),
            *("45961", "2025-W44-5", "20251031", "٢٠٢٥-١٠-٣١", "2025-10-31T00:00:00Z", "Oct 31"),
            *("2025-10-31 08:00", "10-31-2025", "2025/10/31", "31 Oct 2025", "tomorrow", "-1"),
            *("2025-10-31\u200b", "02/29/2025", "00/10/2025", "2025-1-1"),
        )
    ),
    ("paid_on", "", "required_value"),
    *(
        ("last_name", value, "bad_text")
        for value in ("a\x1b[31mb", "a\nb", "a\u202eb", "a\u200bb", "a\ufeffb", "a\tb", "x" * 201)
    ),
    *(
        (column, value, "looks_like_ssn")
        for column in ("officer_id", "last_name")
        for value in (
            *("123-45-6789", "see 123-45-6789.", "123 45 6789", "123.45.6789", "123‑45‑6789"),
            "123–45–6789",
        )
    ),
    *(
        (column, value, "looks_like_alien_number")
        for column in ("officer_id", "last_name")
        for value in ("A123456789", "A-123456789", "a 123456789", "A# 123-456-789", "A12-345-678")
    ),
]


@pytest.mark.parametrize(("column", "value"), ACCEPTED)
def test_values_that_are_read(column: str, value: str) -> None:
    assert with_cell(column, value).word == "accepted"


@pytest.mark.parametrize(
    ("column", "value", "code"), ERRORS, ids=[f"{c}-{n}" for n, (c, *_) in enumerate(ERRORS)]
)
def test_values_that_are_an_error_of_their_row(column: str, value: str, code: str) -> None:
    result = with_cell(column, value)
    assert (result.word, code in result.codes) == ("rows", True), result.codes
