"""Load what was stored and signed, render it, keep the PDF. Live tables are not asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from claims import models
from claims.events import words
from claims.models import Calculation, ClaimVersion, Packet, PayrollBatch
from claims.nil import statement_of
from claims.packets import document, pdf
from claims.packets.enclosures import enclosures
from claims.packets.facts import (
    Adjustment,
    Corrected,
    Edition,
    Happening,
    Lateness,
    PacketFacts,
    PayrollFile,
    Ruling,
    Signature,
    StoredCalculation,
    Waiver,
)
from claims.pipeline.calculation import hash_of, stored_details
from claims.rules.address import Address
from claims.rules.facts import ClaimInput
from claims.rules.lifecycle import ACTIONS, SETTLED, Kind
from claims.rules.lines import Category, Reason
from claims.rules.record import read_input, read_result
from claims.selectors.lines import allowed_total
from claims.selectors.linked import base_of, first_certified_at
from portal.jobs.running import Progress
from portal.records import audit, storage
from portal.records.models import AuditEvent, Document


class NotWhatWasSigned(RuntimeError):
    """The stored calculation does not have the hash that was certified; nothing is printed."""


def render(packet_id: str, progress: Progress) -> None:
    """Make the PDF of one packet and keep it; one that is there stays as it is."""
    packet = Packet.objects.select_related(
        "version__claim__agency",
        "version__claim__follows",
        "version__calculation",
        "version__certification",
    ).get(pk=packet_id)
    if packet.document_id is not None:
        return
    progress.step("Reading the stored calculation")
    facts = load(packet)
    progress.step("Setting the pages")
    content = pdf.write(
        document.html(facts),
        enclosures(facts),
        facts.closed_at,
        f"{facts.claim_number}/{facts.version}/{facts.edition}/{facts.calculation.sha256}",
    )
    progress.step("Storing the packet")
    _keep(packet, content, progress)


def gave_up(packet_id: str, reason: str) -> None:
    """Say why a packet could not be made, so that it can be asked for again."""
    Packet.objects.filter(pk=packet_id, document=None).update(reason=reason[:500])


def load(packet: Packet) -> PacketFacts:
    """The facts of a packet's edition; NotWhatWasSigned when others were certified."""
    version, claim = packet.version, packet.version.claim
    edition = Edition(packet.edition)
    calculation = _stored(version)
    rulings = tuple(_rulings(version)) if edition is Edition.DECIDED else ()
    if edition is Edition.DECIDED and not rulings:
        raise ValueError(f"{version} has not been decided")
    last_action = rulings[-1].action if rulings else "certify"
    decided = _decided(version, rulings[-1].decided_at) if rulings else {}
    return PacketFacts(
        claim_number=claim.number,
        version=version.number,
        edition=edition,
        nil_reason=_nil_reason(version),
        agency_name=claim.agency.name,
        agency_number=claim.agency.number,
        zone=ZoneInfo(claim.agency.time_zone),
        calculation=calculation,
        signature=_signature(version),
        rulings=rulings,
        happenings=tuple(_happenings(version, f"claim.{last_action}")),
        files=tuple(_files(claim.agency_id, calculation.claim)),
        kind=Kind(claim.kind),
        follows=claim.follows.number if claim.follows else "",
        corrected=_corrected(claim),
        lateness=_lateness(version),
        **decided,
    )


def _keep(packet: Packet, content: bytes, progress: Progress) -> None:
    version, claim = packet.version, packet.version.claim
    name = f"{claim.number}-v{version.number}-{packet.edition}.pdf"
    with transaction.atomic():
        progress.hold()
        kept = storage.keep(
            [content],
            kind=Document.Kind.PACKET,
            filename=name,
            media_type="application/pdf",
            agency=claim.agency,
        )
        Packet.objects.filter(pk=packet.pk).update(document=kept, reason="")
        audit.record(
            "packet.made",
            subject=f"packet/{packet.pk}",
            thread=claim.thread,
            agency_id=claim.agency_id,
            version=version.number,
            edition=packet.edition,
            sha256=kept.sha256,
        )


def _stored(version: ClaimVersion) -> StoredCalculation:
    calculation = version.calculation
    if calculation is None:
        raise NotWhatWasSigned(f"{version} has no calculation")
    details = tuple(stored_details(calculation))
    _check(calculation, details, version.certification.sha256)
    content, officers = json.loads(calculation.content), [json.loads(text) for text in details]
    return StoredCalculation(
        sha256=calculation.sha256,
        computed_at=calculation.computed_at,
        content=calculation.content,
        details=details,
        claim=read_input(content, officers),
        result=read_result(content, officers),
    )


