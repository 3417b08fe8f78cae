"""Notes that one side writes to itself."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from claims.models import ClaimVersion, Note
from claims.rules.address import Address
from claims.selectors.addresses import not_in_claim
from claims.selectors.questions import may_note
from claims.services.once import made_before
from claims.services.under_lock import version_under_lock
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel.errors import BadInput, NotAllowed
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit


@transaction.atomic
def keep_note(
    *, actor: Actor, version: ClaimVersion, address: Address, text: str, token: UUID
) -> Note:
    """Keep a note for the actor's own side; its words stand in no story that both sides read."""
    actor.require(Capability.READ_AGENCY, version.claim.agency)
    if not may_note(actor):
        raise NotAllowed(
            "not_allowed",
            f"Your role ({actor.roles_text}) does not include writing notes.",
            "Somebody who prepares, certifies, reviews or decides on claims can.",
        )
    refuse_personal_numbers(text, what="note")
    if not text.strip():
        raise BadInput("text_required", "The note is empty.", "Write in a sentence or two.")
    version = version_under_lock(version.pk)
    known = made_before(Note, token, version_id=version.pk, author_id=actor.user.pk)
    if known is not None:
        return known
    refusal = not_in_claim(version, address)
    if refusal is not None:
        raise refusal
    note = Note.objects.create(
        version=version,
        officer_id=address.officer_id,
        category=address.category,
        side=actor.side,
        text=text.strip(),
        author=actor.user,
        token=token,
    )
    claim = version.claim
    audit.record(
        "note.keep",
        subject=f"{claim.subject}/{actor.side}",
        thread=f"{claim.thread}/{actor.side}",
        actor=actor,
        agency_id=claim.agency_id,
        version=version.number,
        about=address.words(),
    )
    return note
