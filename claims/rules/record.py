"""A calculated claim as plain data to store, and back: what is stored can be replayed.

One record for the claim and one per officer, of nothing but JSON's own types: money in whole cents,
days as ISO text, decimals as text. Rows of roster, lines, shares and salary are lists in the order
of the columns that the claim's record names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.rules import AgreementPeriod, RosterRow
from awards.rules import Award, AwardRules, Counts, Headcount, Status, Tier
from claims.rules.claim import ClaimResult
from claims.rules.facts import (
    Allocation,
    CapPeriod,
    ClaimInput,
    OfficerFacts,
    PayrollLine,
    ReimbursementRules,
)
from claims.rules.reimbursement import LineShare, OfficerResult, SalarySegment
from portal.kernel.parameters import Citation
from portal.kernel.quarter import Quarter

FORMAT = 1

Record = dict[str, Any]

_COLUMNS = {
    "agreements": AgreementPeriod._fields,
    "roster": RosterRow._fields,
    "lines": PayrollLine._fields,
    "shares": LineShare._fields,
    "salary": SalarySegment._fields,
}


def claim_record(claim: ClaimInput, result: ClaimResult) -> Record:
    """What a calculation keeps once: everything that is not about one officer."""
    return {
        "format": FORMAT,
        "columns": {name: list(fields) for name, fields in _COLUMNS.items()},
        "quarter": str(claim.quarter),
        "as_of": _iso(claim.as_of),
        "agreements": [
            [model, first.isoformat(), _iso(last)] for model, first, last in claim.agreements
        ],
        "counts": None if claim.counts is None else [claim.counts.referred, claim.counts.located],
        "rules": _rules_record(claim.rules),
        "award_rules": _award_rules_record(claim.award_rules),
        "reimbursement": result.reimbursement,
        "award": {
            "status": str(result.award.status),
            "headcount": result.award.headcount,
            "per_officer": result.award.per_officer,
            "amount": result.award.amount,
        },
        "total": result.total,
    }


def officer_record(facts: OfficerFacts, result: OfficerResult) -> Record:
    """What a calculation keeps per officer: facts, amounts and the operands between them."""
    return {
        "officer_id": facts.officer_id,
        "name": facts.name,
        "title": facts.title,
        "roster": [
            [hired.isoformat(), _iso(separated), model, _iso(first), _iso(last)]
            for hired, separated, model, first, last in facts.roster
        ],
        "lines": [
            [
                line.batch,
                line.row,
                line.period_start.isoformat(),
                line.period_end.isoformat(),
                line.paid_on.isoformat(),
                line.annual_salary,
                line.regular_pay,
                [list(benefit) for benefit in line.benefits],
                line.overtime_pay,
                line.overtime_paid_by_others,
            ]
            for line in facts.lines
        ],
        "used_before": facts.overtime_used_before,
        "eligible_days": result.eligible_days,
        "regular": result.regular,
        "benefits": result.benefits,
        "overtime_submitted": result.overtime_submitted,
        "overtime_cap": result.overtime_cap,
        "overtime_used_before": result.overtime_used_before,
        "overtime_allowed": result.overtime_allowed,
        "overtime_disallowed": result.overtime_disallowed,
        "total": result.total,
        "counted": result.counted,
        "shares": [[*share[:5], list(share.benefits), share.overtime] for share in result.shares],
        "salary": [
            [first.isoformat(), last.isoformat(), salary, line]
            for first, last, salary, line in result.salary
        ],
        "waiting": list(result.waiting),
    }


def read_input(claim: Mapping[str, Any], officers: Iterable[Mapping[str, Any]]) -> ClaimInput:
    """The input that was calculated, or the part of it that is about the given officers."""
    _check_format(claim)
    counts = claim["counts"]
    return ClaimInput(
        quarter=Quarter.parse(claim["quarter"]),
        as_of=_day(claim["as_of"]),
        agreements=tuple(
            AgreementPeriod(model, date.fromisoformat(first), _day(last))
            for model, first, last in claim["agreements"]
        ),
        officers=tuple(_facts(officer) for officer in officers),
        counts=None if counts is None else Counts(*counts),
        rules=_rules(claim["rules"]),
        award_rules=_award_rules(claim["award_rules"]),
    )


def read_result(claim: Mapping[str, Any], officers: Iterable[Mapping[str, Any]]) -> ClaimResult:
    """The result that was stored, without calculating anything."""
    _check_format(claim)
    award = claim["award"]
    return ClaimResult(
        officers=tuple(_result(officer) for officer in officers),
        award=Award(Status(award["status"]), award["headcount"], award["per_officer"]),
    )


def _facts(record: Mapping[str, Any]) -> OfficerFacts:
    return OfficerFacts(
        officer_id=record["officer_id"],
        name=record["name"],
        title=record["title"],
        roster=tuple(
            RosterRow(date.fromisoformat(hired), _day(separated), model, _day(first), _day(last))
            for hired, separated, model, first, last in record["roster"]
        ),
        lines=tuple(_line(row) for row in record["lines"]),
        overtime_used_before=record["used_before"],
    )


def _line(row: list[Any]) -> PayrollLine:
    batch, number, start, end, paid, salary, regular, benefits, overtime, others = row
    return PayrollLine(
        batch,
        number,
        date.fromisoformat(start),
        date.fromisoformat(end),
        date.fromisoformat(paid),
        salary,
        regular,
        tuple((name, amount) for name, amount in benefits),
        overtime,
        others,
    )


def _result(record: Mapping[str, Any]) -> OfficerResult:
    return OfficerResult(
        officer_id=record["officer_id"],
        eligible_days=record["eligible_days"],
        regular=record["regular"],
        benefits=record["benefits"],
        overtime_submitted=record["overtime_submitted"],
        overtime_cap=record["overtime_cap"],
        overtime_used_before=record["overtime_used_before"],
        overtime_allowed=record["overtime_allowed"],
        counted=record["counted"],
        shares=tuple(
            LineShare(line, days, before, until, regular, tuple(benefits), overtime)
            for line, days, before, until, regular, benefits, overtime in record["shares"]
        ),
        salary=tuple(
            SalarySegment(date.fromisoformat(first), date.fromisoformat(last), salary, line)
            for first, last, salary, line in record["salary"]
        ),
        waiting=tuple(record["waiting"]),
    )


def _rules_record(rules: ReimbursementRules) -> Record:
    return {
        "program_start_on": rules.program_start_on.isoformat(),
        "reimbursable_models": list(rules.reimbursable_models),
        "overtime_share_percent": str(rules.overtime_share_percent),
        "overtime_cap_period": str(rules.overtime_cap_period),
        "allocation": str(rules.allocation),
        "citations": _citation_records(rules.citations),
    }


def _rules(record: Mapping[str, Any]) -> ReimbursementRules:
    return ReimbursementRules(
        program_start_on=date.fromisoformat(record["program_start_on"]),
        reimbursable_models=tuple(record["reimbursable_models"]),
        overtime_share_percent=Decimal(record["overtime_share_percent"]),
        overtime_cap_period=CapPeriod(record["overtime_cap_period"]),
        allocation=Allocation(record["allocation"]),
        citations=_citations(record["citations"]),
    )


def _award_rules_record(rules: AwardRules) -> Record:
    return {
        "tiers": [[str(percent), amount] for percent, amount in rules.tiers],
        "models": list(rules.models),
        "headcount": str(rules.headcount),
        "citations": _citation_records(rules.citations),
    }


def _award_rules(record: Mapping[str, Any]) -> AwardRules:
    return AwardRules(
        tiers=tuple(Tier(Decimal(percent), amount) for percent, amount in record["tiers"]),
        models=tuple(record["models"]),
        headcount=Headcount(record["headcount"]),
        citations=_citations(record["citations"]),
    )


def _citation_records(citations: Iterable[Citation]) -> list[Record]:
    return [
        {
            "name": citation.name,
            "title": citation.title,
            "value": citation.value,
            "unit": citation.unit,
            "from_on": citation.from_on.isoformat(),
            "source": citation.source,
            "interpretation": citation.interpretation,
        }
        for citation in citations
    ]


def _citations(records: Iterable[Mapping[str, Any]]) -> tuple[Citation, ...]:
    return tuple(
        Citation(**{**record, "from_on": date.fromisoformat(record["from_on"])})
        for record in records
    )


def _check_format(claim: Mapping[str, Any]) -> None:
    if claim["format"] != FORMAT:
        raise ValueError(f"a claim record of format {claim['format']} cannot be read")


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
