"""Opening an archive that anybody may have made: what its entries are, read within bounds.

Nothing is unpacked to a disk. Still a name that would leave its folder, a link, or a name that another
one covers is told: whoever unpacks the archive by hand would not get what was checked.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from claims.archives.layout import pieces

MOST_FILES = 200_000
"""Files in an archive."""
MOST_BYTES = 64 << 30
"""Bytes that all files of an archive unpack to."""
LARGEST_FILE = 2 << 30
"""Bytes that one file unpacks to; the portal takes and makes smaller ones."""
LARGEST_RECORD = 256 << 20
"""Bytes of a file that is read as a whole: the manifest, a record, a calculation."""
LONGEST_LINE = 1 << 20
"""Bytes of one line: an officer of a calculation, an event."""
_KNOWN_FORMS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}


class TooMuch(ValueError):
    """More than the portal ever writes: it is not read on."""


class Opened:
    """An archive's entries: the `names` of all, and as `odd` what is not as the portal writes them.

    An odd entry is never read.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        entries = archive.infolist()
        if len(entries) > MOST_FILES:
            raise TooMuch(f"it holds {len(entries):,} files; the portal writes fewer")
        if sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise TooMuch("it unpacks to more than the portal ever writes")
        self._archive = archive
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self.names = {entry.filename for entry in entries}
        self.odd = list(self._take(entries))

    def size(self, name: str) -> int:
        """How many bytes a file unpacks to; KeyError when it is not there."""
        return self._entries[name].file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file's bytes, a megabyte at a time."""
        with self._open(name) as file:
            yield from pieces(file)

    def read(self, name: str) -> bytes:
        """All bytes of a record; TooMuch when it is larger than the portal writes them."""
        if self.size(name) > LARGEST_RECORD:
            raise TooMuch("it is larger than any record the portal writes")
        with self._open(name) as file:
            return file.read()

    def lines(self, name: str) -> Iterator[str]:
        """A file's lines without their ends; TooMuch when one is longer than the portal writes them."""
        with self._open(name) as file:
            while line := file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise TooMuch("it has a longer line than the portal writes")
                yield line.decode().removesuffix("\n")

    def _open(self, name: str) -> IO[bytes]:
        return self._archive.open(self._entries[name])

    def _take(self, entries: list[zipfile.ZipInfo]) -> Iterator[str]:
        seen: set[str] = set()
        for entry in entries:
            name = entry.filename
            folded = unicodedata.normalize("NFC", name).casefold()
            if folded in seen:
                yield f"{name} is in it twice, or under names that are the same on some machines"
            seen.add(folded)
            oddity = _oddity(entry)
            if oddity:
                yield f"{name} {oddity}"
            else:
                self._entries.setdefault(name, entry)


def _oddity(entry: zipfile.ZipInfo) -> str:
    """What is wrong with an entry before it is opened; empty if nothing is."""
    name = entry.filename
    parts = PurePosixPath(name).parts
    plain = "/".join(parts) == name == entry.orig_filename and not _CONTROL & set(
        map(unicodedata.category, name)
    )
    if not plain or ".." in parts or name.startswith("/") or "\\" in name or ":" in name:
        return "has a name that the portal does not write, and may be unpacked elsewhere"
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "is a link or something else that is no file"
    if entry.compress_type not in _KNOWN_FORMS or entry.flag_bits & _ENCRYPTED:
        return "is packed in a form that the portal does not write"
    if entry.file_size > LARGEST_FILE:
        return "is larger than any file the portal writes"
    return ""
