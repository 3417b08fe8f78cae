"""Whether something is a file of a packet the portal made, and whether that packet still counts."""

from __future__ import annotations

import enum

from django.db.models import Q, QuerySet

from claims.models import Packet, PacketFile
from claims.rules.lifecycle import State
from claims.selectors.linked import chain_of, claim_in_force


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
    """Whether what a packet says still stands, as the newest there is to say.

    It does not when a newer one of its version has been made: the decided edition follows the certified
    one, and each appeal that gave something back the edition before. It does not when the version was
    returned or withdrawn, as every version was that a later one follows. And it does not when a linked
    claim that was not denied has been decided since: the quarter is paid by that one. Of a denied claim
    nobody corrects anything; its packet goes on saying that it was denied.
    """
    version = packet.version
    if version.state in (State.RETURNED, State.WITHDRAWN) or _has_newer(packet):
        return False
    in_force = claim_in_force(chain_of(version.claim.agency_id, version.claim.quarter))
    return (
        in_force is None
        or version.state == State.DENIED
        or in_force.sequence <= version.claim.sequence
    )


def _has_newer(packet: Packet) -> bool:
    newer = Q(edition=packet.edition, appeals__gt=packet.appeals)
    if packet.edition == Packet.Edition.CERTIFIED:
        newer |= Q(edition=Packet.Edition.DECIDED)
    return Packet.objects.filter(newer, version=packet.version_id, made_at__isnull=False).exists()


def _genuineness(files: QuerySet[PacketFile]) -> Genuineness:
    # A packet that is still being made was given to nobody.
    made = files.filter(packet__made_at__isnull=False).select_related("packet__version__claim")
    packets = [file.packet for file in made]
    if not packets:
        return Genuineness.UNKNOWN
    return Genuineness.CURRENT if any(map(is_current, packets)) else Genuineness.SUPERSEDED
