"""Reading who has which part in a version: nobody has two."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from claims.models import ClaimVersion, Participant
from claims.rules.lifecycle import Part
from portal.accounts.policies import Actor
from portal.kernel.asked_once import asked_once


def part_of(actor: Actor, version: ClaimVersion) -> Part | None:
    """What the actor did in a version; None for those who had no part in it."""
    return _part(version.pk, actor.user.pk)


def has_another_part(actor: Actor, version: ClaimVersion, part: Part) -> bool:
    """Whether the actor may not take a part, because they have another one in the version."""
    return part_of(actor, version) not in (None, part)


def with_another_part(actor: Actor, part: Part) -> Exists:
    """The same as a condition on the rows of versions."""
    own = Participant.objects.filter(version=OuterRef("pk"), user=actor.user)
    return Exists(own.exclude(part=part))


@asked_once
def _part(version_id: int, user_id: int) -> Part | None:
    parts = Participant.objects.filter(version=version_id, user=user_id)
    part = parts.values_list("part", flat=True).first()
    return Part(part) if part else None
