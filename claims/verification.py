"""Proving that what is stored is what was sent, computed, signed and decided."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from agreements.models import RosterUpload
from claims.archives.packet_manifest import code_of
from claims.certification import signed_words
from claims.models import (
    Calculation,
    Certification,
    Claim,
    ClaimVersion,
    Decision,
    LedgerEntry,
    OfficerResult,
    Packet,
    PacketFile,
    PayrollBatch,
    PayrollLine,
)
from claims.payroll.lines import LINE_COLUMNS, line_values
from claims.pipeline.calculation import RESULT_COLUMNS, replays, stored_claim
from claims.pipeline.intake import rows_on_record
from claims.pipeline.packet_files import identity_of
from claims.rules.lifecycle import IN_FORCE, LIFECYCLE, Part
from claims.selectors.lines import allowed_total, decided_hash
from portal.intake import quarantine
from portal.intake.watchdog import unfinished
from portal.jobs import running
from portal.kernel.quarter import Quarter
from portal.records import audit, storage
from portal.records.models import AuditEvent, Document

DECIDED = ("approve", "approve_partly", "deny")
"""Decisions after which only an appeal changes what is allowed."""
SHOWING = {
    f"claim.{action.code}"
    for action in LIFECYCLE
    if action.shows_hash and action.part in (Part.REVIEWER, Part.APPROVER)
}
"""Events of decisions about what a person was shown."""


def problems() -> Iterator[str]:
    """Everything that is off, one sentence each."""
    yield from _calculations()
    yield from _versions()
    yield from _signatures()
    yield from _ledger()
    yield from _lines()
    yield from _packets()
    yield from _files()
    yield from quarantine.left_behind()
    yield from unfinished(PayrollBatch)
    yield from unfinished(RosterUpload)
    yield from _overdue_jobs()
    yield from audit.broken_links()


def _calculations() -> Iterator[str]:
    """Calculations that do not follow from their input, or whose columns say something else."""
    for calculation in Calculation.objects.order_by("pk").iterator(200):
        name = f"calculation {calculation.sha256[:12]} of claim version {calculation.version_id}"
        if not replays(calculation):
            yield f"{name} does not follow from its stored input"
        elif _columns(calculation) != _columns_of_record(calculation):
            yield f"{name} has columns that differ from its record"


def _columns(calculation: Calculation) -> list[Any]:
    results = OfficerResult.objects.filter(calculation=calculation).order_by("position")
    own = [
        (calculation.reimbursement, calculation.award_amount, calculation.total),
        (calculation.regular, calculation.benefits, calculation.overtime_allowed),
        (calculation.overtime_disallowed, calculation.officers, calculation.waiting_lines),
        (calculation.award_status, calculation.award_headcount, calculation.award_per_officer),
        calculation.as_of,
    ]
    return [*own, *results.values_list("name", "title", *RESULT_COLUMNS)]


def _columns_of_record(calculation: Calculation) -> list[Any]:
    claim, result = stored_claim(calculation)
    officers = result.officers
    own = [
        (result.reimbursement, result.award.amount, result.total),
        (
            sum(officer.regular for officer in officers),
            sum(officer.benefits for officer in officers),
            sum(officer.overtime_allowed for officer in officers),
        ),
        (
            sum(officer.overtime_disallowed for officer in officers),
            len(officers),
            result.waiting,
        ),
        (str(result.award.status), result.award.headcount, result.award.per_officer),
        claim.as_of,
    ]
    rows = [
        (facts.name, facts.title, *(getattr(outcome, column) for column in RESULT_COLUMNS))
        for facts, outcome in zip(claim.officers, officers, strict=True)
    ]
    return [*own, *rows]


def _versions() -> Iterator[str]:
    """Versions that show the calculation of another one, and claims that show another's version."""
    for version in ClaimVersion.objects.select_related("claim", "calculation").iterator(500):
        if version.calculation and version.calculation.version_id != version.pk:
            yield f"{version} shows a calculation of another version"
    for claim in Claim.objects.select_related("version").iterator(500):
        if claim.version.claim_id != claim.pk:
            yield f"claim {claim} shows a version of another claim"


def _signatures() -> Iterator[str]:
    """Certifications and decisions that differ from the events recorded when they were made."""
    recorded = _recorded_acts()
    signatures = Certification.objects.select_related("version__calculation", "version__claim")
    for signature in signatures.iterator(500):
        signed = signature.version.calculation
        if signed is None or signature.sha256 != signed.sha256:
            yield f"the signature on {signature.version} is over another calculation"
        act = ("claim.certify", str(signature.version), signature.user_id, signature.sha256)
        if (*act, signed_words(signature), "") not in recorded:
            yield f"the signature on {signature.version} is not the one that was recorded"
    decisions = Decision.objects.select_related("version__claim", "version__calculation")
    for decision in decisions.defer("version__calculation__content").iterator(500):
        act = (f"claim.{decision.action}", str(decision.version), decision.user_id, decision.sha256)
        if (*act, decision.note, decision.shown_sha256) not in recorded:
            yield f"a decision on {decision.version} is not the one that was recorded"
        if decision.action in DECIDED and decision.shown_sha256 != decided_hash(decision.version):
            yield f"a decision on {decision.version} is over other lines than were shown"


