"""The manifest beside a packet, and the codes on its covers: how they are made and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from portal.kernel.canonical import canonical_json, sha256_text

FORMAT = 1
CODE_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """Which copy of which edition of a claim's packet a file belongs to, and what it was made from.

    `snapshot_sha256` is the hash of what the edition shows beside the calculation, as it was written down.
    """

    claim: str
    version: int
    edition: str
    appeals: int
    copy: str
    calculation_sha256: str
    snapshot_sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a packet as its manifest lists it; `what` is it in words."""

    name: str
    what: str
    part: str
    number: int
    code: str
    sha256: str
    size: int
    pages: int
    enclosures: Sequence[dict[str, Any]]
    rendered_with: dict[str, str]


def code_of(identity: Identity, part: str, number: int) -> str:
    """The code that a file bears on its cover: the same facts give the same one."""
    facts = asdict(identity) | {"part": part, "number": number}
    return sha256_text(canonical_json(facts))[:CODE_DIGITS]


def manifest(identity: Identity, closed_at: datetime, files: Sequence[Entry]) -> bytes:
    """The manifest of one copy in canonical JSON; `closed_at` is the instant the edition shows."""
    return canonical_json(
        {
            "format": FORMAT,
            **asdict(identity),
            "closed_at": closed_at,
            "files": [asdict(file) for file in files],
        }
    ).encode()


def read_identity(said: dict[str, Any]) -> Identity:
    """Whose manifest it is; ValueError or KeyError when it is not one of this format."""
    if said["format"] != FORMAT:
        raise ValueError("the packet's manifest is of another format")
    return Identity(**{name: said[name] for name in Identity.__slots__})
