"""Reading packets: which there are of a version, and which of their files an actor may take away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from claims.models import ClaimVersion, Decision, Packet, PacketFile
from claims.packets.facts import Copy
from claims.packets.failures import Failure, failure
from claims.rules.lifecycle import SETTLED
from claims.selectors.claims import version_for
from claims.selectors.decisions import GRANTS
from portal.accounts.policies import Actor, found
from portal.kernel.errors import NotFound

_SLUG = re.compile(r"(certified|decided)(?:-([1-9][0-9]{0,3}))?")


def packets_of(version: ClaimVersion) -> QuerySet[Packet]:
    """The packets of a version that the actor has got, the newest first: it supersedes the others."""
    rows = Packet.objects.filter(version=version).select_related("job")
    return rows.prefetch_related("files__document").order_by("-requested_at", "-pk")


def packet_for(actor: Actor, number: str, version: int, slug: str) -> Packet:
    """One edition of a version's packet, by its `slug`; NotFound for strangers."""
    named = _SLUG.fullmatch(slug)
    if named is None:
        raise NotFound("packet")
    stored = version_for(actor, number, version)
    packet = found(packets_of(stored), "packet", edition=named[1], appeals=int(named[2] or 0))
    packet.version = stored
    return packet


def versions_without_packet() -> QuerySet[ClaimVersion]:
    """Decided versions of which nobody has asked for a packet that shows their last ruling."""
    grants = Decision.objects.filter(version=OuterRef("pk"), action__in=GRANTS)
    granted = grants.order_by().values("version").values(number=Count("pk"))
    asked_for = Packet.objects.filter(
        version=OuterRef("pk"), edition=Packet.Edition.DECIDED, appeals=OuterRef("granted")
    )
    decided = ClaimVersion.objects.filter(state__in=SETTLED).annotate(
        granted=Coalesce(Subquery(granted), 0)
    )
    return decided.exclude(Exists(asked_for)).order_by("pk")


def own_copy(actor: Actor) -> Copy:
    """The copy that an actor gets without asking for another one."""
    return Copy.FULL if actor.takes_names else Copy.MASKED


def copies_of(actor: Actor) -> tuple[Copy, ...]:
    """The copies an actor may take: who may take names may also take a masked copy, to hand on."""
    return (Copy.FULL, Copy.MASKED) if actor.takes_names else (Copy.MASKED,)


def require_copy(actor: Actor, copy: str) -> None:
    """Refuse a copy that names officers to those who may not take names out of the portal."""
    if copy not in copies_of(actor):
        actor.require_names("The full copy", "Take the masked copy")


def files_of(actor: Actor, packet: Packet) -> list[PacketFile]:
    """The files of a packet that the actor may take: the document, its volumes, the manifest; by copy."""
    taken = copies_of(actor)
    rows = [row for row in packet.files.all() if row.copy in taken]
    return sorted(rows, key=attrgetter("reading_order"))


def failure_of(packet: Packet) -> Failure | None:
    """Why a packet could not be made; None when it is there or may still be made."""
    if packet.is_made or not (packet.job is None or packet.job.is_finished):
        return None
    return failure(packet.reason)


def main_file(packet: Packet, copy: str) -> PacketFile | None:
    """The main document of one copy; None while there is none."""
    rows = (row for row in packet.files.all() if row.copy == copy and row.part == row.Part.PACKET)
    return next(rows, None)


def file_for(actor: Actor, packets: Iterable[Packet], name: str) -> PacketFile:
    """The file with this name of one of the packets; NotAllowed where it names officers and they may not.

    It is there as soon as its packet is whole.
    """
    files = (file for packet in packets if packet.is_made for file in packet.files.all())
    named = next((file for file in files if file.document.filename == name), None)
    if named is None:
        raise NotFound("file of this packet")
    require_copy(actor, named.copy)
    return named
