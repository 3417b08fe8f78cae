"""What a packet shows beside the calculation: gathered once and written down, whatever changes later."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from awards.selectors import confirmed_measures
from claims import models
from claims.models import ClaimVersion, Packet, PayrollBatch
from claims.nil import statement_of
from claims.packets.facts import (
    Adjustment,
    AgencyIdentity,
    CountsReport,
    DecidedAppeal,
    Edition,
    Lateness,
    PayrollFile,
    Ruling,
    Signature,
    Snapshot,
    Waiver,
)
from claims.packets.signed import NotWhatWasSigned
from claims.pipeline.acts import Acts
from claims.pipeline.packet_happenings import closing_event, happenings
from claims.pipeline.packet_quarters import corrected_at, earlier_quarters
from claims.pipeline.packet_used import used_before_at
from claims.pipeline.packet_warnings import warnings_at
from claims.rules.facts import ClaimInput
from claims.rules.lifecycle import ACTIONS, SETTLED, Kind
from claims.rules.lines import Category, Reason
from claims.selectors.decisions import GRANTS
from claims.selectors.unsent import unsent
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


def verify_url() -> str:
    """Where anybody verifies a packet, as the portal's address is now."""
    return f"{settings.PORTAL_ADDRESS}{reverse('claims:verify')}"


def take_snapshot(packet: Packet, calculated: ClaimInput) -> Snapshot:
    """What the packet's edition is to show, as the portal knows it now."""
    version, claim = packet.version, packet.version.claim
    edition = Edition(packet.edition)
    acts = Acts(claim.agency_id)
    rulings = tuple(_rulings(version, packet.appeals, acts)) if edition is Edition.DECIDED else ()
    if edition is Edition.DECIDED and not rulings:
        raise ValueError(f"{version} has not been decided")
    closing = closing_event(version, rulings, packet.appeals)
    hidden = unsent(claim.thread, closing)
    signed_at = version.certification.certified_at
    closed_at = rulings[-1].decided_at if rulings else signed_at
    agency = _agency_at(claim.agency, closed_at)
    references = {line.batch for officer in calculated.officers for line in officer.lines}
    with_overtime = {row.officer_id for row in calculated.officers if row.overtime_used_before}
    return Snapshot(
        claim_number=claim.number,
        version=version.number,
        edition=edition,
        agency=_identity(agency),
        zone=agency.time_zone,
        signature=_signature(version),
        nil_reason=_nil_reason(version, closed_at),
        rulings=rulings,
        happenings=tuple(happenings(version, closing, hidden)),
        files=tuple(_files(agency, references)),
        kind=Kind(claim.kind),
        follows=claim.follows.number if claim.follows else "",
        corrected=corrected_at(claim, closed_at),
        lateness=_lateness(version),
        earlier_quarters=tuple(earlier_quarters(claim, closed_at)),
        used_before=tuple(used_before_at(claim, with_overtime, signed_at)),
        warnings=tuple(warnings_at(version, references, acts, closed_at, closing)),
        appeals=packet.appeals,
        counts=_counts(version, calculated),
        verify_url=verify_url(),
        **(_decided(version, rulings, closed_at, acts) if rulings else {}),
    )


def _agency_at(agency: Agency, at: datetime) -> Agency:
    """The agency with the facts it had at an instant: later edits of its record are taken back."""
    edits = AuditEvent.objects.filter(
        subject=f"agency/{agency.number}", action="agency.edit", at__gt=at
    )
    then = copy(agency)
    for event in edits.order_by("-id"):
        for name, value in json.loads(event.content)["facts"]["before"].items():
            setattr(then, name, value)
    return then


def _identity(agency: Agency) -> AgencyIdentity:
    return AgencyIdentity(
        number=agency.number,
        name=agency.name,
        state=agency.state,
        county=agency.county,
        ori=agency.ori,
        uei=agency.uei,
    )


def _counts(version: ClaimVersion, calculated: ClaimInput) -> CountsReport | None:
    """The report that the calculation took its counts from: the last one confirmed by then."""
    if calculated.counts is None or version.calculation is None:
        return None
    measure = (
        confirmed_measures()
        .filter(
            agency=version.claim.agency_id,
            quarter=version.claim.quarter,
            referred=calculated.counts.referred,
            located=calculated.counts.located,
            confirmation__decided_at__lte=version.certification.certified_at,
        )
        .select_related("confirmation")
        .order_by("-id")
        .first()
    )
    if measure is None:
        return None
    return CountsReport(measure.reported_at, measure.confirmation.decided_at)


