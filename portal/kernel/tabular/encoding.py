"""The bytes of a text file as text: UTF-8, or another encoding where it can be no other."""

from __future__ import annotations

import re

from portal.kernel.findings import Finding
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.table import FileRefused

_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = "\ufeff"
# Letters and other marks apart: in `“Núñez”` there are two letters side by side, and two quotation marks.
_RUNS = re.compile(r"(?P<letters>[À-ÖØ-öø-ÿŠšŽž]+)|[^\x00-\x7FÀ-ÖØ-öø-ÿŠšŽž]+")
_MOST_LETTERS = 3
_VOWELS = frozenset("aeiouyAEIOUY")
_PUNCTUATION = frozenset("‘’“”–—…\u00a0§°®©½¼¾")


def decoded(content: bytes) -> tuple[str, list[Finding]]:
    """The text, and a notice when it was not UTF-8; raises FileRefused."""
    if content.startswith(_UTF_32):
        raise _refused(" (it is UTF-32)")
    if content.startswith(_UTF_16):
        return _from_utf_16(content)
    if (position := content.find(b"\0")) >= 0:
        line = _line(content, position)
        raise _refused(f": row {line} holds a zero byte", line)
    try:
        return content.decode().lstrip(_BOM), []
    except UnicodeDecodeError as error:
        return _from_windows(content, error.start)


def _from_utf_16(content: bytes) -> tuple[str, list[Finding]]:
    try:
        text = content.decode("utf-16").lstrip(_BOM)
    except UnicodeDecodeError:
        raise _refused(" (it begins as “Unicode text”, UTF-16, and goes on otherwise)") from None
    if "\0" in text:
        raise _refused(" (it begins as “Unicode text”, UTF-16, and holds zero bytes)")
    return text, [_told("“Unicode text” (UTF-16)")]


def _from_windows(content: bytes, position: int) -> tuple[str, list[Finding]]:
    line = _line(content, position)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _refused(f", see row {line}", line) from None
    for run in _RUNS.finditer(text):
        is_usual = _are_letters if run["letters"] else _are_marks
        if not is_usual(text, *run.span()):
            line = _line(content, run.start())
            raise _refused(f", see row {line}", line)
    return text, [_told("Western Windows text (Windows-1252)")]


# The same bytes of another encoding (Mac, DOS, Cyrillic, UTF-8 in pieces) make other pictures:
# `Garc’a`, `Pe–a`, `JosŽ`, `Kšhler`, `GARCêA`, `Èâàí`, `PeÃ±a`. People write none of these.


def _are_letters(text: str, start: int, end: int) -> bool:
    """Whether a few letters stand beside one from A to Z, and each between two it fits."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return (
        end - start <= _MOST_LETTERS
        and any(mark.isalpha() for mark in around)
        and all(
            _fits(text[max(place - 1, 0) : place], text[place], text[place + 1 : place + 2])
            for place in range(start, end)
        )
    )


def _fits(before: str, letter: str, after: str) -> bool:
    if letter.islower() and before.isupper() and after.isupper():
        return False
    if letter not in "ŠšŽž":
        return True
    # The same bytes are the vowels `ä`, `ö`, `é` and `û` of a Mac, which stand among consonants.
    if before in ("Â", "Ã") or (before.islower() and letter.isupper()):
        return False
    if letter.isupper() and not before.isalpha():
        return True
    return not (letter.isupper() and after.islower()) and not _VOWELS.isdisjoint(before + after)


def _are_marks(text: str, start: int, end: int) -> bool:
    marks, before, after = text[start:end], text[max(start - 1, 0) : start], text[end : end + 1]
    if not _PUNCTUATION.issuperset(marks) or (before.isalpha() and marks[0] in "‘“"):
        return False
    is_in_word = before.isalpha() and after.isalpha()
    return not is_in_word or (marks == "’" and (after.isupper() or after == "s"))


def _told(encoding: str) -> Finding:
    return FILE_FINDINGS.finding("other_encoding", value=encoding)


def _refused(where: str, row: int | None = None) -> FileRefused:
    return FileRefused(FILE_FINDINGS.finding("file_encoding", row=row, where=where))


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
