"""What the files of an archive say, held against each other: signed hashes, sums, events, calculations.

Each check yields its problems as sentences. What a file holds may be anything; a value of another kind
than the portal writes raises, and whoever calls says that the file cannot be checked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from claims.archives.layout import (
    CALCULATION,
    CLAIM,
    EVENTS,
    EVIDENCE,
    FILE,
    ORIGINAL,
    PACKET_MANIFEST,
    PACKETS,
    VERSION,
    Files,
    folder_of,
)
from claims.archives.opening import Opened
from claims.archives.packets import Made, as_told, packet, packets_of
from claims.rules.claim import calculate
from claims.rules.record import claim_record, officer_record, read_input
from portal.kernel.canonical import canonical_json

_DECIMAL = re.compile(r"\d{1,9}(\.\d{1,9})?")


def calculation(archive: Opened, name: str, files: Files) -> Iterator[str]:
    """Whether the stored input still gives the stored result, to the cent and the letter."""
    if f"{folder_of(name)}{VERSION}" not in files:
        yield f"{name} has no {VERSION} beside it"
    content, *details = archive.read(name).decode().split("\n")
    stored = json.loads(content)
    _refuse_endless_decimals(stored)
    claim = read_input(stored, map(json.loads, details))
    result = calculate(claim)
    officers = zip(claim.officers, result.officers, details, strict=True)
    if content != canonical_json(claim_record(claim, result)) or any(
        detail != canonical_json(officer_record(facts, outcome))
        for facts, outcome, detail in officers
    ):
        yield f"{name} does not follow from its own input"


def version(archive: Opened, name: str, files: Files) -> Iterator[str]:
    """Whether signature, decisions, adjustments and packets belong to the calculation beside them."""
    folder = folder_of(name)
    said = json.loads(archive.read(name))
    stored = files.get(f"{folder}{CALCULATION}")
    if stored is None:
        yield f"{name} has no {CALCULATION} beside it"
        return
    signature = said["certification"]
    if signature is None:
        yield f"{name}: nobody signed it"
    elif signature["sha256"] != stored.sha256:
        yield f"{name}: the signature is over another calculation"
    for decision in said["decisions"]:
        if decision["sha256"] != stored.sha256:
            yield f"{name}: “{decision['action']}” was decided on another calculation"
    if said["total"] != json.loads(next(archive.lines(stored.path)))["total"]:
        yield f"{name}: its total is not the calculation's"
    taken = sum(adjustment["amount"] for adjustment in said["adjustments"])
    if said["allowed"] != said["total"] + taken:
        yield f"{name}: total and adjustments do not add up to what is allowed"
    for record in said["packets"]:
        for path, kept_sha256 in _packet_files(record, folder):
            yield from _as_kept(path, kept_sha256, files)
    yield from packets_of(archive, name, said["packets"], files)
    if f"{folder.rsplit('/', 4)[0]}/{EVENTS}" not in files:
        yield f"{name}: its quarter has no {EVENTS}"


def claim(archive: Opened, name: str, files: Files) -> Iterator[str]:
    """Whether the records that support a claim are those that its agency sent."""
    for record in json.loads(archive.read(name))["evidence"]:
        path = f"{folder_of(name)}{EVIDENCE}/{record['id']}/{record['filename']}"
        yield from _as_kept(path, record["kept_sha256"], files)


def sent_file(archive: Opened, name: str, files: Files) -> Iterator[str]:
    """Whether the bytes beside the record of a roster or payroll file are those that were kept."""
    said = json.loads(archive.read(name))
    path = f"{folder_of(name)}{ORIGINAL}/{said['kept_name']}"
    yield from _as_kept(path, said["kept_sha256"], files)


def events(archive: Opened, name: str, files: Files) -> Iterator[str]:
    """Whether every event has the hash that follows from it and the one before; what they tell of packets."""
    before, last_hash, made = None, "", Made()
    for line in filter(None, archive.lines(name)):
        event = json.loads(line)
        position = event["position"]
        own = hashlib.sha256((event["previous_hash"] + event["content"]).encode()).hexdigest()
        if own != event["hash"]:
            yield f"{name}: event {position} does not match its hash"
        if before is not None and position <= before:
            yield f"{name}: event {position} stands out of order"
        if before is not None and position == before + 1 and event["previous_hash"] != last_hash:
            yield f"{name}: event {position} does not follow event {before}"
        before, last_hash = position, event["hash"]
        made.learn(json.loads(event["content"]))
    yield from as_told(archive, folder_of(name), made, files)


Check = Callable[[Opened, str, Files], Iterator[str]]

_CHECKS: dict[str, Check] = {
    CALCULATION: calculation,
    VERSION: version,
    CLAIM: claim,
    FILE: sent_file,
    EVENTS: events,
}


def check_of(name: str) -> Check | None:
    """How a file is checked beyond its hash; None for what people sent, whatever they called it."""
    *folders, last = name.split("/")
    if {ORIGINAL, EVIDENCE} & set(folders):
        return None
    if PACKETS in folders and last.endswith(PACKET_MANIFEST):
        return packet
    return _CHECKS.get(last)


def _packet_files(record: dict[str, Any], folder: str) -> Iterator[tuple[str, str | None]]:
    """Where the files of a packet lie, and their hashes on record."""
    if "files" not in record:
        # As archives were laid out while a packet was one file.
        yield f"{folder}packet-{record['edition']}.pdf", record["kept_sha256"]
        return
    for file in record["files"]:
        yield f"{folder}{PACKETS}/{record['folder']}/{file['name']}", file["kept_sha256"]


def _as_kept(path: str, kept_sha256: str | None, files: Files) -> Iterator[str]:
    """Whether a file is there with the hash on record; none is when it was not kept."""
    file = files.get(path)
    if file is None and kept_sha256 is not None:
        yield f"{path} is missing, although it was kept"
    if file is not None and file.sha256 != kept_sha256:
        yield f"{path} is another file than was kept"


def _refuse_endless_decimals(stored: Any) -> None:
    """One such as 1e999999999 would take hours and all memory to calculate with."""
    tiers = stored["award_rules"]["tiers"]
    for text in (stored["rules"]["overtime_share_percent"], *(percent for percent, _ in tiers)):
        if not _DECIMAL.fullmatch(text):
            raise ValueError("a rule is no plain number")
