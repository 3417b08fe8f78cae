"""Gather a claim's facts, compute, keep: the stored calculation is what everybody reads afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

from claims.models import Calculation, Claim, ClaimVersion, OfficerResult
from claims.pipeline import telling
from claims.pipeline.gathering import gather
from claims.rules.claim import ClaimResult, calculate
from claims.rules.facts import ClaimInput
from claims.rules.lifecycle import State
from claims.rules.nil import may_be_nil
from claims.rules.record import claim_record, officer_record, read_input, read_result
from portal.accounts.models import Agency
from portal.kernel import clock
from portal.kernel.canonical import canonical_json
from portal.records import audit

OPEN = (State.DRAFT, State.READY)
RESULT_COLUMNS = (
    "officer_id",
    "eligible_days",
    "regular",
    "benefits",
    "overtime_submitted",
    "overtime_cap",
    "overtime_used_before",
    "overtime_allowed",
    "overtime_disallowed",
    "total",
)


def lock_agency(agency_id: int) -> Agency:
    """Make this transaction the only one that changes the agency's claims and payroll."""
    return Agency.objects.select_for_update(no_key=True).get(pk=agency_id)


def recalculate(agency_id: int) -> int:
    """Bring the agency's open claims up to date; how many changed.

    All of them: a line may fall in two quarters and tell the salary of others. Later quarters follow
    earlier ones, because the overtime used before carries over.
    """
    claims = Claim.objects.filter(agency=agency_id, version__state__in=OPEN).order_by("quarter")
    return sum(recalculate_claim(pk) for pk in claims.values_list("pk", flat=True))


def is_up_to_date(claim: Claim, version: ClaimVersion) -> bool:
    """Whether the facts still give what is stored; the caller holds the agency's lock."""
    computed = compute(gather(claim.agency, claim.quarter, clock.today(claim.agency.time_zone)))
    current = version.calculation
    return current is not None and _same_but_for_the_day(current, computed)


@transaction.atomic
def recalculate_claim(claim_id: int) -> bool:
    """Calculate one open claim as of today; keep the outcome if anything in it changed."""
    claim = Claim.objects.select_related("agency").get(pk=claim_id)
    agency = lock_agency(claim.agency_id)
    version = ClaimVersion.objects.select_for_update().get(pk=claim.version_id)
    if version.state not in OPEN:
        return False
    computed = compute(gather(agency, claim.quarter, clock.today(agency.time_zone)))
    current = version.calculation
    if current is not None and _same_but_for_the_day(current, computed):
        return False
    if version.state == State.READY:
        # What was to be signed is no longer what the facts say: nobody signs the old amounts.
        version.state = State.DRAFT
        version.changed_at = clock.now()
        version.save(update_fields=["state", "changed_at"])
        _record("claim.reset", claim, version, reason="the facts changed")
        telling.write("claim.reset", telling.matter_of(claim), {})
    if version.nil and not may_be_nil(computed.claim, computed.result):
        version.nil = False
        _record("claim.nil_end", claim, version, reason="the facts changed")
    version.calculation = keep(version, computed)
    version.save(update_fields=["calculation", "nil"])
    _record(
        "claim.calculate",
        claim,
        version,
        calculation=version.calculation.sha256,
        total=version.calculation.total,
    )
    return True


class Computed:
    """A claim computed and written down, not yet stored."""

    def __init__(self, claim: ClaimInput, result: ClaimResult) -> None:
        self.claim = claim
        self.result = result
        self.content = canonical_json(claim_record(claim, result))
        self.details = [
            canonical_json(officer_record(facts, outcome))
            for facts, outcome in zip(claim.officers, result.officers, strict=True)
        ]
        self.sha256 = hash_of(self.content, self.details)


def compute(claim: ClaimInput) -> Computed:
    """Calculate a claim and write down its input, rules, result and operands."""
    return Computed(claim, calculate(claim))


def hash_of(content: str, details: Iterable[str]) -> str:
    """The hash a certifier signs: over the claim's record and every officer's, one per line."""
    digest = hashlib.sha256(content.encode())
    for detail in details:
        digest.update(b"\n" + detail.encode())
    return digest.hexdigest()


def keep(version: ClaimVersion, computed: Computed) -> Calculation:
    """Store a computed claim: one row for the claim, one per officer by COPY."""
    claim, result = computed.claim, computed.result
    assert claim.as_of is not None
    calculation = Calculation.objects.create(
        version=version,
        as_of=claim.as_of,
        content=computed.content,
        sha256=computed.sha256,
        officers=len(result.officers),
        waiting_lines=result.waiting,
        regular=sum(officer.regular for officer in result.officers),
        benefits=sum(officer.benefits for officer in result.officers),
        overtime_allowed=sum(officer.overtime_allowed for officer in result.officers),
        overtime_disallowed=sum(officer.overtime_disallowed for officer in result.officers),
        reimbursement=result.reimbursement,
        award_status=result.award.status,
        award_headcount=result.award.headcount,
        award_per_officer=result.award.per_officer,
        award_amount=result.award.amount,
        total=result.total,
    )
    columns = ("calculation_id", "position", "name", "title", "detail", *RESULT_COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY claims_officerresult ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for position, (facts, outcome, detail) in enumerate(
            zip(claim.officers, result.officers, computed.details, strict=True), start=1
        ):
            copy.write_row(
                (
                    *(calculation.pk, position, facts.name, facts.title, detail),
                    *(getattr(outcome, column) for column in RESULT_COLUMNS),
                )
            )
    return calculation


def stored_claim(calculation: Calculation) -> tuple[ClaimInput, ClaimResult]:
    """The input and result of a calculation as they were stored, nothing computed."""
    content = json.loads(calculation.content)
    officers = [json.loads(detail) for detail in stored_details(calculation)]
    return read_input(content, officers), read_result(content, officers)


def stored_details(calculation: Calculation) -> Iterator[str]:
    """The officers' records as they were stored, in order."""
    rows = OfficerResult.objects.filter(calculation=calculation).order_by("position")
    return rows.values_list("detail", flat=True).iterator(chunk_size=2000)


def replays(calculation: Calculation) -> bool:
    """Whether the stored input still gives exactly what was stored and signed."""
    stored_input, _ = stored_claim(calculation)
    again = compute(stored_input)
    stored = hash_of(calculation.content, stored_details(calculation))
    return again.sha256 == stored == calculation.sha256 and again.result.total == calculation.total


def _same_but_for_the_day(before: Calculation, computed: Computed) -> bool:
    old, new = json.loads(before.content), json.loads(computed.content)
    del old["as_of"], new["as_of"]
    return bool(old == new) and list(stored_details(before)) == computed.details


def _record(action: str, claim: Claim, version: ClaimVersion, **facts: Any) -> None:
    audit.record(
        action,
        subject=f"claim/{claim.number}",
        thread=claim.thread,
        agency_id=claim.agency_id,
        version=version.number,
        **facts,
    )
