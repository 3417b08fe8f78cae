"""What lies where in an archive, and the manifest that names and hashes all of it. Plain Python.

manifest.json                                   every file with its SHA-256, size and what it is
README.txt                                      how to read and check it by hand
A00012/rosters/FY2026Q1-1/file.json             a roster that was confirmed: who sent and confirmed it
A00012/rosters/FY2026Q1-1/original/…            its bytes as they were kept
A00012/FY2026Q1/events.jsonl                    the audit events of the quarter, one to a line
A00012/FY2026Q1/quarter.json                    counts as reported, their disputes, extensions
A00012/FY2026Q1/payroll/FY2026Q1-2/file.json    what became of a payroll file, and its findings
A00012/FY2026Q1/payroll/FY2026Q1-2/original/…   its bytes as they were kept
A00012/FY2026Q1/claims/<claim>/claim.json       the claim: ledger entries, holds, waivers, evidence
A00012/FY2026Q1/claims/<claim>/evidence/7/…     records that support it
A00012/FY2026Q1/claims/<claim>/v1/calculation.jsonl   the calculation; its SHA-256 is what was signed
A00012/FY2026Q1/claims/<claim>/v1/version.json  signature, decisions, adjustments, questions, appeals
A00012/FY2026Q1/claims/<claim>/v1/packets/certified/…  a packet, its own manifest and snapshot.json
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple, Self

from portal.kernel.canonical import canonical_json

FORMAT = 1
MANIFEST = "manifest.json"
READ_ME = "README.txt"
CLAIM = "claim.json"
VERSION = "version.json"
CALCULATION = "calculation.jsonl"
PACKETS = "packets"
PACKET_MANIFEST = "-manifest.json"
"""How the name of a packet's own manifest ends."""
SNAPSHOT = "snapshot.json"
EVENTS = "events.jsonl"
QUARTER = "quarter.json"
FILE = "file.json"
ORIGINAL = "original"
EVIDENCE = "evidence"
_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)

_HOW_TO = """\
Archive of claims under the 287(g) reimbursement program, for auditors.

It names officers and what they are paid: keep it as you keep payroll. What the federal side notes
for itself is not in here, nor what an agency has not submitted.

manifest.json lists every file with its SHA-256, its size and what it is. Nothing else is in here.

Check it all:      bin/manage verify_archive FILE        (needs the portal's code, no database)
                   A forger would change the manifest too: compare the SHA-256 of manifest.json with the one
                   that the portal shows on the archive's page and keeps in its audit trail.
Check one by hand: sha256sum A…/FY…/claims/…/v1/calculation.jsonl
                   is the hash that version.json names under "certification": what was signed.
                   Its first line is the claim, every further line one officer, money in whole cents.
packets/ holds what was printed of a version, edition by edition. Its …-manifest.json names every file with
its hash, what travels inside it and what it was made with; snapshot.json is what it shows beside the
calculation, and its SHA-256 stands in that manifest. A packet whose record in version.json says
"made_at": null is not in here: it was not made when the archive was; "reason" says why it could not be,
and is empty while it may still be made. Events with the action packet.made name the hash of every file.
events.jsonl holds what happened, one event to a line. Each has the SHA-256 of the hash before it
followed by its content; events of other stories lie between them and are not in here.
A file whose record says "kept_sha256": null was not kept, or was deleted because the portal must
not hold it; its name, size and hash stay on record.
"""


class Listed(NamedTuple):
    """One file of the manifest."""

    path: str
    sha256: str
    size: int
    what: str


Files = Mapping[str, Listed]


def folder_of(path: str) -> str:
    """The folder that a file lies in, with the stroke at its end."""
    return path.removesuffix(path.rsplit("/", 1)[-1])


class ArchiveWriter:
    """Writes an archive file by file; the same files in the same order give the same bytes.

    Without `close` at its end it has no manifest, and is no archive.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._listed: list[Listed] = []
        self.add_text(READ_ME, _HOW_TO, "How to read and check this archive")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def add(self, path: str, chunks: Iterable[bytes], what: str) -> Listed:
        """Add a file from its bytes, a piece at a time."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_entry(path), "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        listed = Listed(path, digest.hexdigest(), size, what)
        self._listed.append(listed)
        return listed

    def add_text(self, path: str, text: str, what: str) -> Listed:
        """Add a file of text."""
        return self.add(path, [text.encode()], what)

    def add_json(self, path: str, value: Any, what: str) -> Listed:
        """Add a value as canonical JSON."""
        return self.add_text(path, canonical_json(value), what)

    def add_lines(self, path: str, lines: Iterable[str], what: str) -> Listed:
        """Add lines of text, without an end of line after the last."""
        return self.add(path, _joined(lines), what)

    def close(self, **facts: Any) -> str:
        """End the archive with its manifest, `facts` beside the list of files; the manifest's hash."""
        files = [listed._asdict() for listed in self._listed]
        manifest = canonical_json({"format": FORMAT, **facts, "files": files})
        self._zip.writestr(_entry(MANIFEST), manifest)
        self._zip.close()
        return hashlib.sha256(manifest.encode()).hexdigest()


class Manifest(NamedTuple):
    """What a manifest says: the hash of its own bytes, what was asked for, and the files by path."""

    sha256: str
    scope: dict[str, Any]
    files: dict[str, Listed]


def read_manifest(content: bytes) -> Manifest:
    """The manifest from its bytes; ValueError when they are not those of one."""
    said = json.loads(content)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError("its manifest is of another format")
    scope, files = said.get("scope"), said.get("files")
    if not isinstance(scope, dict) or not isinstance(files, list):
        raise ValueError("its manifest does not say what is in it")
    listed = [_listed(entry) for entry in files]
    by_path = {one.path: one for one in listed}
    if len(by_path) < len(listed):
        raise ValueError("its manifest lists a file twice")
    return Manifest(hashlib.sha256(content).hexdigest(), scope, by_path)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a megabyte at a time."""
    while piece := file.read(_CHUNK):
        yield piece


def _listed(entry: Any) -> Listed:
    expected = {"path": str, "sha256": str, "size": int, "what": str}
    if not isinstance(entry, dict) or {name: type(entry.get(name)) for name in entry} != expected:
        raise ValueError("its manifest does not list files as the portal does")
    return Listed(**entry)


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _joined(lines: Iterable[str]) -> Iterator[bytes]:
    between = ""
    for line in lines:
        yield (between + line).encode()
        between = "\n"
