"""A sound archive made by hand, whose files tests change, leave out or add to."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from awards.rules import Counts
from claims.archives.layout import ArchiveWriter
from claims.archives.packet_manifest import Entry, Identity, code_of, manifest
from claims.rules.claim import calculate
from claims.rules.record import claim_record, officer_record
from portal.kernel.canonical import canonical_json
from tests.claims.rules.builders import claim, line, officer

FOLDER = "A00012/FY2026Q1"
CLAIM = f"{FOLDER}/claims/A00012-FY2026Q1"
VERSION = f"{CLAIM}/v1"
ASKED = claim(
    "FY2026Q1",
    officer(line("2025-12-21", "2026-01-03", regular_pay="1400", benefits={"health": "70"})),
    counts=Counts(4, 3),
    as_of="2026-02-01",
)
TOTAL = calculate(ASKED).total
PACKET = b"%PDF-1.7 as it was made"
SNAPSHOT = b'{"edition":"decided"}'
RECORD = b"%PDF-1.4 a timesheet"
ORIGINAL = b"officer_id,period_start\n1,2025-12-21\n"


def sha(content: bytes) -> str:
    """The SHA-256 in lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def calculation() -> list[str]:
    """The lines of a calculation, as the portal stores them."""
    result = calculate(ASKED)
    officers = zip(ASKED.officers, result.officers, strict=True)
    return [
        canonical_json(claim_record(ASKED, result)),
        *(canonical_json(officer_record(facts, outcome)) for facts, outcome in officers),
    ]


SIGNED = sha("\n".join(calculation()).encode())
IDENTITY = Identity("A00012-FY2026Q1", 1, "decided", 0, "full", SIGNED, sha(SNAPSHOT))
CODE = code_of(IDENTITY, "packet", 0)
DECIDED = "A00012-FY2026Q1-v1-decided.pdf"
MASKED = "A00012-FY2026Q1-v1-decided-masked-volume-01.pdf"
MADE = {
    "action": "packet.made",
    "position": 6,
    "facts": {"files": {DECIDED: sha(PACKET), MASKED: sha(b"masked"), "elsewhere.pdf": ""}},
}


def version(signed: str) -> dict[str, Any]:
    """The record of a version decided over a calculation with this hash."""
    return {
        "certification": {"sha256": signed},
        "decisions": [{"action": "approve_partly", "sha256": signed}],
        "adjustments": [{"amount": -500}],
        "total": TOTAL,
        "allowed": TOTAL - 500,
        "packets": [
            # As archives were laid out while a packet was one file.
            {"edition": "certified", "kept_sha256": sha(PACKET)},
            {
                "edition": "decided",
                "appeals": 0,
                "folder": "decided",
                "made_at": "2026-02-01T00:00:00Z",
                "reason": "",
                "files": [
                    {"name": DECIDED, "part": "packet", "code": CODE, "kept_sha256": sha(PACKET)}
                ],
            },
            # One that could not be made is told, and nothing of it is there.
            {
                "edition": "decided",
                "appeals": 1,
                "folder": "decided-1",
                "made_at": None,
                "reason": "too_long",
                "files": [],
            },
        ],
    }


def packet_manifest(calculated: str, **changed: Any) -> bytes:
    """The manifest of a decided packet, made from a calculation and the snapshot."""
    identity = replace(IDENTITY, calculation_sha256=calculated)
    facts: dict[str, Any] = {
        "name": DECIDED,
        "what": "Packet, as decided",
        "part": "packet",
        "number": 0,
        "code": code_of(identity, "packet", 0),
        "sha256": sha(PACKET),
        "size": len(PACKET),
        "pages": 3,
        "enclosures": (),
        "rendered_with": {},
    }
    return manifest(identity, datetime(2026, 2, 1, tzinfo=UTC), [Entry(**(facts | changed))])


def events(*told: dict[str, Any]) -> list[str]:
    """A chain of events with those given at its end."""
    before, lines = "0" * 64, []
    certified = [{"action": "claim.certify", "position": position} for position in (1, 2, 5)]
    for event in (*certified, *(told or (MADE,))):
        position, content = event["position"], canonical_json(event)
        own = sha((before + content).encode())
        lines.append(
            canonical_json(
                {"position": position, "previous_hash": before, "hash": own, "content": content}
            )
        )
        before = own
    return lines


def write(path: Path, **changed: Any) -> Path:
    """A sound archive, or one with some of its files replaced; None leaves one out."""
    payroll = {"kept_name": "pay.csv", "kept_sha256": sha(ORIGINAL)}
    # Whatever people call what they send: it is never read as a record.
    evidence = [
        {"id": 7, "filename": "timesheet.pdf", "kept_sha256": sha(RECORD)},
        {"id": 8, "filename": "version.json", "kept_sha256": sha(RECORD)},
        {"id": 9, "filename": "purged.pdf", "kept_sha256": None},
    ]
    files: dict[str, list[str] | bytes | None] = {
        f"{VERSION}/calculation.jsonl": changed.get("calculation", calculation()),
        f"{VERSION}/version.json": [canonical_json(changed.get("version", version(SIGNED)))],
        f"{VERSION}/packet-certified.pdf": changed.get("packet", PACKET),
        f"{VERSION}/packets/decided/{DECIDED}": changed.get("decided", PACKET),
        f"{VERSION}/packets/decided/decided-manifest.json": changed.get(
            "manifest", packet_manifest(SIGNED)
        ),
        f"{VERSION}/packets/decided/snapshot.json": changed.get("snapshot", SNAPSHOT),
        f"{FOLDER}/events.jsonl": changed.get("events", events()),
        f"{FOLDER}/payroll/1/file.json": [canonical_json(payroll)],
        f"{FOLDER}/payroll/1/original/pay.csv": changed.get("original", ORIGINAL),
        f"{CLAIM}/claim.json": [canonical_json({"evidence": evidence})],
        f"{CLAIM}/evidence/7/timesheet.pdf": changed.get("record", RECORD),
        f"{CLAIM}/evidence/8/version.json": RECORD,
    }
    files |= changed.get("more", {})
    if changed.get("version", True) is None:
        del files[f"{VERSION}/version.json"]
    with path.open("wb") as file:
        writer = ArchiveWriter(file)
        for name, content in files.items():
            if isinstance(content, bytes):
                writer.add(name, [content], "A file")
            elif content is not None:
                writer.add_lines(name, content, "A record")
        writer.close(scope={"agency": "A00012"})
    return path


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The archive with entries changed or left out behind its manifest's back."""
    with zipfile.ZipFile(path) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries:
            changed = change(name, content)
            if changed is not None:
                archive.writestr(name, changed)
    return path
