"""Archives made to do harm, and what is no archive: told in words, never unpacked, never a crash."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.archives import opening
from claims.archives.checking import check_archive
from tests.claims.archives.sound import rewrite, write

FILE = {"path": "a", "sha256": "", "size": 1, "what": ""}


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