def _check(calculation: Calculation, details: tuple[str, ...], signed: str) -> None:
    if not hash_of(calculation.content, details) == calculation.sha256 == signed:
        raise NotWhatWasSigned(
            f"calculation {calculation.pk} does not have the hash {signed[:12]} that was certified"
        )


def _corrected(claim: models.Claim) -> Corrected | None:
    base, first = base_of(claim), first_certified_at(claim)
    if base is None or first is None:
        return None
    return Corrected(base.number, allowed_total(base.version), first)


def _nil_reason(version: ClaimVersion) -> str:
    statement = statement_of(version)
    if version.nil and statement is None:
        raise NotWhatWasSigned(f"{version} is a nil claim, and nobody said so")
    return statement.reason if statement else ""


def _signature(version: ClaimVersion) -> Signature:
    signed = version.certification
    return Signature(
        name=signed.name,
        title=signed.title,
        wording_version=signed.wording_version,
        wording=signed.wording,
        sha256=signed.sha256,
        certified_at=signed.certified_at,
    )


def _rulings(version: ClaimVersion) -> Iterator[Ruling]:
    """The decisions up to the one that settled the claim: what an appeal changes comes after it."""
    for decision in version.decisions.select_related("user"):
        yield Ruling(
            action=decision.action,
            name=decision.user.name,
            # The agency gets the packet; a note between the federal side's people is not for it.
            note="" if ACTIONS[decision.action].internal else decision.note,
            sha256=decision.sha256,
            decided_at=decision.decided_at,
        )
        if ACTIONS[decision.action].to in SETTLED:
            return


def _decided(version: ClaimVersion, at: datetime) -> dict[str, Any]:
    return {
        "adjustments": tuple(_adjustments(version)),
        "waivers": tuple(_waivers(version, at)),
    }


def _adjustments(version: ClaimVersion) -> Iterator[Adjustment]:
    """What was done to the lines before the decision; after it only appeals give back."""
    rows = models.Adjustment.objects.filter(version=version).exclude(reason=Reason.APPEAL)
    for row in rows.select_related("author").order_by("id"):
        yield Adjustment(
            officer_id=row.officer_id,
            category=Category(row.category),
            amount=row.amount,
            reason=Reason(row.reason),
            rule=row.rule,
            note=row.note,
            name=row.author.name,
            made_at=row.made_at,
        )


def _waivers(version: ClaimVersion, at: datetime) -> Iterator[Waiver]:
    """The waivers that were good at an instant: one that was ended later was good then."""
    claim = version.claim
    rows = models.Waiver.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=at),
        claim=claim,
        granted_at__lte=at,
        expires_on__gte=at.astimezone(ZoneInfo(claim.agency.time_zone)).date(),
    )
    for row in rows.select_related("granted_by").order_by("id"):
        yield Waiver(
            rule=row.get_rule_display(),
            scope=Address(row.officer_id, row.category).words(),
            reason=row.reason,
            name=row.granted_by.name,
            expires_on=row.expires_on,
        )


def _lateness(version: ClaimVersion) -> Lateness | None:
    said = models.Lateness.objects.filter(version=version).first()
    return None if said is None else Lateness(said.get_why_display(), said.note)


def _happenings(version: ClaimVersion, last_action: str) -> Iterator[Happening]:
    """The claim's events up to the one that closes the edition: a late job tells no more."""
    thread = AuditEvent.objects.filter(thread=version.claim.thread).order_by("id")
    for event in thread.iterator():
        said: dict[str, Any] = json.loads(event.content)
        facts = said["facts"]
        yield Happening(
            at=event.at,
            what=words(event.action, facts),
            name=said["actor_name"],
            side=said["actor_side"],
            note=said["note"],
            version=facts.get("version"),
            sha256=facts.get("calculation") or facts.get("sha256") or "",
        )
        if event.action == last_action and facts.get("version") == version.number:
            return


def _files(agency_id: int, claim: ClaimInput) -> Iterator[PayrollFile]:
    """The files that lines of the calculation come from, in order of receipt."""
    named = {line.batch for officer in claim.officers for line in officer.lines}
    batches = PayrollBatch.objects.filter(agency=agency_id)
    for batch in batches.order_by("received_at", "id"):
        if batch.reference in named:
            yield PayrollFile(
                reference=batch.reference,
                filename=batch.sent_name,
                sha256=batch.sent_sha256,
                received_at=batch.received_at,
            )
