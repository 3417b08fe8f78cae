"""Whether something is a file of a packet the portal made, and whether that packet still counts."""

from __future__ import annotations

import enum

from django.db.models import QuerySet

from claims.models import Packet, PacketFile
from claims.rules.lifecycle import SETTLED, State
from claims.selectors.decisions import grants_of
from claims.selectors.linked import chain_of, claim_in_force
from portal.records.models import Document

STILL_COUNTS = "the signature or decision it shows still stands"
"""What is looked at for a current packet; what it shows of earlier quarters may have been corrected since."""
NO_LONGER_COUNTS = (
    "no longer counts: a later decision or packet has taken its place, or what it shows was returned or "
    "withdrawn"
)
"""What may have happened to a superseded one: in one sentence, wherever it is said."""


class Genuineness(enum.StrEnum):
    """All that a stranger learns. The codes are an interface and stay."""

    CURRENT = "genuine_current"
    SUPERSEDED = "genuine_superseded"
    UNKNOWN = "unknown"


def genuineness_by_hash(sha256: str) -> Genuineness:
    """Of the file with this SHA-256, 64 lower-case hex characters: it is this very file."""
    return _genuineness(PacketFile.objects.filter(document__sha256=sha256))


def genuineness_by_code(code: str) -> Genuineness:
    """Of the file on which this code stands. Anybody may copy a code: only a hash speaks for a file."""
    return _genuineness(PacketFile.objects.filter(code=code))


def is_current(packet: Packet) -> bool:
    """Whether the signature or decision that a packet shows still stands, as the newest there is.

    Decisions end that, whether or not a newer packet shows them yet: the one that settles the version what
    was certified, and each appeal that gives something back what was decided before. So does a return or
    withdrawal of the version, as of every version that a later one follows; and so does the decision of a
    linked claim that is not denied: the quarter is paid by that one. Of a denied claim nobody corrects
    anything; its packet goes on saying that it was denied.
    """
    version = packet.version
    if version.state in (State.RETURNED, State.WITHDRAWN) or _was_overtaken(packet):
        return False
    in_force = claim_in_force(chain_of(version.claim.agency_id, version.claim.quarter))
    return (
        in_force is None
        or version.state == State.DENIED
        or in_force.sequence <= version.claim.sequence
    )


def _was_overtaken(packet: Packet) -> bool:
    """Whether its own version has been decided, or given back on appeal, after what it shows."""
    if packet.edition == Packet.Edition.CERTIFIED:
        return packet.version.state in SETTLED
    return grants_of(packet.version) > packet.appeals


def _genuineness(files: QuerySet[PacketFile]) -> Genuineness:
    # A packet that is still being made was given to nobody.
    made = files.filter(packet__made_at__isnull=False, document__kind=Document.Kind.PACKET)
    made = made.select_related("packet__version__claim")
    packets = [file.packet for file in made]
    if not packets:
        return Genuineness.UNKNOWN
    return Genuineness.CURRENT if any(map(is_current, packets)) else Genuineness.SUPERSEDED
