"""Files of packets as somebody holds them in their hands, for tests of what is said about them."""

from __future__ import annotations

import hashlib

from claims.models import Claim, Packet, PacketFile
from portal.accounts.roles import Role
from portal.kernel import clock
from portal.records import storage
from portal.records.models import Document
from tests.factories import act, make_draft, make_person


def signed() -> Claim:
    """A claim that its agency has signed."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return claim


def issued(content: bytes = b"%PDF-1.7 a packet", *, made: bool = True) -> PacketFile:
    """The packet of a signed claim, with other bytes in the place of its PDF."""
    packet = Packet.objects.get(version=signed().version)
    return with_file(packet, content, made=made)


def take_back(file: PacketFile) -> None:
    """Let a certifier withdraw the claim of a packet."""
    claim = file.packet.version.claim
    act(make_person(Role.CERTIFIER, claim.agency), claim, "withdraw")


def with_file(
    packet: Packet, content: bytes, part: str = "packet", *, made: bool = True
) -> PacketFile:
    """A file of a packet, which has then been made, or still lacks others."""
    claim = packet.version.claim
    document = storage.keep(
        [content],
        kind=Document.Kind.PACKET,
        filename=f"{claim.number}.pdf",
        media_type="application/pdf",
        agency=claim.agency,
    )
    code = None if part == "manifest" else hashlib.sha256(content).hexdigest()[:32]
    file = PacketFile.objects.create(
        packet=packet, copy="full", part=part, document=document, code=code
    )
    if made:
        Packet.objects.filter(pk=packet.pk).update(made_at=clock.now())
    return file
