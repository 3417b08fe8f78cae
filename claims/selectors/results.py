"""Reading what was computed for a version: officers, and how their amounts and the award came about."""

from __future__ import annotations

import json

from django.db.models import QuerySet

from claims.models import Calculation, ClaimVersion, OfficerResult
from claims.rules.explain import Explanation, Section, explain_award, explain_officer
from claims.rules.record import read_input, read_result
from claims.selectors.claims import version_for
from portal.accounts.policies import Actor, found
from portal.kernel.parameters import Citation


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


def award_rules_of(calculation: Calculation) -> tuple[Citation, ...]:
    """The rules the stored award went by."""
    return read_input(json.loads(calculation.content), []).award_rules.citations
