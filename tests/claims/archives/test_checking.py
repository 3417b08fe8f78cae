"""An archive is checked by itself: what was changed, added or taken away in it is found."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awards.rules import Counts
from claims.archives import opening
from claims.archives.checking import check_archive
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
FILE = {"path": "a", "sha256": "", "size": 1, "what": ""}
ORIGINAL = b"officer_id,period_start\n1,2025-12-21\n"


def sha(content: bytes) -> str:
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
    facts = {
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


def test_a_sound_archive_has_no_problem(tmp_path: Path) -> None:
    checked = check_archive(write(tmp_path / "a.zip"))
    assert checked.problems == []
    assert checked.counts == {"files": 13, "calculations": 1}


def test_the_hash_of_the_calculations_file_is_what_was_signed(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(tmp_path / "a.zip")) as archive:
        signed = json.loads(archive.read(f"{VERSION}/version.json"))["certification"]["sha256"]
        assert sha(archive.read(f"{VERSION}/calculation.jsonl")) == signed


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.zip"), write(tmp_path / "b.zip")
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda name, c: c.replace(b"1400", b"1500") + b" " if "calculation" in name else c,
            "chan",
        ),
        (lambda name, c: None if name.endswith(".pdf") else c, "is missing"),
        (lambda name, c: None if name == "manifest.json" else c, "no manifest"),
        (lambda name, c: b"[]" if name == "manifest.json" else c, "another format"),
        (lambda name, c: b"{" if name == "manifest.json" else c, "cannot be read"),
        (lambda name, c: c[:-9] if name.endswith("pay.csv") else c, "pay.csv was changed"),
    ],
)
def test_what_was_changed_behind_the_manifests_back_is_found(
    tmp_path: Path, change: Callable[[str, bytes], bytes | None], problem: str
) -> None:
    checked = check_archive(rewrite(write(tmp_path / "a.zip"), change))
    assert any(problem in sentence for sentence in checked.problems)


def test_a_file_nobody_listed_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("extra.txt", "more")
    assert check_archive(path).problems == ["extra.txt is not in the manifest"]


def endless(lines: list[str]) -> list[str]:
    """A share that would take hours to calculate with."""
    claim_itself = json.loads(lines[0])
    claim_itself["rules"]["overtime_share_percent"] = "1e999999999"
    return [canonical_json(claim_itself), *lines[1:]]


def cheaper(lines: list[str]) -> list[str]:
    return [line.replace(f'"total":{TOTAL}', f'"total":{TOTAL - 100}') for line in lines]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"calculation": cheaper(calculation())}, "does not follow from its own input"),
        ({"calculation": cheaper(calculation())}, "the signature is over another calculation"),
        ({"packet": b"%PDF-1.7 another"}, "is another file than was kept"),
        ({"decided": b"%PDF-1.7 another"}, "decided.pdf is another file than was kept"),
        ({"decided": b"%PDF-1.7 another"}, "decided.pdf is not the file it names"),
        ({"decided": None}, "decided.pdf is not the file it names"),
        ({"snapshot": b"{}"}, "was made from another snapshot.json than lies there"),
        ({"calculation": cheaper(calculation())}, "was made from another calculation.jsonl"),
        ({"manifest": packet_manifest("0" * 64)}, "was made from another calculation.jsonl"),
        ({"manifest": packet_manifest(SIGNED, code="0" * 32)}, "does not follow from what it was"),
        ({"manifest": packet_manifest(SIGNED, size=1)}, "decided.pdf is not the file it names"),
        ({"manifest": b'{"format":2}'}, "is of another format"),
        ({"manifest": b"[]"}, "decided-manifest.json cannot be checked"),
        ({"original": b"officer_id\n2\n"}, "is another file than was kept"),
        ({"record": b"not what was sent"}, "timesheet.pdf is another file than was kept"),
        ({"version": None}, "has no version.json beside it"),
        ({"calculation": None}, "has no calculation.jsonl beside it"),
        ({"packet": None}, "packet-certified.pdf is missing, although it was kept"),
        ({"events": ["[]"]}, "events.jsonl cannot be checked"),
        ({"calculation": ["{}"]}, "calculation.jsonl cannot be checked"),
        ({"calculation": ["[" * 100_000]}, "calculation.jsonl cannot be checked"),
        ({"calculation": endless(calculation())}, "a rule is no plain number"),
        ({"events": events()[1:] + events()[:1]}, "stands out of order"),
        ({"events": [events()[0].replace("certify", "approve")]}, "does not match its hash"),
    ],
)
def test_what_was_changed_with_the_manifest_is_found_by_what_it_says(
    tmp_path: Path, changed: dict[str, Any], problem: str
) -> None:
    checked = check_archive(write(tmp_path / "a.zip", **changed))
    assert any(problem in sentence for sentence in checked.problems)


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


def test_amounts_that_do_not_add_up_are_found(tmp_path: Path) -> None:
    acts = version(SIGNED) | {"allowed": TOTAL}
    checked = check_archive(write(tmp_path / "a.zip", version=acts))
    assert any("do not add up" in sentence for sentence in checked.problems)


def test_a_total_that_is_not_the_calculations_is_found(tmp_path: Path) -> None:
    acts = version(SIGNED) | {"total": TOTAL + 100, "allowed": TOTAL - 400}
    problems = check_archive(write(tmp_path / "a.zip", version=acts)).problems
    assert any("its total is not the calculation's" in sentence for sentence in problems)


def entry(name: str, **features: Any) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    for feature, value in features.items():
        setattr(made, feature, value)
    return made


@pytest.mark.parametrize(
    ("hostile", "problem"),
    [
        (entry("../../etc/passwd"), "may be unpacked elsewhere"),
        (entry("/etc/passwd"), "may be unpacked elsewhere"),
        (entry("a\\..\\b"), "may be unpacked elsewhere"),
        (entry("C:evil"), "may be unpacked elsewhere"),
        (entry("a\x1b[2Jb"), "may be unpacked elsewhere"),
        (entry("folder/"), "may be unpacked elsewhere"),
        (entry("link", external_attr=0o120777 << 16), "is a link"),
        (entry("packed", compress_type=zipfile.ZIP_LZMA), "packed in a form"),
        (entry("ReadMe.TXT"), "is in it twice"),
        (entry("README.txt"), "is in it twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_would_do_harm_when_unpacked_is_found(
    tmp_path: Path, hostile: zipfile.ZipInfo, problem: str
) -> None:
    path = write(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(hostile, "harm", hostile.compress_type)
    problems = check_archive(path).problems
    assert any(problem in sentence for sentence in problems)
    assert all(sentence.isprintable() for sentence in problems)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.zip", record=bytes(3 << 20))
    with zipfile.ZipFile(path) as archive:
        largest = max(one.file_size for one in archive.infolist())
    monkeypatch.setattr(opening, "LARGEST_FILE", largest - 1)
    assert any("larger than any file" in sentence for sentence in check_archive(path).problems)
    monkeypatch.setattr(opening, "MOST_BYTES", largest)
    assert any("unpacks to more" in sentence for sentence in check_archive(path).problems)


def test_a_record_too_large_to_be_read_whole_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.zip")
    monkeypatch.setattr(opening, "LONGEST_LINE", 50)
    assert any("longer line" in sentence for sentence in check_archive(path).problems)
    monkeypatch.setattr(opening, "LARGEST_RECORD", 50)
    assert any("larger than any record" in sentence for sentence in check_archive(path).problems)
    monkeypatch.setattr(opening, "MOST_FILES", 5)
    assert any("it holds 14 files" in sentence for sentence in check_archive(path).problems)


@pytest.mark.parametrize(
    "manifest",
    [
        {"format": 1},
        {"format": 1, "scope": {}, "files": {}},
        {"format": 1, "scope": [], "files": []},
        {"format": 1, "scope": {}, "files": [None]},
        {"format": 1, "scope": {}, "files": [{"path": 1, "sha256": "", "size": 1, "what": ""}]},
        {"format": 1, "scope": {}, "files": [{"path": "a", "sha256": "", "size": "1", "what": ""}]},
        {"format": 1, "scope": {}, "files": [{"path": "a", "sha256": "", "size": 1}]},
        {"format": 1, "scope": {}, "files": [FILE] * 2},
        {"format": 10**400, "scope": {}, "files": []},
    ],
)
def test_a_manifest_of_anything_else_is_told(tmp_path: Path, manifest: Any) -> None:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(manifest).encode() if name == "manifest.json" else content

    checked = check_archive(rewrite(write(tmp_path / "a.zip"), change))
    assert checked.problems
    assert checked.problems[0].startswith("it cannot be read to its end: its manifest")


def test_of_very_many_problems_some_are_told_and_all_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1500):
            archive.writestr(f"{number}.txt", "")
        archive.writestr("manifest.json", '{"format":1,"scope":{},"files":[]}')
    checked = check_archive(path)
    assert (len(checked.problems), checked.untold) == (1000, 500)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.99])
def test_half_an_archive_is_told_and_not_raised(tmp_path: Path, cut: float) -> None:
    path = write(tmp_path / "a.zip")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * cut)])
    assert not check_archive(path).is_sound


@given(st.data())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_byte_is_changed_the_check_ends(tmp_path: Path, data: st.DataObject) -> None:
    path = write(tmp_path / "a.zip")
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    check_archive(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive at all"])
def test_what_is_no_archive_is_told_and_not_raised(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert not check_archive(path).is_sound


def test_the_command_says_what_it_found_and_exits(tmp_path: Path) -> None:
    printed = StringIO()
    call_command("verify_archive", str(write(tmp_path / "a.zip")), stdout=printed)
    assert "13 files and 1 calculation: no problems." in printed.getvalue()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "verify_archive",
            str(write(tmp_path / "b.zip", packet=b"%PDF another")),
            "--json",
            stdout=(answer := StringIO()),
        )
    assert ended.value.code == 1
    assert json.loads(answer.getvalue())["ok"] is False
    with pytest.raises(CommandError):
        call_command("verify_archive", str(tmp_path / "none.zip"))
