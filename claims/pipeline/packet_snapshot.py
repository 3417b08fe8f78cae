"""What a packet shows beside the calculation: gathered once and written down, whatever changes later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Q

from claims import models
from claims.events import words
from claims.models import ClaimVersion, Packet, PayrollBatch
from claims.nil import statement_of
from claims.packets.facts import (
    Adjustment,
    AgencyIdentity,
    Corrected,
    Edition,
    Happening,
    Lateness,
    PayrollFile,
    Ruling,
    Signature,
    Snapshot,
    Waiver,
)
from claims.packets.signed import NotWhatWasSigned
from claims.rules.address import Address
from claims.rules.facts import ClaimInput
from claims.rules.lifecycle import ACTIONS, SETTLED, Kind
from claims.rules.lines import Category, Reason
from claims.selectors.lines import allowed_total
from claims.selectors.linked import base_of, first_certified_at
from portal.accounts.models import Agency
from portal.records.models import AuditEvent


def snapshot_of(packet: Packet, claim: ClaimInput) -> Snapshot:
    """The packet's snapshot: as it was written down, or taken and written down now.

    Whoever writes first wins: two workers that make the same packet show the same.
    """
    if not packet.snapshot:
        taken = msgspec.json.encode(take_snapshot(packet, claim), order="sorted").decode()
        Packet.objects.filter(pk=packet.pk, snapshot="").update(snapshot=taken)
        packet.refresh_from_db(fields=["snapshot"])
    return msgspec.json.decode(packet.snapshot, type=Snapshot)


def take_snapshot(packet: Packet, calculated: ClaimInput) -> Snapshot:
    """What the packet's edition is to show, as the portal knows it now."""
    version, claim = packet.version, packet.version.claim
    edition = Edition(packet.edition)
    rulings = tuple(_rulings(version)) if edition is Edition.DECIDED else ()
    if edition is Edition.DECIDED and not rulings:
        raise ValueError(f"{version} has not been decided")
    last_action = rulings[-1].action if rulings else "certify"
    decided = _decided(version, rulings[-1].decided_at) if rulings else {}
    return Snapshot(
        claim_number=claim.number,
        version=version.number,
        edition=edition,
        agency=_agency(claim.agency),
        zone=claim.agency.time_zone,
        signature=_signature(version),
        nil_reason=_nil_reason(version),
        rulings=rulings,
        happenings=tuple(_happenings(version, f"claim.{last_action}")),
        files=tuple(_files(claim.agency_id, calculated)),
        kind=Kind(claim.kind),
        follows=claim.follows.number if claim.follows else "",
        corrected=_corrected(claim),
        lateness=_lateness(version),
        **decided,
    )


def _agency(agency: Agency) -> AgencyIdentity:
    return AgencyIdentity(
        number=agency.number,
        name=agency.name,
        state=agency.state,
        county=agency.county,
        ori=agency.ori,
        uei=agency.uei,
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
