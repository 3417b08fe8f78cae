"""The papers of an agreement: the signed memorandum, and what it says about pay."""

from __future__ import annotations

from django.db import transaction

from agreements.models import Agreement
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake.uploads import Upload
from portal.kernel.errors import BadInput
from portal.records import audit, storage
from portal.records.models import Document

PDF = "application/pdf"


@transaction.atomic
def note_papers(
    *, actor: Actor, agreement: Agreement, clauses: str, upload: Upload | None = None
) -> Agreement:
    """Note recruitment or compensation clauses, and keep the signed agreement if one is sent.

    An earlier file stays stored; the record of this change names it.
    """
    actor.require(Capability.MANAGE_AGENCIES, agreement.agency)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    before = {"moa": str(agreement.moa_id or ""), "clauses": agreement.clauses}
    agreement.clauses = clauses.strip()
    if upload is not None:
        agreement.moa = _kept(actor, agreement, upload)
    after = {"moa": str(agreement.moa_id or ""), "clauses": agreement.clauses}
    if after != before:
        agreement.save(update_fields=["clauses", "moa"])
        audit.record(
            "agreement.papers",
            subject=f"agency/{agreement.agency.number}",
            actor=actor,
            agency_id=agreement.agency_id,
            model=agreement.model,
            before=before,
            after=after,
        )
    return agreement


def _kept(actor: Actor, agreement: Agreement, upload: Upload) -> Document:
    content = b"".join(upload.chunks)
    if not content.startswith(b"%PDF-"):
        raise BadInput(
            "not_a_pdf", "The file is not a PDF.", "Send the signed agreement as a PDF file."
        )
    return storage.keep(
        [content],
        kind=Document.Kind.MOA,
        filename=upload.filename,
        media_type=PDF,
        agency=agreement.agency,
        created_by=actor.user,
    )
