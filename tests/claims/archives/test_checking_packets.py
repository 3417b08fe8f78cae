"""The packets in an archive: checked against their manifests, their versions and their events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claims.archives.checking import check_archive
from tests.claims.archives.sound import (
    CODE,
    DECIDED,
    PACKET,
    SIGNED,
    VERSION,
    events,
    packet_manifest,
    sha,
    version,
    write,
)


def record(**changed: Any) -> dict[str, Any]:
    """The record of a version with its decided packet changed; `files=None` leaves the packet out."""
    said = version(SIGNED)
    decided = said["packets"][1] | changed
    said["packets"][1:2] = [] if decided["files"] is None else [decided]
    return said


def coded(code: str | None, kept_sha256: str | None = sha(PACKET)) -> list[dict[str, Any]]:
    return [{"name": DECIDED, "part": "packet", "code": code, "kept_sha256": kept_sha256}]


FORGED = b"%PDF-1.7 forged"
BESIDE = f"{VERSION}/packets/decided"
TOLD = {"action": "packet.made", "position": 6, "facts": {"sha256": sha(PACKET)}}


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"more": {f"{BESIDE}/extra.pdf": PACKET}}, "extra.pdf is not in the packet's manifest"),
        ({"more": {f"{BESIDE}/a/b.pdf": PACKET}}, "b.pdf is not in the packet's manifest"),
        ({"more": {f"{BESIDE}/other-manifest.json": b"{}"}}, "not in the packet's manifest"),
        ({"more": {f"{VERSION}/packets/decided-1/a.pdf": PACKET}}, "is of no packet that"),
        ({"more": {f"{VERSION}/packets/a.pdf": PACKET}}, "is of no packet that"),
        ({"version": record(files=None)}, f"{DECIDED} is of no packet that"),
        ({"version": record(files=None)}, "although an event tells that it was made"),
        ({"version": record(files=[])}, "although an event tells that it was made"),
        ({"version": record(edition="certified")}, "says something else of the packet than"),
        ({"version": record(appeals=1)}, "says something else of the packet than"),
        ({"version": record(files=coded("0" * 32))}, "says something else of the packet than"),
        ({"manifest": None}, "packets/decided/ has no manifest"),
        ({"events": events({"action": "a", "position": 6})}, "no event tells that"),
        (
            {
                "decided": FORGED,
                "manifest": packet_manifest(SIGNED, sha256=sha(FORGED), size=len(FORGED)),
                "version": record(files=coded(CODE, sha(FORGED))),
            },
            "is another file than the event tells that made it",
        ),
        ({"events": None}, "its quarter has no events.jsonl"),
    ],
)
def test_a_packet_added_left_out_or_replaced_is_found(
    tmp_path: Path, changed: dict[str, Any], problem: str
) -> None:
    checked = check_archive(write(tmp_path / "a.zip", **changed))
    assert any(problem in sentence for sentence in checked.problems), checked.problems


def test_a_packet_made_before_manifests_and_hashes_in_events_is_no_problem(tmp_path: Path) -> None:
    older = {"manifest": None, "version": record(files=coded(None)), "events": events(TOLD)}
    assert check_archive(write(tmp_path / "a.zip", **older)).problems == []
