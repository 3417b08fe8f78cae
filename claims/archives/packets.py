"""The packets of an archive: each held against its manifest, its version's record, and its event.

As in `claims.archives.contents`, problems are yielded as sentences, and what the portal never writes raises.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from claims.archives.layout import (
    CALCULATION,
    PACKET_MANIFEST,
    PACKETS,
    SNAPSHOT,
    VERSION,
    Files,
    folder_of,
)
from claims.archives.opening import Opened
from claims.archives.packet_manifest import code_of, read_identity

_VERSION = re.compile(rf"claims/([^/]+)/v([0-9]+)/{VERSION}")


def packet(archive: Opened, name: str, files: Files) -> Iterator[str]:
    """Whether the files beside a packet's manifest are those it names, made from what lies there."""
    said, folder = json.loads(archive.read(name)), folder_of(name)
    identity = read_identity(said)
    version = folder.removesuffix("/").rsplit("/", 2)[0]
    made_from = (
        (f"{version}/{CALCULATION}", identity.calculation_sha256),
        (f"{folder}{SNAPSHOT}", identity.snapshot_sha256),
    )
    for path, sha256 in made_from:
        if path not in files or files[path].sha256 != sha256:
            yield f"{name} was made from another {path.rsplit('/', 1)[-1]} than lies there"
    for entry in said["files"]:
        listed = files.get(f"{folder}{entry['name']}")
        if listed is None or (listed.sha256, listed.size) != (entry["sha256"], entry["size"]):
            yield f"{name}: {entry['name']} is not the file it names"
        if entry["code"] != code_of(identity, entry["part"], entry["number"]):
            yield f"{name}: the code of {entry['name']} does not follow from what it was made from"
    named = {name, f"{folder}{SNAPSHOT}"} | {f"{folder}{entry['name']}" for entry in said["files"]}
    for path in sorted(_within(folder, files) - named):
        yield f"{path} is not in the packet's manifest beside it"


def packets_of(
    archive: Opened, name: str, packets: list[dict[str, Any]], files: Files
) -> Iterator[str]:
    """Whether a version's record names every packet beside it, and says of each what its manifest says."""
    whole, told = f"{folder_of(name)}{PACKETS}/", set()
    for record in packets:
        if record.get("files"):
            folder = f"{whole}{record['folder']}/"
            beside = _within(folder, files)
            manifests = [path for path in beside if path.endswith(PACKET_MANIFEST)]
            listed = {f"{folder}{file['name']}" for file in record["files"]}
            # What was made before there were manifests has none, and no codes.
            told |= beside if manifests else beside & (listed | {f"{folder}{SNAPSHOT}"})
            if not manifests and any(file["code"] for file in record["files"]):
                yield f"{folder} has no manifest"
            for path in manifests:
                if _as_record(record) != _as_manifest(json.loads(archive.read(path))):
                    yield f"{name} says something else of the packet than {path}"
    for path in sorted(_within(whole, files) - told):
        yield f"{path} is of no packet that {name} names"


@dataclass(slots=True)
class Made:
    """What a quarter's events tell of packets: the hash of each file by its name.

    `unnamed` are those of packets made when an event told only the hash of one file.
    """

    named: dict[str, str] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)

    def learn(self, event: dict[str, Any]) -> None:
        """Take in an event, if it tells that a packet was made."""
        if event["action"] != "packet.made":
            return
        facts = event["facts"]
        if "files" in facts:
            self.named |= facts["files"]
        else:
            self.unnamed.add(facts["sha256"])


def as_told(archive: Opened, folder: str, made: Made, files: Files) -> Iterator[str]:
    """Whether a quarter's versions name the packet files that its events tell, with the same hashes."""
    for path in sorted(_within(folder, files)):
        version = _VERSION.fullmatch(path.removeprefix(folder))
        if version is None:
            continue
        packets = json.loads(archive.read(path))["packets"]
        kept = {
            file["name"]: file["kept_sha256"]
            for record in packets
            for file in record.get("files", ())
        }
        for name, sha256 in kept.items():
            if name not in made.named and sha256 not in made.unnamed:
                yield f"{path}: no event tells that {name} was made"
            elif sha256 not in {None, made.named.get(name, sha256)}:
                yield f"{path}: {name} is another file than the event tells that made it"
        prefix = f"{version[1]}-v{version[2]}-"
        for name in made.named:
            # An archive has the full copies only.
            is_full = "masked" not in re.split(r"[-.]", name.removeprefix(prefix))
            if name.startswith(prefix) and is_full and name not in kept:
                yield f"{path} does not name {name}, although an event tells that it was made"


def _as_record(record: dict[str, Any]) -> tuple[str, int, dict[str, str]]:
    codes = {file["name"]: file["code"] for file in record["files"] if file["part"] != "manifest"}
    return record["edition"], record["appeals"], codes


def _as_manifest(said: dict[str, Any]) -> tuple[str, int, dict[str, str]]:
    return said["edition"], said["appeals"], {file["name"]: file["code"] for file in said["files"]}


def _within(folder: str, files: Files) -> set[str]:
    return {path for path in files if path.startswith(folder)}
