"""Checking an archive without a database: names, hashes, signatures, sums, every calculation once more."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claims.archives.contents import calculation, check_of
from claims.archives.layout import MANIFEST, Listed, read_manifest
from claims.archives.opening import Opened

MOST_PROBLEMS = 1_000
"""Problems that are told one by one; of further ones only how many."""
LONGEST_PROBLEM = 400


class Checked:
    """What was found in an archive: counts, and every problem as a sentence."""

    def __init__(self) -> None:
        self.counts = {"files": 0, "calculations": 0}
        self.scope: dict[str, Any] = {}
        self.manifest_sha256 = ""
        self.problems: list[str] = []
        self.untold = 0

    @property
    def is_sound(self) -> bool:
        """Whether everything is as it was when the archive was made."""
        return not self.problems

    def tell(self, problem: str) -> None:
        """Add a problem; what a hostile name would do to a terminal is taken out of it."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.untold += 1
            return
        shown = problem[:LONGEST_PROBLEM]
        self.problems.append(
            "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)
        )


def check_archive(path: Path) -> Checked:
    """Check an archive. Problems are listed, never raised; OSError when the file cannot be opened."""
    checked = Checked()
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                for problem in _check(Opened(archive), checked):
                    checked.tell(problem)
        except Exception as error:  # whatever a file does to its reader is a finding about the file
            checked.tell(f"it cannot be read to its end: {_words(error)}")
    return checked


def _check(archive: Opened, checked: Checked) -> Iterator[str]:
    yield from archive.odd
    if MANIFEST not in archive.names:
        yield f"it has no {MANIFEST}"
        return
    manifest = read_manifest(archive.read(MANIFEST))
    checked.scope, checked.manifest_sha256 = manifest.scope, manifest.sha256
    files = manifest.files
    for name in sorted(archive.names - files.keys() - {MANIFEST}):
        yield f"{name} is not in the manifest"
    for name, listed in files.items():
        checked.counts["files"] += 1
        yield from _guarded(name, _file(archive, listed))
    for name in files:
        check = check_of(name)
        if check is not None and name in archive.names:
            yield from _guarded(name, check(archive, name, files))
            checked.counts["calculations"] += check is calculation


def _guarded(name: str, problems: Iterator[str]) -> Iterator[str]:
    """The problems of one file; if it breaks its check, that is one and the next file's turn."""
    try:
        yield from problems
    except Exception as error:
        yield f"{name} cannot be checked: {_words(error)}"


def _file(archive: Opened, listed: Listed) -> Iterator[str]:
    """Whether a listed file is there with the size and hash that the manifest says."""
    if listed.path not in archive.names:
        yield f"{listed.path} is missing"
        return
    digest = hashlib.sha256()
    for piece in archive.pieces(listed.path):
        digest.update(piece)
    if digest.hexdigest() != listed.sha256 or archive.size(listed.path) != listed.size:
        yield f"{listed.path} was changed: its SHA-256 is {digest.hexdigest()[:16]}…"


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
