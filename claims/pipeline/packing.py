"""What goes into an archive, quarter by quarter: what is on record of claims, in files that explain it.

It is what an auditor may read on the portal's pages, and no more: nothing that an agency has not submitted,
nothing that the federal side notes for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from awards.selectors import disputes_of
from claims.archives.layout import (
    CALCULATION,
    CLAIM,
    EVENTS,
    EVIDENCE,
    PACKETS,
    QUARTER,
    VERSION,
    ArchiveWriter,
)
from claims.models import (
    Answer,
    Calculation,
    Certification,
    Claim,
    ClaimVersion,
    Lateness,
    LedgerEntry,
    Packet,
)
from claims.pipeline.calculation import stored_details
from claims.pipeline.packing_files import pack_document, pack_payroll
from claims.pipeline.packing_packets import pack_packet, packets_to_pack, record_of
from claims.rules.facts import PayrollLine
from claims.rules.lifecycle import LIFECYCLE, State
from claims.selectors.appeals import appeals_for
from claims.selectors.claims import versions_of
from claims.selectors.evidence import evidence_of
from claims.selectors.lines import adjustments_for
from claims.selectors.story import story_of
from portal.accounts.policies import Actor
from portal.kernel.canonical import canonical_json
from portal.records import storage
from portal.records.models import AuditEvent

_INTERNAL = {action.code for action in LIFECYCLE if action.internal}
_BATCH = PayrollLine._fields.index("batch")


def pack_quarter(writer: ArchiveWriter, reader: Actor, claims: list[Claim], folder: str) -> None:
    """Add one agency's quarter: the given claims of it, its events, counts and payroll files."""
    first = claims[0]
    references: set[str] = set()
    # Before the packets: one made meanwhile would be in the archive without the event that tells it.
    events = _told(reader, claims)
    made = set(events.filter(action="packet.made").values_list("subject", flat=True))
    for claim in claims:
        references |= _claim(writer, reader, claim, f"{folder}/claims/{claim.number}", made)
    writer.add_lines(
        f"{folder}/{EVENTS}",
        (
            canonical_json(row)
            for row in events.values("position", "previous_hash", "hash", "content").iterator()
        ),
        "Audit events of the quarter",
    )
    agency, quarter = first.agency, first.quarter
    writer.add_json(
        f"{folder}/{QUARTER}",
        {
            "counts": rows(
                agency.measures.filter(quarter=quarter),
                *("id", "referred", "located", "reported_at", "reported_by__name"),
                *("confirmation__verdict", "confirmation__user__name", "confirmation__note"),
                "confirmation__decided_at",
            ),
            "disputes": rows(
                disputes_of(reader, agency, quarter),
                *("measure_id", "reason", "referred", "located", "grounds", "filed_by__name"),
                *("filed_at", "answer", "kept_by__name", "kept_at"),
            ),
            "extensions": rows(
                agency.extensions.filter(quarter=quarter),
                *("due_on", "reason", "granted_by__name", "granted_at"),
            ),
        },
        "Referred and located counts as they were reported, their disputes, and extensions",
    )
    pack_payroll(writer, reader, first, references, f"{folder}/payroll")


