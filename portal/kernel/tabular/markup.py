"""Personal numbers in a workbook where no table shows them: comments, properties, names, hidden copies.

For a workbook that would be kept as it is. Its markup is searched as text; no part is parsed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from portal.kernel.findings import Finding
from portal.kernel.tabular.archive import text_parts
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.sensitive import personal_number_code
from portal.kernel.tabular.table import NUMBER_MARKS

_PLACES = (
    ("comment", "a comment of the workbook"),
    ("docprops", "the properties of the workbook"),
    ("pivot", "a pivot table of the workbook"),
    ("drawing", "a text box of the workbook"),
    ("workbook.xml", "the name of a sheet or of an area"),
)
_ELSEWHERE = "the workbook, outside of its table"
# How numbers and colours look; `000-00-0000` there is nobody's number.
_LOOKS = ("xl/styles.xml", "xl/theme/")
# What stands between two pieces of one text, as when a word in it is bold, or has its reading above it.
_RUNS = re.compile(
    r"<!--.*?-->|<!\[CDATA\[|\]\]>|<(?:\w+:)?rPh[\s>].*?</(?:\w+:)?rPh>"
    r"|</?(?:\w+:)?(?:t|r|rPr|b|i|u|strike|vertAlign|sz|color|rFont|family|charset|scheme|solidFill|srgbClr"
    r"|schemeClr|latin|ea|cs)(?:\s[^<>]*)?/?>",
    re.DOTALL,
)
_SIGNS_OF_RUNS = ("<r>", ":r>", "</t><t", "<!")
# The first signs of either number. Addresses of cells (`A12`) are everywhere, so that letter needs more.
_SIGNS = [
    *(
        (mark, re.compile(f"{re.escape(mark)}[0-9]{{2}}{re.escape(mark)}[0-9]{{4}}"))
        for mark in NUMBER_MARKS
    ),
    *(
        (letter, re.compile(f"{letter}[ #-]{{0,2}}0?[0-9]{{2,3}}(?:[0-9]{{6}}|[- ][0-9]{{3}}[- ])"))
        for letter in "Aa"
    ),
]


def personal_numbers_in_parts(content: bytes) -> list[Finding]:
    """An error for each part of a workbook that holds what looks like a personal number."""
    return [
        FILE_FINDINGS.finding(code, column=_place(name))
        for name, part in text_parts(content).items()
        if not name.startswith(_LOOKS) and (code := _code_in(part))
    ]


def _code_in(part: bytes) -> str:
    # Without its zero bytes, text in UTF-16 can be searched as well.
    for text in _readings(part.decode(errors="replace").replace("\0", "")):
        is_likely = any(mark in text and pattern.search(text) for mark, pattern in _SIGNS)
        if is_likely and (code := personal_number_code(text)):
            return code
    return ""


def _readings(text: str) -> Iterator[str]:
    """A part's text as it is written, and as a program shows it."""
    yield text
    if "&#" in text:
        text = html.unescape(text)
        yield text
    if any(sign in text for sign in _SIGNS_OF_RUNS):
        yield _RUNS.sub("", text)


def _place(name: str) -> str:
    return next((place for word, place in _PLACES if word in name.lower()), _ELSEWHERE)
