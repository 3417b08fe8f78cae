"""What the portal may not hold: columns with personal data, and numbers that identify a person.

A column is known by its name, a number by its form. Values are never repeated in a finding.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, cast

from portal.kernel.findings import Finding
from portal.kernel.tabular.by_column import by_column
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.layout import normal
from portal.kernel.tabular.table import (
    ALIEN_NUMBER,
    NUMBER_MARKS,
    SOCIAL_SECURITY_NUMBER,
    Cell,
    Table,
    is_blank,
    show,
)

NEVER_KEPT = frozenset(
    {"sensitive_column", "forbidden_column", "looks_like_ssn", "looks_like_alien_number"}
)
"""Codes of findings that say a file holds what the portal must not hold: its bytes go."""

_OTHER_PERSONS = "data about persons other than officers"
_ADDRESS = "a home address"
_NAMES = (
    (
        "a social security number",
        # Not any `ssn`: `Class Number` and `Business Name` hold those letters too.
        r"^(?:employee|emp|officer|worker)?ssn|ssn(?:no|number|last4)?$|socialsec|socsec|taxid",
    ),
    (
        _OTHER_PERSONS,
        (
            r"alien(?:number|no|id|name|registration)|^anumber$|^afile|detainee|arrestee|migrant"
            r"|passport|countryofcitizenship|nationality"
        ),
    ),
    ("a date of birth or age", r"birth|^dob|dob$|^(?:current)?age(?:inyears)?$"),
    (
        _ADDRESS,
        (
            r"address|^street(?:[0-9]+|name|no|number|line[0-9]*)?$|^(?:home)?zip(?:code|4|plus4)?$"
            r"|zipcode$|^postal(?:code)?$|postcode$"
        ),
    ),
    (
        "a private contact",
        (
            r"homephone|cellphone|mobilephone|privatephone|personal(?:e?mail|phone)|emergencycontact"
            r"|nextofkin|^(?:(?:tele)?phone|mobile|cell)(?:no|number)?[0-9]?$|^e?mail$|^homeemail"
        ),
    ),
    (
        "bank data",
        (
            r"^bank(?:name|id|code|no|number|routing)?$|bankacc|^iban|routing|^acc(?:oun)?t(?:no|num.*)?$"
            r"|(?:checking|savings)acc|^aba(?:number)?$|creditcard|swiftcode"
        ),
    ),
    (
        "personal data the portal does not need",
        (
            r"^race(?:$|code|desc|ethni)|^gender|^sex(?:$|code)|^ethnic|^hispanic|^religi|^eeo"
            r"|^disab(?:led|ility|ilitystatus)$|^military(?:status)?$|^veteran(?:$|status)|^marital"
            r"|^(?:spouse|dependents?)(?:$|name|count)|^unions?(?:$|all|name|code|member)"
            r"|^sexualorientation"
        ),
    ),
)
_SENSITIVE = tuple((what, re.compile(pattern)) for what, pattern in _NAMES)
# `Street Crimes Pay` and `Disability Insurance Premium` hold dollars or hours, not a person's data.
_AMOUNT = re.compile(
    r"(?:pay|hours|hrs|overtime|earnings|amount|amt|premium|stipend|allowance|differential)$"
)
# Alone they say nothing about a person; beside a street or a postal code they are an address.
_PARTS_OF_AN_ADDRESS = frozenset({"city", "state", "homecity", "homestate", "locality"})

# The first signs of either number. Patterns that begin with one fixed character are searched for
# many times as fast as others, so there is one for each.
_FIRST_SIGNS = [
    *(
        (mark, re.compile(f"{re.escape(mark)}[0-9]{{2}}{re.escape(mark)}[0-9]{{4}}"))
        for mark in NUMBER_MARKS
    ),
    *((letter, re.compile(f"{letter}[ #-]{{0,2}}[0-9]{{2}}")) for letter in "Aa"),
]


def sensitive_columns(header: Sequence[str]) -> dict[int, str]:
    """What each column that may not be kept would hold, in words, by its position."""
    keys = [normal(name) for name in header]
    found = {place: what for place, key in enumerate(keys) if (what := _what(key))}
    if _ADDRESS in found.values():
        found |= {p: _ADDRESS for p, key in enumerate(keys) if key in _PARTS_OF_AN_ADDRESS}
    return found


def forbidden(table: Table) -> list[Finding]:
    """The errors for columns with sensitive data, where a file has to come without them."""
    return [
        _about_column(
            "forbidden_column" if what == _OTHER_PERSONS else "sensitive_column",
            table.header[place],
            what,
        )
        for place, what in sorted(sensitive_columns(table.header).items())
    ]


def without_sensitive(table: Table) -> tuple[Table, list[Finding]]:
    """The table without sensitive columns, and a notice for each.

    A column about persons other than officers is dropped too, but is an error.
    """
    found = sensitive_columns(table.header)
    if not found:
        return table, []
    findings = [
        _about_column(
            "forbidden_column" if what == _OTHER_PERSONS else "sensitive_column_dropped",
            table.header[place],
            what,
        )
        for place, what in sorted(found.items())
    ]
    return without_columns(table, found), findings


def without_columns(table: Table, places: Iterable[int]) -> Table:
    """The table without the columns at some places, and without rows that held nothing else."""
    gone = set(places)
    kept = [place not in gone for place in range(len(table.header))]
    rows = [list(compress(row, kept)) for row in table.rows]
    filled = [not all(map(is_blank, row)) for row in rows]
    return Table(
        tuple(compress(table.header, kept)),
        list(compress(rows, filled)),
        list(compress(table.numbers, filled)),
    )


def reduced_rows(rows: Sequence[Any]) -> list[Any]:
    """JSON rows without their sensitive values, as `without_sensitive` would drop them."""
    names: dict[str, None] = {}
    for row in rows:
        if isinstance(row, dict):
            names.update(dict.fromkeys(row))
    header = list(names)
    gone = {header[place] for place in sensitive_columns(header)}
    return [
        {k: v for k, v in row.items() if k not in gone} if isinstance(row, dict) else row
        for row in rows
    ]


def personal_number_code(text: str) -> str:
    """The code of the finding about a personal number in a text, or nothing."""
    text = _plain(text)
    if SOCIAL_SECURITY_NUMBER.search(text):
        return "looks_like_ssn"
    return "looks_like_alien_number" if ALIEN_NUMBER.search(text) else ""


def personal_number_code_of_json(content: bytes) -> str:
    """The same for names and values anywhere in a JSON text, also those given twice under one name."""
    text = content.decode()
    if "\\" in text:  # an escape can stand for any sign; without one the text is what it says
        text = json.dumps(json.loads(text, object_pairs_hook=list), ensure_ascii=False)
    return _codes_in([text]).get(text, "")


def without_personal_numbers(text: str) -> str:
    """A short text, like the name of a file, with a word in the place of such numbers."""
    return ALIEN_NUMBER.sub("number", SOCIAL_SECURITY_NUMBER.sub("number", text))


def personal_numbers(table: Table) -> list[Finding]:
    """Errors for every cell that looks like a social security or alien registration number."""
    findings = [
        finding
        for name in table.header
        if (finding := _about_text(name, None, "the header")) is not None
    ]
    rows = by_column(table)
    for place, name in enumerate(table.header):
        if codes := _codes_in(rows.distinct(place)):
            findings.extend(_in_column(name, codes, rows.columns[place], table.numbers))
    return sorted(findings, key=lambda finding: finding.row or 0)


def personal_numbers_outside(records: Mapping[int, Sequence[str]]) -> list[Finding]:
    """The same for text of a file that is not in its table, by row number."""
    return [
        finding
        for number, record in records.items()
        if (finding := _about_text("\n".join(record), number, "a cell outside the table"))
    ]


def _codes_in(cells: Collection[Cell]) -> dict[Cell, str]:
    """The code of every cell that holds a personal number."""
    texts = cells if set(map(type, cells)) == {str} else [c for c in cells if isinstance(c, str)]
    text = _plain("\n".join(cast(Iterable[str], texts)))
    if not any(mark in text and pattern.search(text) for mark, pattern in _FIRST_SIGNS):
        return {}
    return {cell: code for cell in texts if (code := personal_number_code(str(cell)))}


def _plain(text: str) -> str:
    """The text with digits as everybody writes them: full-width ones look the same to a reader."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _in_column(
    name: str, codes: Mapping[Cell, str], cells: Sequence[Cell], numbers: Sequence[int]
) -> Iterator[Finding]:
    for cell, number in zip(cells, numbers, strict=True):
        if cell in codes:
            yield FILE_FINDINGS.finding(codes[cell], row=number, column=show(name))


def _about_text(text: str, row: int | None, place: str) -> Finding | None:
    code = personal_number_code(text)
    return FILE_FINDINGS.finding(code, row=row, column=place) if code else None


def _about_column(code: str, name: str, what: str) -> Finding:
    return FILE_FINDINGS.finding(code, column=show(name), value=show(name), what=what)


def _what(key: str) -> str:
    # An agency's own column (`ext_ssn`) is no hiding place.
    for name in (key, key.removeprefix("ext")):
        for what, pattern in _SENSITIVE:
            if pattern.search(name) and not _AMOUNT.search(name):
                return what
    return ""
