"""An archive is checked by itself: what was changed, added or taken away in it is found."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.archives.checking import check_archive
from portal.kernel.canonical import canonical_json
from tests.claims.archives.sound import (
    SIGNED,
    TOTAL,
    VERSION,
    calculation,
    events,
    packet_manifest,
    rewrite,
    sha,
    version,
    write,
)


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


def test_amounts_that_do_not_add_up_are_found(tmp_path: Path) -> None:
    acts = version(SIGNED) | {"allowed": TOTAL}
    checked = check_archive(write(tmp_path / "a.zip", version=acts))
    assert any("do not add up" in sentence for sentence in checked.problems)


def test_a_total_that_is_not_the_calculations_is_found(tmp_path: Path) -> None:
    acts = version(SIGNED) | {"total": TOTAL + 100, "allowed": TOTAL - 400}
    problems = check_archive(write(tmp_path / "a.zip", version=acts)).problems
    assert any("its total is not the calculation's" in sentence for sentence in problems)


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