def _ledger() -> Iterator[str]:
    """Quarters whose entries are not what their decided claims allow, and balances that do not add up."""
    entered: dict[tuple[int, Quarter], int] = defaultdict(int)
    balances: dict[int, int] = defaultdict(int)
    for entry in LedgerEntry.objects.order_by("pk").iterator(2000):
        entered[entry.agency_id, entry.quarter] += entry.amount
        balances[entry.agency_id] += entry.amount
        if entry.balance != balances[entry.agency_id]:
            yield f"ledger entry {entry.pk} shows a balance that its agency's entries do not add up to"
    entitled: dict[tuple[int, Quarter], int] = defaultdict(int)
    claims = Claim.objects.filter(version__state__in=IN_FORCE)
    for claim in claims.select_related("version__calculation").order_by("sequence").iterator(500):
        entitled[claim.agency_id, claim.quarter] = allowed_total(claim.version)
    for agency_id, quarter in entered.keys() | entitled.keys():
        key = agency_id, quarter
        if entered[key] != entitled[key]:
            yield (
                f"the ledger has {entered[key]} cents of {quarter} for agency {agency_id}, "
                f"and its decided claims allow {entitled[key]}"
            )


def _recorded_acts() -> set[tuple[Any, ...]]:
    """Every act of a person on a version: action, version, person, hash, words, and the hash shown."""
    acts = set()
    events = AuditEvent.objects.filter(action__startswith="claim.").exclude(actor=None)
    for event in events.iterator(2000):
        content = json.loads(event.content)
        facts = content["facts"]
        version = f"{event.subject.removeprefix('claim/')} version {facts.get('version')}"
        words = facts.get("signed", content["note"])
        calculation = facts.get("calculation")
        # Before there were adjustments, what was shown was the calculation.
        shown = facts.get("shown", calculation if event.action in SHOWING else "")
        acts.add((event.action, version, content["actor"], calculation, words, shown))
    return acts


def _lines() -> Iterator[str]:
    """Payroll lines that are not what the file they came with says."""
    batches = PayrollBatch.objects.filter(dry_run=False).exclude(
        state__in=(*PayrollBatch.UNFINISHED, PayrollBatch.State.REJECTED)
    )
    for batch in batches.select_related("document", "agency").iterator(100):
        if batch.document is not None and storage.is_intact(batch.document):
            rows = rows_on_record(batch)
            lines = PayrollLine.objects.filter(batch=batch).values_list(*LINE_COLUMNS)
            if sorted(lines) != sorted(line_values(batch.pk, row) for row in rows):
                yield f"the lines of payroll file {batch.reference} of {batch.agency} differ from it"


def _packets() -> Iterator[str]:
    """Packets whose files are not those that were made for them, and those nobody has made."""
    recorded = _recorded_packets()
    packets = Packet.objects.select_related("version__claim", "version__certification", "job")
    for packet in packets.prefetch_related("files__document").iterator(200):
        name = f"the packet {packet.label.lower()} of {packet.version}"
        if not packet.is_made:
            # One whose job still runs too long is told as that job.
            if packet.job is None or packet.job.is_finished:
                yield f"{name} was never made ({packet.reason or 'its job ended'})"
            continue
        files = list(packet.files.all())
        if {file.document.sha256 for file in files} != recorded.get(f"packet/{packet.pk}"):
            yield f"{name} is not the one that was made"
        # Before there were codes there was one file, and no masked copy.
        if any(file.code for file in files):
            yield from _incomplete(files, name)
            yield from _wrongly_coded(packet, files, name)


def _incomplete(files: list[PacketFile], name: str) -> Iterator[str]:
    """Whether each copy has one document, its volumes without a gap, and a manifest."""
    parts = PacketFile.Part
    volumes = max((file.number for file in files if file.part == parts.VOLUME), default=0)
    whole = [(parts.PACKET, 0), (parts.MANIFEST, 0)]
    whole += [(parts.VOLUME, number) for number in range(1, volumes + 1)]
    for copy in PacketFile.Copy:
        if {(file.part, file.number) for file in files if file.copy == copy} != set(whole):
            yield f"{name} lacks a file in its {copy.label.lower()}"


def _wrongly_coded(packet: Packet, files: list[PacketFile], name: str) -> Iterator[str]:
    """Whether the codes on the covers follow from what the packet was made from."""
    for file in files:
        made_from = identity_of(packet, file.copy)
        if file.code is not None and file.code != code_of(made_from, file.part, file.number):
            yield f"{name} was made from something else than is stored with it"
            return


def _recorded_packets() -> dict[str, set[str]]:
    """The hashes of the files that were made, by packet."""
    made = {}
    for event in AuditEvent.objects.filter(action="packet.made").iterator(2000):
        facts = json.loads(event.content)["facts"]
        made[event.subject] = set(facts.get("files", {"": facts["sha256"]}).values())
    return made


def _files() -> Iterator[str]:
    """Files that should be there and are not as they were. Purged ones left an audit event."""
    purged = audit.subjects_of("document.purge")
    for document in Document.objects.iterator(500):
        if f"document/{document.pk}" not in purged and not storage.is_intact(document):
            yield f"file {document.filename} ({document.sha256[:12]}) is missing or changed"


def _overdue_jobs() -> Iterator[str]:
    """Jobs that neither ended nor were given up, which the sweeper sees to within minutes."""
    for job in running.overdue():
        yield f"job {job} has been unfinished for more than an hour ({job.step})"
