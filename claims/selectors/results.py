"""Reading what was computed for a version: officers, and how their amounts and the award came about."""

from __future__ import annotations

import json

from django.db.models import Count, Q, QuerySet, Sum

from claims.models import Calculation, ClaimVersion, OfficerResult
from claims.rules.explain import (
    BENEFIT,
    Explanation,
    OverOfficers,
    Section,
    explain_award,
    explain_officer,
    sections_of,
)
from claims.rules.facts import PayrollLine
from claims.rules.record import Record, read_input, read_result
from claims.rules.reimbursement import LineShare, by_component
from claims.selectors.claims import version_for
from portal.accounts.policies import Actor, found
from portal.kernel.canonical import canonical_json
from portal.kernel.parameters import Citation

_PAID = PayrollLine._fields.index("benefits")
_LINE, _GIVEN = LineShare._fields.index("line"), LineShare._fields.index("benefits")
"""Places in the rows of an officer's record."""


def results_of(version: ClaimVersion) -> QuerySet[OfficerResult]:
    """The officers of a version's calculation, without the bulky detail."""
    return OfficerResult.objects.filter(calculation=version.calculation).defer("detail")


def result_for(actor: Actor, number: str, version: int, position: int) -> OfficerResult:
    """One officer of one version's calculation."""
    stored = version_for(actor, number, version)
    return found(
        OfficerResult.objects.select_related("calculation"),
        "officer in this claim",
        calculation_id=stored.calculation_id,
        position=position,
    )


def waiting_of(version: ClaimVersion) -> QuerySet[OfficerResult]:
    """The officers of a version with payroll lines that wait to be paid."""
    # The record's keys are sorted, so that the list of waiting lines stands at its end.
    return results_of(version).defer(None).exclude(detail__endswith='"waiting":[]}')


def explanation_of(result: OfficerResult, calculation: Calculation) -> Explanation:
    """How one officer's stored amounts came about."""
    content, detail = json.loads(calculation.content), json.loads(result.detail)
    claim, outcome = read_input(content, [detail]), read_result(content, [detail])
    return explain_officer(claim, claim.officers[0], outcome.officers[0])


def award_explanation_of(calculation: Calculation) -> Section:
    """How the stored award came about."""
    content = json.loads(calculation.content)
    return explain_award(read_input(content, []), read_result(content, []))


def claim_explanation_of(calculation: Calculation) -> tuple[Section, ...]:
    """How the stored amounts of the whole claim came about; its officers' records are read one by one."""
    rows = OfficerResult.objects.filter(calculation=calculation)
    columns = {
        "regular": "regular",
        "overtime": "overtime_submitted",
        "overtime_allowed": "overtime_allowed",
        "overtime_disallowed": "overtime_disallowed",
    }
    found_sums = rows.aggregate(
        **{f"{key}_sum": Sum(column, default=0) for key, column in columns.items()},
        **{
            f"{key}_having": Count("position", filter=Q(**{f"{column}__gt": 0}))
            for key, column in columns.items()
        },
    )
    sums = {
        key: OverOfficers(found_sums[f"{key}_sum"], found_sums[f"{key}_having"]) for key in columns
    }
    components: dict[str, list[int]] = {}
    with_benefits = rows.filter(benefits__gt=0).values_list("detail", flat=True)
    for detail in with_benefits.iterator(chunk_size=2000):
        for name, amount in benefits_in(json.loads(detail)).items():
            components.setdefault(name, []).append(amount)
    for name, amounts in components.items():
        sums[f"{BENEFIT}{name}"] = OverOfficers(sum(amounts), sum(map(bool, amounts)))
    return sections_of(sums, calculation.officers, award_explanation_of(calculation))


def benefits_in(detail: Record) -> dict[str, int]:
    """What each component of benefits gives to the quarter by an officer's record, in cents."""
    return by_component(
        (detail["lines"][share[_LINE]][_PAID], share[_GIVEN]) for share in detail["shares"]
    )


def positions_with(version: ClaimVersion, component: str) -> list[int]:
    """The places of the officers whom a component of benefits gives anything."""
    rows = OfficerResult.objects.filter(
        calculation=version.calculation, benefits__gt=0, detail__contains=canonical_json(component)
    )
    details = rows.values_list("position", "detail").iterator(chunk_size=2000)
    return [
        position for position, detail in details if benefits_in(json.loads(detail)).get(component)
    ]


def rules_of(calculation: Calculation) -> tuple[Citation, ...]:
    """The rules that the stored reimbursement and award went by."""
    claim = read_input(json.loads(calculation.content), [])
    return (*claim.rules.citations, *claim.award_rules.citations)


def award_rules_of(calculation: Calculation) -> tuple[Citation, ...]:
    """The rules the stored award went by."""
    return read_input(json.loads(calculation.content), []).award_rules.citations
