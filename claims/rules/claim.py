"""A claim, calculated: the one door into the rules."""

from __future__ import annotations

from dataclasses import dataclass

from agreements.rules import Eligibility, days_between
from awards.rules import Award, Headcount, award
from claims.rules.facts import ClaimInput
from claims.rules.reimbursement import OfficerResult, Window, reimburse
from portal.kernel import money


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What an agency gets for a quarter; officers stand in the order of the input."""

    officers: tuple[OfficerResult, ...]
    award: Award

    @property
    def reimbursement(self) -> int:
        """The sum of the officers' totals, in cents."""
        return sum(officer.total for officer in self.officers)

    @property
    def total(self) -> int:
        """Reimbursement and award, in cents."""
        return self.reimbursement + self.award.amount

    @property
    def waiting(self) -> int:
        """How many payroll lines of the quarter wait to be paid."""
        return sum(len(officer.waiting) for officer in self.officers)


def calculate(claim: ClaimInput) -> ClaimResult:
    """The claim of one agency and quarter; the same input always gives the same result.

    Source: docs/calculation.md.
    """
    start_on = claim.rules.program_start_on
    reimbursable = Eligibility(claim.agreements, claim.rules.reimbursable_models, start_on)
    awardable = Eligibility(claim.agreements, claim.award_rules.models, start_on)
    same_models = set(claim.award_rules.models) == set(claim.rules.reimbursable_models)
    window = Window.of(claim.quarter, claim.as_of)
    counted_from = window.last
    if claim.award_rules.headcount is Headcount.ANY_DAY:
        counted_from = window.first
    officers = []
    for officer in claim.officers:
        payable = reimbursable.days(officer.roster)
        award_days = payable if same_models else awardable.days(officer.roster)
        counted = days_between(award_days, counted_from, window.last) > 0
        officers.append(reimburse(officer, payable, counted, window, claim.rules))
    headcount = sum(officer.counted for officer in officers)
    return ClaimResult(tuple(officers), award(claim.counts, headcount, claim.award_rules))


def to_expected(result: ClaimResult) -> dict[str, object]:
    """The result as the `expected.json` of a case has it: amounts as text."""
    return {
        "officers": {
            officer.officer_id: {
                "eligible_days": officer.eligible_days,
                "regular": money.text(officer.regular),
                "benefits": money.text(officer.benefits),
                "overtime_submitted": money.text(officer.overtime_submitted),
                "overtime_cap": money.text(officer.overtime_cap),
                "overtime_used_before": money.text(officer.overtime_used_before),
                "overtime_allowed": money.text(officer.overtime_allowed),
                "overtime_disallowed": money.text(officer.overtime_disallowed),
                "total": money.text(officer.total),
            }
            for officer in result.officers
        },
        "reimbursement": money.text(result.reimbursement),
        "award": {
            "status": str(result.award.status),
            "headcount": result.award.headcount,
            "per_officer": money.text(result.award.per_officer),
            "amount": money.text(result.award.amount),
        },
        "total": money.text(result.total),
    }
