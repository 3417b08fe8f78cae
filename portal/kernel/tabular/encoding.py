"""The bytes of a text file as text: UTF-8, or another encoding where it can be no other."""

from __future__ import annotations

import re

from portal.kernel.findings import Finding
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.table import FileRefused

_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = "\ufeff"
_NOT_ASCII = re.compile(r"[^\x00-\x7F]+")
_LETTERS = re.compile("[À-ÖØ-öø-ÿ]")
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
    for other in _NOT_ASCII.finditer(text):
        start, end = other.span()
        if not _is_western(text[max(start - 1, 0) : start], other[0], text[end : end + 1]):
            line = _line(content, start)
            raise _refused(f", see row {line}", line)
    return text, [_told("Western Windows text (Windows-1252)")]


def _is_western(before: str, marks: str, after: str) -> bool:
    """Whether people write these marks so, between these two letters.

    The same bytes of another encoding (Mac, DOS, Cyrillic, UTF-8 in pieces) make other pictures:
    `Garc’a`, `Pe–a`, `GARCêA`, `Èâàí`, `PeÃ±a`.
    """
    if _LETTERS.fullmatch(marks):
        is_within_capitals = before.isupper() and after.isupper()
        return (before.isalpha() or after.isalpha()) and not (
            is_within_capitals and marks.islower()
        )
    if not _PUNCTUATION.issuperset(marks):
        return False
    is_in_word = before.isalpha() and after.isalpha()
    return not is_in_word or (marks == "’" and (after.isupper() or after == "s"))


def _told(encoding: str) -> Finding:
    return FILE_FINDINGS.finding("other_encoding", value=encoding)


def _refused(where: str, row: int | None = None) -> FileRefused:
    return FileRefused(FILE_FINDINGS.finding("file_encoding", row=row, where=where))


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
