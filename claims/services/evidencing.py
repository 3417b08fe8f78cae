"""Records that support a claim: sent, kept as they are, taken back before the claim is submitted."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction

from claims.models import Claim, ClaimVersion, Evidence, Question
from claims.pipeline.opening import add_preparer
from claims.rules.address import Address
from claims.rules.lifecycle import OPEN_TO_AGENCY
from claims.selectors.addresses import not_in_claim
from claims.selectors.evidence import refusal_to_send, refusal_to_take_back
from claims.services.once import made_before
from claims.services.under_lock import version_under_lock
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.intake import scanner
from portal.intake.uploads import Upload
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotYet, Refused
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit, storage
from portal.records.models import Document

MAX_BYTES = 10 * 1024 * 1024
FORMATS = (
    (b"%PDF-", "application/pdf", ("pdf",)),
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
)
"""What is taken: how the bytes begin, their media type, and how the file's name may end."""


class File(NamedTuple):
    """A file that may be kept: what it is was told by its bytes, not by its name."""

    content: bytes
    filename: str
    media_type: str


def send_evidence(
    *,
    actor: Actor,
    version: ClaimVersion,
    kind: Evidence.Kind,
    address: Address,
    upload: Upload,
    token: UUID,
) -> Evidence:
    """Keep a record for a claim that its agency works on or may appeal.

    Who sends one before the claim is signed has prepared the version.
    """
    actor.require(Capability.PREPARE, version.claim.agency)
    file = checked(upload)
    with transaction.atomic():
        version = version_under_lock(version.pk)
        own = {"claim_id": version.claim_id, "sent_by_id": actor.user.pk}
        known = made_before(Evidence, token, **own)
        if known is not None:
            return known
        refusal = refusal_to_send(version, actor) or not_in_claim(version, address)
        if refusal is not None:
            raise refusal
        evidence = attach(actor, version.claim, kind, address, file, token=token)
        if version.state in OPEN_TO_AGENCY:
            add_preparer(version, actor.user)
    return evidence


@transaction.atomic
def take_back_evidence(*, actor: Actor, evidence: Evidence) -> Evidence:
    """Let a record count no longer, before the claim is submitted with it; row and file stay."""
    actor.require(Capability.PREPARE, evidence.claim.agency)
    version = version_under_lock(evidence.claim.version_id)
    evidence = Evidence.objects.select_related("document").get(pk=evidence.pk)
    evidence.claim = version.claim
    if evidence.taken_back_at is not None:
        return evidence
    refusal = refusal_to_take_back(evidence, actor)
    if refusal is not None:
        raise refusal
    evidence.taken_back_by, evidence.taken_back_at = actor.user, clock.now()
    evidence.save(update_fields=["taken_back_by", "taken_back_at"])
    add_preparer(version, actor.user)
    _record(actor, evidence, "evidence.take_back")
    return evidence


def checked(upload: Upload) -> File:
    """The file of an upload, if the portal takes it; asks the scanner, so call it outside a transaction."""
    refuse_personal_numbers(upload.filename, what="file name")
    content = _read(upload)
    known = next((one for one in FORMATS if content.startswith(one[0])), None)
    if known is None:
        raise BadInput(
            "not_a_record",
            "This is not a PDF, JPEG or PNG file.",
            "Scan the record or print it to PDF, and send that.",
        )
    _scan(content)
    _, media_type, endings = known
    name = storage.safe_filename(upload.filename)
    if name.rpartition(".")[2].lower() not in endings:
        # A computer that saves it must not take it for anything but what it is.
        name = f"{name}.{endings[0]}"
    return File(content, name, media_type)


def attach(
    actor: Actor,
    claim: Claim,
    kind: Evidence.Kind,
    address: Address,
    file: File,
    *,
    question: Question | None = None,
    token: UUID | None = None,
) -> Evidence:
    """Keep a checked file with a claim, in the transaction that locked its agency.

    Refused when the same file is there already, for the same place and as the same kind of record.
    """
    same = Evidence.objects.filter(
        claim=claim,
        kind=kind,
        officer_id=address.officer_id,
        category=address.category,
        question=question,
        document__sha256=sha256(file.content).hexdigest(),
        taken_back_at=None,
    ).first()
    if same is not None:
        raise Refused(
            "already_sent",
            f"{same.sent_by.name} sent this very file for {address.words()} already.",
            "Nothing is to be done: it is there once. Choose another file if you meant another.",
        )
    document = storage.keep(
        [file.content],
        kind=Document.Kind.EVIDENCE,
        filename=file.filename,
        media_type=file.media_type,
        agency=claim.agency,
        created_by=actor.user,
    )
    evidence = Evidence.objects.create(
        claim=claim,
        kind=kind,
        officer_id=address.officer_id,
        category=address.category,
        document=document,
        question=question,
        sent_by=actor.user,
        token=token or uuid4(),
    )
    _record(actor, evidence, "evidence.send")
    return evidence


def _read(upload: Upload) -> bytes:
    content = bytearray()
    for chunk in upload.chunks:
        content += chunk
        if len(content) > MAX_BYTES:
            raise BadInput(
                "file_too_large",
                "This file has more than 10 MB.",
                "Scan it in black and white or at 200 dpi, or send it in parts.",
            )
    if not content:
        raise BadInput("empty_file", "This file is empty.", "Choose it again.")
    return bytes(content)


def _scan(content: bytes) -> None:
    if not scanner.is_configured():
        return
    try:
        found = scanner.malware_in(content)
    except scanner.ScannerAway as error:
        raise NotYet(
            "scanner_away",
            "The file could not be checked for malware just now, so it was not kept.",
            "Send it again in a few minutes.",
        ) from error
    if found:
        raise BadInput(
            "malware_found",
            f"The malware scanner found “{found[:60]}” in this file, so it was not kept.",
            "Ask your IT department to look at the computer it comes from.",
        )


def _record(actor: Actor, evidence: Evidence, event: str) -> None:
    claim, document = evidence.claim, evidence.document
    audit.record(
        event,
        subject=claim.subject,
        thread=claim.thread,
        actor=actor,
        agency_id=claim.agency_id,
        version=claim.version.number,
        kind=Evidence.Kind(evidence.kind).label,
        about=Address(evidence.officer_id, evidence.category).words(),
        file=document.filename,
        sha256=document.sha256,
    )
