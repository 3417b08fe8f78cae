"""How a stored claim came about, in steps a clerk can follow and an auditor can recompute.

Everything is told from the operands that were stored with the amounts; nothing is calculated anew.
"""

from claims.rules.explain.award import explain_award
from claims.rules.explain.claim import (
    BENEFIT,
    DENIED,
    NOT_CERTIFIED,
    NOT_DECIDED,
    Change,
    OfQuarter,
    OverOfficers,
    Sums,
    explain_allowed,
    explain_claim,
    explain_year,
    sections_of,
)
from claims.rules.explain.data import agreement_data, explanation_data, rule_data, section_data
from claims.rules.explain.officer import explain_officer
from claims.rules.explain.shapes import (
    WHY_NOT,
    Belongs,
    Counted,
    Days,
    Explanation,
    Operation,
    Row,
    Section,
    Step,
    Unit,
    operations_in_words,
)
from claims.rules.explain.words import agreement, component_in_words, employment, value_in_words

__all__ = [
    "BENEFIT",
    "DENIED",
    "NOT_CERTIFIED",
    "NOT_DECIDED",
    "WHY_NOT",
    "Belongs",
    "Change",
    "Counted",
    "Days",
    "Explanation",
    "OfQuarter",
    "Operation",
    "OverOfficers",
    "Row",
    "Section",
    "Step",
    "Sums",
    "Unit",
    "agreement",
    "agreement_data",
    "component_in_words",
    "employment",
    "explain_allowed",
    "explain_award",
    "explain_claim",
    "explain_officer",
    "explain_year",
    "explanation_data",
    "operations_in_words",
    "rule_data",
    "section_data",
    "sections_of",
    "value_in_words",
]