def rows(found: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    """Rows in the order they were made, by the fields named; a person stands under `…_name`."""
    return list(found.order_by("pk").values(*fields))


def _told(reader: Actor, claims: list[Claim]) -> QuerySet[AuditEvent]:
    """The events of a quarter as they are now, in their order: its story, and what made its packets.

    The story leaves out what is for a version that nobody has signed; a packet may be made after it.
    """
    seen = [version.pk for claim in claims for version in versions_of(reader, claim)]
    packets = Packet.objects.filter(version__in=seen).values_list("pk", flat=True)
    subjects = [f"packet/{pk}" for pk in packets]
    making = AuditEvent.objects.filter(subject__in=subjects, action="packet.made")
    chained = AuditEvent.objects.filter(position__isnull=False)
    story = story_of(reader, claims[0].version).order_by()
    told = chained.filter(Q(pk__in=story.values("pk")) | Q(pk__in=making.values("pk")))
    return AuditEvent.objects.filter(pk__in=list(told.values_list("pk", flat=True))).order_by(
        "position"
    )


def _claim(
    writer: ArchiveWriter, reader: Actor, claim: Claim, folder: str, made: set[str]
) -> set[str]:
    """Add a claim; the references of the payroll files that its calculations took lines from."""
    evidence = list(evidence_of(reader, claim).select_related("taken_back_by").order_by("id"))
    writer.add_json(
        f"{folder}/{CLAIM}",
        {
            "number": claim.number,
            "agency": claim.agency.number,
            "agency_name": claim.agency.name,
            "quarter": str(claim.quarter),
            "kind": claim.kind,
            "follows": claim.follows.number if claim.follows else None,
            "ledger": rows(
                LedgerEntry.objects.filter(version__claim=claim),
                *("version__number", "appeal_id", "amount", "balance", "entered_at"),
            ),
            "holds": rows(
                claim.holds.all(),
                *("why", "note", "placed_by__name", "placed_at", "until_on"),
                *("released_by__name", "released_at"),
            ),
            "waivers": rows(
                claim.waivers.all(),
                *("officer_id", "category", "rule", "reason", "granted_by__name", "granted_at"),
                *("expires_on", "revoked_by__name", "revoked_at"),
            ),
            "evidence": [
                {
                    "id": one.pk,
                    "kind": one.kind,
                    "officer_id": one.officer_id,
                    "category": one.category,
                    "question": one.question_id,
                    "filename": one.document.filename,
                    "size": one.document.size,
                    "sha256": one.document.sha256,
                    "kept_sha256": storage.kept_sha256(one.document),
                    "sent_by": one.sent_by.name,
                    "sent_at": one.sent_at,
                    "taken_back_by": one.taken_back_by.name if one.taken_back_by else None,
                    "taken_back_at": one.taken_back_at,
                }
                for one in evidence
            ],
        },
        "The claim: ledger entries, holds, waivers and the records that support it",
    )
    for one in evidence:
        name = f"{folder}/{EVIDENCE}/{one.pk}/{one.document.filename}"
        pack_document(writer, one.document, name, one.get_kind_display())
    references: set[str] = set()
    for version in versions_of(reader, claim).defer(None).order_by("number"):
        references |= _version(writer, reader, version, f"{folder}/v{version.number}", made)
    return references


def _version(
    writer: ArchiveWriter, reader: Actor, version: ClaimVersion, folder: str, made: set[str]
) -> set[str]:
    calculation = version.calculation
    if calculation is None:
        return set()
    references: set[str] = set()
    writer.add_lines(
        f"{folder}/{CALCULATION}",
        _calculation(calculation, references),
        "The calculation: the claim, then one officer to a line",
    )
    signature = rows(
        Certification.objects.filter(version=version),
        *("name", "title", "wording_version", "wording", "sha256", "certified_at"),
    )
    adjustments = rows(
        adjustments_for(reader, version),
        *("id", "officer_id", "category", "amount", "reason", "rule", "note", "author__name"),
        *("made_at", "appeal_id"),
    )
    packets = list(packets_to_pack(reader, version, made))
    writer.add_json(
        f"{folder}/{VERSION}",
        {
            "number": version.number,
            "state": version.state,
            "nil": version.nil,
            "total": calculation.total,
            # From these very rows: a reviewer may be at work on them while they are packed.
            "allowed": calculation.total + sum(row["amount"] for row in adjustments),
            "participants": rows(version.participants.all(), "user__name", "part", "since"),
            "certification": signature[0] if signature else None,
            "lateness": rows(
                Lateness.objects.filter(version=version),
                *("why", "note", "said_by__name", "said_at"),
            ),
            "decisions": [*_decisions(version)],
            "adjustments": adjustments,
            "questions": [*_questions(version)],
            "appeals": rows(
                appeals_for(reader, version),
                *("id", "officer_id", "category", "asked", "grounds", "filed_by__name", "filed_at"),
                *("proposed", "proposed_by__name", "proposed_at"),
                *("granted", "ruling", "decided_by__name", "decided_at"),
            ),
            "packets": [record_of(packet, files) for packet, files in packets],
        },
        "Signature, decisions, adjustments, questions and appeals",
    )
    for packet, files in packets:
        pack_packet(writer, packet, files, f"{folder}/{PACKETS}/{packet.slug}")
    return references


def _decisions(version: ClaimVersion) -> Iterator[dict[str, Any]]:
    """The decisions; of what is between the federal side's people only that it happened."""
    fields = ("action", "user__name", "note", "sha256", "allowed", "approvers", "decided_at")
    told = version.decisions.all()
    if version.state == State.DENIED:
        # What the first of two approvers would grant on appeal is not decided yet.
        told = told.exclude(action="endorse_appeal")
    for decision in rows(told, *fields):
        yield decision | {"note": ""} if decision["action"] in _INTERNAL else decision


def _questions(version: ClaimVersion) -> Iterator[dict[str, Any]]:
    asked = rows(
        version.questions.all(),
        *("id", "officer_id", "category", "text", "asked_by__name", "asked_at", "due_on"),
        *("closed_by__name", "closed_at"),
    )
    answers = rows(
        Answer.objects.filter(question__version=version),
        *("question_id", "side", "author__name", "text", "written_at"),
    )
    for question in asked:
        own = [answer for answer in answers if answer["question_id"] == question["id"]]
        yield {**question, "answers": own}


def _calculation(calculation: Calculation, references: set[str]) -> Iterator[str]:
    """A calculation line by line; adds to `references` the payroll files it took lines from."""
    yield calculation.content
    for detail in stored_details(calculation):
        references.update(line[_BATCH] for line in json.loads(detail)["lines"])
        yield detail