def _nil_reason(version: ClaimVersion, at: datetime) -> str:
    statement = statement_of(version, at)
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


def _rulings(version: ClaimVersion, appeals: int, acts: Acts) -> Iterator[Ruling]:
    """The decisions up to the one that settled the claim, then so many that an appeal brought."""
    is_settled, granted = False, 0
    for decision in version.decisions.select_related("user"):
        if is_settled and decision.action not in GRANTS:
            # The first of two approvals on appeal is the federal side's own.
            continue
        if is_settled and granted == appeals:
            return
        yield Ruling(
            action=decision.action,
            name=acts.name(decision.user, decision.decided_at),
            # The agency gets the packet; a note between the federal side's people is not for it.
            note="" if ACTIONS[decision.action].internal else decision.note,
            sha256=decision.sha256,
            decided_at=decision.decided_at,
        )
        granted += decision.action in GRANTS
        is_settled = is_settled or ACTIONS[decision.action].to in SETTLED


def _decided(
    version: ClaimVersion, rulings: Sequence[Ruling], at: datetime, acts: Acts
) -> dict[str, Any]:
    settled = next(row for row in rulings if ACTIONS[row.action].to in SETTLED)
    return {
        "adjustments": tuple(_adjustments(version, at, acts)),
        "waivers": tuple(_waivers(version, settled.decided_at, acts)),
        "decided_appeals": tuple(_appeals(version, at, acts))
        if rulings[-1].action in GRANTS
        else (),
    }


def _adjustments(version: ClaimVersion, at: datetime, acts: Acts) -> Iterator[Adjustment]:
    """What was done to the lines before the decision; after it only appeals give back."""
    rows = models.Adjustment.objects.filter(
        ~Q(reason=Reason.APPEAL) | Q(made_at__lte=at), version=version
    )
    for row in rows.select_related("author").order_by("id"):
        yield Adjustment(
            officer_id=row.officer_id,
            category=Category(row.category),
            amount=row.amount,
            reason=Reason(row.reason),
            rule=row.rule,
            note=row.note,
            name=acts.name(row.author, row.made_at),
            made_at=row.made_at,
        )


def _waivers(version: ClaimVersion, at: datetime, acts: Acts) -> Iterator[Waiver]:
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
            officer_id=row.officer_id,
            category=row.category,
            reason=row.reason,
            name=acts.name(row.granted_by, row.granted_at),
            expires_on=row.expires_on,
        )


def _lateness(version: ClaimVersion) -> Lateness | None:
    said = models.Lateness.objects.filter(version=version).first()
    return None if said is None else Lateness(said.get_why_display(), said.note)


def _appeals(version: ClaimVersion, at: datetime, acts: Acts) -> Iterator[DecidedAppeal]:
    """The appeals decided by then; what was proposed on them is the federal side's own."""
    rows = models.Appeal.objects.filter(version=version, decided_at__lte=at)
    for row in rows.select_related("filed_by", "decided_by").order_by("id"):
        if row.decided_by is None or row.decided_at is None:
            continue  # the database has decided ones only together with who and when
        yield DecidedAppeal(
            officer_id=row.officer_id,
            category=Category(row.category),
            asked=row.asked,
            granted=row.granted or 0,
            grounds=row.grounds,
            filed_by=acts.name(row.filed_by, row.filed_at),
            filed_at=row.filed_at,
            ruling=row.ruling,
            decided_by=acts.name(row.decided_by, row.decided_at),
            decided_at=row.decided_at,
        )


def _files(agency: Agency, references: Collection[str]) -> Iterator[PayrollFile]:
    """The files that lines of the calculation come from, in order of receipt."""
    batches = PayrollBatch.objects.filter(agency=agency)
    for batch in batches.order_by("received_at", "id"):
        if batch.reference in references:
            yield PayrollFile(
                reference=batch.reference,
                filename=batch.sent_name,
                sha256=batch.sent_sha256,
                received_at=batch.received_at,
            )
